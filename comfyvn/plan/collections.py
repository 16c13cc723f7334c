"""The collections that a rule's `for` can name.

To add one, write a function from `Facts` to items and give it a line in `COLLECTIONS`. Items are
dicts of strings; artifacts of the front stage are read by `facts.read`, and named in `reads`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from pathlib import PurePosixPath

from comfyvn.plan.facts import Facts, Item, Selection
from comfyvn.source.scene_name import unusable_scene


def scenes(facts: Facts) -> list[Item]:
    """Return the scenes: those below `scenes/` whose names can be ids on every system."""
    found: dict[str, Item] = {}
    for path in facts.files:
        if not (path.startswith("scenes/") and path.endswith(".md")):
            continue
        scene = path[7:-3]
        if not scene.isascii():
            scene = unicodedata.normalize("NFC", scene)
        if unusable_scene(scene) is None:
            found.setdefault(scene, {"scene": scene, "path": path})
    return list(found.values())


def catalogues(facts: Facts) -> list[Item]:
    """Return the translations: `i18n/LANGUAGE.po`."""
    return [
        {"language": PurePosixPath(path).stem, "path": path}
        for path in facts.files
        if path.startswith("i18n/") and path.endswith(".po") and path.count("/") == 1
    ]


COLLECTIONS: Mapping[str, Selection] = {
    "scene": Selection(scenes, ("scene", "path"), ("scene",)),
    "catalogue": Selection(catalogues, ("language", "path"), ("language",)),
}
