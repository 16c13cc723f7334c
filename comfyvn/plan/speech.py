"""The spoken lines of a scene, and what each clip is made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from comfyvn.drivers.speech.makers import HERE
from comfyvn.drivers.speech.words import sayable
from comfyvn.engine.digest import digest_of
from comfyvn.model.voice import retaken
from comfyvn.plan.assets import key_of
from comfyvn.plan.casting import Casting
from comfyvn.plan.line_texts import Reading, Readings, readings
from comfyvn.plan.scripts import COMFYUI

Op = Mapping[str, Any]
Entry = list[str]
"""`[language, line, key, maker]`; behind it for a recording its path, for a workflow its name and
the sample of the voice, if any; for what is silent although its speaker has a voice
`[language, line, "", why]`."""


class Spoken(NamedTuple):
    """What is spoken in a scene.

    Attributes:
        lines: an entry for each clip of each line in each language, in the order of the scene. A
            line that is not translated has its clips again in that language.
        briefs: what each clip is made from, by its key.
        scripts: of those that a workflow speaks, what it is given, by key.
        shown: of clips that are heard only when their line reads so, that text, and its start
            (`comfyvn.plan.line_texts.Reading`), by key.
    """

    lines: list[Entry]
    briefs: dict[str, dict[str, Any]]
    scripts: dict[str, dict[str, Any]]
    shown: dict[str, tuple[str, str]]


def scene_key(scene: str) -> str:
    """Return what the keys of a scene's clips begin with."""
    return key_of("scene", scene)


def spoken(
    scene: str,
    part: Mapping[str, Any],
    words: Mapping[str, Mapping[str, Any]],
    recorded: Mapping[str, Mapping[str, str]],
    casting: Casting,
) -> Spoken:
    """Return what is spoken in a scene.

    A key belongs to a line, whatever it says: an edit of words leaves it as it is.

    Args:
        scene: its name.
        part: the scene of the Program.
        words: its translations by language and id.
        recorded: the recordings of its lines, by language and id.
        casting: who speaks.
    """
    made = Spoken([], {}, {}, {})
    key = scene_key(scene)
    for op in says(part):
        own = _Line(op, casting.language, op["text"], op.get("slots", ()))
        for language in casting.languages:
            translated = words.get(language, {}).get(op["id"])
            line = own
            if translated is not None:
                slots = [*op.get("slots", ()), *translated.get("extra", ())]
                line = _Line(op, language, translated["text"], slots)
            elif op["id"].removesuffix("_s") in recorded.get(language, {}):
                line = own._replace(language=language)
            for rest in line.add(key, recorded, casting, made):
                made.lines.append([language, op["id"], *rest])
    return made


class _Line(NamedTuple):
    """One line in one language."""

    op: Op
    language: str
    text: Sequence[Any]
    slots: Sequence[Any]

    def add(
        self,
        scene: str,
        recorded: Mapping[str, Mapping[str, str]],
        casting: Casting,
        made: Spoken,
    ) -> list[Entry]:
        """Add the clips of the line; return what its entries end with."""
        id, language = self.op["id"], self.language
        take = casting.takes.get(f"{id} {language}", 1)
        key = f"{scene}-{id}-{language}"
        maker = casting.makers.get(language, "")
        path = recorded.get(language, {}).get(id.removesuffix("_s"))
        if path is not None:
            found = self._readings(casting)
            said = found.texts[0].said if found.fixed and found.texts else ""
            made.briefs[key] = {"make": "file", "path": path, "text": said, "language": language}
            return [[key, "file", path]]
        voice = casting.voice(self.op.get("who", []), maker) if maker else None
        if voice is None:
            return []
        found = self._readings(casting)
        if take > 1:
            # What a take was made from stays there when another one is pinned.
            key += f"-t{take}"
        script = casting.scripts.get(language) if maker == COMFYUI else None
        told = [script.workflow, voice.get("reference", "")] if script is not None else []
        entries = []
        # A line that is only `…` is shown, and nothing of it is heard.
        heard = [each for each in found.texts if sayable(each.said, self.language)]
        for number, reading in enumerate(heard, 1):
            one = key if number == 1 else f"{key}-{number}"
            brief = made.briefs[one] = self._brief(maker, voice, reading, take)
            if script is not None:
                made.scripts[one] = script.of(reading.said, language, voice, brief["seed"])
            if not found.fixed:
                made.shown[one] = (reading.shown, reading.start)
            entries.append([one, maker, *told])
        return [*entries, ["", found.lacking]] if found.lacking else entries

    def _readings(self, casting: Casting) -> Readings:
        rules = casting.plurals.get(self.language, ())
        return readings(self.text, self.slots, casting.variables, rules)

    def _brief(
        self, maker: str, voice: Mapping[str, Any], reading: Reading, take: int
    ) -> dict[str, Any]:
        name = f"{self.language} {self.op['id']}" + (f" {take}" if take > 1 else "")
        return {
            "make": maker,
            "text": reading.said,
            "language": self.language,
            "voice": retaken(voice, take) if maker in HERE else voice,
            "manner": self.op.get("manner", ""),
            "seed": int(digest_of(name.encode())[:7], 16),
        }


def says(part: Mapping[str, Any]) -> Iterator[Op]:
    """Yield the lines of a scene but those that the story gives a voice of its own."""
    for section in part["sections"]:
        yield from _unnamed(section["body"], [False])


def _unnamed(body: Sequence[Op], named: list[bool]) -> Iterator[Op]:
    """Yield lines; `named` says whether a `voice` waits for the next one, and is kept up."""
    for op in body:
        if op["op"] == "voice":
            named[0] = True
        elif op["op"] == "say":
            if not named[0]:
                yield op
            named[0] = False
        elif op["op"] == "page":
            yield from _unnamed(op.get("body", ()), named)
        else:
            bodies = [b for key in ("choices", "items", "branches") for b in op.get(key, ())]
            for each in bodies:
                yield from _unnamed(each.get("body", ()), [named[0]])
            if bodies:
                named[0] = False
