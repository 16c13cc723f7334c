"""The exploration of a story: everything that `comfyvn.explore` knows about where it leads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from comfyvn.explore.contents import targets_of
from comfyvn.explore.facts import findings_of
from comfyvn.explore.flow import parts_of
from comfyvn.explore.knowledge import Knowledge
from comfyvn.explore.machine import Point
from comfyvn.explore.result import Budget, Edge, Exploration, Witness

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


def _how(knowledge: Knowledge) -> str:
    search = knowledge.search
    if search.whole:
        return f"all {len(search.states):,} states were visited"
    said = [f"{len(search.states):,} states were visited, and there are more"]
    said.append(f"{knowledge.games:,} random games")
    said.append("an abstract interpretation")
    if knowledge.slices:
        said.append(
            f"{knowledge.slices:,} searches with a part of the variables "
            f"({knowledge.states:,} states)"
        )
    left = len(knowledge.open())
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
    for at in flow.leaves.values():
        point = Point("fall", at, 0)
        if point in knowledge.machine.points:
            found.setdefault(f"{flow.nodes[at].scene} runs out", set()).add(point)
    return {
        id: {point for point in points if point in knowledge.all_points}
        for id, points in found.items()
        if " " not in id
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
        if op["op"] in ("jump", "call", "return", "leave", "ending"):
            continue
        for after in (*node.bodies, node.next):
            if after in sections and knowledge.known(Point("block", after, 0)):
                yield Edge(here, flow.homes[after], "next")
