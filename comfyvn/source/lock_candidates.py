"""Which old and new wordings are worth comparing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from comfyvn.source.lock_similar import Bag, words

FEW = 400
"""Up to so many pairs, all are compared."""
RARE = 20
"""A word that more old texts have than this tells nothing."""
LIKELY = 5
"""How many old texts that share most rare words are compared with a new one."""
REACH = 2
"""How far around the place where a text is expected it is looked for."""

SHORT = 3
"""Words of a text that may be like another without sharing a word with it."""


def candidates(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the numbers of an old and a new text for each pair worth comparing.

    All of a few. Of many, so that the work grows with their number only, the old texts that share
    most rare words with the new one, and those that stand where it does, counted from the start,
    from the end, in proportion, and from the most likely one of the text before.
    """
    if len(old) * len(new) <= FEW:
        yield from ((a, b) for a in range(len(old)) for b in range(len(new)))
        return
    bags = [words(text) for text in old]
    holders: dict[str, list[int]] = defaultdict(list)
    for a, bag in enumerate(bags):
        for word in bag:
            holders[word].append(a)
    rare = {word: numbers for word, numbers in holders.items() if len(numbers) <= RARE}
    follows = 0
    for b, text in enumerate(new):
        bag = words(text)
        shared: Counter[int] = Counter()
        for word in bag & rare.keys():
            shared.update(rare[word])
        enough = max(1, len(bag) // 3)
        alike = sorted((-count, a) for a, count in shared.items() if count >= enough)[:LIKELY]
        expected = {b, b + len(old) - len(new), b * len(old) // len(new), follows}
        near = {a for at in expected for a in range(at - REACH, at + REACH + 1)}
        near = {a for a in near if 0 <= a < len(old) and _may_be(bags[a], bag)}
        yield from ((a, b) for a in sorted(near | {a for _, a in alike}))
        follows = (alike[0][1] if alike else follows) + 1


def _may_be(old: Bag, new: Bag) -> bool:
    """Whether comparing letters is worth it: a short text may have a typo in every word."""
    return len(new) <= SHORT or len(old & new) * 3 >= len(new)
