"""The step of the advice that looks at the names of the whole story."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from comfyvn.advisory.names import check_names
from comfyvn.engine.action import Context
from comfyvn.plan.front_artifacts import read, report
from comfyvn.source.diagnostics import Diagnostics, Span
from comfyvn.source.text import read_text

if TYPE_CHECKING:
    from comfyvn.source.yaml import Node


def names(context: Context) -> None:
    """Report names that nobody uses or that are alike, and translations that are missing.

    Reads `@globals`, `@uses/*`, and the YAML sources that something is found in.
    """
    said = read(context, "@globals")
    uses: list[dict[str, Any]] = [
        json.loads(context.read(name)) for name in context.inputs if name.startswith("@uses/")
    ]
    untranslated = [each.pop("untranslated", {}) for each in uses]
    out = Diagnostics()
    if not said["unread"]:
        check_names(said, uses, _Places(context), out)
    _missing(said, untranslated, out)
    report(context, out)


class _Places:
    """Where keys stand; a source is read when a place in it is wanted."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.nodes: dict[str, Node | None] = {}

    def __call__(self, path: str, *steps: str) -> Span:
        if path not in self.nodes:
            from comfyvn.source.yaml import load_yaml

            try:
                text = read_text(path, self.context.read, Diagnostics())
            except KeyError:
                text = None
            self.nodes[path] = None if text is None else load_yaml(text, path, Diagnostics())
        node = self.nodes[path]
        return node.key_at(*steps) if node is not None else Span.whole_file(path)


def _missing(
    said: Mapping[str, Any], untranslated: list[Mapping[str, tuple[int, int]]], out: Diagnostics
) -> None:
    """Report, for each language, how many lines no translation is there for."""
    counts: dict[str, list[int]] = {}
    for each in untranslated:
        for language, (missing, whole) in each.items():
            total = counts.setdefault(language, [0, 0])
            total[0] += missing
            total[1] += whole
    for language, (missing, whole) in counts.items():
        if 0 < missing < whole:
            verb = "line has" if missing == 1 else "lines have"
            out.warning(
                "VN1750",
                f"{missing} of {whole} {verb} no translation into `{language}`",
                Span.whole_file(f"i18n/{language}.po"),
                help="they are shown in the source language",
            )
