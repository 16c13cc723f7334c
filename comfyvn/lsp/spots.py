"""What is being written at a place of a scene, told from its line alone.

It asks no parser, since a scene is seldom whole while somebody writes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

What = Literal["header", "directive", "link", "picture", "value", "cue", "speaker", "name", "text"]

_FENCE = re.compile(r"[ >]*(`{3,}|~{3,})[ \t]*(\w*)")
_HEADER_END = re.compile(r"---[ \t]*$")
_LINK = re.compile(r"(!?)\[[^\[\]]*\]\(<?([^()<>]*)$")
_VALUE = re.compile(r"(?<!\\)\{([^{}|]*)$")
_NAME = re.compile(r"(?:^|\s)\^([A-Za-z0-9-]*)$")
_MARKER = re.compile(r"[ \t]*(?:>[ ]?)*[ \t]*(?:[-*+][ \t]+|\d+[.)][ \t]+)?")
_CUES = re.compile(
    r"(?P<who>[^()（）:：]+?)[ ]*(?:as[ ]*\"[^\"]*\"[ ]*)?[(（](?P<cues>[^()（）]*)$"
)
_WHO = re.compile(r"[^\W\d_][^:：()（）`{}\[\]]{0,40}$")


class Spot(NamedTuple):
    """What is written.

    Attributes:
        what: `header`: front matter; `directive`: within a code span or a line of a stage fence;
            `link` and `picture`: their targets; `value`: an expression in braces; `cue`: between
            the parentheses of a speaker; `speaker`: the beginning of a line; `name`: behind `^`.
        text: as much of it as stands before the place.
        start: the column, from 1, where `text` begins.
        owner: who speaks, of a cue.
        trails: whether a code span follows text of its line.
    """

    what: What
    text: str
    start: int
    owner: str = ""
    trails: bool = False


def header_end(lines: Sequence[str]) -> int:
    """Return the number of lines of front matter, with its fences; 0 if there is none."""
    if not lines or not _HEADER_END.match(lines[0]):
        return 0
    for index in range(1, len(lines)):
        if _HEADER_END.match(lines[index]):
            return index + 1
    return 0


def spot(lines: Sequence[str], line: int, column: int) -> Spot:
    """Return what is written at a place that counts from 1."""
    before = (lines[line - 1] if line <= len(lines) else "")[: column - 1]
    if 1 < line < header_end(lines) or (
        lines[:1] == ["---"] and line == 2 and not header_end(lines)
    ):
        return Spot("header", before, 1)
    fence = _fence_above(lines, line)
    if fence is not None:
        start = len(before) - len(before.lstrip(" >"))
        if fence == "stage" and not before[start:].startswith("#"):
            return Spot("directive", before[start:], start + 1)
        return Spot("text", before, 1)
    if before.count("`") % 2:
        start = before.rfind("`") + 1
        marker = _MARKER.match(before)
        own = before[: start - 1]
        trails = bool(_without_spans(own[marker.end() if marker else 0 :]).strip())
        return Spot("directive", before[start:], start + 1, trails=trails)
    if match := _LINK.search(before):
        what: What = "picture" if match[1] else "link"
        return Spot(what, match[2], match.start(2) + 1)
    if match := _VALUE.search(before):
        return Spot("value", match[1], match.start(1) + 1)
    if match := _NAME.search(before):
        return Spot("name", match[1], match.start(1) + 1)
    marker = _MARKER.match(before)
    begin = marker.end() if marker else 0
    rest = before[begin:]
    if match := _CUES.match(rest):
        return Spot("cue", match["cues"], begin + match.start("cues") + 1, match["who"])
    if not rest or _WHO.match(rest):
        cut = max(rest.rfind("&"), rest.rfind("＆")) + 1
        cut += len(rest[cut:]) - len(rest[cut:].lstrip())
        return Spot("speaker", rest[cut:], begin + cut + 1)
    return Spot("text", before, 1)


def _without_spans(text: str) -> str:
    return re.sub(r"`[^`]*`", "", text)


def _fence_above(lines: Sequence[str], line: int) -> str | None:
    """Return the word of the fence that a line is in; None if it is in none."""
    opened: str | None = None
    mark = ""
    for text in lines[: line - 1]:
        match = _FENCE.match(text)
        if match is None:
            continue
        if opened is None:
            opened, mark = match[2], match[1]
        elif match[1].startswith(mark):
            opened = None
    return opened
