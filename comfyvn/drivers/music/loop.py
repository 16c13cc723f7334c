"""What can be repeated of a track."""

from __future__ import annotations

from collections.abc import Mapping

SHORTEST = 1.0
"""Seconds of a loop."""
ROUNDED = 0.05
"""Seconds by which an end may lie beyond the track: people round what an editor shows."""


def loop_fault(loop: Mapping[str, float], seconds: float) -> str | None:
    """Return why a loop is none in a track that lasts so long, as a clause; None if it is one."""
    start, end = loop.get("start") or 0, loop.get("end") or seconds
    if end > seconds + ROUNDED or start >= seconds:
        return f"goes to {max(start, end):g} s, and the track is {seconds:.2f} s long"
    if min(end, seconds) - start < SHORTEST:
        return f"lasts {max(0.0, end - start):.2f} s, and has to last {SHORTEST:g} s"
    return None
