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

_SHOWN = 5
"""How many lines without a translation are named."""


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
    said: Mapping[str, Any],
    untranslated: list[Mapping[str, tuple[list[str], int]]],
    out: Diagnostics,
) -> None:
    """Report, for each language, how many lines no translation is there for, and the first."""
    lacking: dict[str, list[str]] = {}
    counts: dict[str, int] = {}
    for each in untranslated:
        for language, (missing, whole) in each.items():
            lacking.setdefault(language, []).extend(missing)
            counts[language] = counts.get(language, 0) + whole
    for language, ids in lacking.items():
        if 0 < len(ids) < counts[language]:
            verb = "has" if len(ids) == 1 else "have"
            shown = ", ".join(f"`{id}`" for id in ids[:_SHOWN])
            more = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
            out.warning(
                "VN1750",
                f"{len(ids)} of {counts[language]} lines {verb} no translation into `{language}`",
                Span.whole_file(f"i18n/{language}.po"),
                help=f"translate {shown}{more}; till then they read as in the source",
            )
