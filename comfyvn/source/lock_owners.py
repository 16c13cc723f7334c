"""Which menu or pick is which, told by the choices and items that were matched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from comfyvn.source.lock_file import Anchor
from comfyvn.source.lock_similar import is_distinctive

_LISTS, _ITEMS = "mp", "ci"


def owner_pairs(
    old: Sequence[Anchor],
    alive: Sequence[bool],
    new: Sequence[Anchor],
    old_of: Sequence[int | None],
) -> list[tuple[int, int]]:
    """Return the old and new numbers of menus and picks that may be one, the surest first.

    One choice, or one line of its body, tells it, however reworded the others are. Choices that are
    equal by chance, such as `Yes.`, tell it behind the same line, or when they are more than half.
    """
    owner_of_old, owner_of_new = _owner_of_each(old), _owner_of_each(new)
    shared: Counter[tuple[int, int]] = Counter()
    told: set[tuple[int, int]] = set()
    for j, i in enumerate(old_of):
        a, b = None if i is None else owner_of_old[i], owner_of_new[j]
        if a is None or b is None:
            continue
        shared[a, b] += new[j].kind in _ITEMS
        if is_distinctive(new[j].text) or (b and old_of[b - 1] == _above(a, alive)):
            told.add((a, b))
    before = Counter(
        a for a, anchor in zip(owner_of_old, old, strict=True) if anchor.kind in _ITEMS
    )
    now = Counter(b for b, anchor in zip(owner_of_new, new, strict=True) if anchor.kind in _ITEMS)
    return [
        (a, b)
        for (a, b), count in sorted(shared.items(), key=lambda item: (-item[1], item[0]))
        if old[a].kind == new[b].kind and ((a, b) in told or count * 2 > max(before[a], now[b]))
    ]


def _above(k: int, alive: Sequence[bool]) -> int:
    """Return the number of the living line above a line; -1 above the first."""
    return next((a for a in range(k - 1, -1, -1) if alive[a]), -1)


def _owner_of_each(anchors: Sequence[Anchor]) -> list[int | None]:
    """Return for each line the number of the innermost menu or pick it stands in, else None."""
    owners: list[int | None] = []
    around: list[int] = []
    for k, anchor in enumerate(anchors):
        while around and anchors[around[-1]].depth >= anchor.depth:
            around.pop()
        owners.append(around[-1] if around else None)
        if anchor.kind in _LISTS:
            around.append(k)
    return owners
