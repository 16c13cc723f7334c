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
from comfyvn.source.diagnostics import Span

Read = Callable[[str], bytes | None]


def judged(checked: Checked, today: date, *, severities: bool = True) -> Judged:
    """Return the findings of a check, judged by `lint` of `vn.yaml` and by `waivers.yaml`.

    Without `severities` those of `vn.yaml` do not count. Where something is so wrong that no
    advice was looked for, nothing is judged.
    """
    data = checked.read("@judgement")
    if data is None:
        return Judged(checked.findings, (), ())
    found = json.loads(data)
    return judge(
        checked.findings,
        found["lint"] if severities else {},
        _waivers(found),
        today,
        _places(checked.read),
        whole=checked.whole,
    )


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
