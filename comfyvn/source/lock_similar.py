"""How alike two wordings of a line are."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

# A run of letters and digits with inner apostrophes; of scripts without spaces, each character.
_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]|[^\W_]+(?:['’][^\W_]+)*"
)


class _Shape(NamedTuple):
    folded: str
    words: Counter[str]
    size: int
    pieces: Counter[str]


def similarity(left: str, right: str) -> float:
    """Return how alike two texts are, from 0 to 1.

    The larger of two Dice coefficients: of words, which forgives a rewritten clause, and of runs of
    three characters, which forgives typos. A text that holds nearly all words of the other, as when
    a line was split or two were joined, counts as 0.6.
    """
    if left == right:
        return 1.0
    a, b = _shape(left), _shape(right)
    if a.folded == b.folded:
        return 0.99 if a.folded else 0.0
    small, large = sorted((a.size, b.size))
    shared = (a.words & b.words).total()
    best = 2 * shared / (a.size + b.size) if a.size + b.size else 0.0
    if small >= 3 and shared >= 0.85 * small and small >= 0.3 * large:
        best = max(best, 0.6)
    pieces, total = (a.pieces & b.pieces).total(), a.pieces.total() + b.pieces.total()
    return max(best, 2 * pieces / total if total else 0.0)


def words(text: str) -> Counter[str]:
    """Return the words of a text, folded, each with how often it stands there."""
    return _shape(text).words


def is_distinctive(text: str) -> bool:
    """Whether two equal texts of this length are hardly equal by chance."""
    return len(text) >= 12 or _shape(text).size >= 3


@lru_cache(maxsize=20_000)
def _shape(text: str) -> _Shape:
    found = _WORD.findall(unicodedata.normalize("NFKC", text[:2000]).casefold())
    folded = " ".join(found)
    padded = f" {folded} "
    pieces = Counter(padded[i : i + 3] for i in range(len(padded) - 2)) if folded else Counter()
    return _Shape(folded, Counter(found), len(found), pieces)
