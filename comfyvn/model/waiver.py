"""`waivers.yaml`: findings that somebody has looked at and lets stand, with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import Field, RootModel

from comfyvn.model.base import Source
from comfyvn.model.lint import is_rule
from comfyvn.model.placed_waiver import PlacedWaiver
from comfyvn.model.validate import validate
from comfyvn.source.codes import codes
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.nearest import nearest
from comfyvn.source.yaml import load_yaml

WAIVERS_FILE = "waivers.yaml"


class Waiver(Source):
    """One kind of finding at one place, let stand."""

    code: Annotated[
        str, Field(pattern=r"^[A-Z]{2,}[0-9]{1,6}$", description="The rule, such as `VN1716`")
    ]
    at: Annotated[
        str,
        Field(
            min_length=1,
            description="The id of a line, a path or scene (`night/*`), or a name that the "
            "finding says in backticks",
        ),
    ]
    reason: Annotated[str, Field(min_length=1, description="Why it may stand")]
    by: Annotated[str | None, Field(description="Who says so")] = None
    until: Annotated[
        str | None,
        Field(
            pattern=r"^\d{4}-\d{2}-\d{2}$", description="The last day that it holds: `2027-01-31`"
        ),
    ] = None


class Waivers(RootModel[list[Waiver]]):
    """What a project lets stand."""


def read_waivers(text: str, path: str, out: Diagnostics) -> list[PlacedWaiver]:
    """Read waivers; one that is wrong is reported and waives nothing."""
    node = load_yaml(text, path, out)
    if node is None or node.value is None:
        return []
    if not isinstance(node.value, list):
        out.error(
            "VN0212",
            "the file must be a list of waivers",
            node.span,
            help='write `- {code: VN1716, at: b1a2b3c4, reason: "he stammers"}`',
        )
        return []
    found = []
    for item in node.value:
        before = len(out)
        if not isinstance(item.value, Mapping):
            out.error(
                "VN0212",
                f"a waiver must be keys with values, not `{item.value}`",
                item.span,
                help='write `{code: VN1716, at: b1a2b3c4, reason: "he stammers"}`',
            )
            continue
        waiver = validate(Waiver, item, out)
        if waiver is None or len(out) > before:
            continue
        until = None
        if waiver.until is not None:
            try:
                until = date.fromisoformat(waiver.until)
            except ValueError:
                out.error("VN0214", f"there is no day `{waiver.until}`", item.at("until"))
                continue
        if not is_rule(waiver.code):
            near = nearest(waiver.code, codes())
            out.warning(
                "VN1703",
                f"there is no rule `{waiver.code}`",
                item.at("code"),
                help=f"did you mean `{near}`?" if near else None,
            )
            continue
        place = item.keys.get("code", item.span)
        found.append(PlacedWaiver(waiver.code, waiver.at, waiver.reason, waiver.by, until, place))
    return found
