"""A scene's bodies as a flat list of nodes, made once for each scene."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

END = -1
"""In place of a node: the end of the scene."""
OVER = -2
"""In place of a node: the end of the game."""

Op = Mapping[str, Any]


class Node(NamedTuple):
    """An op, where it goes on, where its bodies begin, and whether it is in a page."""

    op: Op
    next: int
    bodies: Sequence[int]
    page: bool


class Linked:
    """A scene that can be run.

    `start` is its first node, `labels` those of its sections, `titles` what they are called.
    `ids` are the nodes of ops (and where the bodies of choices begin), `ends` where flow goes on
    behind a section, choice or item.
    """

    def __init__(self, name: str, scene: Mapping[str, Any]) -> None:
        self.name = name
        self.scene = scene
        self.nodes: list[Node] = []
        self.labels: dict[str, int] = {}
        self.titles: dict[str, str] = {}
        self.ids: dict[str, int] = {}
        self.ends: dict[str, int] = {}
        self.start = END
        for section in reversed(scene["sections"]):
            after = self.start
            label = section["label"]
            body = self._build(section["body"], after, page=False)
            op = {"op": "section", "id": section["id"], "label": label}
            self.start = self._add(Node(op, body, (), False))
            self.labels[label] = self.start
            self.titles[label] = section["title"] if label else scene.get("title", name)
            self.ends[section["id"]] = after

    def _add(self, node: Node) -> int:
        self.nodes.append(node)
        return len(self.nodes) - 1

    def _build(self, body: Sequence[Op], next: int, *, page: bool) -> int:
        """Add a body from its last op to its first, as where an op goes on must be known."""
        for op in reversed(body):
            bodies: list[int] = []
            if op["op"] == "page":
                end = self._add(Node({"op": "page_end"}, next, (), page))
                bodies = [self._build(op["body"], end, page=True)]
            for part in op.get("choices") or op.get("items") or op.get("branches") or ():
                start = self._build(part["body"], next, page=page)
                bodies.append(start)
                if "id" in part:
                    self.ends[part["id"]] = next
                    if op["op"] == "menu":
                        self.ids[part["id"]] = start
            next = self._add(Node(op, next, bodies, page))
            if "id" in op:
                self.ids[op["id"]] = next
        return next
