"""Semantic tokens: what the words of a source are, for colours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from comfyvn.lsp.project import Project
from comfyvn.lsp.spots import header_end
from comfyvn.lsp.symbols import Kind
from comfyvn.story.directives import DIRECTIVES, MODIFIERS

TYPES = (
    "class", "enumMember", "variable", "parameter", "namespace", "property", "struct", "event",
    "keyword", "function", "string", "number", "comment",
)  # fmt: skip
MODIFIERS_OF_TOKENS = ("declaration", "modification")

_OF_KIND: dict[Kind, str] = {
    "character": "class", "look": "enumMember", "variable": "variable", "scene": "namespace",
    "label": "namespace", "line": "property", "location": "namespace", "time": "enumMember",
    "weather": "enumMember", "prop": "struct", "anchor": "property", "theme": "struct",
    "asset": "string", "ending": "event", "unlock": "event", "world": "namespace",
    "timeline": "namespace",
}  # fmt: skip
_SPAN = re.compile(r"`([^`]+)`")
_STAGE = re.compile(r"[ >]*(?P<source>\S.*)$")
_IN_SPAN = re.compile(
    r'(?P<string>"(?:[^"\\]|\\.)*")|(?P<number>(?<![\w.])\d+(?:\.\d+)?)'
    r"|(?P<function>[a-z]+)(?=\()|(?P<word>\b(?:and|or|not|in|if|else|true|false|ever)\b)"
)

Token = tuple[int, int, int, str, bool]
"""Line and column from 1, length in code points, type, and whether it declares."""


def tokens(project: Project, path: str) -> list[Token]:
    """Return the tokens of a source in order; none overlaps another."""
    found: dict[tuple[int, int], Token] = {}
    for symbol, occurrences in project.names(path).items():
        for each in occurrences:
            span = each.span
            if span.end_column > span.column and each.form != "heading":
                kind = _OF_KIND[symbol.kind]
                if kind == "variable" and ":" in symbol.name:
                    kind = "parameter"
                length = span.end_column - span.column
                found.setdefault(
                    (span.line, span.column), (span.line, span.column, length, kind, each.defines)
                )
    if project.scene_of(path) is not None:
        for token in _words(project.text(path).split("\n")):
            found.setdefault(token[:2], token)
    return list(_apart(sorted(found.values())))


def _words(lines: Sequence[str]) -> Iterator[Token]:
    """Yield directives, and what stands in them."""
    fence, head = False, header_end(lines)
    for number, text in enumerate(lines, 1):
        stripped = text.strip(" >")
        if stripped.startswith("```"):
            fence = not fence and stripped[3:].strip() == "stage"
            continue
        if fence:
            match = _STAGE.match(text)
            if match is None:
                continue
            if match["source"].startswith("#"):
                column = match.start("source") + 1
                yield number, column, len(match["source"]), "comment", False
            else:
                yield from _directive(number, match["source"], match.start("source") + 1)
            continue
        if number <= head:
            continue
        for match in _SPAN.finditer(text):
            if text.count("`", 0, match.start(1)) % 2:
                yield from _directive(number, match[1], match.start(1) + 1)


def _directive(line: int, source: str, column: int) -> Iterator[Token]:
    name = re.match(r"\w+", source)
    if name is None or (name[0] not in DIRECTIVES and name[0] not in MODIFIERS):
        return
    yield line, column, name.end(), "keyword", False
    for match in _IN_SPAN.finditer(source, name.end()):
        kind = match.lastgroup or ""
        yield (
            line,
            column + match.start(),
            match.end() - match.start(),
            "keyword" if kind == "word" else kind,
            False,
        )


def _apart(tokens: Sequence[Token]) -> Iterator[Token]:
    """Leave out what begins within another; the names of a quoted target go before its quotes."""
    named = {(line, column) for line, column, _, kind, _ in tokens if kind != "string"}
    line = end = 0
    for token in tokens:
        first = token[0], token[1]
        if first[0] == line and first[1] < end:
            continue
        within = ((first[0], column) for column in range(first[1], first[1] + token[2]))
        if token[3] == "string" and any(each in named for each in within):
            continue
        line, end = first[0], first[1] + token[2]
        yield token
