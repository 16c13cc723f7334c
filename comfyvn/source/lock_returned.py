"""Lines that were deleted once and are back."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict

from comfyvn.source.lock_matches import SECTION_KINDS, Matches
from comfyvn.source.lock_similar import is_distinctive


def match_returned(m: Matches) -> None:
    """Match lines that were deleted once and are back, word for word.

    A short one must come back between the neighbours it had.
    """
    dead: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, anchor in enumerate(m.old):
        if not m.alive[number] and m.new_of[number] is None:
            dead[anchor.kind, m.old_key[number]].append(number)
    if not dead:
        return
    for scene, numbers in m.new_range.items():
        before = m.old_range.get(m.scene_before.get(scene, ""), range(0))
        following = _following(m, numbers, before)
        left = before.start - 1
        for j in numbers:
            i = m.old_of[j]
            graves = dead.get((m.new[j].kind, m.new_key[j]))
            if i is None and graves:
                grave = _grave(m, graves, j, before, left, following[j - numbers.start])
                if grave is not None:
                    i = graves.pop(grave)
                    m.match(i, j)
            if i is not None and i in before:
                left = i


def _following(m: Matches, numbers: range, before: range) -> list[int]:
    """Return for each new line the next matched line's old number in its scene."""
    ends = []
    right = before.stop
    for j in reversed(numbers):
        ends.append(right)
        i = m.old_of[j]
        if i is not None and i in before:
            right = i
    return ends[::-1]


def _grave(
    m: Matches, graves: list[int], j: int, before: range, left: int, right: int
) -> int | None:
    """Return which of some tombstones, by index, a new line came back from.

    The first between its neighbours; for a line not equal by chance else the latest of its
    scene, or of any.
    """
    k = bisect_right(graves, left)
    if k < len(graves) and graves[k] < right:
        return k
    anchor = m.new[j]
    k = bisect_right(graves, before.stop - 1) - 1
    here = k >= 0 and graves[k] in before
    if anchor.kind in SECTION_KINDS:
        return k if here else None
    if not is_distinctive(anchor.text):
        return None
    return k if here else len(graves) - 1
