"""The step of the advice that looks at the names of the whole story."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from comfyvn.advisory.key_places import KeyPlaces
from comfyvn.advisory.names import check_names
from comfyvn.engine.action import Context
from comfyvn.plan.front_artifacts import read, report
from comfyvn.source.diagnostics import Diagnostics, Span


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
        check_names(said, uses, KeyPlaces(context), out)
    _missing(said, untranslated, out)
    report(context, out)


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
