"""Hints between the words: what is always so, and the ids of lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from comfyvn.lsp.project import Project
from comfyvn.source.diagnostics import Diagnostic

ALWAYS: Mapping[str, str] = {
    "VN1601": "never", "VN1602": "never", "VN1603": "always", "VN1604": "never",
}  # fmt: skip
"""What a finding of the exploration says about a condition, by code."""
_IF = re.compile(r"`(?:(?:el)?if [^`]*|else)`")


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
    lines = project.text(path).split("\n")
    for each in findings:
        said = ALWAYS.get(each.code)
        at = _condition(lines, each.span.line) if said and each.span.path == path else None
        if said and at is not None and first <= at[0] <= last:
            yield Hint(*at, said, f"{each.message}\n{each.help}" if each.help else each.message)
    if not ids or project.scene_of(path) is None:
        return
    for line, found in sorted(project.ids.get(path, {}).items()):
        if first <= line <= min(last, len(lines)) and lines[line - 1].strip():
            yield Hint(line, len(lines[line - 1]) + 1, " ".join(found), "ids in vn.lock")


def _condition(lines: Sequence[str], line: int) -> tuple[int, int] | None:
    """Return where the condition of a line ends, on the last one that it is continued on."""
    for number in range(max(line, 1), len(lines) + 1):
        found = list(_IF.finditer(lines[number - 1]))
        if found:
            return number, found[-1].end() + 1
        if not lines[number - 1].endswith("\\"):
            return None
    return None
