"""What can be done about a finding: its fix, or the nearest name that its help tells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from comfyvn.lsp.project import Project
from comfyvn.source.diagnostics import Diagnostic, Edit

_MEANT = re.compile(r"did you mean `([^`]+)`\?")


class Action(NamedTuple):
    """Something to do: what it is called, the edits, what it mends, and whether it is certain."""

    title: str
    edits: tuple[Edit, ...]
    mends: Diagnostic
    certain: bool


def actions(project: Project, findings: Iterable[Diagnostic]) -> Iterator[Action]:
    """Yield what can be done about findings."""
    for each in findings:
        if each.fix:
            yield Action(each.help or f"Fix {each.code}", each.fix, each, True)
            continue
        meant = _MEANT.search(each.help or "")
        span = each.span
        if meant is None or span.line == 0 or span.line != span.end_line:
            continue
        lines = project.text(span.path).split("\n")
        if span.line > len(lines):
            continue
        written = lines[span.line - 1][span.column - 1 : span.end_column - 1]
        new = meant[1]
        if new.endswith(".md") and "#" in written:
            # The help tells the file of a link; the label stays.
            new += written[written.index("#") :]
        yield Action(f"Change to `{new}`", (Edit(span, new),), each, False)


def fix_all(findings: Iterable[Diagnostic], path: str) -> tuple[Edit, ...]:
    """Return the certain edits of a file that do not touch each other, in order."""
    found: list[Edit] = []
    for each in findings:
        own = [edit for edit in each.fix if edit.span.path == path]
        if len(own) == len(each.fix) and not any(_touch(a, b) for a in own for b in found):
            found += own
    return tuple(sorted(found, key=lambda edit: edit.span))


def _touch(one: Edit, other: Edit) -> bool:
    first, second = sorted((one.span, other.span))
    behind = (first.end_line, first.end_column)
    start = (second.line, second.column)
    return start < behind or start == (first.line, first.column)
