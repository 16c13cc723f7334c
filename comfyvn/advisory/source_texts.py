"""The texts for players in YAML sources: titles of chapters and alt texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.yaml import Node, load_yaml

Kind = Literal["title", "alt"]

_PLACES: dict[str, tuple[Kind, tuple[str, ...]]] = {
    "worlds": ("alt", ("locations", "*", "alt")),
    "props": ("alt", ("alt",)),
    "timelines": ("title", ("chapters", "*", "title")),
    "policy": ("alt", ("overrides", "*", "sfw_alt")),
    "assets": ("alt", ("sfw_alt",)),
}
"""By folder: what its sources show, and the keys that lead there; `*` stands for each of them."""


def shown_in(path: str, text: str) -> Iterator[tuple[Kind, Node]]:
    """Yield what players read of a YAML source; nothing of one that cannot be read."""
    kind, steps = _PLACES[path.partition("/")[0]]
    if steps[-1] not in text:
        return
    node = load_yaml(text, path, Diagnostics())
    if node is not None:
        for found in _found(node, steps):
            yield kind, found


def _found(node: Node, steps: tuple[str, ...]) -> Iterator[Node]:
    if not steps:
        yield node
    elif steps[0] != "*":
        if (inner := node.find(steps[0])) is not None:
            yield from _found(inner, steps[1:])
    elif isinstance(node.value, dict):
        for each in node.value.values():
            yield from _found(each, steps[1:])
    elif isinstance(node.value, list):
        for each in node.value:
            yield from _found(each, steps[1:])
