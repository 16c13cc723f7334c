"""What a story cannot end from, as its ways tell, whatever its variables hold."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Sequence

from comfyvn.explore.contents import targets_of
from comfyvn.explore.flow import Flow
from comfyvn.explore.machine import Point

ASKING = ("menu", "input")
"""The ops that ask the player."""


class Ways:
    """Where a story may go from each of its nodes, but for what no path passes.

    Calls come back to wherever any does, so there may be more ways than the story has, and never
    fewer.

    Attributes:
        after: by node, those that may come next.
        closed: the nodes that no way leads out of, to an ending or the end of what is written.
    """

    def __init__(
        self, flow: Flow, points: Collection[Point], impossible: Collection[Point]
    ) -> None:
        self._flow = flow
        self._points = points
        self._impossible = impossible
        self.after = [tuple(self._ways(at)) for at in range(len(flow.nodes))]
        self.closed = self._closed()

    def traps(self, start: int, came: Sequence[bool], said: Container[int]) -> Iterator[int]:
        """Yield the nodes to name where a path comes to what is closed: of each way in the first
        question behind it, else the first node with an id.

        Args:
            start: where the story begins.
            came: by node, whether a path comes there.
            said: nodes; a way in that leads to one of them is left out.
        """
        into = {start}
        for at, after in enumerate(self.after):
            if came[at] and at not in self.closed:
                into.update(after)
        for at in sorted(into & self.closed):
            if not came[at]:
                continue
            behind = {at: None}
            waiting = [at]
            for each in waiting:
                fresh = [other for other in self.after[each] if came[other]]
                waiting += [other for other in dict.fromkeys(fresh) if other not in behind]
                behind.update(dict.fromkeys(fresh))
            if not any(each in said for each in behind):
                named = [each for each in behind if "id" in self._flow.nodes[each].op]
                asks = (each for each in named if self._flow.nodes[each].op["op"] in ASKING)
                yield next(asks, named[0] if named else at)

    def _may(self, kind: str, at: int, part: int = 0) -> bool:
        return (kind, at, part) not in self._impossible

    def _ways(self, at: int) -> Iterator[int]:
        flow = self._flow
        op, next, bodies, _, scene = flow.nodes[at]
        match op["op"]:
            case "if":
                for part, (branch, body) in enumerate(zip(op["branches"], bodies, strict=True)):
                    if "if" not in branch:
                        yield body
                        return
                    if self._may("true", at, part):
                        yield body
                    if not self._may("false", at, part):
                        return
                yield next
            case "menu" | "pick":
                kind = "take" if op["op"] == "menu" else "item"
                yield from (body for part, body in enumerate(bodies) if self._may(kind, at, part))
                if self._may("empty", at):
                    yield next
            case "jump" if "value" in op:
                for part, place in enumerate(targets_of(flow.program, op)):
                    if self._may("to", at, part):
                        yield flow.places[place]
            case "return" | "leave":
                for call in flow.calls.values():
                    if self._may("back", at, call):
                        yield flow.nodes[call].next
                told = flow.program["scenes"][scene]
                if "next" in told and self._may("next", at):
                    yield flow.tops[told["next"]]
            case _:
                yield from flow.after[at]

    def _ends(self, at: int) -> bool:
        fall = Point("fall", at, 0)
        if self._flow.nodes[at].op["op"] == "ending":
            return True
        return fall in self._points and fall not in self._impossible

    def _closed(self) -> frozenset[int]:
        before: list[list[int]] = [[] for _ in self.after]
        for at, after in enumerate(self.after):
            for other in after:
                before[other].append(at)
        waiting = [at for at in range(len(before)) if self._ends(at)]
        out = set(waiting)
        while waiting:
            for at in before[waiting.pop()]:
                if at not in out:
                    out.add(at)
                    waiting.append(at)
        return frozenset(range(len(before))) - out
