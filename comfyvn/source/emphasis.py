"""Emphasis by CommonMark's rules for delimiter runs (spec 0.31.2, 6.2 and its appendix)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

STYLES = {1: "em", 2: "strong"}


@dataclass(slots=True)
class Run:
    """A run of `*`, `_` or `~~` in text; `count` is what is left of it.

    `closes` and `opens` are the styles it ends and begins, each in the order in which the text
    meets them once `pair` has run.
    """

    char: str
    length: int
    start: int
    can_open: bool
    can_close: bool
    count: int = 0
    closes: list[str] = field(default_factory=list)
    opens: list[str] = field(default_factory=list)


def run_at(text: str, start: int, end: int) -> Run:
    """Return the delimiter run `text[start:end]` with what its neighbours let it do."""
    char = text[start]
    space_before, sign_before = _kind(text[start - 1] if start else "\n")
    space_after, sign_after = _kind(text[end] if end < len(text) else "\n")
    left = not space_after and (not sign_after or space_before or sign_before)
    right = not space_before and (not sign_before or space_after or sign_after)
    length = end - start
    if char == "_":
        can_open = left and (not right or sign_before)
        can_close = right and (not left or sign_after)
    elif char == "~" and length != 2:
        can_open = can_close = False
    else:
        can_open, can_close = left, right
    return Run(char, length, start, can_open, can_close, length)


def _kind(char: str) -> tuple[bool, bool]:
    """Return whether a character is white space, and whether it is punctuation or a symbol."""
    if char.isascii():
        return char in " \t\n\f\r", not char.isalnum() and char.isprintable() and char != " "
    category = unicodedata.category(char)
    return category == "Zs", category[0] in "PS"


def pair(runs: list[Run]) -> None:
    """Match openers and closers in place. Takes linear time."""
    count = len(runs)
    before = list(range(-1, count - 1))
    after = list(range(1, count + 1))
    bottoms: dict[tuple[str, bool, int], int] = {}

    def unlink(index: int) -> None:
        if before[index] >= 0:
            after[before[index]] = after[index]
        if after[index] < count:
            before[after[index]] = before[index]

    at = 0
    while at < count:
        closer = runs[at]
        if not closer.can_close:
            at = after[at]
            continue
        key = (closer.char, closer.can_open, closer.length % 3)
        bottom = bottoms.get(key, -1)
        other = before[at]
        while other > bottom and not _match(runs[other], closer):
            other = before[other]
        if other > bottom:
            opener = runs[other]
            use = 2 if opener.count >= 2 and closer.count >= 2 else 1
            style = "del" if closer.char == "~" else STYLES[use]
            opener.count -= use
            closer.count -= use
            opener.opens.append(style)
            closer.closes.append(style)
            after[other], before[at] = at, other
            if not opener.count:
                unlink(other)
            if not closer.count:
                unlink(at)
                at = after[at]
        else:
            bottoms[key] = before[at]
            if not closer.can_open:
                unlink(at)
            at = after[at]
    for run in runs:
        run.opens.reverse()  # what was matched last stands outermost


def _match(opener: Run, closer: Run) -> bool:
    if opener.char != closer.char or not opener.can_open:
        return False
    if closer.char == "~":
        return True
    both = closer.can_open or opener.can_close
    return not (both and closer.length % 3 != 0 and (opener.length + closer.length) % 3 == 0)
