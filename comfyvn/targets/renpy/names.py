"""Which Ren'Py name everything in a Program has.

A name is the writer's own as far as Ren'Py allows: letters, digits and `_`, not one that Ren'Py or
Python already uses, and each one once. The same Program gives the same names.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from comfyvn.data import data_folder

Program = Mapping[str, Any]

UNKNOWN = "???"
"""The built-in speaker whose name nobody knows."""
LOOK_KINDS = ("expression", "pose", "outfit")
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


class Names:
    """The Ren'Py names of a Program.

    Attributes:
        characters: character id to the variable of its `Character`.
        tags: `what` of a `show` to its image tag.
        variables: Program variable to store variable (`persistent.x` when persistent).
        scenes: scene id to its label.
        places: Place to label.
        kinds: image tag to what it shows: `sprite`, `prop` or `image`.
        states: tag of a prop or image to the attributes of each kind of its looks.
        looks: image tag to the attributes of each kind: expression, pose and outfit of a
            character; place, time and weather of the scenery.
        pictures: asset of a `picture` to the attribute of the tag `cg`.
        sounds: (channel, name) to the name in the `audio` store.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.store = Namer(reserved())
        self.characters = {c: self.store.name(word(c)) for c in program.get("characters", {})}
        self.variables = self._variables()
        self.scenes: dict[str, str] = {}
        self.places: dict[str, str] = {}
        self._labels()
        self.used = _used(program)
        self.looks: dict[str, tuple[dict[str, str], ...]] = {}
        self.tags: dict[str, str] = {}
        self.states: dict[str, dict[str, dict[str, str]]] = {}
        self._tags()
        self._scenery()
        attributes = Namer(_STATEMENT_WORDS)
        self.pictures = {a: attributes.name(word(a)) for a in sorted(self.used["picture"])}
        audio = Namer(reserved())
        self.sounds = {s: audio.name(word(s[1])) for s in sorted(self.used["sound"])}
        self.joined: dict[tuple[str, ...], str] = {}
        for who in sorted(self.used["who"]):
            if len(who) > 1:
                self.joined[who] = self.store.name("_and_".join(word(w) for w in who))
        self.unknown = self.store.name("unknown")
        self.pages: dict[tuple[str, ...], str] = {}
        for who in sorted(self.used["page"]):
            if who:
                self.pages[who] = self.store.name(f"{self.speaker(who)}_page")

    def speaker(self, who: Iterable[str], *, page: bool = False) -> str:
        """Return the variable of the `Character` that speaks for `who`; `""` for narration."""
        key = tuple(who)
        if page:
            return self.pages[key] if key else "nvl_narrator"
        if not key:
            return ""
        if len(key) > 1:
            return self.joined[key]
        return self.unknown if key[0] == UNKNOWN else self.characters[key[0]]

    def attributes(self, what: str, look: Mapping[str, str]) -> list[str]:
        """Return the image attributes of a look, in the order of kinds."""
        tag = self.tags[what]
        kinds = dict(zip(LOOK_KINDS, self.looks.get(tag, ()), strict=False))
        kinds.update(self.states.get(tag, {}))
        return [names[look[kind]] for kind, names in kinds.items() if kind in look]

    def scenery(self, location: str | None, time: str | None, weather: str | None) -> list[str]:
        """Return the attributes of a background."""
        values = (location, time, weather)
        return [
            kind[value]
            for kind, value in zip(self.looks[SCENERY], values, strict=True)
            if value is not None
        ]

    def _variables(self) -> dict[str, str]:
        found = {}
        persistent = Namer()
        for name, variable in self.program.get("variables", {}).items():
            plain = word(name.replace(".", "_"))
            if plain.startswith("_"):
                plain = f"v{plain}"
            if variable["scope"] == "persistent":
                found[name] = f"persistent.{persistent.name(plain)}"
            else:
                found[name] = self.store.name(plain)
        return found

    def _labels(self) -> None:
        globals_ = Namer(
            "start quit main_menu splashscreen before_main_menu after_load after_warp"
            " confirm_quit hide_windows".split()
            + sorted(_STATEMENT_WORDS)
        )
        for scene_id, scene in self.program["scenes"].items():
            top = globals_.name(word(scene_id).lstrip("_") or "scene")
            self.scenes[scene_id] = top
            locals_ = Namer(["enter", *_STATEMENT_WORDS])
            for number, section in enumerate(scene["sections"]):
                place = f"{scene_id}#{section['label']}"
                if number == 0:
                    self.places[place] = top
                else:
                    self.places[place] = f"{top}.{locals_.name(word(section['label']))}"

    def _tags(self) -> None:
        tags = Namer([SCENERY, PICTURE, "black", "text", "vtext", *_STATEMENT_WORDS])
        for character, value in self.program.get("characters", {}).items():
            tag = self.tags[character] = tags.name(word(character))
            look = value.get("look", {})
            attributes = Namer(_STATEMENT_WORDS)
            self.looks[tag] = tuple(
                {entry: attributes.name(word(entry)) for entry in look.get(f"{kind}s", ())}
                for kind in LOOK_KINDS
            )
        for what in sorted(self.used["shown"] | (self.used["hidden"] - self.used["picture"])):
            if what not in self.tags:
                self.tags[what] = tags.name(word(what))
        self.kinds = {self.tags[what]: kind for what, kind in sorted(self.used["kind"])}
        for what, kind, value in sorted(self.used["state"]):
            states = self.states.setdefault(self.tags[what], {}).setdefault(kind, {})
            states[value] = Namer([*_STATEMENT_WORDS, *states.values()]).name(word(value))

    def _scenery(self) -> None:
        attributes = Namer(_STATEMENT_WORDS)
        self.looks[SCENERY] = tuple(
            {value: attributes.name(word(value)) for value in sorted(self.used[kind])}
            for kind in ("location", "time", "weather")
        )


def ops(program: Program) -> Iterable[Mapping[str, Any]]:
    """Yield every op of a Program, those inside texts included, in source order."""
    for scene in program["scenes"].values():
        yield from walk(scene.get("enter", ()))
        for section in scene["sections"]:
            yield from walk(section["body"])


def walk(body: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    """Yield every op of a body, nested ones and those inside texts included."""
    for op in body:
        yield op
        for fragment in op.get("text", ()):
            if isinstance(fragment, dict) and "fx" in fragment:
                yield from walk(fragment["fx"])
        for key in ("choices", "items", "branches"):
            for part in op.get(key, ()):
                yield from walk(part.get("body", ()))
        yield from walk(op.get("body", ()))


def _used(program: Program) -> dict[str, set[Any]]:
    kinds = "shown staged kind state hidden picture sound location time weather who page"
    used: dict[str, set[Any]] = {kind: set() for kind in kinds.split()}
    used["location"].update(program.get("locations", ()))
    for op in ops(program):
        match op["op"]:
            case "say":
                used["who"].add(tuple(op.get("who", ())))
            case "page":
                lines = (line for line in walk(op["body"]) if line["op"] == "say")
                used["page"].update(tuple(line.get("who", ())) for line in lines)
            case "show" | "move":
                used["shown"].add(op["what"])
                if op["op"] == "show":
                    used["kind"].add((op["what"], op["kind"]))
                    if op["kind"] == "sprite":
                        used["staged"].add(op["what"])
                    else:
                        states = op.get("look", {}).items()
                        used["state"].update((op["what"], *state) for state in states)
            case "hide":
                used["hidden"].add(op["what"])
            case "picture":
                used["picture"].add(op["asset"])
            case "play":
                used["sound"].add((op["channel"], op["name"]))
            case "voice":
                used["sound"].add(("voice", op["name"]))
            case "scene":
                used["location"].add(op["location"])
                for kind in ("time", "weather"):
                    if kind in op:
                        used[kind].add(op[kind])
            case "time" | "weather":
                used[op["op"]].add(op["value"])
    return used
