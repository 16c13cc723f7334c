"""Translations: texts of `i18n/*.po`, lowered against the slots of what they translate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comfyvn.source.diagnostics import Diagnostic, Diagnostics, Span
from comfyvn.source.inline import parse_inline
from comfyvn.source.po import Message
from comfyvn.source.syntax import At
from comfyvn.story import plurals
from comfyvn.story.compiler.blocks import BlockLowering
from comfyvn.story.compiler.expressions import draws
from comfyvn.story.compiler.flow import walk
from comfyvn.story.compiler.scope import SceneScope
from comfyvn.story.compiler.text import Lowered, TextLowering
from comfyvn.story.types import Expr, Op

if TYPE_CHECKING:
    from comfyvn.model.load import LoadedProject

Words = dict[str, dict[str, Any]]
"""The translated texts of a scene, by id."""


@dataclass(slots=True)
class _Original:
    """A text that can be translated. `spoken` is the id of the line that says it too."""

    text: Lowered
    slots: list[Expr]
    effects: bool
    spoken: str | None = None


class TranslationSlots:
    """Numbers the expressions of a translation: those of the source, then its own."""

    def __init__(self, source: list[Expr]) -> None:
        self.source = source
        self.free = list(range(len(source)))
        self.extra: list[Expr] = []
        self.drawn: At | None = None

    def add(self, expr: Expr, at: At) -> int:
        """Return the slot of the source that holds `expr`, one not used yet if there is one."""
        equal = [i for i, each in enumerate(self.source) if each == expr]
        free = [i for i in equal if i in self.free]
        if free:
            self.free.remove(free[0])
            return free[0]
        if equal and expr != ["wording"]:
            return equal[0]
        if draws(expr):
            self.drawn = self.drawn or at
        elif expr in self.extra:
            return len(self.source) + self.extra.index(expr)
        self.extra.append(expr)
        return len(self.source) + len(self.extra) - 1


def check_languages(loaded: LoadedProject, out: Diagnostics) -> None:
    """Note languages whose plural rules are not known."""
    languages = loaded.project.languages or [loaded.project.language]
    for i, language in enumerate(languages):
        if not plurals.known(language):
            out.append(
                Diagnostic(
                    "VN0914",
                    "note",
                    f"the plural rules of `{language}` are not known, so all numbers are `other`",
                    loaded.at("vn.yaml", "languages", i)
                    if loaded.project.languages
                    else loaded.at("vn.yaml", "language"),
                )
            )


def slice_messages(
    messages: Mapping[str, Message], home: Mapping[str, str]
) -> tuple[dict[str, dict[str, Message]], list[str]]:
    """Part a catalogue by scene; `home` is the scene of each id. Return ids of no scene too."""
    slices: dict[str, dict[str, Message]] = {}
    strays = []
    for id, message in messages.items():
        scene = home.get(id.partition("_")[0])
        if scene is None:
            strays.append(id)
        else:
            slices.setdefault(scene, {})[id] = message
    return slices, strays


def translate(
    part: Mapping[str, Any],
    sources: Mapping[str, str],
    scope: SceneScope,
    catalogues: Mapping[str, Mapping[str, Message]],
) -> tuple[dict[str, Words], dict[str, list[str]]]:
    """Lower the translations of one scene; `part` is the scene as it is in the Program.

    `sources` are the texts as written, by id. Return the words of each language, and the ids that
    are in no line. A translation that cannot stand for its line is reported, and left out.
    """
    found: dict[str, Words] = {}
    lost: dict[str, list[str]] = {}
    originals = dict(_originals(part))
    for language, messages in catalogues.items():
        catalogue = _Catalogue(language, scope.translated(language), originals, sources)
        words = catalogue.lower(messages)
        if words:
            found[language] = words
        if catalogue.lost:
            lost[language] = catalogue.lost
    return found, lost


def lost_line(language: str, id: str, at: At) -> Diagnostic:
    """Return the finding that a translation is of no line."""
    return Diagnostic(
        "VN0910",
        "warning",
        f"no line has the id `{id}`",
        Span.on_line(f"i18n/{language}.po", *at),
        "the line was deleted: drop its translation",
    )


def _originals(part: Mapping[str, Any]) -> Iterator[tuple[str, _Original]]:
    for section in part["sections"]:
        for op in walk(section["body"]):
            kind = op["op"]
            if kind == "say":
                # The line of a pick's item is translated by the item's id.
                id = op["id"].removesuffix("_s")
                spoken = op["id"] if id != op["id"] else None
                if id[0] != "c":
                    yield id, _Original(op["text"], op.get("slots", []), True, spoken)
            elif kind == "input":
                yield op["id"], _Original(op["prompt"], op.get("slots", []), False)
            elif kind == "menu":
                for choice in op["choices"]:
                    yield from _of_choice(choice)


def _of_choice(choice: Op) -> Iterator[tuple[str, _Original]]:
    id = choice["id"]
    body = choice["body"]
    spoken = f"{id}_s" if body and body[0].get("id") == f"{id}_s" else None
    yield id, _Original(choice["text"], choice.get("slots", []), False, spoken)
    if "locked" in choice:
        slots = choice.get("locked_slots", [])
        yield f"{id}_locked", _Original(choice["locked"], slots, False)


class _Catalogue:
    """The catalogue of one language. `lost` are the ids that are in no line."""

    def __init__(
        self,
        language: str,
        scope: SceneScope,
        originals: Mapping[str, _Original],
        sources: Mapping[str, str],
    ) -> None:
        self.path = f"i18n/{language}.po"
        self.originals = originals
        self.sources = sources
        self.out = scope.out
        self.context = BlockLowering(scope, {})
        self.lost: list[str] = []

    def lower(self, messages: Mapping[str, Message]) -> Words:
        translated: Words = {}
        for id, message in messages.items():
            original = self.originals.get(id)
            if original is None:
                self.lost.append(id)
                continue
            lowered = self.message(id, original, message)
            if lowered is None:
                continue
            if original.spoken and id[0] == "i":
                translated[original.spoken] = lowered
                continue
            translated[id] = lowered
            if original.spoken:
                translated[original.spoken] = lowered
        return translated

    def message(self, id: str, original: _Original, message: Message) -> dict[str, Any] | None:
        if message.source != self.sources.get(id, message.source):
            self.report(
                "VN0911",
                f"the text of `{id}` has changed since it was translated",
                message,
                "look over the translation and bring `msgid` up to date",
            )
        path, line, column = self.path, message.line, message.column
        text = parse_inline(message.text, path, line, column, self.out)
        slots = TranslationSlots(original.slots)
        lowered = TextLowering(self.context, slots, effects=original.effects).lower(text)
        if slots.drawn is not None:
            self.report(
                "VN0912",
                f"the translation of `{id}` draws a chance that its source does not",
                message,
                "use the same expressions as the source; the line is shown untranslated",
            )
            return None
        if _effects(lowered) != _effects(original.text):
            self.report(
                "VN0913",
                f"the effects in the translation of `{id}` are not those of its source",
                message,
                "give it the same ones in the same order; the line is shown untranslated",
            )
            return None
        return {"text": lowered, "extra": slots.extra} if slots.extra else {"text": lowered}

    def report(self, code: str, message: str, where: Message, help: str) -> None:
        span = Span.on_line(self.path, where.line, where.column, where.end_column)
        self.out.warning(code, message, span, help)


def _effects(text: Lowered) -> list[list[str]]:
    """The kinds of the effects of a text, in groups that fire together."""
    return [
        [op["op"] for op in part["fx"]] for part in text if isinstance(part, dict) and "fx" in part
    ]
