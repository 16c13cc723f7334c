"""What stops publishing: findings that the profile `publish` names and nobody has waived."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import NamedTuple

from comfyvn.advisory.check import judged
from comfyvn.model.placed_waiver import PlacedWaiver
from comfyvn.plan.check import Checked
from comfyvn.plan.profiles import stops
from comfyvn.source.diagnostics import Diagnostic

PROFILE = "publish"
UNWAIVABLE = frozenset({"VN1921"})
"""What no waiver stands for: somebody has to have read a licence's text."""


class Verdict(NamedTuple):
    """What was decided about a project.

    Attributes:
        stopping: what stops it.
        standing: what else was found.
        waived: what is let stand, and by which waiver.
    """

    stopping: tuple[Diagnostic, ...]
    standing: tuple[Diagnostic, ...]
    waived: tuple[tuple[Diagnostic, PlacedWaiver], ...]


def decide(checked: Checked, today: date) -> Verdict:
    """Decide whether a project may be published, by what a check found.

    Severities that the project sets do not count, so that nothing is decided in passing.
    """
    found = judged(checked, today, severities=False, release=True)
    unwaived = [each for each, _ in found.waived if each.code in UNWAIVABLE]
    stopping = stops(PROFILE)
    every = [*found.findings, *unwaived]
    halts = [each for each in every if each.severity == "error" or each.code in stopping]
    return Verdict(
        tuple(sorted(halts, key=_order)),
        tuple(sorted((each for each in every if each not in halts), key=_order)),
        tuple(
            sorted(
                (pair for pair in found.waived if pair[0].code not in UNWAIVABLE),
                key=lambda pair: _order(pair[0]),
            )
        ),
    )


def today(environment: Mapping[str, str] = os.environ) -> date:
    """Return the day that waivers have to hold on: `SOURCE_DATE_EPOCH`, else the clock's."""
    told = environment.get("SOURCE_DATE_EPOCH", "")
    if told.isdecimal():
        return datetime.fromtimestamp(int(told), UTC).date()
    return date.today()


def _order(finding: Diagnostic) -> tuple[str, int, int, str, str]:
    span = finding.span
    return span.path, span.line, span.column, finding.code, finding.message
