"""The shape of a source: its outline, and what can be folded away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from comfyvn.lsp.project import Project
from comfyvn.lsp.spots import header_end
from comfyvn.source.diagnostics import Diagnostics, Span
from comfyvn.source.syntax import Block, Directives, Item, Line, Menu, Page, Pick, Section
from comfyvn.source.yaml import Node, load_yaml

_DEEPEST = 4
_LONGEST = 60


class Entry(NamedTuple):
    """A part of a source: what it is, its name, all of it, where its name stands, its parts."""

    what: str
    name: str
    whole: Span
    at: Span
    parts: tuple[Entry, ...] = ()


class Fold(NamedTuple):
    """Lines that can be folded into the first of them, counted from 1."""

    first: int
    last: int
    what: str = "region"


def outline(project: Project, path: str) -> list[Entry]:
    """Return the parts of a source."""
    text = project.text(path)
    lines = text.split("\n")
    reading = project.reading(path)
    if reading is not None:
        return list(_sections(reading.tree.sections, path, lines))
    if path.endswith(".yaml"):
        node = load_yaml(text, path, Diagnostics())
        return list(_keys(node, path, len(lines), _DEEPEST)) if node is not None else []
    return []


def _sections(sections: Sequence[Section], path: str, lines: Sequence[str]) -> Iterator[Entry]:
    for index, section in enumerate(sections):
        last = sections[index + 1].at.line - 1 if index + 1 < len(sections) else len(lines)
        if index == 0:
            yield from _blocks(section.body, path, lines, last)
            continue
        at = Span.on_line(path, section.at.line, section.at.column, section.at.end_column)
        end = max(last, section.at.line)
        whole = Span(path, section.at.line, 1, end, len(lines[end - 1]) + 1)
        parts = tuple(_blocks(section.body, path, lines, last))
        yield Entry("label", section.title or section.slug, whole, at, parts)


def _blocks(blocks: Iterable[Block], path: str, lines: Sequence[str], last: int) -> Iterator[Entry]:
    listed = list(blocks)
    for index, block in enumerate(listed):
        end = listed[index + 1].at.line - 1 if index + 1 < len(listed) else last
        match block:
            case Menu() | Pick():
                what = "choice" if isinstance(block, Menu) else "outcome"
                yield from _items(block.items, what, path, lines, max(end, block.at.line))
            case Directives():
                for span in block.spans:
                    if span.source.startswith("ending "):
                        yield _entry("ending", span.source.split()[1], path, block.at.line, lines)
            case Line() if block.name is not None:
                yield _entry("line", f"^{block.name}", path, block.at.line, lines)
            case Page():
                yield from _blocks(block.body, path, lines, end)


def _items(
    items: Sequence[Item], what: str, path: str, lines: Sequence[str], last: int
) -> Iterator[Entry]:
    for index, item in enumerate(items):
        end = items[index + 1].at.line - 1 if index + 1 < len(items) else last
        end = min(max(end, item.at.line), len(lines))
        text = item.source.split("\n")[0] or "…"
        if item.speaker is not None:
            text = f"{item.speaker.names[0].title()}: {text}"
        link = re.fullmatch(r"\[(.*)\]\((.*)\)", text)
        text = link[1] or link[2] if link else text
        yield Entry(
            what,
            text[:_LONGEST],
            Span(path, item.at.line, 1, end, len(lines[end - 1]) + 1),
            _row(path, item.at.line, lines),
            tuple(_blocks(item.body, path, lines, end)),
        )


def _entry(what: str, name: str, path: str, line: int, lines: Sequence[str]) -> Entry:
    row = _row(path, line, lines)
    return Entry(what, name, row, row)


def _row(path: str, line: int, lines: Sequence[str]) -> Span:
    text = lines[line - 1] if line <= len(lines) else ""
    return Span.on_line(path, line, len(text) - len(text.lstrip()) + 1, len(text) + 1)


def _keys(node: Node, path: str, last: int, depth: int) -> Iterator[Entry]:
    if not isinstance(node.value, dict) or not depth:
        return
    for key, inner in node.value.items():
        at = node.keys[key]
        # An empty value stands where nothing is written; what is named there is the key.
        end = max(inner.span, at, key=lambda span: (span.end_line, span.end_column))
        whole = Span(path, at.line, at.column, end.end_line, end.end_column)
        parts = tuple(_keys(inner, path, last, depth - 1))
        yield Entry("key", key or "…", whole, at, parts)


def folds(project: Project, path: str) -> list[Fold]:
    """Return what can be folded away in a source."""
    lines = project.text(path).split("\n")
    found: list[Fold] = []
    if project.scene_of(path) is not None:
        if head := header_end(lines):
            found.append(Fold(1, head, "imports"))
        found += _fences_and_comments(lines)
        found += _ifs(lines)
    found += _entries(outline(project, path), lines)
    return sorted({fold for fold in found if fold.last > fold.first})


def _entries(entries: Iterable[Entry], lines: Sequence[str]) -> Iterator[Fold]:
    for entry in entries:
        last = entry.whole.end_line
        if entry.whole.end_column == 1:
            last -= 1
        while last > entry.whole.line and not lines[last - 1].strip():
            last -= 1
        yield Fold(entry.whole.line, last)
        yield from _entries(entry.parts, lines)


def _fences_and_comments(lines: Sequence[str]) -> Iterator[Fold]:
    opened = comment = 0
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if text.startswith("```") and not comment:
            if opened:
                yield Fold(opened, number)
            opened = 0 if opened else number
        elif opened:
            continue
        elif comment:
            if "-->" in text:
                yield Fold(comment, number, "comment")
                comment = 0
        elif text.startswith("<!--") and "-->" not in text:
            comment = number


def _ifs(lines: Sequence[str]) -> Iterator[Fold]:
    opened: list[int] = []
    for number, line in enumerate(lines, 1):
        text = line.strip(" \t>")
        if text.startswith("`if ") and text.endswith("`"):
            opened.append(number)
        elif opened and text.startswith(("`elif ", "`else`")):
            yield Fold(opened.pop(), number - 1)
            opened.append(number)
        elif opened and text == "`end`":
            yield Fold(opened.pop(), number)
