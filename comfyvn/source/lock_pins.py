"""Pins in `vn.lock`: which take of something made is used where it is not the first.

A line has three fields parted by tabs: `@take`, the name of what is made (`sprite kit grin`), and
the number of its take. No scene begins with `@`, so the pins stand before all records.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

MARK = "@take"

_PIN = re.compile(rf"\n{MARK}\t([^\t\n]+)\t([1-9]\d*)(?=\n)")
_PARTIAL = re.compile(rf"{MARK}\t([^\t]*[^\t\s][^\t]*)\t0*([1-9]\d*)\s*")


def pins_in(text: str) -> dict[str, int]:
    """Return the pinned takes by name, of a lock as it was written."""
    # They stand together, as the file is sorted; there are far more lines of another kind.
    found: dict[str, int] = {}
    at = text.find(f"\n{MARK}\t")
    while at >= 0 and (pin := _PIN.match(text, at)) is not None:
        found[pin[1]] = int(pin[2])
        at = pin.end()
    return found


def pin_of(line: str) -> tuple[str, int] | None:
    """Return what a line pins, though an editor had it; None if it is no pin."""
    found = _PARTIAL.fullmatch(line)
    return (found[1], int(found[2])) if found else None


def pin_lines(pins: Mapping[str, int]) -> list[str]:
    """Return the lines of pins."""
    return [f"{MARK}\t{name}\t{take}" for name, take in pins.items()]
