"""The names that a project's YAML sources give to its scenes."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from comfyvn.source.diagnostics import Diagnostics, Span
from comfyvn.story.compiler.variables import facts_of
from comfyvn.story.resolve import LOOK_KINDS, Names, PropNames, SceneNames
from comfyvn.story.types import ERROR, Declaration, Type, VariableFacts

if TYPE_CHECKING:
    from comfyvn.model.load import LoadedProject
    from comfyvn.source.yaml import Node

Vocabulary = Mapping[str, Any]
"""What scenes may use of the YAML sources, as a JSON value: `@names`."""
Labels = Mapping[str, tuple[list[str], str] | None]
"""The places that each variable of type label may hold, and the first one: `@labels`."""


def vocabulary(loaded: LoadedProject) -> dict[str, Any]:
    """Return what scenes may use of a project's YAML sources."""
    project = loaded.project
    worlds = (
        [loaded.worlds[project.world]]
        if project.world in loaded.worlds
        else list(loaded.worlds.values())
    )
    # What a world that is not there would declare is unknown; that it is not, is said of vn.yaml.
    missing = (
        {f"worlds/{project.world}.yaml"}
        if project.world and project.world not in loaded.worlds
        else set()
    )
    return {
        "language": project.language,
        "theme": project.theme,
        "catalogues": sorted(loaded.listing.catalogues.keys() - {project.language}),
        "variables": _variables(loaded),
        "characters": {
            id: {
                "called": [each.name, *each.aliases],
                "look": [list(getattr(each.look, listed)) for listed in LOOK_KINDS.values()],
            }
            for id, each in loaded.characters.items()
        },
        "locations": {
            id: place.ambience for world in worlds for id, place in world.locations.items()
        },
        "times": sorted({time for world in worlds for time in world.times}),
        "weathers": sorted({weather for world in worlds for weather in world.weathers}),
        "props": {id: [prop.anchors, prop.z, prop.tween] for id, prop in loaded.props.items()},
        "themes": list(loaded.themes),
        "unread": sorted({*loaded.unread, *missing}),
    }


def _variables(loaded: LoadedProject) -> dict[str, Any]:
    """Return the declarations of `state.yaml` and of the cast; None for what is wrong."""
    found: dict[str, Any] = {}
    for name, variable in loaded.state.items():
        found[name] = Declaration.of(variable)
    _add_mistyped("", loaded.nodes.get("state.yaml"), found)
    for id, character in loaded.characters.items():
        for stat, variable in character.stats.items():
            found[f"{id}.{stat}"] = Declaration.of(variable)
        node = loaded.nodes.get(f"characters/{id}.yaml")
        _add_mistyped(f"{id}.", node.find("stats") if node else None, found)
        called = Declaration("text", None, None, character.name, "run")
        gender = called._replace(default=character.gender or character.pronouns)
        found |= {f"{id}.name": called, f"{id}.gender": gender}
    return found


def _add_mistyped(prefix: str, node: Node | None, found: dict[str, Any]) -> None:
    """Declare what a source names but what was wrong with, so that its uses are silent."""
    plain = node.plain() if node else None
    for name in plain if isinstance(plain, dict) else ():
        found.setdefault(f"{prefix}{name}", None)


def spoken_names(characters: Mapping[str, Any]) -> frozenset[str]:
    """Return what the parser takes for a speaker: ids, names and aliases of the cast."""
    return frozenset(
        name for id, each in characters.items() for name in (id, each.name, *each.aliases)
    )


def names_of(vocabulary: Vocabulary, labels: Labels, scenes: Mapping[str, SceneNames]) -> Names:
    """Return the names of a project."""
    characters = vocabulary["characters"]
    names = Names(
        language=vocabulary["language"],
        theme=vocabulary["theme"],
        catalogues=vocabulary["catalogues"],
        variables={},
        characters=characters,
        speakers=_speakers(characters),
        scenes=scenes,
        locations=vocabulary["locations"],
        times=vocabulary["times"],
        weathers=vocabulary["weathers"],
        props={id: PropNames(*prop) for id, prop in vocabulary["props"].items()},
        themes=vocabulary["themes"],
        cues={id: _cues(each["look"]) for id, each in characters.items()},
        unread=frozenset(vocabulary["unread"]),
    )
    for name, listed in vocabulary["variables"].items():
        declared = listed and Declaration(*listed)
        names.variables[name] = (
            _label(name, declared, labels.get(name))
            if declared is not None and declared.type == "label"
            else facts_of(name, declared, names, "", _nowhere, Diagnostics())
        )
    return names


def _label(name: str, declared: Declaration, places: tuple[list[str], str] | None) -> VariableFacts:
    if places is None:
        return VariableFacts(name, ERROR, declared.scope, None)
    listed, default = places
    return VariableFacts(name, Type("label", tuple(listed)), declared.scope, default)


def labels_of(
    vocabulary: Vocabulary,
    scenes: Mapping[str, SceneNames],
    place: Callable[[str, Sequence[str | int]], Span],
    out: Diagnostics,
) -> dict[str, Any]:
    """Look up the places of all variables of type label; report those that there are not.

    `place` gives the position of a value in a source, by the source's path and the steps to it.
    """
    names = names_of({**vocabulary, "variables": {}}, {}, scenes)
    found: dict[str, Any] = {}
    for name, listed in vocabulary["variables"].items():
        declared = listed and Declaration(*listed)
        if declared is None or declared.type != "label":
            continue
        owner, dot, stat = name.partition(".")
        path = f"characters/{owner}.yaml" if dot else "state.yaml"
        steps = ("stats", stat, "values") if dot else (name, "values")

        def where(index: int, path: str = path, steps: tuple[str, ...] = steps) -> Span:
            return place(path, (*steps, index))

        facts = facts_of(name, declared, names, "", where, out)
        found[name] = [list(facts.type.values), facts.default] if facts.type.values else None
    return found


def _nowhere(_: int) -> Span:
    return Span.whole_file("")


def _cues(look: Sequence[Sequence[str]]) -> dict[str, tuple[str, str]]:
    """Return the kind of look and the name that each cue of a character means."""
    cues: dict[str, tuple[str, str]] = {}
    for kind, listed in zip(LOOK_KINDS, look, strict=True):
        for name in listed:
            cues.setdefault(name, (kind, name))
    return cues


def _speakers(characters: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return which characters each casefolded id, name or alias may mean."""
    table: dict[str, list[str]] = {}
    for id, character in characters.items():
        for name in (id, *character["called"]):
            key = unicodedata.normalize("NFC", name).casefold()
            ids = table.setdefault(key, [])
            if id not in ids:
                ids.append(id)
    return table
