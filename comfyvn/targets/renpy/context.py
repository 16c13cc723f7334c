"""What all writers of script statements share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from comfyvn.source.diagnostics import Diagnostics
from comfyvn.targets.renpy.expressions import Expressions
from comfyvn.targets.renpy.flow import open_calls, places_of
from comfyvn.targets.renpy.names import Names, Program, ops, walk
from comfyvn.targets.renpy.text import Text

Op = Mapping[str, Any]


class Lines:
    """Lines of a script file, indented as they are added."""

    def __init__(self, indent: int = 0) -> None:
        self.lines: list[str] = []
        self.indent = indent

    def add(self, *lines: str) -> None:
        """Add lines at the current indent; `""` is an empty line, never two in a row."""
        for line in lines:
            if line:
                self.lines.append("    " * self.indent + line)
            elif self.lines and self.lines[-1]:
                self.lines.append("")

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Add `head` and indent what is added inside; `pass` if that is nothing."""
        self.add(head)
        self.indent += 1
        before = len(self.lines)
        yield
        if not any(self.lines[before:]):
            self.add("pass")
        self.indent -= 1

    def text(self) -> str:
        """Return the lines as the content of a file."""
        return "\n".join(self.lines).rstrip("\n") + "\n"


@dataclass
class Context:
    """A Program on its way to Ren'Py.

    Attributes:
        dialogue: language to scene id to `translate` blocks, filled while scenes are written.
        strings: Ren'Py's name of a language to caption to its translation.
        asked: ids whose counts some expression asks for.
        counted: ids of choices that come once.
        captions: how often each caption occurs, those of the interface included.
        translated_strings: captions that have a translation in some language.
    """

    program: Program
    names: Names
    out: Diagnostics
    expressions: Expressions = field(init=False)
    languages: Sequence[str] = field(init=False)
    dialogue: dict[str, dict[str, Lines]] = field(default_factory=dict)
    strings: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.expressions = Expressions(self.names)
        self.language: str = self.program["language"]
        self.languages = [
            language for language in self.program.get("languages", ()) if language != self.language
        ]
        self.open_calls = open_calls(self.program)
        self.asked = set(_asked(self.program["scenes"]))
        self.counted = set(_counted(self.program))
        self.captions = Counter(_captions(self.program))
        self.translated_strings = _translated_strings(self.program)
        self.entered_from_outside = _entered(self.program)
        self.takes_arguments = _takes_arguments(self.program)

    def translations(self, id: str) -> dict[str, Mapping[str, Any]]:
        """Return the translations of a text by language."""
        found = {}
        for language in self.languages:
            entry = self.program.get("translations", {}).get(language, {}).get(id)
            if entry is not None:
                found[language] = entry
        return found


def caption_key(text: Text) -> str:
    """Return what two captions have in common when Ren'Py cannot tell them apart."""
    parts = []
    for fragment in text:
        if isinstance(fragment, str):
            parts.append(fragment)
            continue
        style = next((s for s in ("em", "strong", "del", "ruby") if s in fragment), None)
        parts.append(f"{{{caption_key(fragment[style])}}}" if style else "\0")
    return "".join(parts)


def _captions(program: Program) -> Iterator[str]:
    yield from (caption_key(text) for _, text in _strings(program))
    for op in ops(program):
        if op["op"] == "say" and _translated_alone(program, op["id"]):
            yield caption_key(op["text"])


def _strings(program: Program) -> Iterator[tuple[str, Text]]:
    """Yield what Ren'Py translates by its text, by id: captions, reasons and prompts."""
    for op in ops(program):
        if op["op"] == "menu":
            for choice in op["choices"]:
                yield choice["id"], choice["text"]
                if "locked" in choice:
                    yield f"{choice['id']}_locked", choice["locked"]
        elif op["op"] == "input":
            yield op["id"], op["prompt"]


def _translated_strings(program: Program) -> set[str]:
    tables = program.get("translations", {}).values()
    return {
        caption_key(text) for id, text in _strings(program) if any(id in table for table in tables)
    }


def _translated_alone(program: Program, id: str) -> bool:
    """Whether a line could take on the translation of an equal caption.

    The line that a choice says is equal to it, and need not be told apart if both are translated.
    """
    if not id.endswith("_s"):
        return True
    tables = program.get("translations", {}).values()
    return any((id in table) != (id[:-2] in table) for table in tables)


def _asked(value: Any) -> Iterator[str]:
    """Yield the ids whose counts some expression asks for."""
    if isinstance(value, Mapping):
        for part in value.values():
            yield from _asked(part)
    elif isinstance(value, list | tuple):
        if len(value) == 3 and value[0] in ("visited", "times", "seen", "chose"):
            yield value[1]
        for part in value:
            yield from _asked(part)


def _counted(program: Program) -> Iterator[str]:
    for op in ops(program):
        if op["op"] == "menu":
            yield from (choice["id"] for choice in op["choices"] if choice.get("once"))


def _entered(program: Program) -> frozenset[str]:
    """Return the scenes that control enters elsewhere than at the top."""
    found = set()
    for scene_id, scene in program["scenes"].items():
        for section in scene["sections"]:
            for place in _targets(program, section["body"]):
                target, _, label = place.partition("#")
                if label and target != scene_id:
                    found.add(target)
    return frozenset(found)


def _takes_arguments(program: Program) -> frozenset[str]:
    """Return the scenes that some call passes something to."""
    found = {scene for scene, facts in program["scenes"].items() if facts.get("params")}
    for op in ops(program):
        if op["op"] == "call" and op.get("args"):
            found.add(op["to"].partition("#")[0])
    return frozenset(found)


def _targets(program: Program, body: Iterable[Op]) -> Iterator[str]:
    for op in walk(body):
        if op["op"] in ("jump", "call"):
            yield from [op["to"]] if "to" in op else places_of(program, op["value"])


def walk_titles(context: Context) -> Iterator[tuple[str, str]]:
    """Yield each Place and its title, if titles are ever shown."""
    if not _shows_titles(context.program["scenes"]):
        return
    for scene_id, scene in context.program["scenes"].items():
        for section in scene["sections"]:
            label = section["label"]
            title = section["title"] if label else scene.get("title", scene_id)
            yield f"{scene_id}#{label}", title


def _shows_titles(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_shows_titles(part) for part in value.values())
    if isinstance(value, list | tuple):
        return (len(value) == 2 and value[0] == "title") or any(map(_shows_titles, value))
    return False
