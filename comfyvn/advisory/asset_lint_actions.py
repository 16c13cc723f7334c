"""The steps of the advice on hand-made files, on accessibility, and on what players can take."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from comfyvn.advisory.accessibility import (
    check_names,
    check_places,
    check_scene,
    check_themes,
)
from comfyvn.advisory.budgets import Shown, check_files, check_memory
from comfyvn.advisory.key_places import KeyPlaces
from comfyvn.advisory.pictures import Use as Picture
from comfyvn.advisory.pictures import check_pictures, check_sprites, check_unused
from comfyvn.advisory.sounds import Use as Sound
from comfyvn.advisory.sounds import check_sounds
from comfyvn.engine.action import Context
from comfyvn.engine.digest import ABSENT
from comfyvn.engine.step import canonical_bytes
from comfyvn.model.find import PROJECT_FILE
from comfyvn.model.listing import file_beside
from comfyvn.plan.delivery import DEFAULT
from comfyvn.plan.front_artifacts import read, report
from comfyvn.plan.render_brief import SIZES
from comfyvn.plan.requests import SOUNDS, AssetRequest, requests_by_scene
from comfyvn.plan.shown import Size
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.story.compiler.flow import walk

_HEARD, _SKELETON, _USES = "@heard/", "@skeleton/", "@uses/"
_REPEATED = frozenset({"music", "ambience"})
"""What is repeated until it is stopped, unless the story says `once`."""
_LONGEST = 600.0
"""Seconds of a sound that is listened to as a whole: 210 MB of stereo at 44.1 kHz."""
_PAINTED: Mapping[str, tuple[int, int]] = {
    "background": (1920, 1080),
    "picture": (1920, 1080),
    "sprite": (840, 1200),
    "prop": (480, 480),
    "image": (480, 480),
}
"""How large the painter paints, in pixels (`comfyvn.drivers.painter`)."""
TARGETS = ("renpy", "web")


def measure(context: Context) -> None:
    """Measure a hand-made file: `PATH`, `@checked/KEY`, `@hears` → `@measured/KEY`.

    Absent of what cannot be shown or played, and where nothing is to be measured.
    """
    name, checked, hears = context.inputs
    if context.digest(checked) == ABSENT:
        return
    kinds = set(context.params["kinds"].split())
    told: Mapping[str, Any] | None = None
    if "sprite" in kinds:
        from comfyvn.advisory.measures import figure_in
        from comfyvn.drivers.picture import read_picture

        told = figure_in(read_picture(context.path(name).read_bytes()).image)
    elif kinds <= SOUNDS and read(context, hears):
        told = _heard(context, name, read(context, checked), None)
    if told is not None:
        context.write(context.outputs[0], canonical_bytes(told))


def seam(context: Context) -> None:
    """Measure the loop that a sidecar tells of: `@sidecar/KEY`, `@hears` → `@seam/KEY`.

    Reads `@checked/KEY` and the file. Absent where the whole sound is repeated.
    """
    sidecar, hears = context.inputs
    if context.digest(sidecar) == ABSENT or not read(context, hears):
        return
    loop = read(context, sidecar).get("loop")
    checked = context.find(f"@checked/{context.params['key']}")
    if not loop or checked is None:
        return
    told = _heard(context, file_beside(context.params["path"]), json.loads(checked), loop)
    if told is not None:
        context.write(context.outputs[0], canonical_bytes(told))


def _heard(
    context: Context, name: str, checked: Mapping[str, Any], loop: Mapping[str, float] | None
) -> Mapping[str, Any] | None:
    from comfyvn.advisory.measures import sound_in
    from comfyvn.drivers.audio.decode import decode_all

    if checked.get("seconds", _LONGEST + 1) > _LONGEST:
        return None
    return sound_in(decode_all(context.path(name)), loop)


def scene(context: Context) -> None:
    """Look at one scene: `@part/SCENE`, `@places/SCENE` → `@heard/SCENE`: what it repeats."""
    part, places = (read(context, name) for name in context.inputs)
    out = Diagnostics()
    check_scene(context.params["path"], part, places, out)
    bodies = [part.get("enter", ()), *(each["body"] for each in part.get("sections", ()))]
    looped = {
        (op["channel"], op["name"])
        for body in bodies
        for op in walk(body)
        if op["op"] == "play"
        and (op.get("loop") or (op["channel"] in _REPEATED and not op.get("once")))
    }
    context.write(context.outputs[0], canonical_bytes(sorted(looped)))
    report(context, out)


def assets(context: Context) -> None:
    """Look at all hand-made files.

    Reads `@globals`, `@found`, `@requests`, `@assets`, `@delivery`, `@heard/*`; `@checked/*`,
    `@measured/*` and `@seam/*`.
    """
    found = read(context, "@found")
    requests = [
        AssetRequest(kind, name, tuple(rest)) for kind, name, rest in read(context, "@requests")
    ]
    looped = {
        (channel, name)
        for heard in context.inputs
        if heard.startswith(_HEARD)
        for channel, name in read(context, heard)
    }
    out = Diagnostics()
    names = sorted({request.name for request in requests})
    check_unused(read(context, "@assets"), set(found["assets"].values()), names, out)
    uses: dict[str, list[AssetRequest]] = {}
    for kind, subject, traits, key in found["answers"]:
        uses.setdefault(key, []).append(AssetRequest(kind, subject, tuple(traits)))
    pictures, sounds = [], []
    for key, path in sorted(found["assets"].items(), key=lambda each: str(each[1])):
        checked = context.find(f"@checked/{key}")
        if checked is None or key not in uses:
            continue  # not to be shown or played, or only what music is made from
        told = context.find(f"@seam/{key}") or context.find(f"@measured/{key}")
        measured = json.loads(told or b"{}")
        if SOUNDS.isdisjoint(request.kind for request in uses[key]):
            answers = tuple((each.kind, each.subject, each.traits) for each in uses[key])
            pictures.append(Picture(path, json.loads(checked), measured, answers))
        else:
            answered = tuple((each.kind, each.name) for each in uses[key])
            sounds.append(Sound(path, json.loads(checked), measured, answered))
    characters = read(context, "@globals")["characters"]
    looks = {id: each.get("look") or {} for id, each in characters.items()}
    check_pictures(pictures, _widths(context), out)
    check_sprites(pictures, looks, out)
    check_sounds(sounds, looped, out)
    report(context, out)


def _targets(context: Context) -> list[str]:
    return list(read(context, "@globals")["project"].get("targets", TARGETS))


def _widths(context: Context) -> dict[str, int]:
    """Return the width of the screen that each target is delivered for."""
    said = read(context, "@delivery")
    return {
        target: said.get(target, {}).get("width", DEFAULT["width"]) for target in _targets(context)
    }


def access(context: Context) -> None:
    """Look at what the YAML sources say for those who do not see as others do.

    Reads `@globals`, `@head`, `@requests`, `@uses/*`, and the sources something is found in.
    """
    said = read(context, "@globals")
    if said["unread"]:
        return
    head = read(context, "@head")
    shown = {name for kind, name, _ in read(context, "@requests") if kind == "background"}
    together = {
        pair
        for name in context.inputs
        if name.startswith(_USES)
        for pair in combinations(sorted(read(context, name)["characters"]), 2)
    }
    out = Diagnostics()
    key_at = KeyPlaces(context)
    check_places(said["worlds"], said["props"], shown, key_at, out)
    check_themes({id: head["themes"][id] for id in said["themes"]}, key_at, out)
    check_names(head, together, _targets(context), key_at, out)
    report(context, out)


def budgets(context: Context) -> None:
    """Look at how much players and hosts have to take.

    Reads `@globals`, `@head`, `@found`, `@delivery`, `@skeleton/*`; `@checked/*`, `vn.yaml`.
    """
    found = read(context, "@found")
    said = read(context, "@delivery")
    rendered = read(context, "@globals")["project"].get("pictures", {}).get("size", {})
    fixed = all(said.get(target, {}).get("pictures") == "kept" for target in _targets(context))
    shown: dict[tuple[Any, ...], Shown] = {}
    sounds = set()
    for kind, subject, traits, key in found["answers"]:
        if kind in SOUNDS:
            sounds.add(key)
            continue
        path = found["assets"].get(key)
        facts = json.loads(context.find(f"@checked/{key}") or b"{}") if path else {}
        if facts:
            size = Size(facts["width"], facts["height"])
        elif found["made"].get(key) == "painter":
            size = Size(*_PAINTED[kind])
        else:
            size = Size(*rendered.get(kind, SIZES[kind]))
        name = path or " ".join((subject, *traits))
        shown[(kind, subject, *traits)] = Shown(key, name, kind, size, fixed and bool(path))

    def scenes() -> Iterator[tuple[str, list[Shown]]]:
        skeletons = {
            name.removeprefix(_SKELETON): read(context, name)
            for name in context.inputs
            if name.startswith(_SKELETON)
        }
        for scene, requests in requests_by_scene(read(context, "@head"), skeletons).items():
            asked = ((kind, subject, *traits) for kind, subject, traits in requests)
            yield scene, [shown[each] for each in asked if each in shown]

    out = Diagnostics()
    check_memory(shown.values(), lambda: dict(scenes()), _widths(context), out)
    if "web" in _targets(context):
        formats = 2 if said.get("web", {}).get("pictures") == "avif" else 1
        pictures = len({each.key for each in shown.values()})
        span = KeyPlaces(context)(PROJECT_FILE, "targets")
        check_files(pictures, len(sounds), formats, span, out)
    report(context, out)
