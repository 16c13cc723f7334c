"""Which Ren'Py name everything in a Program has.

A name is the writer's own as far as Ren'Py allows: letters, digits and `_`, not one that Ren'Py or
Python already uses, and each one once. The same Program gives the same names.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from comfyvn.data import data_folder
from comfyvn.targets.renpy.facts import Facts, Mentions

Head = Mapping[str, Any]
"""A Program without its scenes and translations."""
Looks = dict[str, dict[str, str]]
"""Kind of look to value to image attribute."""

UNKNOWN = "???"
"""The built-in speaker whose name nobody knows."""
LOOK_KINDS = ("expression", "pose", "outfit")
SCENERY_KINDS = ("location", "time", "weather")
SCENERY = "bg"
PICTURE = "cg"
_NOT_WORD = re.compile(r"[^0-9a-z_\u00c0-\u024f\u0370-\u1fff\u3040-\ud7ff]+")
# `show`, `scene` and `at` end an image's name at these words.
_STATEMENT_WORDS = frozenset(
    "as at behind call expression hide if in image init jump menu onlayer python return scene show"
    " with while zorder transform r u".split()
)


def word(text: str) -> str:
    """Return `text` as one word: lower case, anything but letters and digits as `_`."""
    made = _NOT_WORD.sub("_", text.lower()).strip("_") or "_"
    made = re.sub(r"__+", "_", made)
    return f"n{made}" if made[0].isdigit() else made


@cache
def reserved() -> frozenset[str]:
    """Return the names that a story's variables, characters and images cannot have."""
    listed = (data_folder("templates/renpy") / "reserved.txt").read_text("utf-8").split()
    return frozenset(listed) | frozenset(dir(builtins)) | frozenset(keyword.kwlist)


class Namer:
    """Gives out names, each once: a taken one gets `_`, then `_2`, `_3`…"""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.taken = set(taken)

    def name(self, wanted: str) -> str:
        """Return `wanted` or the nearest free name to it."""
        made, number = wanted, 1
        while made in self.taken:
            plain = number == 1 and not wanted.endswith("_")
            made = f"{wanted}_" if plain else f"{wanted}_{number}"
            number += 1
        self.taken.add(made)
        return made


@dataclass
class Names:
    """The Ren'Py names of a story, or of what one of its scenes mentions.

    Several people who speak together are keyed by their ids with a space between, sounds by
    channel and name.

    Attributes:
        characters: character id to the variable of its `Character`.
        unknown: the variable of the speaker whose name nobody knows.
        joined: several speakers to the variable of their `Character`.
        pages: speakers to the variable of their `Character` on a page.
        variables: Program variable to store variable (`persistent.x` when persistent).
        scenes: scene id to its label.
        places: Place to label.
        tags: `what` of a `show` to its image tag.
        kinds: image tag to what it shows: `sprite`, `prop` or `image`.
        looks: image tag to the attributes of each kind of look: expression, pose and outfit of a
            character; place, time and weather of the scenery.
        states: the same of props and images.
        pictures: asset of a `picture` to the attribute of the tag `cg`.
        sounds: sound to its name in the `audio` store.
    """

    characters: dict[str, str] = field(default_factory=dict)
    unknown: str = ""
    joined: dict[str, str] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    scenes: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    looks: dict[str, Looks] = field(default_factory=dict)
    states: dict[str, Looks] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)
    sounds: dict[str, str] = field(default_factory=dict)

    def speaker(self, who: Iterable[str], *, page: bool = False) -> str:
        """Return the variable of the `Character` that speaks for `who`; `""` for narration."""
        key = " ".join(who)
        if page:
            return self.pages[key] if key else "nvl_narrator"
        if not key:
            return ""
        if key == UNKNOWN:
            return self.unknown
        return self.joined[key] if " " in key else self.characters[key]

    def attributes(self, what: str, look: Mapping[str, str]) -> list[str]:
        """Return the image attributes of a look, in the order of kinds."""
        tag = self.tags[what]
        kinds = {**self.looks.get(tag, {}), **self.states.get(tag, {})}
        return [names[look[kind]] for kind, names in kinds.items() if kind in look]

    def scenery(self, location: str | None, time: str | None, weather: str | None) -> list[str]:
        """Return the attributes of a background; None or `""` for what is not said."""
        values = zip(SCENERY_KINDS, (location, time, weather), strict=True)
        return [self.looks[SCENERY][kind][value] for kind, value in values if value]


def names_of(head: Head, facts: Mapping[str, Facts], used: Mentions) -> Names:
    """Return the names of a story.

    Args:
        head: the Program without its scenes.
        facts: the facts of each scene, in the order of scenes.
        used: what all of them mention.
    """
    return _Naming(head, facts, used).names


class _Naming:
    """Gives out the names of a story. What comes first has the better claim to its own."""

    def __init__(self, head: Head, facts: Mapping[str, Facts], used: Mentions) -> None:
        self.head = head
        self.used = used
        self.store = Namer(reserved())
        self.names = Names()
        self.names.characters = {c: self.store.name(word(c)) for c in head.get("characters", {})}
        self._variables()
        self._labels(facts)
        self._tags()
        self._scenery()
        self._media()
        self._speakers()

    def _variables(self) -> None:
        found = self.names.variables
        persistent = Namer()
        for name, variable in self.head.get("variables", {}).items():
            plain = word(name.replace(".", "_"))
            if plain.startswith("_"):
                plain = f"v{plain}"
            if variable["scope"] == "persistent":
                found[name] = f"persistent.{persistent.name(plain)}"
            else:
                found[name] = self.store.name(plain)

    def _labels(self, facts: Mapping[str, Facts]) -> None:
        globals_ = Namer(
            "start quit main_menu splashscreen before_main_menu after_load after_warp"
            " confirm_quit hide_windows".split()
            + sorted(_STATEMENT_WORDS)
        )
        for scene_id, scene in facts.items():
            top = globals_.name(word(scene_id).lstrip("_") or "scene")
            self.names.scenes[scene_id] = top
            locals_ = Namer(["enter", *_STATEMENT_WORDS])
            for number, (_, label, _) in enumerate(scene["sections"]):
                local = f"{top}.{locals_.name(word(label))}" if number else top
                self.names.places[f"{scene_id}#{label}"] = local

    def _tags(self) -> None:
        tags = Namer([SCENERY, PICTURE, "black", "text", "vtext", *_STATEMENT_WORDS])
        names, used = self.names, self.used
        for character, value in self.head.get("characters", {}).items():
            tag = names.tags[character] = tags.name(word(character))
            look = value.get("look", {})
            attributes = Namer(_STATEMENT_WORDS)
            names.looks[tag] = {
                kind: {entry: attributes.name(word(entry)) for entry in look.get(f"{kind}s", ())}
                for kind in LOOK_KINDS
            }
        for what in sorted(used["shown"] | (used["hidden"] - used["pictures"])):
            if what not in names.tags:
                names.tags[what] = tags.name(word(what))
        names.kinds = {names.tags[what]: kind for what, kind in sorted(used["kinds"])}
        for what, kind, value in sorted(used["states"]):
            states = names.states.setdefault(names.tags[what], {}).setdefault(kind, {})
            states[value] = Namer([*_STATEMENT_WORDS, *states.values()]).name(word(value))

    def _scenery(self) -> None:
        attributes = Namer(_STATEMENT_WORDS)
        found = {
            "location": self.used["locations"] | set(self.head.get("locations", ())),
            "time": self.used["times"],
            "weather": self.used["weathers"],
        }
        self.names.looks[SCENERY] = {
            kind: {value: attributes.name(word(value)) for value in sorted(found[kind])}
            for kind in SCENERY_KINDS
        }

    def _media(self) -> None:
        names, used = self.names, self.used
        attributes = Namer(_STATEMENT_WORDS)
        names.pictures = {a: attributes.name(word(a)) for a in sorted(used["pictures"])}
        audio = Namer(reserved())
        for channel, name in sorted(used["sounds"]):
            names.sounds[f"{channel} {name}"] = audio.name(word(name))

    def _speakers(self) -> None:
        names, used = self.names, self.used
        for who in sorted(used["speakers"]):
            if len(who) > 1:
                wanted = "_and_".join(word(one) for one in who)
                names.joined[" ".join(who)] = self.store.name(wanted)
        names.unknown = self.store.name("unknown")
        for who in sorted(used["pages"]):
            if who:
                names.pages[" ".join(who)] = self.store.name(f"{names.speaker(who)}_page")
