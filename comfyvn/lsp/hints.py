"""Hints between the words: what is always so, and the ids of lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from comfyvn.lsp.project import Project
from comfyvn.source.diagnostics import Diagnostic

ALWAYS: dict[str, str] = {}
"""What a finding of exploration says about the condition at its place, by code."""


class Hint(NamedTuple):
    """A text before a column of a line, both from 1, and what it means."""

    line: int
    column: int
    text: str
    about: str


def hints(
    project: Project, path: str, findings: Iterable[Diagnostic], first: int, last: int, *, ids: bool
) -> Iterator[Hint]:
    """Yield the hints of some lines of a source."""
    for each in findings:
        said = ALWAYS.get(each.code)
        if said and each.span.path == path and first <= each.span.end_line <= last:
            yield Hint(each.span.end_line, each.span.end_column, said, each.message)
    if not ids or project.scene_of(path) is None:
        return
    lines = project.text(path).split("\n")
    for line, found in sorted(project.ids.get(path, {}).items()):
        if first <= line <= min(last, len(lines)) and lines[line - 1].strip():
            yield Hint(line, len(lines[line - 1]) + 1, " ".join(found), "ids in vn.lock")
