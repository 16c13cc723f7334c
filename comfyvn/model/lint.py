"""`lint:` and `prose:` of `vn.yaml`: how severe findings are, and what texts are held against."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from comfyvn.model.base import Source
from comfyvn.source.codes import codes
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.nearest import nearest

if TYPE_CHECKING:
    from comfyvn.model.load import LoadedProject

Level = Literal["off", "note", "warning", "error"]

FAMILIES = (
    "structure",
    "names",
    "variables",
    "text",
    "translation",
    "assets",
    "audio",
    "accessibility",
    "performance",
    "licences",
    "ratings",
    "release",
)

ADVISORY = ("VN16", "VN17", "VN18", "VN19", "VN20")
"""How the codes begin that are advice: even an error among them is a matter of opinion."""

_FAMILIES = {
    "VN03": "text",
    "VN04": "text",
    "VN05": "variables",
    "VN06": "names",
    "VN07": "structure",
    "VN08": "structure",
    "VN09": "translation",
    "VN0229": "translation",
    "VN10": "assets",
    "VN12": "assets",
    "VN1202": "licences",
    "VN1213": "ratings",
    "VN1214": "performance",
    "VN1215": "performance",
    "VN1220": "release",
    "VN13": "audio",
    "VN14": "assets",
    "VN16": "structure",
    "VN170": "release",
    "VN171": "text",
    "VN172": "text",
    "VN173": "structure",
    "VN174": "names",
    "VN175": "translation",
    "VN18": "assets",
    "VN19": "ratings",
    "VN1909": "licences",
    "VN191": "licences",
    "VN192": "licences",
    "VN20": "release",
}
"""The family of the codes that begin so; the longest beginning counts."""

_FOREIGN = re.compile(r"(?!VN)[A-Z]{2,}[0-9]{1,6}")
"""The code of a pass that another package brings."""


class Prose(Source):
    """What texts are held against."""

    rows: Annotated[
        int, Field(ge=1, le=40, description="How many rows of the text box a line may take")
    ] = 6
    choice_rows: Annotated[
        int, Field(ge=1, le=10, description="How many rows the text of a choice may take")
    ] = 2
    spelling: Annotated[
        dict[str, str],
        Field(
            description="The dictionary of a language: `en: en_GB`, or `none`; without it all of "
            "the language that are found"
        ),
    ] = {}


def family_of(code: str) -> str | None:
    """Return the family that a code belongs to; None for one that has none."""
    for length in (6, 5, 4):
        if (family := _FAMILIES.get(code[:length])) is not None:
            return family
    return None


def is_rule(name: str) -> bool:
    """Whether a code is one of ours, or has the form of one that another package brings."""
    return _FOREIGN.fullmatch(name) is not None or name in codes()


def check_lint(loaded: LoadedProject, out: Diagnostics) -> None:
    """Report what `lint` of `vn.yaml` names and there is not."""
    for name in loaded.project.lint:
        if name in FAMILIES or is_rule(name):
            continue
        near = nearest(name, (*FAMILIES, *codes()))
        out.warning(
            "VN1703",
            f"there is no rule and no family `{name}`",
            loaded.key_at("vn.yaml", "lint", name),
            help=f"did you mean `{near}`?" if near else f"families are {', '.join(FAMILIES)}",
        )
