"""The collections of what ComfyUI renders."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from comfyvn.plan.facts import Facts, Item, Selection
from comfyvn.plan.requests import AssetRequest
from comfyvn.plan.workflows import NEEDS, NO_FILE, PICTURES, workflow_file

CUT_OUT = frozenset({"sprite", "prop"})
"""The kinds of pictures that stand on the stage, without a ground of their own."""


class Rendering(NamedTuple):
    """How a picture is rendered.

    Attributes:
        workflow: the name of its workflow.
        take: which of its takes, counted from 1.
        set: the pictures that it is cropped together with, such as `sprite/kit`; else empty.
        pictures: the files that it is rendered from, too: a reference, a mask.
        needs: what it takes of a server, as far as that is known (`Workflows.needs`).
    """

    workflow: str
    take: int
    set: str
    pictures: Mapping[str, str] = MappingProxyType({})
    needs: Mapping[str, str] = MappingProxyType({})


def set_of(request: AssetRequest) -> str:
    """Return what a picture is cropped together with: all sprites of a character; a prop alone."""
    return f"{request.kind}/{request.subject}" if request.kind in CUT_OUT else ""


def named(request: AssetRequest) -> str:
    """Return what a request is called in steps and pins: `sprite kit grin braced oilskins`."""
    return f"{request.kind} {request.name}"


def renderings(facts: Facts) -> list[Item]:
    """Return the pictures that ComfyUI renders.

    Their names tell a take that is not the first, so that each take is a step of its own, and one
    that was rendered once is found again.
    """
    found = json.loads(facts.read("@found"))
    items: list[Item] = []
    for kind, subject, traits, key in sorted(found["answers"]):
        if key in found["rendered"]:
            rendering = Rendering(*found["rendered"][key])
            name = named(AssetRequest(kind, subject, tuple(traits)))
            items.append(
                {
                    "key": key,
                    "name": f"{name} take {rendering.take}" if rendering.take > 1 else name,
                    "kind": kind,
                    "workflow": rendering.workflow,
                    "file": workflow_file(rendering.workflow, rendering.needs),
                    "set": rendering.set,
                    **{name: rendering.pictures.get(name, NO_FILE) for name in PICTURES},
                    **{name: rendering.needs.get(name, "") for name in NEEDS},
                }
            )
    return items


def whole(facts: Facts) -> list[Item]:
    """Return those that stay as they were rendered."""
    return [item for item in renderings(facts) if not item["set"]]


def cut_out(facts: Facts) -> list[Item]:
    """Return those that are cut out of their ground."""
    return [item for item in renderings(facts) if item["set"]]


def sets(facts: Facts) -> list[Item]:
    """Return the sets of what is cropped together."""
    return [{"set": name} for name in dict.fromkeys(item["set"] for item in cut_out(facts))]


_FIELDS = ("key", "name", "kind", "workflow", "file", "set", *PICTURES, *NEEDS)

COLLECTIONS: Mapping[str, Selection] = {
    "rendering": Selection(renderings, _FIELDS, ("name",), ("@found",)),
    "whole-rendering": Selection(whole, _FIELDS, ("name",), ("@found",)),
    "cut-out": Selection(cut_out, _FIELDS, ("name",), ("@found",)),
    "cut-out-set": Selection(sets, ("set",), ("set",), ("@found",)),
}
