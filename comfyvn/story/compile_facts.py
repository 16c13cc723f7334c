"""The parts of the Program that are not scenes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comfyvn.model.character import Character
from comfyvn.model.load import LoadedProject
from comfyvn.model.theme import Theme
from comfyvn.story.compile_scope import Shared
from comfyvn.story.compile_variables import as_program
from comfyvn.story.resolve import LOOK_KINDS, Names

if TYPE_CHECKING:
    from comfyvn.story.compile import LoweredScene


_PROP = {"alt", "anchors", "z", "tween"}


def facts_of_project(
    loaded: LoadedProject, names: Names, scenes: dict[str, LoweredScene], shared: Shared
) -> dict[str, Any]:
    """Return the Program without its translations, plural rules and deleted lines."""
    project = loaded.project
    variables = {name: as_program(facts) for name, facts in names.variables.items()}
    for scene in names.scenes.values():
        variables |= {facts.name: as_program(facts) for facts in scene.params.values()}
    themes = loaded.themes or {"default": Theme()}
    program: dict[str, Any] = {
        "format": 1,
        "id": project.id,
        "title": project.title,
        "version": project.version,
        "language": project.language,
        "languages": project.languages or [project.language],
        "start": project.start,
        "variables": variables,
        "characters": {id: _character(each) for id, each in loaded.characters.items()},
        "scenes": {id: scene.program for id, scene in scenes.items()},
        "endings": _endings(scenes),
        "unlocks": list(shared.unlocks),
        "about": _about(loaded),
        "theme": project.theme if project.theme in themes else next(iter(themes)),
        "themes": {id: _theme(id, theme) for id, theme in themes.items()},
        "locations": {
            id: place.model_dump(include={"name", "alt", "ambience", "kind"}, exclude_none=True)
            for id, place in names.locations.items()
        },
        "props": {
            id: prop.model_dump(mode="json", include=_PROP, exclude_none=True)
            | {"name": prop.name or id}
            for id, prop in loaded.props.items()
        },
    }
    if project.seed is not None:
        program["seed"] = project.seed
    return program


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


def _endings(scenes: dict[str, LoweredScene]) -> list[dict[str, str]]:
    """One entry for each ending's name, at its first place."""
    endings: dict[str, dict[str, str]] = {}
    for scene_id, scene in scenes.items():
        for id, name, title, _ in scene.blocks.endings:
            endings.setdefault(name, {"id": id, "name": name, "title": title, "scene": scene_id})
    return list(endings.values())
