"""The one `Diagnostic` type for everything that can be wrong with a project."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "note"]


class Span(NamedTuple):
    """A range of source text.

    Lines and columns count from 1; columns count code points of the line as decoded, before
    any normalisation. The end column is exclusive. `line == 0` means the whole file.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int

    @classmethod
    def on_line(cls, path: str, line: int, column: int, end_column: int) -> Span:
        """Return a span within one line."""
        return cls(path, line, column, line, end_column)

    @classmethod
    def whole_file(cls, path: str) -> Span:
        """Return the span that stands for a file as a whole."""
        return cls(path, 0, 0, 0, 0)


class Related(NamedTuple):
    """Another place that explains a diagnostic, such as the first of two equal names."""

    span: Span
    message: str


class Edit(NamedTuple):
    """Replace the text of `span` by `text`."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Something wrong, where it is, and how to mend it.

    `path` in spans is relative to the project folder, with forward slashes. `code` is stable
    (`VN0301`) and has a page (`comfyvn explain VN0301`). `message` is one sentence without a
    full stop; `help` says what to write instead.
    """

    code: str
    severity: Severity
    message: str
    span: Span
    help: str | None = None
    related: tuple[Related, ...] = ()
    fix: tuple[Edit, ...] = ()


class Diagnostics(list[Diagnostic]):
    """The diagnostics of one run, in the order they were found."""

    def error(
        self,
        code: str,
        message: str,
        span: Span,
        help: str | None = None,
        related: Iterable[Related] = (),
        fix: Iterable[Edit] = (),
    ) -> None:
        """Append an error."""
        self.append(Diagnostic(code, "error", message, span, help, tuple(related), tuple(fix)))

    def warning(
        self,
        code: str,
        message: str,
        span: Span,
        help: str | None = None,
        related: Iterable[Related] = (),
        fix: Iterable[Edit] = (),
    ) -> None:
        """Append a warning."""
        self.append(Diagnostic(code, "warning", message, span, help, tuple(related), tuple(fix)))

    @property
    def has_errors(self) -> bool:
        """Whether any of them is an error."""
        return any(item.severity == "error" for item in self)

    def in_order(self) -> list[Diagnostic]:
        """Return them sorted by file and position, errors before warnings at one place."""
        return sorted(self, key=lambda item: (item.span, item.severity, item.code, item.message))
