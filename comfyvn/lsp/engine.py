"""The findings of a project while somebody writes: those of `comfyvn check`, by its engine.

What takes longest comes later: see `comfyvn.lsp.story`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from comfyvn.advisory.check import judged
from comfyvn.engine.manifest import STATE
from comfyvn.plan.check import Checker
from comfyvn.source.diagnostics import Diagnostic, Diagnostics, Span

STATE_FOLDER = f"{STATE}/lsp"
"""Where results are kept: apart from those of checks and builds, since what is open is in them."""


class Found(NamedTuple):
    """What a check found.

    Attributes:
        findings: all that is wrong or advised, but for where the story leads, as the project
            judges it.
        ids: by path and line, the ids of the scenes that were asked for.
        answers: what answers to what the story shows and plays; None if that is not known.
    """

    findings: tuple[Diagnostic, ...]
    ids: Mapping[str, dict[int, list[str]]]
    answers: dict[str, Any] | None


class Engine:
    """Checks one project again and again, with what is open laid over its files."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._checker: Checker | None = None

    def check(self, overlay: Mapping[str, bytes], scenes: Collection[str]) -> Found:
        """Check; `scenes` are the paths of those whose ids are wanted. It never raises."""
        try:
            return self._check(overlay, scenes)
        except Exception as error:
            self.close()
            finding = Diagnostics()
            finding.error(
                "VN0151",
                f"the project could not be checked: {error}",
                Span.whole_file("vn.yaml"),
                help="run `comfyvn check`, and tell us if it fails as well",
            )
            return Found(tuple(finding), {}, None)

    def _check(self, overlay: Mapping[str, bytes], scenes: Collection[str]) -> Found:
        if self._checker is None:
            self._checker = Checker(self.root, STATE_FOLDER)
        checked = self._checker.check(overlay, explore=False)
        for failure in checked.failures:
            print(f"comfyvn lsp: {failure}", file=sys.stderr)
        ids: dict[str, dict[int, list[str]]] = {}
        for path in scenes:
            data = checked.read(f"@places/{path[7:-3]}")
            lines = ids[path] = {}
            for id, (line, _) in json.loads(data).items() if data else ():
                lines.setdefault(line, []).append(id)
        found = checked.read("@found")
        findings = judged(checked, date.today()).findings
        return Found(tuple(findings), ids, json.loads(found) if found is not None else None)

    def close(self) -> None:
        """Let go of what is open."""
        if self._checker is not None:
            self._checker.close()
            self._checker = None
