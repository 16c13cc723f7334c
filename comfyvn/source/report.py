"""Diagnostics of one file, told by places within its lines."""

from __future__ import annotations

from collections.abc import Iterable

from comfyvn.source.diagnostics import Diagnostic, Diagnostics, Edit, Related, Severity, Span
from comfyvn.source.syntax import At

MOST = 1000
"""How many findings one file may give; a file with more is not one that a person wrote."""


class Report:
    """Writes diagnostics about `path` into `out`."""

    __slots__ = ("count", "out", "path")

    def __init__(self, path: str, out: Diagnostics) -> None:
        self.path = path
        self.out = out
        self.count = 0

    def span(self, at: At) -> Span:
        """Return the place as a span of this file, at least one column wide."""
        return Span.on_line(self.path, at.line, at.column, max(at.end_column, at.column + 1))

    def error(
        self,
        code: str,
        message: str,
        at: At,
        help: str,
        related: Iterable[tuple[At, str]] = (),
        fix: Iterable[tuple[At, str]] = (),
        severity: Severity = "error",
    ) -> None:
        """Report a mistake at `at`; `help` says what to write instead."""
        self.count += 1
        if self.count > MOST:
            return
        if self.count == MOST:
            help += "; further findings in this file are left out"
        self.out.append(
            Diagnostic(
                code,
                severity,
                message,
                self.span(at),
                help,
                tuple(Related(self.span(place), text) for place, text in related),
                tuple(
                    Edit(Span.on_line(self.path, place.line, place.column, place.end_column), text)
                    for place, text in fix
                ),
            )
        )

    def warning(
        self,
        code: str,
        message: str,
        at: At,
        help: str,
        related: Iterable[tuple[At, str]] = (),
        fix: Iterable[tuple[At, str]] = (),
    ) -> None:
        """Report what is likely a mistake."""
        self.error(code, message, at, help, related, fix, "warning")
