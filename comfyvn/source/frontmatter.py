"""Front matter: the facts between two lines `---` at the head of a scene.

Plain `key: scalar` headers are read here, since a YAML library costs milliseconds a scene; all
else goes to `comfyvn.source.yaml`, and both give the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from comfyvn.source.report import Report
from comfyvn.source.syntax import At

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

Header = tuple[dict[str, Any], dict[str, At], int]
"""The facts, where their keys stand, and the index of the first line behind the header."""


def read_header(lines: Sequence[str], report: Report) -> Header:
    """Read the front matter of a scene's lines; there may be none."""
    if not lines or not _FENCE.match(lines[0]):
        return {}, {}, 0
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
    places: dict[str, At] = {}
    for index in range(1, end):
        line = lines[index]
        if not line or line[0] == "#":
            continue
        match = _KEY.match(line)
        value = _scalar(match[2]) if match else _LATER
        if match is None or value is _LATER or match[1] in header:
            return _by_library(lines, end, report)
        header[match[1]] = value
        places[match[1]] = At(index + 1, 1, 1 + match.end(1))
    return header, places, end + 1


_LATER = object()


def _scalar(text: str | None) -> Any:
    """Return the value of a scalar or plain flow list, or `_LATER` when it is more than that."""
    if text is None:
        return None
    text = text.strip(" \t")
    if "#" in text:
        text = _COMMENT.sub("", text) if text[0] != "#" else ""
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
    return {}, {}, index


def _by_library(lines: Sequence[str], end: int, report: Report) -> Header:
    from comfyvn.source.yaml import load_yaml  # dear to import, and seldom needed

    node = load_yaml("\n".join(lines[1:end]) + "\n", report.path, report.out, first_line=2)
    if node is None or node.value is None:
        return {}, {}, end + 1
    if not isinstance(node.value, dict):
        report.error(
            "VN0332",
            "front matter is a list of facts, each `key: value`",
            At(node.span.line, node.span.column, node.span.column + 1),
            help="write `title: …`",
        )
        return {}, {}, end + 1
    places = {
        key: At(
            span.line,
            span.column,
            span.end_column if span.end_line == span.line else span.column + 1,
        )
        for key, span in node.keys.items()
    }
    return node.plain(), places, end + 1
