"""What the script of one scene needs to know of the story around it, and no more.

An edit that changes the scope of no other scene writes no other script again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from comfyvn.targets.renpy.facts import Facts, Mentions
from comfyvn.targets.renpy.flow import entered_elsewhere, open_calls
from comfyvn.targets.renpy.names import (
    LOOK_KINDS,
    SCENERY,
    SCENERY_KINDS,
    UNKNOWN,
    Head,
    Looks,
    Names,
)


@dataclass
class Scope:
    """The story around one scene.

    Attributes:
        names: the names of what the scene mentions.
        variables: what the Program says of the variables that the scene mentions.
        tame: those of them that never come near the edge of exact numbers.
        ids: ids of sections that the scene asks about to their labels.
        staged: who of those it mentions is ever shown.
        asked: ids of its menus and choices whose counts some expression asks for.
        outside: whether the scene can run outside of any call.
        inside: whether it can run inside of one.
        entered: whether control enters it elsewhere than at the top.
        arguments: whether some call passes something to it.
        language: the language of the source.
        languages: the others.
    """

    names: Names = field(default_factory=Names)
    variables: dict[str, Any] = field(default_factory=dict)
    tame: list[str] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)
    staged: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    outside: bool = True
    inside: bool = False
    entered: bool = False
    arguments: bool = False
    language: str = ""
    languages: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON, without what is empty."""
        kept = {key: value for key, value in vars(self).items() if value or value is False}
        kept["names"] = {key: value for key, value in vars(self.names).items() if value}
        return kept

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Scope:
        """Read what `to_json` gave."""
        return cls(**{**value, "names": Names(**value["names"])})


def scopes(
    head: Head, facts: Mapping[str, Facts], used: Mentions, names: Names
) -> Iterator[tuple[str, Scope]]:
    """Yield each scene and the story around it.

    Args:
        head: the Program without its scenes.
        facts: the facts of each scene.
        used: what all of them mention.
        names: the names of the story.
    """
    calls = open_calls(head, facts)
    entered = entered_elsewhere(head, facts)
    sections = section_labels(facts, names)
    tame = tame_variables(head, used)
    staged = staged_of(used)
    language, languages = head["language"], other_languages(head)
    for scene_id, scene in facts.items():
        mentioned = {*scene.get("variables", ()), *scene.get("scene_variables", ())}
        variables = {
            name: {key: value for key, value in head["variables"][name].items() if key != "doc"}
            for name in sorted(mentioned & head.get("variables", {}).keys())
        }
        asked = scene.get("asked", ())
        outside, inside = calls[scene_id]
        yield (
            scene_id,
            Scope(
                names=_names(scene_id, scene, variables, names, staged),
                variables=variables,
                tame=sorted(tame & variables.keys()),
                ids={id: sections[id] for id in asked if id in sections},
                staged=sorted(staged & _people(scene)),
                asked=[id for id in scene.get("menus", ()) if id in used["asked"]],
                outside=outside,
                inside=inside,
                entered=scene_id in entered,
                arguments=bool(scene.get("params")) or scene_id in used["passing"],
                language=language,
                languages=languages,
            ),
        )


def section_labels(facts: Mapping[str, Facts], names: Names) -> dict[str, str]:
    """Return the label of each section by its id."""
    return {
        id: names.places[f"{scene_id}#{label}"]
        for scene_id, scene in facts.items()
        for id, label, _ in scene["sections"]
    }


def tame_variables(head: Head, used: Mentions) -> frozenset[str]:
    """Return the numeric variables that only ever change by small literals."""
    return frozenset(
        name
        for name, facts in head.get("variables", {}).items()
        if facts["type"] in ("int", "number") and abs(facts["default"]) <= 2**40
    ).difference(used["wild"])


def staged_of(used: Mentions) -> frozenset[str]:
    """Return who is ever shown as a sprite."""
    return frozenset(what for what, kind in used["kinds"] if kind == "sprite")


def other_languages(head: Head) -> list[str]:
    """Return the languages that the story is translated to."""
    return [one for one in head.get("languages", ()) if one != head["language"]]


def _people(scene: Facts) -> set[str]:
    return {one for who in scene.get("speakers", ()) for one in who}


def _names(
    scene_id: str, scene: Facts, variables: Mapping[str, Any], names: Names, staged: frozenset[str]
) -> Names:
    """Return the names of what a scene mentions."""
    people = _people(scene)
    whats = {*scene.get("shown", ()), *scene.get("hidden", ()), *(people & staged)}
    places = {
        *scene.get("labels", ()),
        *(f"{scene_id}#{label}" for _, label, _ in scene["sections"]),
    }
    for facts in variables.values():
        if facts["type"] == "label":
            places.update((facts["default"], *facts.get("values", ())))
    scenes = {place.partition("#")[0] for place in places}
    if scene.get("next"):
        scenes.add(scene["next"])
    looks: dict[str, Looks] = {}
    states: dict[str, Looks] = {}
    for what, kind, value in scene.get("looks", ()):
        tag = names.tags.get(what, "")
        for every, found in ((names.looks, looks), (names.states, states)):
            attribute = every.get(tag, {}).get(kind, {}).get(value)
            if attribute is not None:
                found.setdefault(tag, {}).setdefault(kind, {})[value] = attribute
    looks = {
        tag: {kind: found[kind] for kind in LOOK_KINDS if kind in found}
        for tag, found in looks.items()
    }
    for kind in SCENERY_KINDS:
        if f"{kind}s" in scene:
            own = _chosen(names.looks[SCENERY][kind], scene[f"{kind}s"])
            looks.setdefault(SCENERY, {})[kind] = own
    together = {" ".join(who) for who in scene.get("speakers", ())}
    return Names(
        characters=_chosen(names.characters, people),
        unknown=names.unknown if UNKNOWN in people else "",
        joined=_chosen(names.joined, together),
        pages=_chosen(names.pages, {" ".join(who) for who in scene.get("pages", ())}),
        variables=_chosen(names.variables, variables),
        scenes=_chosen(names.scenes, scenes),
        places=_chosen(names.places, places),
        tags=_chosen(names.tags, whats),
        looks=looks,
        states=states,
        pictures=_chosen(names.pictures, {*scene.get("pictures", ()), *scene.get("hidden", ())}),
        sounds=_chosen(
            names.sounds, {f"{channel} {name}" for channel, name in scene.get("sounds", ())}
        ),
    )


def _chosen(every: Mapping[str, str], wanted: Iterable[str]) -> dict[str, str]:
    return {key: every[key] for key in sorted(wanted) if key in every}
