"""Where control comes from: how scenes are arrived at, and whether in a call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from comfyvn.targets.renpy.facts import Facts
from comfyvn.targets.renpy.names import Head


def open_calls(head: Head, facts: Mapping[str, Facts]) -> dict[str, tuple[bool, bool]]:
    """Return for each scene whether it can run outside of any call, and inside one."""
    found: set[tuple[str, bool]] = set()
    work = [(head["start"], False)]
    while work:
        scene_id, inside = state = work.pop()
        if state in found or scene_id not in facts:
            continue
        found.add(state)
        scene = facts[scene_id]
        work += [(place.partition("#")[0], inside) for place in jumps(head, scene)]
        work += [(place.partition("#")[0], True) for place in scene.get("calls", ())]
        if scene.get("next") and not inside:
            work.append((scene["next"], False))
    return {
        scene_id: (
            (scene_id, False) in found or (scene_id, True) not in found,
            (scene_id, True) in found,
        )
        for scene_id in facts
    }


def entered_elsewhere(head: Head, facts: Mapping[str, Facts]) -> frozenset[str]:
    """Return the scenes that control enters elsewhere than at the top."""
    found = set()
    for scene_id, scene in facts.items():
        for place in (*jumps(head, scene), *scene.get("calls", ())):
            target, _, label = place.partition("#")
            if label and target != scene_id:
                found.add(target)
    return frozenset(found)


def jumps(head: Head, scene: Facts) -> Iterator[str]:
    """Yield the places that the jumps of a scene can go to."""
    yield from scene.get("jumps", ())
    for name in scene.get("jump_variables", ()):
        yield from head.get("variables", {}).get(name, {}).get("values", ())
