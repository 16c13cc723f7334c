"""Bars of a terminal's characters."""

from __future__ import annotations

_EIGHTHS = "▏▎▍▌▋▊▉█"


def bar(part: float, width: int) -> str:
    """Return a bar of eighths of a character; what is more than nothing is seen."""
    eighths = max(round(part * width * 8), 1 if part > 0 else 0)
    full, left = divmod(eighths, 8)
    return "█" * full + (_EIGHTHS[left - 1] if left else "")
