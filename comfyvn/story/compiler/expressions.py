"""Typed lowering of expressions to the arrays of `docs/program.md`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from comfyvn.source.diagnostics import Severity
from comfyvn.source.expressions import (
    Binary,
    Call,
    Conditional,
    ExpressionError,
    Literal,
    Members,
    Name,
    Node,
    Quoted,
    Unary,
    parse_expression,
)
from comfyvn.source.nearest import did_you_mean
from comfyvn.story.compiler.functions import lower_call
from comfyvn.story.compiler.operators import lower_binary, lower_unary
from comfyvn.story.resolve import REPORTED, Problem
from comfyvn.story.types import (
    BOOL,
    ERROR,
    INT,
    NUMBER,
    TEXT,
    WRONG,
    Expr,
    Type,
    Typed,
    VariableFacts,
    constant,
    joined,
)

Report = Callable[[Severity, str, str, int, int, str | None], None]
"""Takes severity, code, message, start and end offset in the expression, and help."""


class Scope(Protocol):
    """What an expression's names mean where it stands.

    `here` says whether the meaning was found in what is this scene's alone, so that the lowered
    expression must not be shared with other scenes.
    """

    here: bool

    def variable(self, name: str) -> VariableFacts | None:
        """Return the variable, or None."""
        ...

    def near_variable(self, name: str) -> str | None:
        """Return the variable that `name` was most likely meant to be, or None."""
        ...

    def place(self, target: str) -> str | Problem:
        """Return the Place of a link's target, as written."""
        ...

    def counted(self, function: str, target: str) -> str | Problem:
        """Return the id that `visited`, `times`, `seen` or `chose` counts."""
        ...


_RANDOM = frozenset(["chance", "roll", "pick", "wording"])
_NUMBERS = "write a number, or a variable of type int or number"


def draws(expr: Expr) -> bool:
    """Return whether evaluating `expr` may draw a random number."""
    return expr[0] in _RANDOM or any(
        isinstance(part, list) and part and draws(part) for part in expr[1:] if expr[0] != "set"
    )


def _quoted(values: tuple[str, ...]) -> str:
    return ", ".join(f'`"{value}"`' for value in values)


def _variables(expr: Expr) -> Iterator[str]:
    """Yield the variables of an expression."""
    if expr[0] == "var":
        yield expr[1]
    elif expr[0] != "set":
        for part in expr[1:]:
            if isinstance(part, list) and part:
                yield from _variables(part)


class Lowering:
    """Lowers one expression. Everything wrong is reported once; parts that are wrong are WRONG.

    `known` are the variables that a condition around the current part has asked about.
    """

    def __init__(self, scope: Scope, report: Report) -> None:
        self.scope = scope
        self.report = report
        self.known: frozenset[str] = frozenset()

    def error(self, code: str, message: str, node: Node, help: str | None = None) -> Typed:
        """Report an error about `node`."""
        self.report("error", code, message, node.start, node.end, help)
        return WRONG

    def warning(self, code: str, message: str, node: Node, help: str | None = None) -> None:
        """Report a warning about `node`."""
        self.report("warning", code, message, node.start, node.end, help)

    @contextmanager
    def asked(self, condition: Expr) -> Iterator[None]:
        """Lower what depends on a condition."""
        before = self.known
        self.known = before | frozenset(_variables(condition))
        yield
        self.known = before

    def condition(self, source: str) -> Expr | None:
        """Lower `source` as a condition."""
        node = self.parse(source)
        if node is None:
            return None
        typed = self.truth(node)
        return None if typed.type is ERROR else typed.expr

    def value(self, source: str, wanted: Type) -> Expr | None:
        """Lower `source` as a value that a place of type `wanted` takes."""
        node = self.parse(source)
        if node is None:
            return None
        typed = self.fitted(node, wanted)
        return None if typed.type is ERROR else typed.expr

    def printed(self, source: str) -> Typed | None:
        """Lower `source` as a value of whatever type."""
        node = self.parse(source)
        if node is None:
            return None
        typed = self.lower(node)
        return None if typed.type is ERROR else typed

    def parse(self, source: str) -> Node | None:
        """Parse, reporting what is wrong."""
        try:
            return parse_expression(source)
        except ExpressionError as error:
            self.report("error", error.code, error.message, error.start, error.end, error.help)
            return None

    def lower(self, node: Node, wanted: Type | None = None) -> Typed:
        """Lower `node`; `wanted` is the type that gives a quoted text its meaning."""
        return _LOWER[type(node)](self, node, wanted)

    # Wanted types

    def truth(self, node: Node) -> Typed:
        """Lower `node` as true or false."""
        typed = self.lower(node)
        kind = typed.type.kind
        if kind in ("int", "number", "text", "set"):
            return Typed(["truth", typed.expr], BOOL)
        if kind in ("enum", "label"):
            example = "file.md#heading" if kind == "label" else (*typed.type.values, "…")[0]
            return self.error(
                "VN0507",
                f"{typed.type} is neither true nor false",
                node,
                f'compare it: `… == "{example}"`',
            )
        return typed

    def fitted(self, node: Node, wanted: Type) -> Typed:
        """Lower `node` and hold it to the type `wanted`."""
        typed = self.lower(node, wanted)
        given = typed.type
        if ERROR in (given, wanted) or self._fits(given, wanted):
            if given.numeric and wanted.low is not None:
                self._in_range(typed.expr, node, wanted)
            return typed if wanted is not ERROR else WRONG
        strange = [value for value in given.values if value not in wanted.values]
        if wanted.kind == "set" and given.kind == "enum" and not strange:
            if typed.expr[0] == "var":
                return self._singleton(typed, wanted)
            help: str | None = "set a variable to it first, and add that"
        elif wanted.kind == "int" and given.kind == "number":
            help = "`round(…)` makes a whole number of it, or `//` divides to one"
        elif wanted.values and strange:
            return self.error(
                "VN0508",
                f"this may be `{strange[0]}`, which is none of the values",
                node,
                f"add `{strange[0]}` to the values, or set one of them by name",
            )
        elif wanted.kind in ("enum", "set"):
            help = "its values are " + _quoted(wanted.values)
        elif wanted.kind == "text" and given.numeric:
            help = "write the number within quotes, or print it with `{…}`"
        elif wanted.kind == "bool" and given.kind in ("int", "number", "text", "set"):
            help = "write a comparison, such as `… > 0`"
        elif wanted.kind == "label":
            help = 'a place is written `"file.md#heading"`, or a variable of type `label`'
        elif wanted.kind in ("int", "number") and isinstance(node, Quoted):
            help = "write numbers without quotes"
        else:
            help = None
        return self.error("VN0506", f"expected {wanted}, found {given}", node, help)

    @staticmethod
    def _fits(given: Type, wanted: Type) -> bool:
        if wanted.kind == given.kind:
            return not wanted.values or set(given.values) <= set(wanted.values)
        return (wanted.kind, given.kind) in (("number", "int"), ("text", "enum"))

    def _in_range(self, expr: Expr, node: Node, wanted: Type) -> None:
        value = constant(expr)
        if value is None or wanted.low is None or wanted.high is None:
            return
        if not wanted.low <= value <= wanted.high:
            end = wanted.low if value < wanted.low else wanted.high
            self.warning(
                "VN0521",
                f"{value} is outside the range {wanted.low} to {wanted.high}, so it becomes {end}",
                node,
                f"write a number from {wanted.low} to {wanted.high}, or change the `range`",
            )

    @staticmethod
    def _singleton(typed: Typed, wanted: Type) -> Typed:
        """A set of the one value that an enum variable has."""
        expr: Expr = ["set", []]
        for value in reversed(typed.type.values):
            same = ["==", typed.expr, ["text", value]]
            expr = ["if", same, ["set", [value]], expr]
        return Typed(expr, wanted)

    # Operands

    def _literal(self, node: Literal, wanted: Type | None) -> Typed:
        value = node.value
        if isinstance(value, bool):
            return Typed(["bool", value], BOOL)
        if isinstance(value, int):
            return Typed(["int", value], INT)
        return Typed(["num", value], NUMBER)

    def _quoted(self, node: Quoted, wanted: Type | None) -> Typed:
        value = node.value
        kind = wanted.kind if wanted else "text"
        if wanted and kind in ("enum", "set"):
            if wanted.values and value not in wanted.values:
                return self.error(
                    "VN0508",
                    f"`{value}` is none of the values",
                    node,
                    did_you_mean(value, wanted.values),
                )
            if kind == "enum":
                return Typed(["text", value], Type("enum", (value,)))
            return Typed(["set", [value]], Type("set", (value,)))
        if wanted and kind == "label":
            place = self.scope.place(value)
            self.scope.here = True
            if isinstance(place, Problem):
                return self.unresolved(place, node)
            if wanted.values and place not in wanted.values:
                return self.error(
                    "VN0508",
                    f"`{value}` is none of the places that the variable may have",
                    node,
                    "add it to `values` of the variable",
                )
            return Typed(["label", place], Type("label", (place,)))
        return Typed(["text", value], TEXT)

    def unresolved(self, problem: Problem, node: Node) -> Typed:
        """Report a name that could not be resolved."""
        if problem is REPORTED:
            return WRONG
        return self.error(problem.code, problem.message, node, problem.help)

    def _members(self, node: Members, wanted: Type | None) -> Typed:
        values: list[str] = []
        right = True
        for item in node.items:
            if not isinstance(item, Quoted):
                self.error(
                    "VN0506", "a set in brackets holds quoted values", item, 'write `["a", "b"]`'
                )
                right = False
            elif wanted and wanted.values and item.value not in wanted.values:
                self._quoted(item, Type("enum", wanted.values))
                right = False
            elif item.value not in values:
                values.append(item.value)
        if not right:
            return WRONG
        if wanted and wanted.values:
            values.sort(key=wanted.values.index)
        return Typed(["set", values], Type("set", tuple(values)))

    def _name(self, node: Name, wanted: Type | None) -> Typed:
        facts = self.scope.variable(node.name)
        if facts is None:
            near = self.scope.near_variable(node.name)
            if node.name.lower() in ("true", "false"):
                help = f"did you mean `{node.name.lower()}`?"
            elif near:
                help = f"did you mean `{near}`?"
            elif wanted and node.name in wanted.values:
                help = f'values are quoted: `"{node.name}"`'
            elif wanted and wanted.kind in ("enum", "set"):
                help = "its values are " + _quoted(wanted.values)
            else:
                help = "declare it in `state.yaml`"
            return self.error("VN0505", f"there is no variable `{node.name}`", node, help)
        if facts.scope == "scene":
            self.scope.here = True
        return Typed(["var", facts.name], facts.type)

    def _conditional(self, node: Conditional, wanted: Type | None) -> Typed:
        test = self.truth(node.test)
        with self.asked(test.expr):
            then = self.lower(node.then, wanted)
            otherwise = self.lower(node.otherwise, wanted)
        if ERROR in (then.type, test.type, otherwise.type):
            return WRONG
        both = joined(then.type, otherwise.type)
        if both is None:
            return self.error(
                "VN0506",
                f"the two values differ in type: {then.type} and {otherwise.type}",
                node,
                "give both the same type",
            )
        return Typed(["if", test.expr, then.expr, otherwise.expr], both)

    def numeric(self, node: Node, operator: str) -> Typed:
        """Lower `node` and hold it to a number."""
        return self.held_numeric(self.lower(node), node, operator)

    def held_numeric(self, typed: Typed, node: Node, operator: str) -> Typed:
        """Hold what `node` was lowered to to a number."""
        if typed.type.numeric:
            return typed
        return self.error("VN0506", f"`{operator}` takes numbers, not {typed.type}", node, _NUMBERS)


_LOWER: dict[type[Node], Callable[[Lowering, Any, Type | None], Typed]] = {
    Literal: Lowering._literal,
    Quoted: Lowering._quoted,
    Members: Lowering._members,
    Name: Lowering._name,
    Unary: lambda lowering, node, _: lower_unary(lowering, node),
    Binary: lower_binary,
    Conditional: Lowering._conditional,
    Call: lambda lowering, node, _: lower_call(lowering, node),
}
