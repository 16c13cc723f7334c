"""How alike two wordings of a line are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from sys import intern

# A run of letters and digits with inner apostrophes; of scripts without spaces, each character.
_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]|[^\W_]+(?:['’][^\W_]+)*"
)


Bag = frozenset[str]
"""A multiset: the second and later ones of equal items have their number behind them."""


def similarity(left: str, right: str, least: float = 0.0) -> float:
    """Return how alike two texts are, from 0 to 1; what is below `least` may come out as 0.

    The larger of two Dice coefficients: of words, which forgives a rewritten clause, and of runs of
    three characters, which forgives typos. A text that holds nearly all words of the other, as when
    a line was split or two were joined, counts as 0.6.
    """
    if left == right:
        return 1.0
    a, b = _folded(left), _folded(right)
    if a == b:
        return 0.99 if a else 0.0
    ours, theirs = words(left), words(right)
    small, large = sorted((len(ours), len(theirs)))
    shared = len(ours & theirs)
    best = 2 * shared / (small + large) if large else 0.0
    if small >= 3 and shared >= 0.85 * small and small >= 0.3 * large:
        best = max(best, 0.6)
    # A text of n characters has n runs, so that their lengths tell how alike they can be at most.
    most = 2 * min(len(a), len(b)) / (len(a) + len(b))
    if most <= best or most < least:
        return best
    pieces = len(_pieces(a) & _pieces(b))
    return max(best, 2 * pieces / (len(a) + len(b)))


@lru_cache(maxsize=50_000)
def words(text: str) -> Bag:
    """Return the words of a text, folded."""
    return _bag(_folded(text).split(" "))


def is_distinctive(text: str) -> bool:
    """Whether two equal texts of this length are hardly equal by chance."""
    return len(text) >= 12 or len(words(text)) >= 3


@lru_cache(maxsize=50_000)
def _folded(text: str) -> str:
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text[:2000]).casefold()))


@lru_cache(maxsize=10_000)
def _pieces(folded: str) -> Bag:
    padded = f" {folded} "
    return _bag(map("".join, zip(padded, padded[1:], padded[2:], strict=False)))


def _bag(items: Iterable[str]) -> Bag:
    # Interned, since other texts have mostly the same items.
    found = list(map(intern, filter(None, items)))
    bag = set(found)
    if len(bag) < len(found):
        bag.clear()
        for item in found:
            count = 1
            name = item
            while name in bag:
                count += 1
                name = f"{item}\0{count}"
            bag.add(name)
    return frozenset(bag)
