"""The collections that a rule's `for` can name.

To add one, write a function from `Facts` to items and give it a line in `COLLECTIONS`. Items are
dicts of strings; artifacts of the front stage are read by `facts.read`, and named in `reads`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import PurePosixPath

from comfyvn.engine.pattern import select
from comfyvn.engine.step import canonical
from comfyvn.model.listing import file_beside, is_sidecar, list_sources
from comfyvn.plan import budget, classifiers, clips, delivery, renderings
from comfyvn.plan.assets import key_of, suffix_of
from comfyvn.plan.facts import Facts, Item, Selection
from comfyvn.plan.sidecars import nearest_file
from comfyvn.source.diagnostics import Diagnostics


def scenes(facts: Facts) -> list[Item]:
    """Return the scenes: those below `scenes/` whose names can be ids on every system."""
    found = list_sources(facts.files, Diagnostics()).scenes
    return [{"scene": scene, "path": path} for scene, path in found.items()]


def catalogues(facts: Facts) -> list[Item]:
    """Return the translations: `i18n/LANGUAGE.po`."""
    found = list_sources(facts.files, Diagnostics()).catalogues
    return [{"language": language, "path": path} for language, path in found.items()]


FILE_FIELDS = ("path", "name", "stem", "suffix", "folder")


def files(facts: Facts, pattern: str) -> list[Item]:
    """Return the source files that fit a pattern, which `for: {files: …}` names."""
    return [
        {
            "path": path,
            "name": (pure := PurePosixPath(path)).name,
            "stem": pure.stem,
            "suffix": pure.suffix,
            "folder": "" if (folder := str(pure.parent)) == "." else folder,
        }
        for path in select(pattern, facts.files)
    ]


def sidecars(facts: Facts) -> list[Item]:
    """Return the sidecars, by the keys of the files that they tell of."""
    found = [path for path in facts.files if is_sidecar(path)]
    files = frozenset(facts.files) if found else frozenset()
    return [
        {
            "key": key_of("asset", file),
            "path": path,
            "beside": "yes" if file in files else "no",
            "near": "" if file in files else nearest_file(path, files),
        }
        for path, file in zip(found, map(file_beside, found), strict=True)
    ]


def assets(facts: Facts) -> list[Item]:
    """Return the hand-made files that answer requests, or that music is made from."""
    found = json.loads(facts.read("@found"))
    kinds: dict[str, set[str]] = {}
    for kind, _, _, key in found["answers"]:
        kinds.setdefault(key, set()).add(kind)
    return [
        {
            "key": key,
            "path": path,
            "suffix": PurePosixPath(path).suffix.lower(),
            "kinds": " ".join(sorted(kinds.get(key, ("music",)))),
        }
        for key, path in sorted(found["assets"].items())
    ]


def made(facts: Facts) -> list[Item]:
    """Return what is made because no file answers, whatever makes it."""
    found = json.loads(facts.read("@found"))
    firsts: dict[str, tuple[str, str, list[str]]] = {}
    for kind, subject, traits, key in sorted(found["answers"]):
        firsts.setdefault(key, (kind, subject, traits))
    return [
        {
            "key": key,
            "name": " ".join((kind, subject, *traits)),
            "kind": kind,
            "maker": found["made"][key],
            "suffix": suffix_of(found["made"][key]),
        }
        for key, (kind, subject, traits) in firsts.items()
        if key in found["made"]
    ]


def drawings(facts: Facts) -> list[Item]:
    """Return the pictures that the painter draws."""
    return [item for item in made(facts) if item["maker"] == "painter"]


def fragments(facts: Facts) -> list[Item]:
    """Return the groups of scenes that a site serves in one file; lists are JSON."""
    return [
        {
            "key": group["key"],
            "name": group["scenes"][0],
            "scenes": canonical(group["scenes"]),
            "languages": canonical(group["languages"]),
        }
        for group in json.loads(facts.read("@web/groups"))
    ]


MADE_FIELDS = ("key", "name", "kind", "maker", "suffix")

COLLECTIONS: Mapping[str, Selection] = {
    "scene": Selection(scenes, ("scene", "path"), ("scene",)),
    "catalogue": Selection(catalogues, ("language", "path"), ("language",)),
    "sidecar": Selection(sidecars, ("key", "path", "beside", "near"), ("path",)),
    "asset": Selection(assets, ("key", "path", "suffix", "kinds"), ("path",), ("@found",)),
    "made": Selection(made, MADE_FIELDS, ("name",), ("@found",)),
    "drawing": Selection(drawings, MADE_FIELDS, ("name",), ("@found",)),
    "fragment": Selection(
        fragments, ("key", "name", "scenes", "languages"), ("name",), ("@web/groups",)
    ),
    **delivery.COLLECTIONS,
    **budget.COLLECTIONS,
    **renderings.COLLECTIONS,
    **clips.COLLECTIONS,
    **classifiers.COLLECTIONS,
}
