"""From a loaded project to the Program: read, name, lower, link.

Two walks over each scene. The first collects what it declares, so that links between scenes and
the ids of `vn.lock` are known; the second lowers it with these. All that is wrong is reported in
one go, and what depends on something wrong is silent.

This is the whole in one call. A build runs the same functions as steps, one scene at a time
(`comfyvn.plan.scene_actions`, `project_actions`).
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from comfyvn.model.load import LoadedProject
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.lock import Lock, identify
from comfyvn.source.po import Message
from comfyvn.source.syntax import At
from comfyvn.story.compiler.facts import (
    assembled,
    head_of,
    is_whole,
    located,
    places_held,
    timeline,
)
from comfyvn.story.compiler.flow import check_flow
from comfyvn.story.compiler.names import labels_of, names_of, spoken_names, vocabulary
from comfyvn.story.compiler.reading import UNREAD, Reading, counted_lines, read_scene
from comfyvn.story.compiler.scene import UNREADABLE, Following, LoweredScene, lower_scene
from comfyvn.story.compiler.scope import Shared
from comfyvn.story.compiler.translations import Words, check_languages, lost_line, slice_messages
from comfyvn.story.resolve import Names, SceneNames

SourceMap = dict[str, tuple[str, int, int]]
"""Where the source of an id stands: path, line, column."""


@dataclass(slots=True)
class Compiled:
    """A project, compiled. The Program is to be built only when nothing was an error.

    `names` is what expressions outside of the scenes may name, those of playtests say.
    """

    program: dict[str, Any]
    source_map: SourceMap
    lock: Lock
    names: Names


def compile_project(loaded: LoadedProject, lock: Lock, out: Diagnostics) -> Compiled | None:
    """Compile a project, reporting all that is wrong; None when it has no scenes.

    `out` has what was wrong with its sources. The collector of reference cycles is off meanwhile:
    everything made here is kept.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _compile(loaded, lock, out) if loaded.listing.scenes else None
    finally:
        if collecting:
            gc.enable()


def _compile(loaded: LoadedProject, lock: Lock, out: Diagnostics) -> Compiled:
    is_sound = not any(
        item.severity == "error" and not item.span.path.startswith("i18n/") for item in out
    )
    check_languages(loaded, out)
    spoken = spoken_names(loaded.characters)
    readings = {
        id: read_scene(source.text, source.path, id, spoken)
        for id, source in loaded.scene_sources.items()
    }
    for reading in readings.values():
        out += reading.findings
    identity = identify(lock, {id: each.found.anchors for id, each in readings.items()})
    declared = {id: each.declared(identity.ids[id]) for id, each in readings.items()}
    scenes = {id: SceneNames.read(id, declared.get(id, UNREAD)) for id in loaded.listing.scenes}
    words = vocabulary(loaded)
    labels = labels_of(words, scenes, lambda path, steps: loaded.at(path, *steps), out)
    names, shared = names_of(words, labels, scenes), Shared()
    follows, counted = timeline(loaded), _counted(readings)
    messages, strays = _messages(loaded, identity.ids)
    lowered = {
        id: lower_scene(
            reading,
            identity.ids[id],
            names.within(scenes),
            shared,
            follows.get(id, Following()),
            counted.get(id, ()),
            messages.get(id, {}),
            out,
        )
        for id, reading in readings.items()
    }
    facts = {id: lowered[id].facts if id in lowered else UNREADABLE for id in scenes}
    head = head_of(loaded, names.variables, facts, identity.gone)
    is_sound = is_sound and is_whole(words, labels, facts)
    after = {id: each.next for id, each in follows.items() if each.next is not None}
    flow = check_flow(facts, after, loaded.project.start, places_held(head["variables"]), is_sound)
    spots = {id: each.spots for id, each in lowered.items()}
    out += [located(finding, loaded.listing.scenes, spots) for finding in flow]
    if is_sound:
        for language, id in [*strays, *_lost(lowered)]:
            message = loaded.catalogues[language][id]
            at = At(message.line, message.column, message.end_column)
            out.append(lost_line(language, id, at))
    source_map = {
        line: (reading.tree.path, *place)
        for id, reading in readings.items()
        for line, place in reading.places(identity.ids[id]).items()
    }
    program = assembled(head, {id: each.part for id, each in lowered.items()}, _words(lowered))
    return Compiled(program, source_map, identity.lock, names.within(scenes))


def _counted(readings: Mapping[str, Reading]) -> dict[str, list[str]]:
    return counted_lines(each.asked for each in readings.values())


def _messages(
    loaded: LoadedProject, ids: Mapping[str, Sequence[str]]
) -> tuple[dict[str, dict[str, dict[str, Message]]], list[tuple[str, str]]]:
    """Return the translations of each scene by language, and those of no scene."""
    found: dict[str, dict[str, dict[str, Message]]] = {}
    strays = []
    home = {line: scene for scene, lines in ids.items() for line in lines}
    for language in sorted(loaded.catalogues):
        if language != loaded.project.language:
            slices, stray = slice_messages(loaded.catalogues[language], home)
            strays += [(language, id) for id in stray]
            for scene, messages in slices.items():
                found.setdefault(scene, {})[language] = messages
    return found, strays


def _lost(lowered: Mapping[str, LoweredScene]) -> Iterator[tuple[str, str]]:
    for scene in lowered.values():
        for language, ids in scene.facts.get("lost", {}).items():
            yield from ((language, id) for id in ids)


def _words(lowered: Mapping[str, LoweredScene]) -> dict[str, Words]:
    words: dict[str, Words] = {}
    for scene in lowered.values():
        for language, texts in scene.words.items():
            words.setdefault(language, {}).update(texts)
    return dict(sorted(words.items()))
