"""The titles of headings."""

from __future__ import annotations

from comfyvn.source.blocks import Heading
from comfyvn.source.ends import NAME_LIKE
from comfyvn.source.inline import SPECIAL, Inline, flat
from comfyvn.source.raw import Source
from comfyvn.source.report import Report
from comfyvn.source.syntax import Forms, Span, Styled, Text, Value, Wordings


def read_title(heading: Heading, report: Report) -> tuple[str, bool]:
    """Return a heading's text without its styles, and whether it can be a label.

    When it cannot, which is reported, the text is as written: its anchor is the one that code hosts
    make of it, so that links to it are no further finding.
    """
    line, column, text = heading.row
    if SPECIAL.search(text) is None:
        return text, True
    source = Source(text, (0,), ((line, column),))
    if (match := NAME_LIKE.search(text)) is not None:
        _refuse("a fixed id", source, match.start(), match.end(), report)
        return text, False
    before = len(report.out)
    title: Text = Inline(source, report).parse(0, len(text))
    if len(report.out) > before:
        return text, False
    waiting = list(title)
    while waiting:
        piece = waiting.pop()
        if isinstance(piece, Styled):
            waiting.extend(piece.text)
        elif isinstance(piece, Span | Value | Wordings | Forms):
            what = "a code span" if isinstance(piece, Span) else "braces"
            _refuse(what, source, piece.at.column - column, piece.at.end_column - column, report)
            return text, False
    return flat(title), True


def _refuse(what: str, source: Source, start: int, end: int, report: Report) -> None:
    report.error(
        "VN0322",
        f"a label cannot hold {what}",
        source.at(start, end),
        help="write plain words: the label is what links lead to",
    )
