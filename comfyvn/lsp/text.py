"""The text of an open document: edits applied, and positions in the units of the client.

Lines end at `\\n`, `\\r\\n` and `\\r`, and nowhere else, as the protocol says. That is also how
`comfyvn.source.text` counts them, so a line is the same on both sides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

from comfyvn.source.diagnostics import Span

Encoding = Literal["utf-8", "utf-16", "utf-32"]
"""What a client counts characters in."""

_END = re.compile("\r\n|\n|\r")


class Place(NamedTuple):
    """Line and character from 0, the character in units of the client."""

    line: int
    character: int


class Change(NamedTuple):
    """Replace what stands from `start` to `end` by `text`; everything if there is no `start`."""

    start: Place | None
    end: Place | None
    text: str


class Document:
    """A text that is read by lines and changed by ranges.

    Attributes:
        text: all of it, as the client has it.
        version: what the client calls this state of it.
    """

    __slots__ = ("_ends", "_starts", "encoding", "text", "version")

    def __init__(self, text: str, encoding: Encoding = "utf-16", version: int | None = None):
        self.encoding = encoding
        self.version = version
        self._set(text)

    def _set(self, text: str) -> None:
        self.text = text
        self._starts = [0]
        self._ends: list[int] = []
        for end in _END.finditer(text):
            self._ends.append(end.start())
            self._starts.append(end.end())
        self._ends.append(len(text))

    @property
    def count(self) -> int:
        """How many lines there are, at least one."""
        return len(self._starts)

    def line(self, index: int) -> str:
        """Return a line from 0, without its end; what is beyond the text is empty."""
        if 0 <= index < len(self._starts):
            return self.text[self._starts[index] : self._ends[index]]
        return ""

    def change(self, changes: Iterable[Change]) -> None:
        """Apply changes, each to what the one before it left."""
        for each in changes:
            if each.start is None or each.end is None:
                self._set(each.text)
            else:
                first, last = sorted((self.offset(each.start), self.offset(each.end)))
                self._set(self.text[:first] + each.text + self.text[last:])

    def offset(self, place: Place) -> int:
        """Return how many characters stand before a place; one beyond a line is its end."""
        if place.line >= len(self._starts):
            return len(self.text)
        line = max(0, place.line)
        return self._starts[line] + self.column(line, place.character)

    def column(self, line: int, character: int) -> int:
        """Return the code points before a character of a line; within one: before that one."""
        text = self.line(line)
        if text.isascii() or self.encoding == "utf-32":
            return max(0, min(character, len(text)))
        units = 0
        for index, char in enumerate(text):
            units += units_of(char, self.encoding)
            if units > character:
                return index
        return len(text)

    def place(self, line: int, column: int) -> Place:
        """Return the place of a line and column that count from 1, in units of the client."""
        index = max(0, line - 1)
        return Place(index, width(self.line(index)[: max(0, column - 1)], self.encoding))

    def at(self, place: Place) -> tuple[int, int]:
        """Return the line and column from 1 of a place."""
        line = max(0, min(place.line, len(self._starts) - 1))
        character = place.character if place.line == line else len(self.line(line)) * 4
        return line + 1, self.column(line, character) + 1

    def ends(self, span: Span) -> tuple[Place, Place]:
        """Return where a span begins and ends; that of the whole file is its first character."""
        if span.line == 0:
            return Place(0, 0), Place(0, 0)
        start = self._bounded(span.line, span.column)
        return start, max(start, self._bounded(span.end_line, span.end_column))

    def _bounded(self, line: int, column: int) -> Place:
        if line > len(self._starts):
            line, column = len(self._starts), len(self.line(len(self._starts) - 1)) + 1
        return self.place(line, column)


def units_of(char: str, encoding: Encoding) -> int:
    """Return how many units a character takes."""
    code = ord(char)
    if encoding == "utf-16":
        return 2 if code > 0xFFFF else 1
    if encoding == "utf-8":
        return 1 if code < 0x80 else 2 if code < 0x800 else 3 if code < 0x10000 else 4
    return 1


def width(text: str, encoding: Encoding) -> int:
    """Return how many units a text takes."""
    if encoding == "utf-32" or text.isascii():
        return len(text)
    return sum(units_of(char, encoding) for char in text)
