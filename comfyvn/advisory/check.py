"""What a check found, as the project judges it: severities of its own, waivers taken out."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from comfyvn.advisory.judge import Judged, Places, judge
from comfyvn.model.placed_waiver import PlacedWaiver
from comfyvn.plan.check import Checked
from comfyvn.plan.painted_actions import DRAFTS, drafts_among
from comfyvn.source.diagnostics import Diagnostic, Diagnostics, Span

Read = Callable[[str], bytes | None]


def judged(
    checked: Checked, today: date, *, severities: bool = True, release: bool = False
) -> Judged:
    """Return the findings of a check, judged by `lint` of `vn.yaml` and by `waivers.yaml`.

    Without `severities` those of `vn.yaml` do not count. For a `release` it counts that pictures
    are drafts. Where something is so wrong that no advice was looked for, nothing is judged.
    """
    data = checked.read("@judgement")
    if data is None:
        return Judged(checked.findings, (), ())
    found = json.loads(data)
    waivers = _waivers(found)
    findings = [*checked.findings]
    # Looked for also where somebody waives it, so that nobody is told that there is no need to.
    if release or any(each.code == DRAFTS for each in waivers):
        findings += _drafts(checked.read)
    said = judge(
        findings,
        found["lint"] if severities else {},
        waivers,
        today,
        _places(checked.read),
        whole=checked.whole,
    )
    if release:
        return said
    kept = Diagnostics(each for each in said.findings if each.code != DRAFTS)
    return said._replace(findings=kept)


def _drafts(read: Read) -> list[Diagnostic]:
    made, painted = read("@found"), read("@painted")
    drafts = drafts_among(made, painted) if made is not None and painted is not None else None
    return [] if drafts is None else [drafts]


def holds_until(checked: Checked, today: date) -> date:
    """Return the last day on which a check is judged as it is today."""
    found = json.loads(checked.read("@judgement") or b'{"waivers": []}')
    ends = (each.until for each in _waivers(found) if each.until is not None)
    return min((day for day in ends if day >= today), default=date.max)


def _waivers(found: dict[str, Any]) -> list[PlacedWaiver]:
    return [
        PlacedWaiver(
            code, at, reason, by, date.fromisoformat(until) if until else None, Span(*span)
        )
        for code, at, reason, by, until, span in found["waivers"]
    ]


def _places(read: Read) -> Places:
    """Return what finds the lines of an id; nothing is read before it is asked."""
    known: dict[str, tuple[str, int, int]] = {}

    def look() -> None:
        for scene in json.loads(read("@scenes") or b"[]"):
            places = json.loads(read(f"@places/{scene}") or b"{}")
            path = str(PurePosixPath("scenes") / f"{scene}.md")
            lines = sorted({line for line, _ in places.values()})
            for id, (line, _) in places.items():
                after = bisect_right(lines, line)
                known[id] = (path, line, lines[after] - 1 if after < len(lines) else 1 << 30)

    def find(id: str) -> tuple[str, int, int] | None:
        if not known:
            look()
        return known.get(id)

    return find
