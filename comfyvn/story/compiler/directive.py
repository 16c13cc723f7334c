"""Lowering of one directive: the context that its registered function is given."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from comfyvn.source.nearest import nearest
from comfyvn.source.syntax import At, Link, Span
from comfyvn.story.compiler.text import SourceSlots, TextLowering
from comfyvn.story.directive_form import DirectiveError, Raw, Word
from comfyvn.story.directives import DIRECTIVES, MODIFIERS
from comfyvn.story.types import ERROR, Expr, Op, Type, VariableFacts

if TYPE_CHECKING:
    from comfyvn.story.compiler.blocks import BlockLowering


_ELSEWHERE = {
    "background": "write `scene LOCATION`",
    "bg": "write `scene LOCATION`",
    "choice": "a menu is a list, `- text` for each choice",
    "divert": "a jump is a link on a line of its own: `[](#heading)`",
    "goto": "a jump is a link on a line of its own: `[](#heading)`",
    "image": "write `show NAME`",
    "label": "a label is a heading: `## Name`",
    "menu": "a menu is a list, `- text` for each choice",
    "music": "write `play music NAME`",
    "rating": "write `rated teen` at the end of the line that it is about",
    "say": "a line is text, without backticks: `Name: text`",
    "sfx": "write `play sfx NAME`",
    "sound": "write `play sfx NAME`",
    "wait": "write `pause SECONDS`",
    "with": "write it behind what it shows: `show mei with fade`",
}
"""What other tools for the same purpose call things, and how it is said here."""

_ASSIGNMENT = re.compile(r"(?:\$\s*)?[^\W\d][\w.]*\s*[+-]?=(?!=)")


class DirectiveLowering:
    """Reads and lowers one directive."""

    def __init__(self, blocks: BlockLowering, span: Span, link: Link | None) -> None:
        self.blocks = blocks
        self.scope = blocks.scope
        self.names = blocks.names
        self.span = span
        self.link = link

    def lower(self) -> list[Op] | None:
        """Return the ops; None when something was reported."""
        source = self.span.source
        name = source.split(None, 1)[0] if source.strip() else ""
        directive = DIRECTIVES.get(name)
        if directive is None or directive.lower is None:
            self._unknown(name)
            return None
        try:
            given = directive.read(source)
        except DirectiveError as error:
            self.error(error.code, error.message, error.start, error.end, error.help)
            return None
        return directive.lower(given, self)

    def _unknown(self, name: str) -> None:
        end = max(len(name), 1)
        if name in DIRECTIVES:
            self.error("VN0805", f"`{name}` stands on a line of its own", 0, end, "put it there")
        elif name in MODIFIERS:
            self.error(
                "VN0801",
                f"`{name}` follows a line or choice, and stands here alone",
                0,
                end,
                "put it at the end of the line that it is about",
            )
        else:
            self.error("VN0801", f"there is no directive `{name}`", 0, end, self._meant(name))

    def _meant(self, name: str) -> str:
        """Say what to write instead of a directive that there is not."""
        if _ASSIGNMENT.match(self.span.source):
            return f"write `set {self.span.source.removeprefix('$').strip()}`"
        if name in _ELSEWHERE:
            return _ELSEWHERE[name]
        if near := nearest(name, [*DIRECTIVES, *MODIFIERS]):
            return f"did you mean `{near}`?"
        return "directives begin with a word such as `show`; text goes without backticks"

    def at(self, start: int, end: int) -> At:
        """Return where offsets of the directive stand in the scene."""
        line, column, _ = self.span.at
        return At(line, column + start, column + max(end, start + 1))

    def error(self, code: str, message: str, start: int, end: int, help: str | None = None) -> None:
        """Report an error."""
        self.scope.report(code, message, self.at(start, end), help)

    def id(self) -> str:
        """Return the directive's id."""
        return self.blocks.ids[id(self.span)]

    def variable(self, name: str, start: int) -> VariableFacts | None:
        """Return the variable that is to be set."""
        found = self.scope.variable(name)
        if found is None:
            near = self.scope.near_variable(name)
            help = f"did you mean `{near}`?" if near else "declare it in `state.yaml`"
            self.error("VN0505", f"there is no variable `{name}`", start, start + len(name), help)
        return found

    def knows(self, name: str) -> bool:
        """Return whether there is, or may be, a variable `name`, or one that is nearly so."""
        scope = self.scope
        return scope.variable(name) is not None or scope.near_variable(name) is not None

    def value(self, raw: Raw, wanted: Type) -> Expr | None:
        """Lower an expression of a type."""
        line, column, _ = self.span.at
        return self.scope.value(raw.text, line, column + raw.start, wanted)

    def goes(self, value: Expr) -> None:
        """Note where a computed jump may lead."""
        operator, *parts = value
        if operator == "label":
            self.blocks.flow.jumps.setdefault(parts[0], self.span.at)
        elif operator == "var":
            for place in self.scope.places_of(parts[0]):
                self.blocks.flow.jumps.setdefault(place, self.span.at)
        elif operator == "if":
            self.goes(parts[1])
            self.goes(parts[2])

    def prompt(self, raw: Raw) -> tuple[list[Any], list[Expr]] | None:
        """Lower the text that bears the directive's id."""
        self.blocks.sources[self.id()] = raw.text
        return self.text(raw)

    def text(self, raw: Raw) -> tuple[list[Any], list[Expr]] | None:
        """Lower inline text to fragments and slots."""
        text = self.blocks.parse(raw.text, self.at(raw.start, raw.start + len(raw.text)))
        slots = SourceSlots()
        return TextLowering(self.blocks, slots).lower(text), slots.exprs

    def look(self, character: str, cues: list[Word]) -> dict[str, str] | None:
        """Resolve the cues of a look."""
        look: dict[str, str] = {}
        for word in cues:
            found = self.blocks.look_of(character, word.text, self.at(word.start, word.end))
            if found is None:
                return None
            kind, value = found
            if look.setdefault(kind, value) != value:
                self.error(
                    "VN0614",
                    f"`{look[kind]}` and `{value}` are both {kind}s",
                    word.start,
                    word.end,
                    "keep one",
                )
        return look

    def place(self, link: Link) -> str | None:
        """Resolve the link of a call."""
        place = self.scope.link(link)
        if place is not None:
            self.blocks.flow.calls.setdefault(place, self.span.at)
        return place

    def returns(self) -> Type | None:
        """Return the type that the scene gives back to a call."""
        own = self.scope.returns
        unsure = own is None and self.names.scenes[self.scope.scene].unsure
        return ERROR if unsure else own

    def unlock(self, name: str) -> None:
        """Note that the story unlocks `name`."""
        self.blocks.unlocks[name] = None

    def ending(self, id: str, name: str, title: str, span: tuple[int, int]) -> None:
        """Note an ending."""
        self.blocks.endings.append((id, name, title, self.at(*span)))
