"""Front matter: the facts between two lines `---` at the head of a scene.

Plain `key: scalar` headers are read here, since a YAML library costs milliseconds a scene; all
else goes to `comfyvn.source.yaml`, and both give the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from comfyvn.source.report import Report
from comfyvn.source.syntax import At

if TYPE_CHECKING:
    from comfyvn.source.diagnostics import Span

_FENCE = re.compile(r"---[ \t]*\Z")
_KEY = re.compile(r"([A-Za-z_][A-Za-z0-9_]*):(?:[ \t]+(.*))?\Z")
_HEADERISH = re.compile(r"[\s#\]}-]|[^\s:]+[ \t]*:(?:\s|\Z)|[\"']|\Z")
_PLAIN = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`](?:[^:#\n]|:(?![ \t])|(?<![ \t])#)*\Z")
_QUOTED = re.compile(r"\"([^\"\\]*)\"\Z|'((?:[^']|'')*)'\Z")
_COMMENT = re.compile(r"(?<![ \t])[ \t]++#.*\Z")
_FLOW = re.compile(r"\[([^\[\]{}\"'#&*!|>%@`:]*)\]\Z")
_FLOW_ITEM = re.compile(r"[^\s\-?,].*\Z")
_INTEGER = re.compile(r"-?[0-9]{1,15}\Z")
_DECIMAL = re.compile(r"-?[0-9]{1,15}\.[0-9]{1,15}\Z")
_WORDS = {"true": True, "false": False, "null": None}


class Places(NamedTuple):
    """Where the facts stand: their keys, and the values of those that have one."""

    keys: dict[str, At]
    values: dict[str, At]


Header = tuple[dict[str, Any], Places, int]
"""The facts, where they stand, and the index of the first line behind the header."""


def read_header(lines: Sequence[str], report: Report) -> Header:
    """Read the front matter of a scene's lines; there may be none."""
    if not lines or not _FENCE.match(lines[0]):
        return {}, Places({}, {}), 0
    end = 0
    for index in range(1, len(lines)):
        line = lines[index]
        if _FENCE.match(line):
            end = index
            break
        if not _HEADERISH.match(line):
            break
    if not end:
        return _unclosed(lines, report)
    header: dict[str, Any] = {}
    places = Places({}, {})
    for index in range(1, end):
        line = lines[index]
        if not line or line[0] == "#":
            continue
        match = _KEY.match(line)
        value = _scalar(match[2]) if match else _LATER
        if match is None or value is _LATER or match[1] in header:
            return _by_library(lines, end, report)
        header[match[1]] = value
        places.keys[match[1]] = At(index + 1, 1, 1 + match.end(1))
        if value is not None:
            first = match.start(2)
            written = len(_uncommented(match[2]))
            places.values[match[1]] = At(index + 1, first + 1, first + 1 + written)
    return header, places, end + 1


_LATER = object()


def _scalar(text: str | None) -> Any:
    """Return the value of a scalar or plain flow list, or `_LATER` when it is more than that."""
    if text is None:
        return None
    text = _uncommented(text)
    if not text:
        return None
    if _PLAIN.match(text) and text[-1] != ":":
        return _resolve(text)
    if (match := _QUOTED.match(text)) is not None:
        return match[1] if match[1] is not None else match[2].replace("''", "'")
    if (match := _FLOW.match(text)) is not None:
        if not match[1].strip():
            return []
        items = [item.strip(" \t") for item in match[1].split(",")]
        if all(_FLOW_ITEM.match(item) for item in items):
            values = [_resolve(item) for item in items]
            return _LATER if _LATER in values else values
    return _resolve(text) if text[0] == "-" and text[1:2].isdigit() else _LATER


def _uncommented(text: str) -> str:
    """Return what stands before a comment, without the spaces around."""
    text = text.strip(" \t")
    if "#" in text:
        text = _COMMENT.sub("", text) if text[0] != "#" else ""
    return text


def _resolve(text: str) -> Any:
    """Return what a plain scalar means in YAML's core schema, where that is plain to see."""
    if text[0].isalpha() or not text.isascii():
        word = text.lower()
        if word in _WORDS and text in (word, word.capitalize(), word.upper()):
            return _WORDS[word]
        return text
    if _INTEGER.match(text):
        return int(text)
    if _DECIMAL.match(text):
        return float(text)
    return text if text[0] not in "0123456789.+-~" else _LATER


def _unclosed(lines: Sequence[str], report: Report) -> Header:
    """Report front matter without an end; what looks like it is left out of the scene."""
    report.error(
        "VN0313",
        "the front matter is not closed, and becomes text in Markdown",
        At(1, 1, 4),
        help="write a line `---` below the last fact; for a scene break at the top write `***`",
    )
    index = 1
    while index < len(lines) and _KEY.match(lines[index]):
        index += 1
    return {}, Places({}, {}), index


def _by_library(lines: Sequence[str], end: int, report: Report) -> Header:
    from comfyvn.source.yaml import load_yaml  # dear to import, and seldom needed

    node = load_yaml("\n".join(lines[1:end]) + "\n", report.path, report.out, first_line=2)
    if node is None or node.value is None:
        return {}, Places({}, {}), end + 1
    if not isinstance(node.value, dict):
        report.error(
            "VN0332",
            "front matter is a list of facts, each `key: value`",
            At(node.span.line, node.span.column, node.span.column + 1),
            help="write `title: …`",
        )
        return {}, Places({}, {}), end + 1
    keys = {key: _first_line(span) for key, span in node.keys.items()}
    said = {key: item.span for key, item in node.value.items() if item.value is not None}
    values = {key: _first_line(span) for key, span in said.items()}
    return node.plain(), Places(keys, values), end + 1


def _first_line(span: Span) -> At:
    """Return a span, or where it begins if it takes several lines."""
    one = span.end_line == span.line
    return At(span.line, span.column, span.end_column if one else span.column + 1)
