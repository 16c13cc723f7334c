"""What a build makes for the scenes that somebody plays meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable

from comfyvn.plan.asset_actions import SKELETON
from comfyvn.plan.clips import LINES, lines_of
from comfyvn.plan.delivery import form_of
from comfyvn.plan.requests import requests_by_scene


def played(
    scenes: Iterable[str],
    targets: Iterable[str],
    made: Collection[str],
    read: Callable[[str], bytes],
) -> set[str]:
    """Return the artifacts of all that scenes can show, play and say.

    Some of them no step may make: a file can be taken as it is.

    Args:
        scenes: their names; an empty one is that of the scene that the story begins with. Names
            that are none (any more) count for nothing.
        targets: those that are built.
        made: the names of the artifacts of the front.
        read: returns one of these.
    """
    head = json.loads(read("@head"))
    names = {scene or head["start"] for scene in scenes}
    found = json.loads(read("@found"))
    keys = {(kind, subject, *traits): key for kind, subject, traits, key in found["answers"]}
    said = json.loads(read("@delivery"))
    forms = {form_of(said, target) for target in targets}
    skeletons = {
        name.removeprefix(SKELETON): json.loads(read(name))
        for name in made
        if name.startswith(SKELETON)
    }
    asked = requests_by_scene(head, skeletons)
    wanted: set[str] = set()
    for scene in names.intersection(asked):
        for kind, subject, traits in asked[scene]:
            if key := keys.get((kind, subject, *traits)):
                wanted |= {f"@made/{key}", f"@checked/{key}", f"@sound/{key}"}
                wanted.update(f"@delivered/{key}-{form}" for form in forms)
        if f"{LINES}{scene}" in made:
            lines = lines_of(scene, read(f"{LINES}{scene}"))
            # Its other files are made with it.
            wanted.update(f"@voice/{line.key}.opus" for line in lines)
    return wanted
