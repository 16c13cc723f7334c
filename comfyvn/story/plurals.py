"""Plural categories, from the Unicode CLDR's `plurals.xml` (release 46), as data of our own.

A rule is written as in CLDR's own syntax, shortened: `n`, `i`, `v`, `f`, `t` are the operands,
`%` the remainder, `=` and `!=` compare with values and ranges (`1,21`, `2..4`).
"""

from __future__ import annotations

import re
from functools import cache

from comfyvn.story.types import Expr

_ENGLISH = {"one": "i = 1 and v = 0"}
_ROMANCE = {
    "one": "i = 1 and v = 0",
    "many": "i != 0 and i % 1000000 = 0 and v = 0",
}
_SLAVIC = {
    "one": "v = 0 and i % 10 = 1 and i % 100 != 11",
    "few": "v = 0 and i % 10 = 2..4 and i % 100 != 12..14",
    "many": "v = 0 and i % 10 = 0 or v = 0 and i % 10 = 5..9 or v = 0 and i % 100 = 11..14",
}
_NONE: dict[str, str] = {}

RULES: dict[str, dict[str, str]] = {
    "ar": {
        "zero": "n = 0",
        "one": "n = 1",
        "two": "n = 2",
        "few": "n % 100 = 3..10",
        "many": "n % 100 = 11..99",
    },
    "cs": {"one": "i = 1 and v = 0", "few": "i = 2..4 and v = 0", "many": "v != 0"},
    "de": _ENGLISH,
    "en": _ENGLISH,
    "es": {"one": "n = 1", "many": "i != 0 and i % 1000000 = 0 and v = 0"},
    "fi": _ENGLISH,
    "fr": {"one": "i = 0,1", "many": "i != 0 and i % 1000000 = 0 and v = 0"},
    "he": {"one": "i = 1 and v = 0 or i = 0 and v != 0", "two": "i = 2 and v = 0"},
    "hu": {"one": "n = 1"},
    "id": _NONE,
    "it": _ROMANCE,
    "ja": _NONE,
    "ko": _NONE,
    "nb": {"one": "n = 1"},
    "da": {"one": "n = 1 or t != 0 and i = 0,1"},
    "nl": _ENGLISH,
    "pl": {
        "one": "i = 1 and v = 0",
        "few": "v = 0 and i % 10 = 2..4 and i % 100 != 12..14",
        "many": "v = 0 and i != 1 and i % 10 = 0,1 or v = 0 and i % 10 = 5..9 "
        "or v = 0 and i % 100 = 12..14",
    },
    "pt": {"one": "i = 0,1", "many": "i != 0 and i % 1000000 = 0 and v = 0"},
    "pt-PT": _ROMANCE,
    "ru": _SLAVIC,
    "sv": _ENGLISH,
    "th": _NONE,
    "tr": {"one": "n = 1"},
    "uk": _SLAVIC,
    "vi": _NONE,
    "zh": _NONE,
}
"""Each language's categories but `other`, in the order in which they are tried."""

_RELATION = re.compile(r"([nivft])(?: % (\d+))? (=|!=) ([\d.,]+)")


def known(language: str) -> bool:
    """Return whether the plural rules of a language are here."""
    return _tag(language) is not None


@cache
def rules(language: str) -> tuple[tuple[str, Expr], ...]:
    """Return the categories of a language (BCP 47) and their conditions over the operands.

    A language that is not known has none, so that all numbers are `other`.
    """
    tag = _tag(language)
    if tag is None:
        return ()
    return tuple((category, condition(rule)) for category, rule in RULES[tag].items())


def categories(language: str) -> list[str]:
    """Return the names of a language's categories, `other` last."""
    return [*(name for name, _ in rules(language)), "other"]


def _tag(language: str) -> str | None:
    tag = language.replace("_", "-")
    if tag in RULES:
        return tag
    base = tag.partition("-")[0].lower()
    return base if base in RULES else None


def condition(rule: str) -> Expr:
    """Return a rule as an expression."""
    return _chain("or", [_all(part) for part in rule.split(" or ")])


def _all(part: str) -> Expr:
    return _chain("and", [_relation(each) for each in part.split(" and ")])


def _relation(text: str) -> Expr:
    match = _RELATION.fullmatch(text)
    assert match is not None, text
    operand, modulus, comparison, values = match.groups()
    left: Expr = ["var", operand]
    if modulus:
        left = ["%", "n" if operand == "n" else "i", left, ["int", int(modulus)]]
    options = []
    for value in values.split(","):
        low, _, high = value.partition("..")
        if not high:
            options.append(["==", left, ["int", int(low)]])
        else:
            options.append(_between(operand, left, int(low), int(high)))
    expr = _chain("or", options)
    return expr if comparison == "=" else ["not", expr]


def _between(operand: str, left: Expr, low: int, high: int) -> Expr:
    """A range holds its whole numbers only, which matters for `n` alone."""
    between = [
        "and",
        [">=", "n", left, ["int", low]],
        ["<=", "n", left, ["int", high]],
    ]
    return ["and", ["==", ["var", "n"], ["var", "i"]], between] if operand == "n" else between


def _chain(operator: str, parts: list[Expr]) -> Expr:
    expr = parts[0]
    for part in parts[1:]:
        expr = [operator, expr, part]
    return expr
