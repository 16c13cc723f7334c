"""`FILE.asset.yaml`: what is known of a hand-made file that it does not say itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from comfyvn.model.base import Rating, Source
from comfyvn.model.validate import validate
from comfyvn.source.diagnostics import Diagnostics, Span
from comfyvn.source.nearest import nearest
from comfyvn.source.yaml import Node, load_yaml

COMMON_LICENCES = (
    "CC0-1.0",
    "CC-BY-4.0",
    "CC-BY-SA-4.0",
    "CC-BY-NC-4.0",
    "CC-BY-NC-SA-4.0",
    "CC-BY-ND-4.0",
    "CC-BY-3.0",
    "CC-BY-SA-3.0",
    "MIT",
    "Apache-2.0",
    "OFL-1.1",
    "GPL-3.0-or-later",
    "LicenseRef-Proprietary",
)
"""Licences that pictures and sounds usually have: what a mistyped one is taken for."""

_LONGEST = 1000
"""Characters that a licence expression may have."""


class Loop(Source):
    """The part of a sound that is repeated. What comes before it is played once."""

    start: Annotated[float | int, Field(ge=0, description="Where it begins, in seconds")] = 0
    end: Annotated[
        float | int | None, Field(gt=0, description="Where it ends; default: with the file")
    ] = None


class Sidecar(Source):
    """What is known of a hand-made file below `assets/`; `FILE.asset.yaml` stands beside `FILE`."""

    licence: Annotated[
        str | None, Field(description="An SPDX expression; `LicenseRef-NAME` for any other")
    ] = None
    author: Annotated[str | None, Field(description="Who made it, as credits name them")] = None
    source: Annotated[str | None, Field(description="Where it was taken from: an address")] = None
    tags: Annotated[list[str], Field(description="Words to find it by")] = []
    notes: Annotated[str | None, Field(description="For the authors; nothing reads it")] = None
    rating: Annotated[Rating | None, Field(description="Who may see or hear it")] = None
    depicts_real: Annotated[
        bool, Field(description="Whether a real person can be recognised, by sight or by voice")
    ] = False
    loop: Annotated[Loop | None, Field(description="Of a sound: the part that is repeated")] = None


def read_sidecar(text: str, path: str, out: Diagnostics) -> Sidecar | None:
    """Read a sidecar; what is wrong goes to `out` with its place, and is left out.

    None when it cannot be read as a whole.
    """
    node = load_yaml(text, path, out)
    sidecar = validate(Sidecar, node, out) if node is not None else None
    if sidecar is None or node is None:
        return None
    return sidecar.model_copy(update=_unsound(sidecar, node, out))


def _unsound(sidecar: Sidecar, node: Node, out: Diagnostics) -> Mapping[str, Any]:
    """Report values that have the right form and cannot be; return what stands for them."""
    wrong: dict[str, Any] = {}
    if sidecar.licence is not None and not check_licence(sidecar.licence, node.at("licence"), out):
        wrong["licence"] = None
    loop = sidecar.loop
    if loop is not None and loop.end is not None and loop.end <= loop.start:
        out.error(
            "VN1203",
            f"the loop ends at {loop.end:g} s and begins at {loop.start:g} s",
            node.at("loop", "end"),
            help="let it end after it begins, in seconds from the beginning of the file",
        )
        wrong["loop"] = None
    return wrong


def check_licence(licence: str, span: Span, out: Diagnostics) -> bool:
    """Whether a licence is an SPDX expression; report it if not."""
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    try:
        canonicalize_license_expression(licence if len(licence) <= _LONGEST else "")
    except InvalidLicenseExpression:
        near = nearest(licence, COMMON_LICENCES)
        out.error(
            "VN1202",
            f"`{licence}` is no SPDX licence expression",
            span,
            help=f"did you mean `{near}`?"
            if near
            else "write one of <https://spdx.org/licenses>, or `LicenseRef-` and a name of yours",
        )
        return False
    return True
