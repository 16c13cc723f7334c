"""What playtests name on the stage and among the sounds, and what a play-through has there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any, NamedTuple

from comfyvn.play.runtime import Record
from comfyvn.source.nearest import nearest
from comfyvn.story.interpreter import State


class Staged(NamedTuple):
    """A location, character, prop or picture, with what is said of it: the time and weather of a
    location, the look of a character."""

    name: str
    words: frozenset[str] = frozenset()

    def has(self, wanted: str) -> bool:
        """Whether it is what a playtest names: `mei`, `mei smile`, `pier dusk rain`."""
        name, *words = wanted.split() or [""]
        return wanted == self.name or (name == self.name and self.words.issuperset(words))


def standing(state: State) -> Iterator[Staged]:
    """Yield what is on the stage where a story waits."""
    stage = state["stage"]
    if "location" in stage:
        yield Staged(stage["location"], frozenset({stage.get("time"), stage.get("weather")}))
    if "picture" in stage:
        yield Staged(stage["picture"]["asset"])
    for sprite in stage["sprites"]:
        look = sprite.get("look") or state["looks"].get(sprite["what"], {})
        yield Staged(sprite["what"], frozenset(look.values()))


def coming(record: Record) -> Iterator[Staged]:
    """Yield what a record puts on the stage, perhaps not for long."""
    if record["t"] == "stage":
        words = {record.get("time"), record.get("weather"), *record.get("look", {}).values()}
        for key in ("location", "what", "asset"):
            if key in record:
                yield Staged(record[key], frozenset(words))


def is_played(record: Record, wanted: str) -> bool:
    """Whether a record plays a sound."""
    return (
        record["t"] == "stage"
        and record["do"] in ("play", "voice")
        and record.get("name") == wanted
    )


class Names:
    """What a story can put on the stage, and play."""

    def __init__(self, program: Mapping[str, Any]) -> None:
        self.stage: set[str] = set()
        self.sounds: set[str] = set()
        self._settings: set[str] = set()
        self._looks = {
            id: {word for words in character["look"].values() for word in words}
            for id, character in program["characters"].items()
        }
        for op in _ops(program["scenes"]):
            self._add(op)

    def _add(self, op: Mapping[str, Any]) -> None:
        match op["op"]:
            case "scene":
                self.stage.add(op["location"])
                self._settings.update(op[key] for key in ("time", "weather") if key in op)
            case "show":
                self.stage.add(op["what"])
            case "picture":
                self.stage.add(op["asset"])
            case "time" | "weather":
                self._settings.add(op["value"])
            case "play" | "voice":
                self.sounds.add(op["name"])

    def unknown(self, key: str, wanted: str) -> tuple[str, str | None] | None:
        """Return why the story can never have what is named, and how to mend it; None if it may.

        `key` is `shows` or `plays`.
        """
        if key == "plays":
            if wanted in self.sounds:
                return None
            return f"the story never plays `{wanted}`", _meant(wanted, self.sounds)
        name, *words = wanted.split() or [""]
        if wanted in self.stage:
            return None
        if name not in self.stage:
            return f"the story never shows `{wanted}`", _meant(name, self.stage)
        known = self._looks.get(name, self._settings)
        for word in words:
            if word not in known:
                return f"the story never shows `{name}` as `{word}`", _meant(word, known)
        return None


def _meant(name: str, known: Set[str]) -> str | None:
    near = nearest(name, sorted(known))
    return f"did you mean `{near}`?" if near else None


def _ops(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield all ops of a part of the Program."""
    if isinstance(value, Mapping):
        if isinstance(value.get("op"), str):
            yield value
        for inner in value.values():
            yield from _ops(inner)
    elif isinstance(value, list):
        for each in value:
            yield from _ops(each)
