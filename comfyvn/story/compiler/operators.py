"""The operators of expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comfyvn.source.expressions import Binary, Members, Quoted, Unary
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
    constant,
    joined,
)

if TYPE_CHECKING:
    from comfyvn.story.compiler.expressions import Lowering

_OF_ONE_TYPE = "compare values of one type"
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def lower_unary(lowering: Lowering, node: Unary) -> Typed:
    """Lower `-a` or `not a`."""
    if node.operator == "not":
        operand = lowering.truth(node.operand)
        return WRONG if operand.type is ERROR else Typed(["not", operand.expr], BOOL)
    operand = lowering.numeric(node.operand, "-")
    if operand.type is ERROR:
        return WRONG
    if operand.expr[0] in ("int", "num"):
        return Typed([operand.expr[0], -operand.expr[1] or 0], operand.type)
    letter = "i" if operand.type.kind == "int" else "n"
    return Typed(["neg", letter, operand.expr], _plain(operand.type))


def lower_binary(lowering: Lowering, node: Binary, wanted: Type | None) -> Typed:
    """Lower an operator between two values."""
    operator = node.operator
    if operator in ("and", "or"):
        left = lowering.truth(node.left)
        with lowering.asked(left.expr):
            right = lowering.truth(node.right)
        if ERROR in (left.type, right.type):
            return WRONG
        return Typed([operator, left.expr, right.expr], BOOL)
    if operator in ("in", "not in"):
        return _membership(lowering, node)
    if operator in _MIRRORED:
        return _comparison(lowering, node)
    return _arithmetic(lowering, node, wanted)


def _membership(lowering: Lowering, node: Binary) -> Typed:
    whole = lowering.lower(node.right)
    if whole.type.kind == "set":
        item = lowering.lower(node.left, Type("enum", whole.type.values))
        if item.type.kind == "enum" and isinstance(node.right, Members):
            whole = lowering.lower(node.right, item.type)
        wanted = item.type.kind in ("enum", "text", "error")
    elif whole.type.kind in ("text", "enum"):
        item = lowering.lower(node.left)
        wanted = item.type.kind in ("text", "enum", "error")
    else:
        item = lowering.lower(node.left)
        wanted = True
        if whole.type is not ERROR:
            whole = lowering.error(
                "VN0506",
                f"`in` looks into a set or text, not into {whole.type}",
                node.right,
                'write `"value" in set`, or compare with `==`',
            )
    if not wanted:
        lowering.error(
            "VN0506",
            f"`in` looks for a value or text, not for {item.type}",
            node.left,
            'write `"value" in set`',
        )
    if not wanted or ERROR in (item.type, whole.type):
        return WRONG
    expr: Expr = ["in", item.expr, whole.expr]
    return Typed(["not", expr] if node.operator == "not in" else expr, BOOL)


def _comparison(lowering: Lowering, node: Binary) -> Typed:
    operator = node.operator
    left, right = _both(lowering, node)
    if ERROR in (left.type, right.type):
        return WRONG
    _decided(lowering, node, left, right)
    if operator in ("==", "!="):
        if joined(left.type, right.type) is None:
            return lowering.error(
                "VN0506", f"{left.type} never equals {right.type}", node, _OF_ONE_TYPE
            )
        return Typed([operator, left.expr, right.expr], BOOL)
    if left.type.numeric and right.type.numeric:
        return Typed([operator, "n", left.expr, right.expr], BOOL)
    if left.type.kind in ("text", "enum") and right.type.kind in ("text", "enum"):
        return Typed([operator, "t", left.expr, right.expr], BOOL)
    return lowering.error(
        "VN0506",
        f"`{operator}` orders numbers or texts, not {left.type} and {right.type}",
        node,
        "ask with `==` or `!=`" if left.type.kind == right.type.kind else _OF_ONE_TYPE,
    )


def _both(lowering: Lowering, node: Binary) -> tuple[Typed, Typed]:
    """Lower both sides, a quoted one by what the other one is."""
    if isinstance(node.left, Quoted | Members):
        right = lowering.lower(node.right)
        return lowering.lower(node.left, right.type), right
    left = lowering.lower(node.left)
    return left, lowering.lower(node.right, left.type)


def _decided(lowering: Lowering, node: Binary, left: Typed, right: Typed) -> None:
    """Warn when a range settles a comparison with a number."""
    operator, bounds, value = node.operator, left.type, constant(right.expr)
    if value is None:
        operator, bounds, value = _MIRRORED[operator], right.type, constant(left.expr)
    low, high = bounds.low, bounds.high
    if value is None or low is None or high is None:
        return
    outcome = {
        "==": False if not low <= value <= high else None,
        "!=": True if not low <= value <= high else None,
        "<": True if high < value else False if low >= value else None,
        "<=": True if high <= value else False if low > value else None,
        ">": True if low > value else False if high <= value else None,
        ">=": True if low >= value else False if high < value else None,
    }[operator]
    if outcome is not None:
        lowering.warning(
            "VN0522",
            f"this is always {str(outcome).lower()}: the range is {low} to {high}",
            node,
            "compare with another number, or change the `range`",
        )


def _arithmetic(lowering: Lowering, node: Binary, wanted: Type | None) -> Typed:
    operator = node.operator
    if operator in ("+", "-"):
        hint = wanted if wanted and wanted.kind == "set" else None
        left, right = lowering.lower(node.left, hint), lowering.lower(node.right, hint)
        kinds = {left.type.kind, right.type.kind}
        if kinds == {"set"}:
            values = left.type.values + tuple(
                value for value in right.type.values if value not in left.type.values
            )
            name = "union" if operator == "+" else "minus"
            kept = values if operator == "+" else left.type.values
            return Typed([name, left.expr, right.expr], Type("set", kept))
        if operator == "+" and kinds <= {"text", "enum"}:
            return Typed(["+", "t", left.expr, right.expr], TEXT)
        if operator == "+" and "text" in kinds and not kinds & {"error"}:
            return lowering.error(
                "VN0506",
                f"`+` joins text with text, not {left.type} with {right.type}",
                node,
                "print values within text by `{…}`",
            )
        left = lowering.held_numeric(left, node.left, operator)
        right = lowering.held_numeric(right, node.right, operator)
    else:
        left = lowering.numeric(node.left, operator)
        right = lowering.numeric(node.right, operator)
    if operator in ("/", "//", "%"):
        _divisor(lowering, node, right)
    if ERROR in (left.type, right.type):
        return WRONG
    if operator == "/":
        return Typed(["/", left.expr, right.expr], NUMBER)
    whole = left.type.kind == right.type.kind == "int"
    expr = [operator, "i" if whole else "n", left.expr, right.expr]
    return Typed(expr, INT if whole else NUMBER)


def _divisor(lowering: Lowering, node: Binary, divisor: Typed) -> None:
    """Report a divisor that is 0, or a variable that may be and is not asked about."""
    if constant(divisor.expr) == 0:
        lowering.warning(
            "VN0520", "dividing by zero gives 0", node.right, "divide by another number"
        )
    elif divisor.expr[0] == "var" and divisor.expr[1] not in lowering.known:
        low, high = divisor.type.low, divisor.type.high
        if divisor.type is not ERROR and (low is None or high is None or low <= 0 <= high):
            name = divisor.expr[1].rpartition("#")[2]
            lowering.report(
                "note",
                "VN0520",
                f"`{name}` may be 0, and dividing by zero gives 0",
                node.right.start,
                node.right.end,
                f"ask first, `… if {name} != 0 else …`, or give it a `range` without 0",
            )


def _plain(type: Type) -> Type:
    return INT if type.kind == "int" else NUMBER
