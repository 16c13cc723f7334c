"""What an expression is worth. Every operation is total."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Protocol

from comfyvn.story.numbers import clamp, divide, divide_numbers

TEXT_LIMIT = 65_536
"""The longest text that `+` makes, in code points."""


class World(Protocol):
    """What an expression may ask about."""

    def variable(self, name: str) -> Any:
        """Return a variable's value."""

    def draw(self, stream: str) -> float:
        """Return a number from 0 to 1, without 1."""

    def times(self, id: str, ever: bool) -> int:
        """Return how often something was reached, in this run or in any."""

    def title(self, place: str) -> str:
        """Return a label's title."""


def evaluate(e: list[Any], w: World) -> Any:
    """Return the value of an expression."""
    return _OPERATORS[e[0]](e, w)


def equal(a: Any, b: Any) -> bool:
    """Compare two values of one type; sets by membership."""
    if isinstance(a, list):
        return len(a) == len(b) and set(a) == set(b)
    return bool(a == b)


def _literal(e: list[Any], _w: World) -> Any:
    return e[1]


def _plus(e: list[Any], w: World) -> Any:
    total = evaluate(e[2], w) + evaluate(e[3], w)
    return total[:TEXT_LIMIT] if e[1] == "t" else clamp(total)


def _times(e: list[Any], w: World) -> float:
    a, b = evaluate(e[2], w), evaluate(e[3], w)
    return clamp(a * b if e[1] == "i" else float(a) * b)


def _over(e: list[Any], w: World) -> float:
    a, b = evaluate(e[1], w), evaluate(e[2], w)
    return clamp(a / b) if b else 0


def _division(e: list[Any], w: World) -> tuple[float, float]:
    a, b = evaluate(e[2], w), evaluate(e[3], w)
    return divide(a, b) if e[1] == "i" else divide_numbers(a, b)


def _union(e: list[Any], w: World) -> list[str]:
    return list(dict.fromkeys([*evaluate(e[1], w), *evaluate(e[2], w)]))


def _minus(e: list[Any], w: World) -> list[str]:
    a, b = evaluate(e[1], w), evaluate(e[2], w)
    return [member for member in a if member not in b]


def _compare(test: Callable[[Any, Any], bool]) -> Callable[[list[Any], World], bool]:
    return lambda e, w: test(evaluate(e[2], w), evaluate(e[3], w))


def _in(e: list[Any], w: World) -> bool:
    member = evaluate(e[1], w)
    return member in evaluate(e[2], w)


def _chance(e: list[Any], w: World) -> bool:
    limit = evaluate(e[1], w)
    return bool(w.draw("story") < limit)


def _roll(e: list[Any], w: World) -> float:
    _, count, sides, plus = e
    return clamp(plus + sum(1 + math.floor(w.draw("story") * sides) for _ in range(count)))


def _pick(e: list[Any], w: World) -> str:
    members: list[str] = evaluate(e[1], w)
    return members[math.floor(w.draw("story") * len(members))] if members else ""


def _reached(e: list[Any], w: World) -> bool:
    return w.times(e[1], e[2]) > 0


_OPERATORS: dict[str, Callable[[list[Any], World], Any]] = {
    "int": _literal,
    "num": _literal,
    "text": _literal,
    "bool": _literal,
    "set": _literal,
    "label": _literal,
    "var": lambda e, w: w.variable(e[1]),
    "neg": lambda e, w: clamp(-evaluate(e[2], w)),
    "+": _plus,
    "-": lambda e, w: clamp(evaluate(e[2], w) - evaluate(e[3], w)),
    "*": _times,
    "/": _over,
    "//": lambda e, w: _division(e, w)[0],
    "%": lambda e, w: _division(e, w)[1],
    "union": _union,
    "minus": _minus,
    "==": lambda e, w: equal(evaluate(e[1], w), evaluate(e[2], w)),
    "!=": lambda e, w: not equal(evaluate(e[1], w), evaluate(e[2], w)),
    "<": _compare(lambda a, b: a < b),
    "<=": _compare(lambda a, b: a <= b),
    ">": _compare(lambda a, b: a > b),
    ">=": _compare(lambda a, b: a >= b),
    "not": lambda e, w: not evaluate(e[1], w),
    "and": lambda e, w: evaluate(e[1], w) and evaluate(e[2], w),
    "or": lambda e, w: evaluate(e[1], w) or evaluate(e[2], w),
    "if": lambda e, w: evaluate(e[2] if evaluate(e[1], w) else e[3], w),
    "in": _in,
    "title": lambda e, w: w.title(evaluate(e[1], w)),
    "truth": lambda e, w: bool(evaluate(e[1], w)),
    "min": lambda e, w: min(evaluate(part, w) for part in e[2:]),
    "max": lambda e, w: max(evaluate(part, w) for part in e[2:]),
    "abs": lambda e, w: abs(evaluate(e[2], w)),
    "round": lambda e, w: round(evaluate(e[1], w)),
    "len": lambda e, w: len(evaluate(e[1], w)),
    "chance": _chance,
    "roll": _roll,
    "pick": _pick,
    "wording": lambda _e, w: w.draw("cosmetics"),
    "visited": _reached,
    "seen": _reached,
    "chose": _reached,
    "times": lambda e, w: clamp(w.times(e[1], e[2])),
}
OPERATORS = frozenset(_OPERATORS)
"""The names of all operators."""
