"""`FILE.asset.yaml`: what is known of a hand-made file that it does not say itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from comfyvn.model.base import Rating, Source
from comfyvn.model.licence import check_licence
from comfyvn.model.validate import validate
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.yaml import Node, load_yaml


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
    sfw_variant: Annotated[
        str | None,
        Field(description="The picture or sound of its kind for targets it does not fit"),
    ] = None
    sfw_alt: Annotated[
        str | None, Field(description="The alt text of a full-screen picture's `sfw_variant`")
    ] = None
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
