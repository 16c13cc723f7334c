"""Patterns of artifact names.

In the name of a file `*` stands for any characters but `/`, and `**` for any at all, so that
`art/**/*.svg` is every SVG below `art/`, itself included. The name of a result (`@part/*`) has no
folders: there `*` stands for any characters.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache

_STAR = re.compile(r"\*\*/|\*+")


def is_pattern(name: str) -> bool:
    """Return whether a name stands for any number of names."""
    return "*" in name


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> re.Pattern[str]:
    """Return the regular expression that fully matches what a pattern stands for."""
    wide = pattern.startswith("@")
    parts, at = [], 0
    for star in _STAR.finditer(pattern):
        parts.append(re.escape(pattern[at : star.start()]))
        if star[0] == "*" and not wide:
            parts.append("[^/]*")
        else:
            parts.append("(?:.*/)?" if star[0].endswith("/") and not wide else ".*")
            if wide and star[0].endswith("/"):
                parts.append("/")
        at = star.end()
    return re.compile("".join(parts) + re.escape(pattern[at:]), re.DOTALL)


def matches(pattern: str, name: str) -> bool:
    """Return whether a pattern stands for a name; a name without `*` stands for itself."""
    return compiled(pattern).fullmatch(name) is not None if "*" in pattern else pattern == name


def select(pattern: str, names: Sequence[str]) -> list[str]:
    """Return those of some sorted names that a pattern stands for."""
    start = pattern.partition("*")[0]
    found = names[bisect_left(names, start) : bisect_left(names, start + "\U0010ffff")]
    if pattern == start + "*" and start.startswith("@"):
        return list(found)
    fits = compiled(pattern).fullmatch
    return [name for name in found if fits(name)]


def overlap(one: str, other: str) -> bool:
    """Return whether some name may fit both patterns (of `**/`, a little too often)."""
    if "*" not in one:
        return matches(other, one)
    if "*" not in other:
        return matches(one, other)
    heads = one.partition("*")[0], other.partition("*")[0]
    tails = one.rpartition("*")[2], other.rpartition("*")[2]
    if not (heads[0].startswith(heads[1]) or heads[1].startswith(heads[0])):
        return False
    if not (tails[0].endswith(tails[1]) or tails[1].endswith(tails[0])):
        return False
    return _meet(_tokens(one), _tokens(other))


def head(name: str) -> str:
    """Return a name's first part; `*` if a pattern does not say it.

    Where neither's is `*`, only names and patterns with the same one can overlap.
    """
    first = name.partition("/")[0]
    return "*" if "*" in first else first


_NAME, _ANY = "*", "**"
"""What a token that is no character stands for: anything but `/`, anything."""


def _tokens(pattern: str) -> list[str]:
    many = _ANY if pattern.startswith("@") else _NAME
    tokens: list[str] = []
    at = 0
    for star in _STAR.finditer(pattern):
        tokens += pattern[at : star.start()]
        tokens.append(many if star[0] == "*" else _ANY)
        at = star.end()
    return tokens + list(pattern[at:])


def _meet(one: list[str], other: list[str]) -> bool:
    """Search the product of two automata, each a row of tokens, for a way to both ends."""
    seen: set[tuple[int, int]] = set()
    waiting = [(0, 0)]
    while waiting:
        state = waiting.pop()
        if state in seen:
            continue
        seen.add(state)
        i, j = state
        a = one[i] if i < len(one) else ""
        b = other[j] if j < len(other) else ""
        if not a and not b:
            return True
        stars = a[:1] == "*", b[:1] == "*"
        if stars[0]:
            waiting.append((i + 1, j))
        if stars[1]:
            waiting.append((i, j + 1))
        if stars[0] != stars[1]:
            star, char = (a, b) if stars[0] else (b, a)
            if char and (star == _ANY or char != "/"):
                waiting.append((i, j + 1) if stars[0] else (i + 1, j))
        elif a == b and a and not stars[0]:
            waiting.append((i + 1, j + 1))
    return False
