"""Equal items in equal order on two sides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence

from comfyvn.source.lock_order import increasing


def align(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Return pairs of equal items, increasing on both sides, by patience."""
    pairs: list[tuple[int, int]] = []
    ranges = [(0, len(old), 0, len(new))]
    while ranges:
        low, high, start, end = ranges.pop()
        while low < high and start < end and old[low] == new[start]:
            pairs.append((low, start))
            low, start = low + 1, start + 1
        while low < high and start < end and old[high - 1] == new[end - 1]:
            high, end = high - 1, end - 1
            pairs.append((high, end))
        if low == high or start == end:
            continue
        fences = _unique(old, new, low, high, start, end)
        if not fences and (high - low) * (end - start) <= 40_000:
            pairs += _longest(old, new, low, high, start, end)
        before = (low, start)
        for i, j in fences:
            pairs.append((i, j))
            ranges.append((before[0], i, before[1], j))
            before = (i + 1, j + 1)
        if fences:
            ranges.append((before[0], high, before[1], end))
    return sorted(pairs)


def _unique(
    old: Sequence[Hashable], new: Sequence[Hashable], low: int, high: int, start: int, end: int
) -> list[tuple[int, int]]:
    """Return the longest increasing run of items that stand once in either range."""
    here, there = Counter(old[low:high]), Counter(new[start:end])
    at = {new[j]: j for j in range(start, end)}
    shared = [
        (i, at[old[i]]) for i in range(low, high) if here[old[i]] == 1 and there.get(old[i]) == 1
    ]
    return [shared[k] for k in increasing([j for _, j in shared])]


def _longest(
    old: Sequence[Hashable], new: Sequence[Hashable], low: int, high: int, start: int, end: int
) -> list[tuple[int, int]]:
    """Return a longest common subsequence of two short ranges."""
    width = end - start + 1
    table = [[0] * width for _ in range(high - low + 1)]
    for i in range(high - 1, low - 1, -1):
        row, below = table[i - low], table[i - low + 1]
        for j in range(end - 1, start - 1, -1):
            k = j - start
            row[k] = below[k + 1] + 1 if old[i] == new[j] else max(below[k], row[k + 1])
    pairs = []
    i, j = low, start
    while i < high and j < end:
        if old[i] == new[j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif table[i - low + 1][j - start] >= table[i - low][j - start + 1]:
            i += 1
        else:
            j += 1
    return pairs
