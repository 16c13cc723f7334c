"""Diagnostics for people and machines: text with the source line, JSON, SARIF, GitHub."""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal, TextIO

import comfyvn
from comfyvn.source.address import covered
from comfyvn.source.diagnostics import Diagnostic, Diagnostics, Span

Format = Literal["text", "json", "sarif", "github"]
FORMATS: tuple[Format, ...] = ("text", "json", "sarif", "github")

WIDTH = 120
"""How many columns of a long source line are shown."""

TAB = 4

Segment = tuple[str, str]
"""Text, and the rich style it has on a terminal."""

_COLOURS = {"error": "bold red", "warning": "bold yellow", "note": "bold cyan"}
_SARIF_LEVELS = {"error": "error", "warning": "warning", "note": "note"}
_GITHUB_LEVELS = {"error": "error", "warning": "warning", "note": "notice"}


def print_diagnostics(
    out: Diagnostics, root: Path, format: Format = "text", stream: TextIO | None = None
) -> None:
    """Print all of them, in order, to `stream` (standard error); text has colours on a terminal."""
    stream = stream or sys.stderr
    if format != "text":
        stream.write(FORMATTERS[format](out) + "\n")
        return
    if not out:
        return
    segments = _all_segments(out, root)
    if stream.isatty() and "NO_COLOR" not in os.environ:
        from rich.console import Console
        from rich.text import Text

        console = Console(file=stream, highlight=False, soft_wrap=True)
        console.print(Text.assemble(*segments), end="")
    else:
        text = "".join(text for text, _ in segments)
        encoding = stream.encoding or "utf-8"
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))


def summary(out: Iterable[Diagnostic]) -> str:
    """Return how many there are of each severity: `2 errors, 1 warning`."""
    counts = {"error": 0, "warning": 0, "note": 0}
    for item in out:
        counts[item.severity] += 1
    parts = [f"{n} {name}{'' if n == 1 else 's'}" for name, n in counts.items() if n]
    return ", ".join(parts) or "no findings"


def _all_segments(out: Diagnostics, root: Path) -> list[Segment]:
    if not out:
        return []
    sources = _Sources(root)
    segments: list[Segment] = []
    for item in out.in_order():
        segments += _diagnostic(item, sources)
    return [*segments, (summary(out) + "\n", "bold")]


class _Sources:
    """The lines of files, read when they are first shown."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files: dict[str, list[str]] = {}

    def line(self, span: Span) -> str | None:
        """Return the line a span begins on, or None when there is none to show."""
        if span.line < 1:
            return None
        if span.path not in self.files:
            try:
                data = (self.root / span.path).read_bytes()
            except (OSError, ValueError):
                data = b""
            text = data.decode("utf-8-sig", "replace")
            lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            self.files[span.path] = lines
        lines = self.files[span.path]
        return covered(lines[span.line - 1]) if span.line <= len(lines) else None


def _diagnostic(item: Diagnostic, sources: _Sources) -> list[Segment]:
    colour = _COLOURS[item.severity]
    gutter = len(str(max([item.span.line, *(place.span.line for place in item.related)])))
    segments = [(f"{item.severity}[{item.code}]", colour), (f": {plain(item.message)}\n", "bold")]
    segments += _excerpt(item.span, "^", colour, gutter, sources)
    for place in item.related:
        segments += [
            (" " * gutter + " = ", "blue"),
            ("note: ", "bold"),
            (f"{plain(place.message)}\n", ""),
        ]
        segments += _excerpt(place.span, "-", "blue", gutter, sources)
    if item.help:
        segments += [
            (" " * gutter + " = ", "blue"),
            ("help: ", "bold"),
            (f"{plain(item.help)}\n", ""),
        ]
    return [*segments, ("\n", "")]


def _excerpt(span: Span, mark: str, colour: str, gutter: int, sources: _Sources) -> list[Segment]:
    """Return the place, and below it the source line with the span underlined."""
    place = span.path if span.line < 1 else f"{span.path}:{span.line}:{span.column}"
    pad = " " * gutter
    segments = [(f"{pad}--> ", "blue"), (f"{plain(place)}\n", "")]
    line = sources.line(span)
    if line is None:
        return segments
    start = max(0, min(span.column - 1, len(line)))
    end = span.end_column - 1 if span.end_line == span.line else len(line.rstrip())
    shown, before, width = _laid_out(line, start, max(start, min(end, len(line))))
    number = str(span.line).rjust(gutter)
    return [
        *segments,
        (f"{pad} |\n{number} | ", "blue"),
        (f"{shown}\n", ""),
        (f"{pad} | ", "blue"),
        (" " * before + mark * max(1, width) + "\n", colour),
    ]


def _laid_out(line: str, start: int, end: int) -> tuple[str, int, int]:
    """Return a line as it is shown, the columns before its span, and the span's columns.

    A line too long to show is cut around the span.
    """
    cells = [_cell(char) for char in line]
    low, high = 0, len(cells)
    if sum(width for _, width in cells) > WIDTH:
        low = max(0, start - WIDTH // 2)
        high = min(len(cells), low + WIDTH)
        end = min(end, high)
    lead, tail = "…" if low else "", "…" if high < len(cells) else ""
    shown = lead + "".join(text for text, _ in cells[low:high]) + tail
    before = len(lead) + sum(width for _, width in cells[low:start])
    return shown.rstrip(), before, sum(width for _, width in cells[start:end])


def _cell(char: str) -> tuple[str, int]:
    """Return how a character is shown and how many columns it takes.

    What a terminal would obey, or not show at all, is written as its code point.
    """
    if " " <= char <= "~":
        return char, 1
    if char == "\t":
        return " " * TAB, TAB
    category = unicodedata.category(char)
    if category in ("Mn", "Me"):
        return char, 0
    if category in ("Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn") and char != "\u200d":
        text = f"<U+{ord(char):04X}>"
        return text, len(text)
    if char == "\u200d":
        return char, 0
    return char, 2 if unicodedata.east_asian_width(char) in "WF" else 1


def plain(text: str, keep: str = "") -> str:
    """Return text that may quote a source or a name, without what a terminal would obey.

    Args:
        text: what is printed.
        keep: characters that stay as they are.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if char in keep else _cell(char)[0] for char in text)


def render_json(out: Diagnostics) -> str:
    """Return one JSON object with every diagnostic."""
    found = [_as_json(item) for item in out.in_order()]
    errors = sum(item.severity == "error" for item in out)
    warnings = sum(item.severity == "warning" for item in out)
    value = {"diagnostics": found, "errors": errors, "warnings": warnings}
    return json.dumps(value, ensure_ascii=False, indent=2)


def _as_json(item: Diagnostic) -> dict[str, Any]:
    value: dict[str, Any] = {
        "code": item.code,
        "severity": item.severity,
        "message": item.message,
        "span": item.span._asdict(),
    }
    if item.help:
        value["help"] = item.help
    if item.related:
        value["related"] = [
            {"span": place.span._asdict(), "message": place.message} for place in item.related
        ]
    if item.fix:
        value["fix"] = [{"span": edit.span._asdict(), "text": edit.text} for edit in item.fix]
    return value


def render_sarif(out: Diagnostics) -> str:
    """Return a SARIF 2.1.0 log."""
    items = out.in_order()
    rules = sorted({item.code for item in items})
    driver = {
        "name": "comfyvn",
        "version": comfyvn.__version__,
        "rules": [{"id": code} for code in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(item, rules) for item in items],
    }
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    log = {"$schema": schema, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2)


def _sarif_result(item: Diagnostic, rules: Sequence[str]) -> dict[str, Any]:
    text = f"{item.message}; {item.help}" if item.help else item.message
    result: dict[str, Any] = {
        "ruleId": item.code,
        "ruleIndex": rules.index(item.code),
        "level": _SARIF_LEVELS[item.severity],
        "message": {"text": text},
        "locations": [_sarif_location(item.span)],
    }
    if item.related:
        result["relatedLocations"] = [
            {"id": i, "message": {"text": place.message}, **_sarif_location(place.span)}
            for i, place in enumerate(item.related)
        ]
    return result


def _sarif_location(span: Span) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": _uri(span.path)}}
    if span.line > 0:
        place["region"] = {
            "startLine": span.line,
            "startColumn": max(1, span.column),
            "endLine": span.end_line,
            "endColumn": max(1, span.end_column),
        }
    return {"physicalLocation": place}


def _uri(path: str) -> str:
    from urllib.parse import quote

    return quote(path, errors="replace")


def render_github(out: Diagnostics) -> str:
    """Return GitHub's workflow commands, one a line."""
    return "\n".join(_github_line(item) for item in out.in_order())


def _github_line(item: Diagnostic) -> str:
    span = item.span
    fields = {"file": span.path}
    if span.line > 0:
        fields |= {"line": str(span.line), "col": str(span.column), "endLine": str(span.end_line)}
        if span.end_line == span.line:
            fields["endColumn"] = str(span.end_column)
    fields["title"] = item.code
    listed = ",".join(f"{key}={_github_escaped(value, ':,')}" for key, value in fields.items())
    text = f"{item.message}\n{item.help}" if item.help else item.message
    return f"::{_GITHUB_LEVELS[item.severity]} {listed}::{_github_escaped(text)}"


def _github_escaped(text: str, more: str = "") -> str:
    return "".join(
        f"%{ord(char):02X}" if char in "%\r\n" or char in more else char for char in text
    )


FORMATTERS = {"json": render_json, "sarif": render_sarif, "github": render_github}
