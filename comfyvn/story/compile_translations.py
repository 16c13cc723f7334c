"""Translations: texts of `i18n/*.po`, lowered against the slots of what they translate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comfyvn.model.load import LoadedProject
from comfyvn.source.diagnostics import Diagnostic, Diagnostics, Severity, Span
from comfyvn.source.inline import parse_inline
from comfyvn.source.po import Message
from comfyvn.source.syntax import At
from comfyvn.story import plurals
from comfyvn.story.compile_blocks import BlockLowering
from comfyvn.story.compile_expressions import draws
from comfyvn.story.compile_flow import walk
from comfyvn.story.compile_scope import SceneScope
from comfyvn.story.compile_text import Lowered, TextLowering
from comfyvn.story.types import Expr, Op

if TYPE_CHECKING:
    from comfyvn.story.compile import LoweredScene

Translations = dict[str, dict[str, dict[str, Any]]]


@dataclass(slots=True)
class _Original:
    """A text that can be translated. `spoken` is the id of the line that says it too."""

    scene: str
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


def translations(
    loaded: LoadedProject,
    scenes: Mapping[str, LoweredScene],
    sources: Mapping[str, str],
    out: Diagnostics,
) -> Translations:
    """Lower all catalogues; `sources` are the texts as written, by id.

    A translation that cannot stand for its line is reported, and the line is shown instead.
    """
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
    originals: dict[str, _Original] = {}
    if loaded.catalogues:
        for id, scene in scenes.items():
            originals.update(_originals(id, scene))
    found: Translations = {}
    for language, messages in loaded.catalogues.items():
        if language != loaded.project.language and messages:
            catalogue = _Catalogue(language, scenes, originals, sources, out)
            found[language] = catalogue.lower(messages)
    return found


def _originals(scene: str, lowered: LoweredScene) -> Iterator[tuple[str, _Original]]:
    for section in lowered.program["sections"]:
        for op in walk(section["body"]):
            kind = op["op"]
            if kind == "say":
                # The line of a pick's item is translated by the item's id.
                id = op["id"].removesuffix("_s")
                spoken = op["id"] if id != op["id"] else None
                if id[0] != "c":
                    yield id, _Original(scene, op["text"], op.get("slots", []), True, spoken)
            elif kind == "input":
                yield op["id"], _Original(scene, op["prompt"], op.get("slots", []), False)
            elif kind == "menu":
                for choice in op["choices"]:
                    yield from _of_choice(scene, choice)


def _of_choice(scene: str, choice: Op) -> Iterator[tuple[str, _Original]]:
    id = choice["id"]
    body = choice["body"]
    spoken = f"{id}_s" if body and body[0].get("id") == f"{id}_s" else None
    yield id, _Original(scene, choice["text"], choice.get("slots", []), False, spoken)
    if "locked" in choice:
        slots = choice.get("locked_slots", [])
        yield f"{id}_locked", _Original(scene, choice["locked"], slots, False)


class _Catalogue:
    def __init__(
        self,
        language: str,
        scenes: Mapping[str, LoweredScene],
        originals: Mapping[str, _Original],
        sources: Mapping[str, str],
        out: Diagnostics,
    ) -> None:
        self.language = language
        self.path = f"i18n/{language}.po"
        self.scenes = scenes
        self.originals = originals
        self.sources = sources
        self.out = out
        # A line that something was wrong with may be missing here, and is not deleted.
        self.unsure = out.has_errors
        self.contexts: dict[str, BlockLowering] = {}

    def lower(self, messages: Mapping[str, Message]) -> dict[str, dict[str, Any]]:
        translated = {}
        for id, message in messages.items():
            original = self.originals.get(id)
            if original is None:
                if not self.unsure:
                    help = "the line was deleted: drop its translation"
                    self.report("VN0910", f"no line has the id `{id}`", message, help)
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
        context = self.context(original.scene)
        lowered = TextLowering(context, slots, effects=original.effects).lower(text)
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

    def context(self, scene: str) -> BlockLowering:
        """What lowers texts that see the names of `scene`."""
        if scene not in self.contexts:
            own = self.scenes[scene].scope
            scope = SceneScope(own.names, scene, self.path, own.shared, self.language, self.out)
            self.contexts[scene] = BlockLowering(scope, {})
        return self.contexts[scene]

    def report(
        self,
        code: str,
        message: str,
        where: Message,
        help: str,
        severity: Severity = "warning",
    ) -> None:
        span = Span.on_line(self.path, where.line, where.column, where.end_column)
        self.out.append(Diagnostic(code, severity, message, span, help))


def _effects(text: Lowered) -> list[list[str]]:
    """The kinds of the effects of a text, in groups that fire together."""
    return [
        [op["op"] for op in part["fx"]] for part in text if isinstance(part, dict) and "fx" in part
    ]
