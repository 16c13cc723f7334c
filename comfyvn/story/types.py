"""The types of expressions and variables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from comfyvn.model.state import Scope, Variable, VariableType

Expr = list[Any]
"""A lowered expression, as `docs/program.md` defines them."""

Op = dict[str, Any]
"""A lowered operation, as `docs/program.md` defines them."""


class Type(NamedTuple):
    """`kind` is bool, int, number, text, enum, set, label, or error for what is reported already.

    `values` are the members of an enum or set in declared order, and the places of a label.
    `low` and `high` bound an int or number.
    """

    kind: str
    values: tuple[str, ...] = ()
    low: float | int | None = None
    high: float | int | None = None

    def __str__(self) -> str:
        """Return how messages name it."""
        return _SPOKEN[self.kind]

    @property
    def numeric(self) -> bool:
        """Whether arithmetic takes it; what is reported already is taken anywhere."""
        return self.kind in ("int", "number", "error")


_SPOKEN = {
    "bool": "true or false",
    "int": "a whole number",
    "number": "a number",
    "text": "text",
    "enum": "one of a few values",
    "set": "a set",
    "label": "a place",
    "error": "something wrong",
}

BOOL = Type("bool")
INT = Type("int")
NUMBER = Type("number")
TEXT = Type("text")
ERROR = Type("error")


class Typed(NamedTuple):
    """A lowered expression and its type."""

    expr: Expr
    type: Type


WRONG = Typed(["bool", False], ERROR)
"""Stands for an expression that was reported, and silences what depends on it."""


@dataclass(frozen=True, slots=True)
class VariableFacts:
    """What the compiler knows of a variable: its name in the Program, type, scope, default."""

    name: str
    type: Type
    scope: Scope
    default: Any


class Declaration(NamedTuple):
    """A variable as a source declares it, its places not yet looked up. It is a JSON value."""

    type: VariableType
    values: list[str] | None
    range: list[int | float] | None
    default: Any
    scope: Scope

    @classmethod
    def of(cls, variable: Variable) -> Declaration:
        """Return what matters of a variable to the compiler."""
        return cls(variable.type, variable.values, variable.range, variable.default, variable.scope)


def constant(expr: Expr) -> int | float | None:
    """Return the number that a literal is."""
    return expr[1] if expr[0] in ("int", "num") else None


def joined(left: Type, right: Type) -> Type | None:
    """Return the type that values of both types have, or None when there is none."""
    if left == right:
        return left
    if left.numeric and right.numeric:
        return INT if left.kind == right.kind == "int" else NUMBER
    kinds = {left.kind, right.kind}
    if len(kinds) == 1:
        values = left.values + tuple(each for each in right.values if each not in left.values)
        return Type(left.kind, values)
    return TEXT if kinds == {"text", "enum"} else None
