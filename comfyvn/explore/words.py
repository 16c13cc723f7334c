"""How long texts are, in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import Any

_TAG = re.compile(r"<rt>.*?</rt>|<[^>]*>")
_APART = re.compile(r"[\s/—–…]+")
_TWO = (
    "\u2e80-\u2fdf\u3005-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0003ffff"
)
_FOUR = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_UNSPACED = re.compile(f"([{_TWO}]+)|([{_FOUR}]+)")


def words_of(text: str) -> int:
    """Return how many words a text in neutral markup has, without its readings (ruby).

    Words are what spaces and dashes part, if there is a letter or digit in them. Scripts that are
    written without spaces count by letters: two of Chinese and Japanese, four of Thai, Lao, Khmer
    and Burmese are a word, about what words have there on average.
    """
    plain = unescape(_TAG.sub("", text))
    if plain.isascii():
        return _spaced(plain)
    letters = 0.0
    for match in _UNSPACED.finditer(plain):
        share = 2 if match[1] else 4
        letters += sum(letter.isalpha() for letter in match[0]) / share
    return _spaced(_UNSPACED.sub(" ", plain)) + round(letters)


def _spaced(text: str) -> int:
    return sum(any(letter.isalnum() for letter in word) for word in _APART.split(text))


def longest(text: Sequence[Any]) -> str:
    """Return a text of the Program as a script counts it: of several forms the longest, and
    `0` for a value."""
    return "".join(_pieces(text))


def _pieces(text: Sequence[Any]) -> Iterator[str]:
    for fragment in text:
        match fragment:
            case str():
                yield fragment
            case {"em": inner} | {"strong": inner} | {"del": inner} | {"ruby": inner}:
                yield from _pieces(inner)
            case {"v": _}:
                yield "0"
            case {"of": options}:
                yield max((longest(each) for each in options), key=len, default="")
            case {"forms": forms}:
                yield max((longest(each) for each in forms.values()), key=len, default="")
