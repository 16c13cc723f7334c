"""All names that a plan knows, and those of them that a pattern stands for, quickly."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from functools import cached_property

from comfyvn.engine.pattern import compiled

_LAST = "\U0010ffff"


class Names:
    """Sorted names, found by what they begin or end with before a pattern is tried on them.

    Ten thousand patterns such as `@words/*/opening` would otherwise look at every name each.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.sorted = sorted(names)

    @cached_property
    def _backward(self) -> list[str]:
        return sorted(name[::-1] for name in self.sorted)

    def select(self, pattern: str) -> list[str]:
        """Return the names that a pattern stands for, sorted."""
        head, tail = pattern.partition("*")[0], pattern.rpartition("*")[2][::-1]
        found, some = _range(self.sorted, head), range(0)
        if len(found) > 16 and len(tail) > 1:
            some = _range(self._backward, tail)
        if not found:
            return []
        fits = compiled(pattern).fullmatch
        if some and len(some) < len(found):
            backward = self._backward
            return sorted(name for i in some if fits(name := backward[i][::-1]))
        if pattern == head + "*" and head.startswith("@"):
            return self.sorted[found.start : found.stop]
        return [name for name in self.sorted[found.start : found.stop] if fits(name)]


def _range(names: list[str], head: str) -> range:
    return range(bisect_left(names, head), bisect_left(names, head + _LAST))
