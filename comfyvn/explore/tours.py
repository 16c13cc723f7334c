"""A few routes that together pass everything that any of many pass."""

from __future__ import annotations

from collections.abc import Sequence

from comfyvn.explore.walks import Walk


def tours(walks: Sequence[Walk]) -> list[Walk]:
    """Return some of the walks, each passing something that those before it do not, that together
    pass all that any of them passes.

    Always the one that adds the most is taken next (V. Chvátal, "A Greedy Heuristic for the
    Set-Covering Problem", 1979), of equal ones the earliest.
    """
    left = [set(walk.passed) for walk in walks]
    chosen: list[Walk] = []
    while any(left):
        best = max(range(len(left)), key=lambda at: len(left[at]))
        chosen.append(walks[best])
        met = left[best]
        left = [passed - met for passed in left]
    return chosen
