"""Where calls can be open: decides between `jump` and `return` at a scene's end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from comfyvn.targets.renpy.names import Program, walk


def open_calls(program: Program) -> dict[str, tuple[bool, bool]]:
    """Return for each scene whether it can run outside of any call, and inside one."""
    edges = {scene_id: _edges(program, scene_id) for scene_id in program["scenes"]}
    found: set[tuple[str, bool]] = set()
    work = [(program["start"], False)]
    while work:
        scene_id, inside = state = work.pop()
        if state in found or scene_id not in edges:
            continue
        found.add(state)
        jumps, calls = edges[scene_id]
        work += [(target, inside) for target in jumps]
        work += [(target, True) for target in calls]
        follower = program["scenes"][scene_id].get("next")
        if follower and not inside:
            work.append((follower, False))
    return {
        scene_id: (
            (scene_id, False) in found or (scene_id, True) not in found,
            (scene_id, True) in found,
        )
        for scene_id in edges
    }


def places_of(program: Program, value: Any) -> Iterator[str]:
    """Yield the Places that an expression of type label can give."""
    if not isinstance(value, list | tuple) or not value:
        return
    if value[0] == "label":
        yield value[1]
    elif value[0] == "var":
        yield from program["variables"].get(value[1], {}).get("values", ())
    else:
        for part in value[1:]:
            yield from places_of(program, part)


def _edges(program: Program, scene_id: str) -> tuple[set[str], set[str]]:
    jumps: set[str] = set()
    calls: set[str] = set()
    for section in program["scenes"][scene_id]["sections"]:
        for op in walk(section["body"]):
            if op["op"] == "jump":
                places = [op["to"]] if "to" in op else places_of(program, op["value"])
                jumps.update(place.partition("#")[0] for place in places)
            elif op["op"] == "call":
                calls.add(op["to"].partition("#")[0])
    return jumps, calls
