"""The texts of a scene, a catalogue or a YAML source as rules read them: words, letters placed.

All texts stand in one string, so that a rule is one search over a scene. Letters keep their
offsets: what is no text (marks of styles, values, code spans) is replaced, not taken out.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from comfyvn.advisory.directive_texts import texts_of
from comfyvn.source.diagnostics import Edit, Span
from comfyvn.source.inline import SPECIAL
from comfyvn.source.po import Message
from comfyvn.source.syntax import (
    At,
    Block,
    Directives,
    Item,
    Line,
    Menu,
    Page,
    Pick,
    Picture,
    Scene,
    Text,
)
from comfyvn.source.syntax import Span as Code
from comfyvn.source.yaml import Node

Kind = Literal["line", "choice", "alt", "reason", "notice", "title"]
"""`reason`: why a choice is locked; `notice`: what `notify` says and `input` asks; `title`: of a
scene, a chapter or an ending."""

_QUOTED = frozenset(("reason", "notice", "title"))
"""Texts that may stand in quotes."""

MARK = "\x01"
"""Stands for a sign that shows nothing: of a style, an escape, a ruby."""
PART = "\x02"
"""Stands for a sign between wordings, and for what says when a form is shown."""
END = "\x03"
"""Stands for the sign that ends wordings or forms."""
VALUE = "\ufffc"
"""Stands for what is no text: a value, a directive."""

GAP = "\n\n"
"""What stands between two texts; within one a line break is a joined line."""

_TOKEN = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])|(?P<ticks>`+)|(?P<brace>\{)|(?P<mark>\*+|~~|_+)"
    r"|(?P<entity>&[#\w]{1,32};)|(?P<reading><rt>[^<]*</rt>)|(?P<tag></?ruby>)|(?P<name>\^\S+$)"
)
_STRUCTURE = re.compile(r"\\.|[{}|]")
_FORM = re.compile(r"\s*[^\s{},|]*\s*\{")


class Passage(NamedTuple):
    """One text.

    Attributes:
        kind: what it is.
        start: where it begins in the string of all.
        end: where it ends there.
        speaker: who says it, as written; empty for nobody.
        text: its tree; None in a catalogue.
        id: the id of the line that it translates; empty in a scene.
    """

    kind: Kind
    start: int
    end: int
    speaker: str = ""
    text: Text | None = None
    id: str = ""


class Passages:
    """All texts of a file, in order.

    Attributes:
        path: the file.
        each: the texts.
        raw: all of them as written, parted by `GAP`.
        plain: `raw` with what is no word replaced, letter by letter.
        quoted: whether any of them may stand in quotes of either kind, as in YAML.
    """

    def __init__(self, path: str, found: Iterable[_Found], *, quoted: bool = False) -> None:
        self.path = path
        self.quoted = quoted
        self.each: list[Passage] = []
        self._starts: list[int] = []
        self._places: list[tuple[int, int, int]] = []
        raw: list[str] = []
        plain: list[str] = []
        offset = 0
        for kind, speaker, source, text, id, places in found:
            begin = offset
            for row, place in zip(source.split("\n"), places, strict=True):
                self._starts.append(begin)
                self._places.append(place)
                begin += len(row) + 1
            raw.append(source)
            plain.append(source if SPECIAL.search(source) is None else masked(source))
            end = offset + len(source)
            self.each.append(Passage(kind, offset, end, speaker, text, id))
            offset = end + len(GAP)
        self.raw, self.plain = GAP.join(raw), GAP.join(plain)

    def span(self, start: int, end: int) -> Span:
        """Return where `plain[start:end]` stands, cut to the line that it begins on."""
        index = bisect_right(self._starts, start) - 1
        line, column, width = self._places[index]
        if width:
            return Span.on_line(self.path, line, column, column + width)
        begin = column + start - self._starts[index]
        row_end = self.raw.find("\n", start)
        end = min(end, row_end if row_end >= 0 else len(self.raw))
        return Span.on_line(self.path, line, begin, begin + max(end - start, 0))

    def edits(self, start: int, end: int, text: str) -> tuple[Edit, ...]:
        """Return the edit that replaces `plain[start:end]`; none where letters are not placed,
        nor where a quote would have to be escaped, or is.
        """
        index = bisect_right(self._starts, start) - 1
        if self._places[index][2] or "\n" in self.raw[start:end]:
            return ()
        kind = self.at(start).kind
        quoted = bool(self.each[0].id) or self.quoted or kind in _QUOTED
        if quoted and ('"' in text or "\\" in text):
            return ()
        if "'" in text and (self.quoted or kind == "title"):
            return ()
        if self.raw[start - 1 : start] == "\\":
            return ()
        return (Edit(self.span(start, end), text),)

    def at(self, offset: int) -> Passage:
        """Return the text that an offset is in."""
        return self.each[bisect_right(self.each, offset, key=lambda each: each.start) - 1]

    def split(self) -> Iterator[tuple[Passage, str]]:
        """Yield each text with its words."""
        for each in self.each:
            yield each, self.plain[each.start : each.end]


_Found = tuple[Kind, str, str, Text | None, str, Sequence[tuple[int, int, int]]]
"""Kind, speaker, source, tree, id; the line and column of each row, and its width if its letters
are not placed."""


def passages_of(scene: Scene, lines: Sequence[str]) -> Passages:
    """Return the texts of a scene; `lines` are those of its file.

    What is no part of what is told comes last, as speech may go on behind a notice.
    """
    found: list[_Found] = []
    beside: list[_Found] = []
    for key in ("title", "chapter"):
        value, at = scene.header.get(key), scene.values_at.get(key)
        if isinstance(value, str) and at is not None:
            beside.append(("title", "", value, None, "", _rows(value, at, at.column - 1, lines)))
    for section in scene.sections:
        _collect(section.body, lines, found, beside)
    return Passages(scene.path, found + beside)


def yaml_passages(path: str, lines: Sequence[str], values: Iterable[tuple[Kind, Node]]) -> Passages:
    """Return some texts of a YAML source; `lines` are those of the file."""
    found: list[_Found] = []
    for kind, node in values:
        if isinstance(node.value, str):
            source, places = _scalar(node.value, node.span, lines)
            found.append((kind, "", source, None, "", places))
    return Passages(path, found, quoted=True)


def _scalar(value: str, span: Span, lines: Sequence[str]) -> tuple[str, list[tuple[int, int, int]]]:
    """Return a scalar with its line breaks, and where its rows stand.

    One with escapes is a single row, and its letters are not placed.
    """
    rows, places = [], []
    for number in range(span.line, span.end_line + 1):
        begin = span.column - 1 if number == span.line else 0
        row = lines[number - 1][begin : span.end_column - 1 if number == span.end_line else None]
        shown = row.strip()
        if number == span.line and shown[:1] in ("|", ">"):
            continue
        if number == span.line and shown[:1] in ('"', "'"):
            shown = shown[1:].lstrip()
        if number == span.end_line and lines[span.line - 1][span.column - 1] in "\"'":
            shown = shown[:-1].rstrip()
        if shown:
            rows.append(shown)
            places.append((number, begin + row.index(shown) + 1, 0))
    if rows and " ".join(rows).split() == value.split():
        return "\n".join(rows), places
    width = span.end_column - span.column if span.end_line == span.line else 1
    return value.replace("\n", " "), [(span.line, span.column, max(1, width))]


def translated_passages(path: str, messages: Iterable[tuple[str, Kind, Message]]) -> Passages:
    """Return the texts of some messages of a catalogue."""
    found: list[_Found] = []
    for id, kind, message in messages:
        text, width = message.text, message.end_column - message.column
        place = (message.line, message.column, 0 if width == len(text) else max(1, width))
        found.append((kind, "", text, None, id, [place] * (text.count("\n") + 1)))
    return Passages(path, found)


def _collect(
    body: Sequence[Block], lines: Sequence[str], found: list[_Found], beside: list[_Found]
) -> None:
    for block in body:
        if isinstance(block, Line):
            found.append(_found("line", block, lines))
        elif isinstance(block, (Menu, Pick)):
            kind: Kind = "choice" if isinstance(block, Menu) else "line"
            for item in block.items:
                if item.source:
                    found.append(_found(kind, item, lines))
                _said(item.modifiers, beside)
                _collect(item.body, lines, found, beside)
        elif isinstance(block, Page):
            _collect(block.body, lines, found, beside)
        elif isinstance(block, Directives):
            _said(block.spans, beside)
        elif isinstance(block, Picture):
            found.append(("alt", "", block.alt, None, "", _rows(block.alt, block.at, 0, lines)))


def _said(spans: Iterable[Code], beside: list[_Found]) -> None:
    """Collect the texts of some directives or modifiers."""
    for span in spans:
        for kind, source, at, exact in texts_of(span):
            width = 0 if exact else at.end_column - at.column
            beside.append((kind, "", source, None, "", [(at.line, at.column, width)]))


def _found(kind: Kind, node: Line | Item, lines: Sequence[str]) -> _Found:
    speaker, source, at = node.speaker, node.source, node.at
    name, begin = "", at.column - 1
    if speaker is not None:
        name = "&".join(speaker.names)
        if speaker.at.line == at.line:
            begin = speaker.at.end_column - 1
    return kind, name, source, node.text, "", _rows(source, at, begin, lines)


def _rows(source: str, at: At, begin: int, lines: Sequence[str]) -> list[tuple[int, int, int]]:
    """Return where each row of a text stands."""
    if "\n" not in source:
        column = lines[at.line - 1].find(source, begin)
        if column >= 0:
            return [(at.line, column + 1, 0)]
    places = []
    number = at.line
    for part in source.split("\n"):
        ahead = range(number, min(number + 2, len(lines) + 1))
        for line in ahead:
            column = lines[line - 1].find(part, begin if line == at.line else 0)
            if column >= 0:
                places.append((line, column + 1, 0))
                number = line + 1
                break
        else:
            places.append((at.line, at.column, max(1, at.end_column - at.column)))
    return places


def masked(source: str) -> str:
    """Return a text as written, as long, with its marks, values and directives replaced."""
    letters = list(source)
    _mask(source, 0, len(source), letters)
    return "".join(letters)


def _mask(source: str, start: int, end: int, letters: list[str]) -> None:
    position = start
    while (token := _TOKEN.search(source, position, end)) is not None:
        begin, position = token.span()
        kind = token.lastgroup
        if kind == "escaped":
            letters[begin] = MARK
        elif kind == "ticks":
            close = _closing(source, position, end, position - begin)
            if close > 0:
                _fill(letters, begin, close, VALUE)
                position = close
        elif kind == "brace":
            position = _brace(source, begin, end, letters)
        elif kind == "mark":
            inner = source[begin] == "_" and source[max(begin - 1, 0)].isalnum()
            if not (inner and source[position : position + 1].isalnum()):
                _fill(letters, begin, position, MARK)
        elif kind == "name":
            _fill(letters, begin, position, VALUE)
        else:
            _fill(letters, begin, position, VALUE if kind == "entity" else MARK)


def _closing(source: str, start: int, end: int, ticks: int) -> int:
    for found in re.compile("`+").finditer(source, start, end):
        if found.end() - found.start() == ticks:
            return found.end()
    return -1


def _fill(letters: list[str], start: int, end: int, sign: str) -> None:
    letters[start:end] = [sign] * (end - start)


def _brace(source: str, start: int, end: int, letters: list[str]) -> int:
    """Replace what is no text of the brace at `start`; return where it ends."""
    depth, close, inner, bars = 0, -1, -1, []
    for found in _STRUCTURE.finditer(source, start, end):
        sign = found[0]
        if sign == "{":
            depth += 1
            inner = found.start() if depth == 2 and inner < 0 else inner
        elif sign == "}":
            depth -= 1
            if not depth:
                close = found.start()
                break
        elif sign == "|" and depth == 1:
            bars.append(found.start())
    if close < 0:
        return start + 1
    head = source[start + 1 : inner].rsplit(",", 2) if inner >= 0 else []
    if len(head) == 3:
        position = inner - len(head[2])
        _fill(letters, start, position, PART)
        while (form := _FORM.match(source, position, close)) is not None:
            _fill(letters, position, form.end(), PART)
            position = _past(source, form.end(), close)
            for index in range(form.end(), position):
                if source[index] == "#":
                    letters[index] = VALUE
            _mask(source, form.end(), position, letters)
            position += 1
            letters[position - 1] = PART
        _fill(letters, position, close, PART)
        letters[close] = END
    elif bars:
        edges = [start, *bars, close]
        for left, right in pairwise(edges):
            _mask(source, left + 1, right, letters)
        for edge in edges:
            letters[edge] = PART
        letters[close] = END
    else:
        _fill(letters, start, close + 1, VALUE)
    return close + 1


def _past(source: str, start: int, end: int) -> int:
    """Return where the brace that is open at `start` closes."""
    depth = 1
    for found in _STRUCTURE.finditer(source, start, end):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if not depth:
            return found.start()
    return end
