"""How pictures are delivered: which targets want them in which form, and the step that makes it.

A form is a codec and the width of a screen, `webp-1920`: targets that want the same share it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from comfyvn.engine.action import Context
from comfyvn.engine.digest import ABSENT
from comfyvn.engine.step import canonical
from comfyvn.plan.assets import key_of, suffix_of
from comfyvn.plan.facts import Facts, Item, Selection
from comfyvn.plan.requests import SOUNDS
from comfyvn.plan.shown import SCREEN, screen, shown_size

DEFAULT: Mapping[str, Any] = {"pictures": "webp", "width": SCREEN.width}
NEVER_AVIF = frozenset({"renpy"})
"""Targets whose players cannot all read AVIF (Ren'Py 8.0)."""


def delivery(context: Context) -> None:
    """Keep of `@globals` what `vn.yaml` says of delivery: `@delivery`."""
    said = json.loads(context.read("@globals"))["project"].get("delivery", {})
    context.write("@delivery", canonical(said).encode())


def form_of(said: Mapping[str, Any], target: str) -> str:
    """Return the form that a target wants; `said` is `@delivery`."""
    settings = {**DEFAULT, **said.get(target, {})}
    codec = settings["pictures"]
    if target in NEVER_AVIF:
        codec = {"avif": "webp", "kept": "plain"}.get(codec, codec)
    return f"{codec}-{settings['width']}"


class Answer(NamedTuple):
    """What answers some requests: a file, or something made.

    Attributes:
        key: its key in `@found`.
        path: the file's path; empty if it is made.
        kinds: what it is used as.
        name: what messages call it.
    """

    key: str
    path: str
    kinds: tuple[str, ...]
    name: str


def answers(found: Mapping[str, Any]) -> Iterator[Answer]:
    """Yield what answers the requests, each once, by key; `found` is `@found`."""
    uses: dict[str, list[tuple[str, str]]] = {}
    for kind, subject, traits, key in found["answers"]:
        uses.setdefault(key, []).append((kind, " ".join((kind, subject, *traits))))
    for key, used in sorted(uses.items()):
        path = found["assets"].get(key, "")
        kinds = tuple(sorted({kind for kind, _ in used}))
        yield Answer(key, path, kinds, path or min(name for _, name in used))


def _pictures(facts: Facts) -> Iterator[Answer]:
    found = json.loads(facts.read("@found"))
    return (each for each in answers(found) if SOUNDS.isdisjoint(each.kinds))


def _forms(facts: Facts) -> list[str]:
    said = json.loads(facts.read("@delivery"))
    return sorted({form_of(said, target) for target in facts.targets})


def _delivered(facts: Facts, made: bool) -> list[Item]:
    return [
        {
            "key": each.key,
            "form": form,
            "path": each.path,
            "name": each.name,
            "kinds": " ".join(each.kinds),
        }
        for form in _forms(facts)
        for each in _pictures(facts)
        if made == (not each.path)
    ]


def delivered_files(facts: Facts) -> list[Item]:
    """Return the hand-made pictures, once for each form that a target wants."""
    return _delivered(facts, made=False)


def delivered_made(facts: Facts) -> list[Item]:
    """Return the pictures that are made, once for each form that a target wants."""
    return _delivered(facts, made=True)


def pictures(facts: Facts) -> list[Item]:
    """Return the pictures of the site, in its form."""
    form = form_of(json.loads(facts.read("@delivery")), "web")
    return [{"key": each.key, "form": form, "name": each.name} for each in _pictures(facts)]


def sounds(facts: Facts) -> list[Item]:
    """Return the hand-made files that are sounds."""
    found = json.loads(facts.read("@found"))
    return [
        {"key": each.key, "path": each.path, "suffix": PurePosixPath(each.path).suffix.lower()}
        for each in answers(found)
        if each.path and not SOUNDS.isdisjoint(each.kinds)
    ]


def made_sounds(facts: Facts) -> list[Item]:
    """Return the sounds that are made because no file answers."""
    found = json.loads(facts.read("@found"))
    return [
        {"key": each.key, "name": each.name, "suffix": suffix_of(found["made"][each.key])}
        for each in answers(found)
        if not each.path and not SOUNDS.isdisjoint(each.kinds)
    ]


def ambiences(facts: Facts) -> list[Item]:
    """Return the ambiences that are made, each once, however many names it has."""
    found = json.loads(facts.read("@found"))
    return [
        {"key": each.key, "name": each.name}
        for each in answers(found)
        if found["made"].get(each.key) == "ambience"
    ]


def variations(facts: Facts) -> list[Item]:
    """Return the variations of music that are made, with the files that they are made from."""
    found = json.loads(facts.read("@found"))
    return [
        {"key": each.key, "name": each.name, "path": path, "from": key_of("asset", path)}
        for each in answers(found)
        if (path := found["sources"].get(each.key))
    ]


_READS = ("@found", "@delivery")
_FIELDS = ("key", "form", "path", "name", "kinds")
COLLECTIONS: Mapping[str, Selection] = {
    "delivered": Selection(delivered_files, _FIELDS, ("name", "form"), _READS),
    "delivered-made": Selection(delivered_made, _FIELDS, ("name", "form"), _READS),
    "web-picture": Selection(pictures, ("key", "form", "name"), ("name",), _READS),
    "sound": Selection(sounds, ("key", "path", "suffix"), ("path",), ("@found",)),
    "ambience": Selection(ambiences, ("key", "name"), ("name",), ("@found",)),
    "variation": Selection(variations, ("key", "name", "path", "from"), ("name",), ("@found",)),
    "made-sound": Selection(made_sounds, ("key", "name", "suffix"), ("name",), ("@found",)),
}


def deliver(context: Context) -> None:
    """Make a picture what targets ship: `@delivered/KEY-FORM`, `@shape/KEY-FORM`, `@avif/KEY-FORM`.

    A further input is the word that the file is what it says; without it there is nothing to ship.
    """
    from comfyvn.drivers.deliver import deliver as delivered

    source, *checked = context.inputs
    if any(context.digest(name) == ABSENT for name in checked):
        return
    codec, _, width = context.params["form"].rpartition("-")
    kinds, on = context.params["kinds"].split(), screen(int(width))

    def fit(width: int, height: int) -> tuple[int, int]:
        return max(shown_size(kind, width, height, on) for kind in kinds)

    data = context.read(source)
    made = delivered(data, codec, fit)
    picture, shape, better = context.outputs
    if made.data is data:
        context.copy(picture, source)
    else:
        context.write(picture, made.data)
    if made.avif:
        context.write(better, made.avif)
    told = {
        "suffix": made.suffix,
        "size": [made.width, made.height],
        "bytes": len(made.data),
        "avif": len(made.avif),
    }
    context.write(shape, canonical(told).encode())
