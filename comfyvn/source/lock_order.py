"""Order keys: text that sorts as the document does, with room between any two.

A key is the digits of a fraction between 0 and 1 in base 36, without trailing zeros, so that
comparing keys as bytes compares the fractions, and a line put between two others changes neither.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
MAX_KEY = 32
"""How long a key may grow before its scene is given new ones."""


def spread(low: str, high: str, count: int) -> list[str]:
    """Return `count` increasing keys between two keys; `""` stands for 0 below and 1 above.

    They stand close behind `low` rather than in the middle, because people write forward: a run of
    single insertions, each after the last, then costs about 25 of them a digit.
    """
    if high and low >= high:
        raise ValueError(f"no key lies between {low!r} and {high!r}")
    length = max(len(low), len(high), 1)
    while True:
        start = int(low.ljust(length, "0"), 36) if low else 0
        end = int(high.ljust(length, "0"), 36) if high else 36**length
        if end - start > count:
            break
        length += 1
    parts = max(count + 1, min(8, end - start))
    return [_key(start + (end - start) * (k + 1) // parts, length) for k in range(count)]


def _key(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, 36)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits)).rstrip("0")


def keys_for(kept: Sequence[str | None]) -> list[str]:
    """Return increasing keys for a sequence, keeping as many of its present ones as can be.

    None stands for something new, or moved here from elsewhere.
    """
    present = [(key, i) for i, key in enumerate(kept) if key and not key.endswith("0")]
    stay = {present[k][1] for k in increasing([key for key, _ in present])}
    keys: list[str] = []
    low, waiting = "", 0
    for i, key in enumerate(kept):
        if i in stay and key is not None:
            keys += [*spread(low, key, waiting), key] if waiting else [key]
            low, waiting = key, 0
        else:
            waiting += 1
    if waiting:
        keys += spread(low, "", waiting)
    if any(len(key) > MAX_KEY for key in keys):
        return spread("", "", len(kept))
    return keys


def increasing(values: Sequence[str | int]) -> list[int]:
    """Return the indices of a longest strictly increasing subsequence."""
    tails: list[str | int] = []
    ends: list[int] = []
    before: list[int] = []
    for i, value in enumerate(values):
        at = bisect_left(tails, value)
        before.append(ends[at - 1] if at else -1)
        if at == len(tails):
            tails.append(value)
            ends.append(i)
        else:
            tails[at] = value
            ends[at] = i
    chain = []
    at = ends[-1] if ends else -1
    while at >= 0:
        chain.append(at)
        at = before[at]
    return chain[::-1]
