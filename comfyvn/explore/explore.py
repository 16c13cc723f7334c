"""The exploration of a story: everything that `comfyvn.explore` knows about where it leads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from comfyvn.explore.contents import targets_of
from comfyvn.explore.facts import findings_of
from comfyvn.explore.flow import parts_of
from comfyvn.explore.knowledge import Knowledge
from comfyvn.explore.machine import Point
from comfyvn.explore.result import Budget, Edge, Exploration, Finding, Witness

_DEFAULT = Budget()


def explore(program: Mapping[str, Any], budget: Budget = _DEFAULT) -> Exploration:
    """Explore a story. The same Program and budget give the same result."""
    knowledge = Knowledge(program, budget)
    search = knowledge.search
    points = _points_of_ids(knowledge)
    reached = {id for id, all in points.items() if any(map(knowledge.known, all))}
    impossible = {id for id, all in points.items() if all and all <= knowledge.impossible} - reached
    shortest: dict[str, Witness] = {}
    # Endings come first, while there are seeds to try.
    for id in sorted(points, key=lambda id: id[0] != "e"):
        if id in reached:
            look = knowledge.sought if id[0] == "e" else knowledge.witness
            found = [
                witness
                for point in points[id]
                if knowledge.known(point) and (witness := look(point))
            ]
            if found:
                shortest[id] = min(found, key=lambda each: (len(each.answers), each))
    return Exploration(
        whole=not knowledge.open(),
        states=len(search.states),
        how=_how(knowledge),
        reached=frozenset(reached),
        impossible=frozenset(impossible),
        shortest=shortest,
        fewest=knowledge.fewest and search.whole,
        edges=tuple(dict.fromkeys(_edges(knowledge))),
        endless=search.endless(),
        findings=tuple(findings_of(knowledge)),
    )


def odd(program: Mapping[str, Any], budget: Budget = _DEFAULT) -> tuple[Finding, ...]:
    """Return what is odd about a story, as `explore` does, and nothing else: no way to each line
    is sought, so a finding's witness may be another one."""
    return tuple(findings_of(Knowledge(program, budget)))


def _how(knowledge: Knowledge) -> str:
    search = knowledge.search
    left = len(knowledge.open())
    if search.whole:
        all_of_them = f"all {len(search.states):,} states were visited"
        what = f"{left:,} of {len(knowledge.points):,} facts may be others after going back"
        return f"{all_of_them}; {what}" if left else all_of_them
    said = [f"{len(search.states):,} states were visited, and there are more"]
    said.append(f"{knowledge.games:,} random games")
    said.append("an abstract interpretation")
    if knowledge.slices:
        said.append(
            f"{knowledge.slices:,} searches with a part of the variables "
            f"({knowledge.states:,} states)"
        )
    what = f"{left:,} of {len(knowledge.points):,} facts are" if left else "nothing is"
    return f"{'; '.join(said)}; {what} left open"


def _points_of_ids(knowledge: Knowledge) -> dict[str, set[Point]]:
    """Return the points that come to each id."""
    flow = knowledge.flow
    found: dict[str, set[Point]] = {}
    for at, node in enumerate(flow.nodes):
        op = node.op
        if op["op"] == "menu" or op["op"] == "pick":
            kind: Any = "take" if op["op"] == "menu" else "item"
            for part, each in enumerate(parts_of(op)):
                found[each["id"]] = {Point(kind, at, part)}
        if "id" not in op:
            continue
        line = op["op"] == "say" and ("if" in op or op.get("once"))
        if line:
            found[op["id"]] = {Point("line", at, 0)}
        elif op["op"] == "menu":
            found[op["id"]] = {Point("offer", at, part) for part in range(len(op["choices"]))}
        else:
            found[op["id"]] = {Point("block", knowledge.block_of(at), 0)}
    return {
        id: {point for point in points if point in knowledge.all_points}
        for id, points in found.items()
    }


def _edges(knowledge: Knowledge) -> Iterator[Edge]:
    flow = knowledge.flow
    sections = frozenset(flow.places.values())
    for at, node in enumerate(flow.nodes):
        if not knowledge.known(Point("block", knowledge.block_of(at), 0)):
            continue
        op, here = node.op, flow.homes[at]
        match op["op"]:
            case "jump" if "to" in op:
                yield Edge(here, op["to"], "jump")
            case "jump":
                for part, place in enumerate(targets_of(flow.program, op)):
                    if knowledge.known(Point("to", at, part)):
                        yield Edge(here, place, "jump")
            case "call":
                yield Edge(here, op["to"], "call")
            case "ending":
                yield Edge(here, f"ending {op['id']}", "ending")
            case "return" | "leave":
                scene = flow.program["scenes"][node.scene]
                here = here or f"{node.scene}#{scene['sections'][-1]['label']}"
                if knowledge.known(Point("next", at, 0)):
                    yield Edge(here, f"{scene['next']}#", "next")
                if knowledge.known(Point("fall", at, 0)):
                    yield Edge(here, f"ending {scene['id']}", "ending")
                for call in flow.calls.values():
                    if knowledge.known(Point("back", at, call)):
                        yield Edge(here, flow.homes[call], "back")
        for after in _onward(knowledge, at):
            if after in sections:
                yield Edge(here, flow.homes[after], "next")


def _onward(knowledge: Knowledge, at: int) -> Iterator[int]:
    """Yield the nodes that a path goes on to without a jump."""
    op, next, bodies, *_ = knowledge.flow.nodes[at]

    def passed(kind: Any, part: int = 0) -> bool:
        return knowledge.known(Point(kind, at, part))

    match op["op"]:
        case "jump" | "return" | "leave" | "ending":
            return
        case "if":
            last = len(bodies) - 1
            for part, (branch, body) in enumerate(zip(op["branches"], bodies, strict=True)):
                if passed("true", part) if "if" in branch else passed("false", part - 1):
                    yield body
            if "if" in op["branches"][last] and passed("false", last):
                yield next
        case "menu" | "pick":
            kind = "take" if op["op"] == "menu" else "item"
            yield from (body for part, body in enumerate(bodies) if passed(kind, part))
            if passed("empty"):
                yield next
        case "call":
            if any(map(knowledge.known, knowledge.backs.get(at, ()))):
                yield next
        case _:
            yield from (*bodies, next)
