"""A waiver as it is used: with the place of its entry."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from comfyvn.source.diagnostics import Span


class PlacedWaiver(NamedTuple):
    """A finding that may stand.

    Attributes:
        code: the rule.
        at: where: the id of a line, a path or scene, or a name.
        reason: why it may stand.
        by: who says so.
        until: the last day that it holds.
        span: the place of its entry in `waivers.yaml`.
    """

    code: str
    at: str
    reason: str
    by: str | None
    until: date | None
    span: Span
