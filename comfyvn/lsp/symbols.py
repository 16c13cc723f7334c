"""What has a name in a project, and where it is written."""

from __future__ import annotations

from typing import Literal, NamedTuple

from comfyvn.source.diagnostics import Span

Kind = Literal[
    "character", "look", "variable", "scene", "label", "line", "location", "time", "weather",
    "prop", "anchor", "theme", "asset", "ending", "unlock", "world", "timeline",
]  # fmt: skip


class Symbol(NamedTuple):
    """Something with a name.

    Its name is unique among those of its kind: `mei`, `mei.expressions.worried`, `mei.trust`,
    `school/roof` (a scene or a location), `school/roof#honest` (a label),
    `school/roof#^mei-twice` (a line), `lamp.desk` (an anchor), `music first_rain` (an asset). A
    parameter of a scene is the variable `school/roof:stakes`.
    """

    kind: Kind
    name: str


Form = Literal["name", "path", "slug", "heading", "called"]
"""How a name is written: itself (or what stands behind its last dot); the path of a link, from the
folder of the scene that has it; a heading's slug, or its text; what a character is called."""


class Occurrence(NamedTuple):
    """A place where a symbol is written; `base` is the scene that a path starts from."""

    symbol: Symbol
    span: Span
    defines: bool = False
    form: Form = "name"
    base: str = ""


def covers(span: Span, line: int, column: int) -> bool:
    """Whether a place, counted from 1, is in a span of one line or right behind it."""
    return span.line == line and span.column <= column <= span.end_column
