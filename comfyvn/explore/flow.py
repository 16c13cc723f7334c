"""A whole story as one numbered list of nodes, and where flow may go from each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from comfyvn.explore.contents import targets_of
from comfyvn.story.link import END, Linked

Op = Mapping[str, Any]


class Node(NamedTuple):
    """An op, where it goes on, where its bodies begin, whether it is in a page, and its scene.

    Besides the ops of `comfyvn.story.link` there is `leave`, the end of a scene.
    """

    op: Op
    next: int
    bodies: tuple[int, ...]
    page: bool
    scene: str


class Flow:
    """A Program's nodes.

    Attributes:
        nodes: all of them; a scene's `leave` is behind its others.
        tops: the node that each scene begins at.
        places: the node of each section, by `scene#label`.
        leaves: the node of each scene's end.
        calls: the nodes of calls, by id.
        homes: the place that each node stands in.
        deciding: the nodes that may ask for something, set something or lead elsewhere: all but
            lines that are always said.
    """

    def __init__(self, program: Mapping[str, Any]) -> None:
        self.program = program
        self.nodes: list[Node] = []
        self.tops: dict[str, int] = {}
        self.places: dict[str, int] = {}
        self.leaves: dict[str, int] = {}
        self.calls: dict[str, int] = {}
        self.titles: dict[str, str] = {}
        for name, scene in program["scenes"].items():
            self._add(name, Linked(name, scene))
        self.returns = [self.nodes[at].next for at in self.calls.values()]
        self.homes = self._homes()
        self.deciding = [node for node in self.nodes if not is_plain(node.op)]

    def _add(self, name: str, linked: Linked) -> None:
        base, leave = len(self.nodes), len(self.nodes) + len(linked.nodes)

        def moved(at: int) -> int:
            return leave if at == END else base + at

        for node in linked.nodes:
            if node.op["op"] == "call":
                self.calls[node.op["id"]] = len(self.nodes)
            bodies = tuple(moved(body) for body in node.bodies)
            self.nodes.append(Node(node.op, moved(node.next), bodies, node.page, name))
        self.nodes.append(Node({"op": "leave"}, leave, (), False, name))
        self.leaves[name] = leave
        for label, at in linked.labels.items():
            self.places[f"{name}#{label}"] = moved(at)
            self.titles[f"{name}#{label}"] = linked.titles[label]
        self.tops[name] = moved(linked.start)

    def _homes(self) -> list[str]:
        homes = [""] * len(self.nodes)
        for name, scene in self.program["scenes"].items():
            for section in scene["sections"]:
                place = f"{name}#{section['label']}"
                waiting = [self.places[place]]
                while waiting:
                    at = waiting.pop()
                    node = self.nodes[at]
                    if homes[at] or (node.op["op"] == "section" and at != self.places[place]):
                        continue
                    homes[at] = place
                    waiting += [node.next, *node.bodies]
        return homes

    @cached_property
    def after(self) -> Sequence[tuple[int, ...]]:
        """Of each node those that may come next, calls and returns taken for any that there are."""
        return [tuple(self._after(at)) for at in range(len(self.nodes))]

    def _after(self, at: int) -> Iterator[int]:
        op, next, bodies, _, scene = self.nodes[at]
        match op["op"]:
            case "jump":
                yield from (self.places[place] for place in targets_of(self.program, op))
            case "call":
                yield self.places[op["to"]]
            case "return" | "leave":
                yield from self.returns
                if "next" in self.program["scenes"][scene]:
                    yield self.tops[self.program["scenes"][scene]["next"]]
            case "ending":
                pass
            case "page":
                yield from bodies
            case "if":
                yield from bodies
                if all("if" in branch for branch in op["branches"]):
                    yield next
            case "menu" | "pick":
                yield from bodies
                yield next
            case _:
                yield next

    def entered(self, place: str, here: str) -> str | None:
        """Return the scene that going to a place from a scene enters, if it does."""
        name, _, label = place.partition("#")
        return name if not label or name != here else None


def is_plain(op: Op) -> bool:
    """Whether an op is a line that is said whenever it is come to."""
    return bool(op["op"] == "say" and "if" not in op and not op.get("once"))


def parts_of(op: Op) -> Sequence[Op]:
    """Return the choices, items or branches of an op."""
    parts: Sequence[Op] = op.get("choices") or op.get("items") or op.get("branches") or ()
    return parts


def operands(expression: Any) -> Iterator[list[Any]]:
    """Yield an expression and all that are in it."""
    yield expression
    for part in expression[1:]:
        if isinstance(part, list) and part and isinstance(part[0], str) and expression[0] != "set":
            yield from operands(part)
