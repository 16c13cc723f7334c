"""Expressions of the Program as Python source over a machine's slots."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comfyvn.explore.slots import COUNTED, Slot
from comfyvn.story.evaluate import TEXT_LIMIT
from comfyvn.story.numbers import clamp, divide, divide_numbers

DRAWN = frozenset({"chance", "roll", "pick"})


def equals(a: Any, b: Any) -> bool:
    """Compare two values of one type; sets, which are tuples here, by membership."""
    if isinstance(a, tuple):
        return len(a) == len(b) and set(a) == set(b)
    return bool(a == b)


def union(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[str, ...]:
    """Return the members of both, in their order."""
    return tuple(dict.fromkeys(a + b))


def minus(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[str, ...]:
    """Return the members of `a` that are not in `b`."""
    return tuple(member for member in a if member not in b)


NAMES: Mapping[str, Any] = {
    "clamp": clamp,
    "divide": divide,
    "divide_numbers": divide_numbers,
    "equals": equals,
    "union": union,
    "minus": minus,
}
"""What the source refers to, besides `v`, the slots, `d`, a `Chance`, and `TITLES`."""


class UnknownError(Exception):
    """An expression reads what is not kept."""


class Writer:
    """Writes expressions over what is kept and what never changes."""

    def __init__(self, slots: Mapping[Slot, int], constants: Mapping[str, Any]) -> None:
        self.slots = slots
        self.constants = constants

    def value(self, e: list[Any]) -> str:
        """Return an expression's source. Raises `UnknownError`."""
        match e:
            case ["int" | "num" | "text" | "bool" | "label", x]:
                return repr(x)
            case ["set", members]:
                return repr(tuple(members))
            case ["var", name]:
                return self.variable(name)
            case ["neg", _, a]:
                return f"clamp(-{self.value(a)})"
            case ["+", "t", a, b]:
                return f"({self.value(a)} + {self.value(b)})[:{TEXT_LIMIT}]"
            case ["+" | "-" as how, _, a, b]:
                return f"clamp({self.value(a)} {how} {self.value(b)})"
            case ["*", kind, a, b]:
                first = self.value(a) if kind == "i" else f"float({self.value(a)})"
                return f"clamp({first} * {self.value(b)})"
            case ["/", a, b]:
                return f"(lambda a, b: clamp(a / b) if b else 0)({self.value(a)}, {self.value(b)})"
            case ["//" | "%" as how, kind, a, b]:
                name = "divide" if kind == "i" else "divide_numbers"
                part = 0 if how == "//" else 1
                return f"{name}({self.value(a)}, {self.value(b)})[{part}]"
            case ["union" | "minus" as how, a, b]:
                return f"{how}({self.value(a)}, {self.value(b)})"
            case ["==" | "!=" as how, a, b]:
                if a[0] in _PLAIN or b[0] in _PLAIN:
                    return f"({self.value(a)} {how} {self.value(b)})"
                no = "not " if how == "!=" else ""
                return f"({no}equals({self.value(a)}, {self.value(b)}))"
            case ["<" | "<=" | ">" | ">=" as how, _, a, b]:
                return f"({self.value(a)} {how} {self.value(b)})"
            case ["not", a]:
                return f"(not {self.value(a)})"
            case ["and" | "or" as how, a, b]:
                return f"({self.value(a)} {how} {self.value(b)})"
            case ["if", c, a, b]:
                return f"({self.value(a)} if {self.value(c)} else {self.value(b)})"
            case ["in", a, b]:
                return f"({self.value(a)} in {self.value(b)})"
            case ["title", a]:
                return f"TITLES[{self.value(a)}]"
            case ["truth", a]:
                return f"bool({self.value(a)})"
            case ["min" | "max" as how, _, *parts]:
                return f"{how}(({', '.join(self.value(part) for part in parts)},))"
            case ["abs", _, a]:
                return f"abs({self.value(a)})"
            case ["round" | "len" as how, a]:
                return f"{how}({self.value(a)})"
            case ["chance", p]:
                return f"d.chance({self.value(p)})"
            case ["roll", count, sides, plus]:
                return f"d.roll({count}, {sides}, {plus})"
            case ["pick", a]:
                return f"d.member({self.value(a)})"
            case ["wording"]:
                return "d.wording()"
            case ["times", id, ever]:
                return f"clamp({self.count(id, ever)})"
            case [name, id, ever] if name in COUNTED:
                return f"({self.count(id, ever)} > 0)"
        raise ValueError(f"unknown operator {e[0]}")

    def variable(self, name: str) -> str:
        """Return where a variable is. Raises `UnknownError`."""
        if name in self.constants:
            return repr(self.constants[name])
        return self.slot(("var", name))

    def count(self, id: str, ever: bool) -> str:
        """Return where a count is. Raises `UnknownError`."""
        return self.slot(("ever" if ever else "count", id))

    def slot(self, slot: Slot) -> str:
        """Return where a slot is. Raises `UnknownError`."""
        if slot not in self.slots:
            raise UnknownError(slot)
        return f"v[{self.slots[slot]}]"

    # What is only partly known

    def may(self, e: list[Any], wanted: bool = True) -> str:
        """Return whether a condition may be `wanted`, as far as what is kept tells."""
        match e:
            case ["and" | "or", a, b]:
                how = "and" if (e[0] == "and") == wanted else "or"
                return f"({self.may(a, wanted)} {how} {self.may(b, wanted)})"
            case ["not", a]:
                return self.may(a, not wanted)
        if any_drawn(e):
            return "True"
        try:
            source = self.value(e)
        except UnknownError:
            return "True"
        return source if wanted else f"(not {source})"


_PLAIN = frozenset({"int", "num", "text", "bool", "label"})


def any_drawn(e: Any) -> bool:
    """Return whether an expression asks the stream of the story."""
    if not isinstance(e, list) or not e:
        return False
    if e[0] in DRAWN:
        return True
    return e[0] != "set" and any(any_drawn(part) for part in e[1:])
