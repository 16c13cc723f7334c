"""Diagnostics for the page: as JSON, with the source line and a link into an editor."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from comfyvn.source.diagnostics import Diagnostic, Span

EDITORS = {
    "vscode": "vscode://file/{path}:{line}:{column}",
    "vscodium": "vscodium://file/{path}:{line}:{column}",
    "cursor": "cursor://file/{path}:{line}:{column}",
    "zed": "zed://file/{path}:{line}:{column}",
    "idea": "idea://open?file={path}&line={line}&column={column}",
    "sublime": "subl://open?url=file://{path}&line={line}&column={column}",
    "none": "",
}
"""Addresses that open a place in an editor, by its name."""

FIELDS = {"path": "", "line": 1, "column": 1}

WIDEST = 400
"""Characters of a source line that are shown on each side of what is meant."""
JOINERS = "\u200c\u200d"


class Excerpts:
    """Turns diagnostics into JSON; reads each file once."""

    def __init__(self, root: Path, editor: str) -> None:
        self.root = root
        self.editor = EDITORS.get(editor, editor)
        self.files: dict[str, list[str]] = {}

    def all(self, findings: Iterable[Diagnostic]) -> list[dict[str, Any]]:
        """Return them in order, errors first."""
        rank = {"error": 0, "warning": 1, "note": 2}
        ordered = sorted(findings, key=lambda item: (rank[item.severity], item.span, item.code))
        return [self.one(item) for item in ordered]

    def one(self, item: Diagnostic) -> dict[str, Any]:
        """Return one, as `templates/web/dev/socket.js` describes it."""
        found: dict[str, Any] = {
            "code": item.code,
            "severity": item.severity,
            "message": _visible(item.message),
            "place": self._place(item.span),
            "related": [
                {**self._place(other.span), "message": _visible(other.message)}
                for other in item.related
            ],
        }
        if item.help:
            found["help"] = _visible(item.help)
        return found

    def _place(self, span: Span) -> dict[str, Any]:
        place: dict[str, Any] = {"path": span.path, "line": span.line, "column": span.column}
        if self.editor and span.path:
            file = quote((self.root / span.path).resolve().as_posix())
            if "file/{path}" in self.editor:
                file = file.removeprefix("/")
            place["href"] = self.editor.format(
                path=file, line=max(1, span.line), column=max(1, span.column)
            )
        line = self._line(span)
        if line is not None:
            first = min(span.column - 1, len(line))
            last = span.end_column - 1 if span.end_line == span.line else len(line)
            low = max(0, first - WIDEST)
            high = min(len(line), first + WIDEST)
            place["source"] = _visible(line[low:high])
            place["start"] = first - low
            place["end"] = max(first, min(last, high)) - low
        return place

    def _line(self, span: Span) -> str | None:
        if span.line < 1:
            return None
        if span.path not in self.files:
            try:
                data = (self.root / span.path).read_bytes()
            except (OSError, ValueError):
                self.files[span.path] = []
            else:
                text = data.decode("utf-8-sig", "replace")
                text = text.replace("\r\n", "\n").replace("\r", "\n")
                self.files[span.path] = text.split("\n")
        lines = self.files[span.path]
        return lines[span.line - 1] if span.line <= len(lines) else None


def is_address(template: str) -> bool:
    """Return whether a text is an address with the fields of a place in it."""
    try:
        return ":" in template and template.format(**FIELDS) != template
    except (KeyError, IndexError, ValueError):
        return False


def _visible(text: str) -> str:
    """Return a text without what would steer the page that shows it, letter for letter."""
    return "".join(
        "\ufffd"
        if unicodedata.category(char) in {"Cc", "Cf", "Cs"} and char not in "\t\n" + JOINERS
        else char
        for char in text
    )
