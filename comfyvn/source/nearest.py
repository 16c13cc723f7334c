"""The nearest valid name to one that was mistyped."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable


def nearest(name: str, valid: Iterable[str]) -> str | None:
    """Return the member of `valid` that `name` was most likely meant to be, or None.

    Case, accents, and the choice of `_`, `-` or space cost nothing; then edits count, with a
    transposition as one (optimal string alignment). A name that begins with what was written, or
    the other way round, is taken when no spelling is near. Ties go to the first in `valid`.
    """
    wanted = _folded(name)
    best: str | None = None
    best_distance = 1 + max(1, len(wanted) // 3)
    beginning: str | None = None
    for candidate in valid:
        folded = _folded(candidate)
        if folded == wanted:
            return candidate
        distance = _distance(wanted, folded, best_distance)
        if distance < min(best_distance, max(len(wanted), len(folded))):
            best, best_distance = candidate, distance
        if (
            beginning is None
            and min(len(wanted), len(folded)) >= 3
            and (folded.startswith(wanted) or wanted.startswith(folded))
        ):
            beginning = candidate
    return best or beginning


def did_you_mean(name: str, valid: Iterable[str]) -> str | None:
    """Return a help line that offers the nearest name, else lists a few valid ones, else None."""
    names = list(valid)
    near = nearest(name, names)
    if near is not None:
        return f"did you mean `{near}`?"
    if not names:
        return None
    shown = ", ".join(f"`{item}`" for item in names[:8])
    return f"write one of {shown}" + (" …" if len(names) > 8 else "")


def _folded(name: str) -> str:
    parts = unicodedata.normalize("NFKD", name[:200]).casefold()
    plain = "".join(char for char in parts if not unicodedata.combining(char))
    return plain.replace("-", "_").replace(" ", "_")


def _distance(left: str, right: str, limit: int) -> int:
    """Return the optimal string alignment distance, or `limit` when it is at least that."""
    if abs(len(left) - len(right)) >= limit:
        return limit
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        above, row = row, [i]
        for j, b in enumerate(right, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) >= limit:
            return limit
        before = above
    return min(row[-1], limit)
