"""Scenes for rules on texts: read, checked, and mended by the fixes that were offered."""

from __future__ import annotations

from comfyvn.advisory.passages import Passages, passages_of
from comfyvn.advisory.repeats import check_repeats
from comfyvn.advisory.typography import check_typography
from comfyvn.source.diagnostics import Diagnostic, Diagnostics, Edit
from comfyvn.story.compiler.reading import read_scene

CAST = frozenset({"mei", "kenji"})


def passages(text: str) -> Passages:
    reading = read_scene(text, "scenes/start.md", "start", CAST)
    assert not reading.findings.has_errors, reading.findings
    return passages_of(reading.tree, text.split("\n"))


def advice(text: str, language: str = "en") -> list[Diagnostic]:
    out = Diagnostics()
    texts = passages(text)
    check_typography(texts, language, out)
    check_repeats(texts, language, out)
    return out.in_order()


def marked(text: str, finding: Diagnostic) -> str:
    """Return what a finding points at."""
    line = text.split("\n")[finding.span.line - 1]
    return line[finding.span.column - 1 : finding.span.end_column - 1]


def mended(text: str, found: list[Diagnostic]) -> str:
    """Return a text with all fixes applied, the last one first."""
    lines = text.split("\n")
    edits: list[Edit] = sorted((edit for each in found for edit in each.fix), reverse=True)
    for edit in edits:
        line = lines[edit.span.line - 1]
        lines[edit.span.line - 1] = (
            line[: edit.span.column - 1] + edit.text + line[edit.span.end_column - 1 :]
        )
    return "\n".join(lines)
