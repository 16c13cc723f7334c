"""Fixes put into the texts that they are for."""

from __future__ import annotations

from collections.abc import Iterable

from comfyvn.source.diagnostics import Diagnostic, Edit, Span


def edits_of(findings: Iterable[Diagnostic]) -> dict[str, list[Edit]]:
    """Return the edits of all fixes by path, in the order of their places.

    A fix is taken whole or not at all: one that touches another that was taken waits for the next
    time.
    """
    taken: dict[str, list[Edit]] = {}
    for finding in findings:
        fix = dict.fromkeys(finding.fix)
        if all(
            not _touch(edit.span, other.span)
            for edit in fix
            for other in taken.get(edit.span.path, ())
        ):
            for edit in fix:
                taken.setdefault(edit.span.path, []).append(edit)
    return {path: sorted(edits) for path, edits in sorted(taken.items())}


def mended(text: str, edits: Iterable[Edit]) -> str:
    """Return a text with edits made in it that do not touch."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    parts = []
    done = 0
    for span, new in sorted(edits):
        begin = starts[span.line - 1] + span.column - 1
        parts += [text[done:begin], new]
        done = starts[span.end_line - 1] + span.end_column - 1
    return "".join([*parts, text[done:]])


def _touch(one: Span, other: Span) -> bool:
    """Whether two ranges overlap or meet, so that the order of their edits would matter."""
    return (one.line, one.column) <= (other.end_line, other.end_column) and (
        other.line,
        other.column,
    ) <= (one.end_line, one.end_column)
