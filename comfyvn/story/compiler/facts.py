"""The parts of the Program that are not scenes, and the checks of the whole."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from comfyvn.model.character import Character
from comfyvn.model.load import LoadedProject
from comfyvn.model.theme import Theme
from comfyvn.source.diagnostics import Diagnostic, Related, Span
from comfyvn.story.compiler.flow import FlowFinding, SceneFacts, Spot
from comfyvn.story.compiler.names import Vocabulary
from comfyvn.story.compiler.scene import Following, Spots
from comfyvn.story.compiler.variables import as_program
from comfyvn.story.plurals import rules
from comfyvn.story.resolve import LOOK_KINDS
from comfyvn.story.types import Declaration, VariableFacts

_PROP = {"alt", "anchors", "z", "tween"}


def head_of(
    loaded: LoadedProject,
    variables: Mapping[str, VariableFacts],
    scenes: Mapping[str, SceneFacts],
    gone: Mapping[str, str],
) -> dict[str, Any]:
    """Return the Program; its scenes and translations are to be filled in."""
    project = loaded.project
    declared = {name: as_program(facts) for name, facts in variables.items()}
    for scene in scenes.values():
        declared |= scene.get("parameters", {})
    themes = loaded.themes or {"default": Theme()}
    world = project.world
    worlds = [loaded.worlds[world]] if world in loaded.worlds else list(loaded.worlds.values())
    languages = project.languages or [project.language]
    program: dict[str, Any] = {
        "format": 1,
        "id": project.id,
        "title": project.title,
        "version": project.version,
        "language": project.language,
        "languages": languages,
        "start": project.start,
        "variables": declared,
        "characters": {id: _character(each) for id, each in loaded.characters.items()},
        "scenes": {},
        "endings": _endings(scenes),
        "unlocks": list(
            dict.fromkeys(name for scene in scenes.values() for name in scene.get("unlocks", ()))
        ),
        "about": _about(loaded),
        "theme": project.theme if project.theme in themes else next(iter(themes)),
        "themes": {id: _theme(id, theme) for id, theme in themes.items()},
        "locations": {
            id: place.model_dump(include={"name", "alt", "ambience", "kind"}, exclude_none=True)
            for each in worlds
            for id, place in each.locations.items()
        },
        "props": {
            id: prop.model_dump(mode="json", include=_PROP, exclude_none=True)
            | {"name": prop.name or id}
            for id, prop in loaded.props.items()
        },
    }
    if project.seed is not None:
        program["seed"] = project.seed
    program["gone"] = dict(sorted(gone.items()))
    program["plurals"] = {
        language: [list(rule) for rule in rules(language)]
        for language in languages
        if rules(language)
    }
    program["translations"] = {}
    return program


def assembled(
    head: Mapping[str, Any],
    parts: Mapping[str, Mapping[str, Any]],
    words: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """Return the whole Program; `words` are by language."""
    return {**head, "scenes": parts, "translations": words}


def is_whole(
    words: Vocabulary, labels: Mapping[str, Any], scenes: Mapping[str, SceneFacts]
) -> bool:
    """Return whether the scenes are sound, and every place that a variable may hold is there."""
    for name, places in labels.items():
        declared = Declaration(*words["variables"][name]).values
        if declared and (places is None or len(places[0]) < len(declared)):
            return False
    return not any("errors" in facts for facts in scenes.values())


def timeline(loaded: LoadedProject) -> dict[str, Following]:
    """Return the scenes of the timeline in order, each with its chapter and what comes after."""
    name = loaded.project.timeline
    if name is None and len(loaded.timelines) == 1:
        name = next(iter(loaded.timelines))
    if name not in loaded.timelines:
        return {}
    chapters = {
        scene: chapter.title
        for chapter in loaded.timelines[name].chapters
        for scene in chapter.scenes
        if scene in loaded.listing.scenes
    }
    after = [*list(chapters)[1:], None]
    return {
        scene: Following(chapter, next)
        for (scene, chapter), next in zip(chapters.items(), after, strict=False)
    }


def places_held(variables: Mapping[str, Mapping[str, Any]]) -> Collection[str]:
    """Return the places that variables of the Program may hold."""
    return {
        place
        for variable in variables.values()
        if variable["type"] == "label"
        for place in variable["values"]
    }


def located(
    finding: FlowFinding, paths: Mapping[str, str], spots: Mapping[str, Spots]
) -> Diagnostic:
    """Return a finding at its place; `paths` and `spots` are those of the scenes it is about."""

    def span(spot: Spot) -> Span:
        scene, section, what, to = spot
        at = spots[scene][section][what]
        return Span.on_line(paths[scene], *(at[to] if to else at))

    related = finding.related
    return Diagnostic(
        finding.code,
        finding.severity,
        finding.message,
        span(finding.at),
        finding.help,
        (Related(span(related[0]), related[1]),) if related else (),
    )


def _character(character: Character) -> dict[str, Any]:
    return {
        "name": character.name,
        "colour": character.colour,
        "pronouns": character.pronouns,
        "gender": character.gender or character.pronouns,
        "look": {kind: list(getattr(character.look, kind)) for kind in LOOK_KINDS.values()},
    }


def _theme(id: str, theme: Theme) -> dict[str, Any]:
    dumped = theme.model_dump(include={"palette", "type", "variants"}, exclude_none=True)
    return {"name": theme.name or id, **dumped}


def _about(loaded: LoadedProject) -> dict[str, Any]:
    project = loaded.project
    fields = {"subtitle", "authors", "licence", "description", "rating", "content_notes"}
    about = project.model_dump(include=fields, exclude_none=True)
    return about | {"features": project.features.model_dump()}


def _endings(scenes: Mapping[str, SceneFacts]) -> list[dict[str, str]]:
    """One entry for each ending's name, at its first place."""
    endings: dict[str, dict[str, str]] = {}
    for scene, facts in scenes.items():
        for id, name, title in facts.get("endings", ()):
            endings.setdefault(name, {"id": id, "name": name, "title": title, "scene": scene})
    return list(endings.values())
