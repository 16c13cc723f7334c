"""Pictures and sounds: what they are called, and the statements that name them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from comfyvn.plan.requests import SOUNDS, AssetRequest
from comfyvn.source.diagnostics import Diagnostics, Span
from comfyvn.targets.renpy.context import Lines
from comfyvn.targets.renpy.expressions import literal, number
from comfyvn.targets.renpy.names import LOOK_KINDS, PICTURE, SCENERY, Head, Names
from comfyvn.targets.renpy.scope import staged_of
from comfyvn.targets.renpy.whole import Whole

SILENCE = "<silence 1.0>"
UNPLAYABLE = frozenset({".m4a"})
"""Endings of sounds that browsers play and Ren'Py does not."""


class Source(NamedTuple):
    """What answers a request.

    `name` is that of a file or of a result, `suffix` the file's ending in lower case, `key` what
    `@found` calls it, `path` the hand-made file that it is.
    """

    name: str
    suffix: str
    key: str = ""
    path: str = ""


NO_LEVELS: Mapping[str, Any] = MappingProxyType({})
CHANNELS = {"music": "music", "ambience": "ambience", "sfx": "sound"}
"""What Ren'Py calls the channels."""

Answers = Mapping[AssetRequest, Source]
Copies = Mapping[str, Source]
"""Paths below `game/` to what is copied there."""


def pictures(names: Names, answers: Answers) -> tuple[dict[str, str], Copies]:
    """Return what each image is, by its name, and which files that takes."""
    copies: dict[str, Source] = {}
    paths: dict[str, str] = {}
    images: dict[str, str] = {}
    for request, source in sorted(answers.items()):
        if request.kind not in SOUNDS:
            image = " ".join(image_name(names, request))
            stem = f"art/{request.kind}/{image.replace(' ', '_')}"
            path = _copied(source, stem, copies, paths)
            images[image] = f"vn.{request.kind}({literal(path)})"
    return images, copies


def image_statements(head: Head, whole: Whole, images: Mapping[str, str]) -> str:
    """Return `images.rpy`."""
    lines = Lines()
    lines.add("# Every picture that the story shows.", "")
    lines.add(*(f"image {image} = {code}" for image, code in sorted(images.items())))
    stand_ins = _stand_ins(head, whole, images)
    if stand_ins:
        lines.add("", "# Shown as what comes nearest; the rest depends on what was worn before.")
        lines.add(*(f"image {image} = {code}" for image, code in stand_ins.items()))
    absent = _never_shown(whole, {*images, *stand_ins})
    if absent and (images or not whole.used["shown"]):
        lines.add("", "# Named by the story, and never shown.")
        lines.add(*(f"image {image} = Null()" for image in absent))
    return lines.text()


def _never_shown(whole: Whole, drawn: set[str]) -> list[str]:
    """Return the images that statements name and nothing is drawn for.

    Such a statement stands where no play comes by, or hides or moves who is never on stage.
    """
    names, used = whole.names, whole.used
    tags = {image.split()[0] for image in drawn}
    mentioned = used["hidden"] | used["shown"]
    absent = {names.tags[what] for what in mentioned if what in names.tags} - tags
    shown = {f"{PICTURE} {names.pictures[asset]}" for asset in used["pictures"]}
    return sorted(absent | (shown - drawn))


def sounds(
    names: Names, answers: Answers, out: Diagnostics, levels: Mapping[str, Any] = NO_LEVELS
) -> tuple[str, Copies]:
    """Return `sounds.rpy` and which files that takes; what cannot be played is reported.

    `levels` says how each sound is played, by its logical name (`@levels`).
    """
    gains: dict[tuple[str, str], float] = {}
    lines = Lines()
    lines.add("# Every sound that the story plays; a missing one is silence.", "")
    copies: dict[str, Source] = {}
    paths: dict[str, str] = {}
    for sound, variable in names.sounds.items():
        channel, _, name = sound.partition(" ")
        source = answers.get(AssetRequest(channel, name))  # type: ignore[arg-type]
        path = SILENCE
        if source is not None and source.suffix in UNPLAYABLE:
            out.warning(
                "VN1011",
                f"Ren'Py cannot play `{source.path}`, so `{name}` is silent there",
                Span.whole_file(source.path),
                "save it as Ogg, Opus or MP3",
            )
        elif source is not None:
            path = _copied(source, f"sound/{channel}/{variable}", copies, paths)
            level = levels.get(sound, {})
            if loop := level.get("loop"):
                path = f"<to {number(loop[1])} loop {number(loop[0])}>{path}"
            if gain := level.get("gain"):
                gains[CHANNELS.get(channel, channel), path] = round(10 ** (gain / 20), 3)
        lines.add(f"define audio.{variable} = {literal(path)}")
    if gains:
        lines.add("", "# By how much each is louder than its file, on its channel.")
        lines.add("define vn.levels = {")
        lines.add(*(f"    {key!r}: {number(gain)}," for key, gain in sorted(gains.items())), "}")
    return lines.text(), copies


def image_name(names: Names, request: AssetRequest) -> list[str]:
    """Return the name of the image that answers a request."""
    if request.kind == "background":
        places, *kinds = names.looks[SCENERY].values()
        location = places[request.subject]
        rest = [kind[trait] for trait in request.traits for kind in kinds if trait in kind]
        return [SCENERY, location, *dict.fromkeys(rest)]
    if request.kind == "picture":
        return [PICTURE, names.pictures[request.subject]]
    tag = names.tags[request.subject]
    if request.kind != "sprite":
        return [tag]
    worn = []
    traits = list(request.traits)
    for kind in names.looks[tag].values():
        if traits and traits[0] in kind:
            worn.append(kind[traits.pop(0)])
    return [tag, *worn]


def _stand_ins(head: Head, whole: Whole, images: Mapping[str, str]) -> dict[str, str]:
    """Return images that the script seems to show, seen without what went before.

    Ren'Py's lint looks at each statement alone: `show mei smile` completed by Mei's default
    looks, which may be a picture that never occurs.
    """
    if not images:
        return {}
    names, used = whole.names, whole.used
    staged = staged_of(used)
    characters = head.get("characters", {})
    written: set[tuple[str, ...]] = {
        *((SCENERY, *names.scenery(*one)) for one in used["scenery"]),
        *(_dressed(names, what, ()) for what in used["moved"] if what in characters),
        *(_dressed(names, who, look) for who, look in used["worn"] if who in staged),
        *((names.tags[what], *names.attributes(what, dict(look))) for what, look in used["shaped"]),
    }
    found = {}
    by_tag: dict[str, list[list[str]]] = {}
    for image in images:
        by_tag.setdefault(image.split()[0], []).append(image.split())
    for words in sorted(written):
        image = " ".join(words)
        near = by_tag.get(words[0])
        if image in images:
            continue
        if near:
            best = max(near, key=lambda other: len(set(other) & set(words)))
            found[image] = images[" ".join(best)]
        else:  # nothing leads to where it is shown
            found[image] = "Null()"
    return found


def _dressed(names: Names, who: str, look: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    tag, chosen = names.tags[who], dict(look)
    kinds = names.looks[tag]
    worn = (
        kinds[name].get(chosen.get(name, ""), next(iter(kinds[name].values()), ""))
        for name in LOOK_KINDS
    )
    return (tag, *(one for one in worn if one))


def _copied(source: Source, stem: str, copies: dict[str, Source], paths: dict[str, str]) -> str:
    """Copy a file once, however many names it has; return its path below `game/`."""
    if source.name not in paths:
        paths[source.name] = f"{stem}{source.suffix}"
        copies[paths[source.name]] = source
    return paths[source.name]
