"""The functions of expressions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from comfyvn.source.expressions import Call, Node, Quoted
from comfyvn.source.nearest import did_you_mean
from comfyvn.story.resolve import Problem
from comfyvn.story.types import BOOL, ERROR, INT, NUMBER, WRONG, Type, Typed, constant

if TYPE_CHECKING:
    from comfyvn.story.compiler.expressions import Lowering

_DICE = re.compile(r"(\d{0,4})[dD](\d{1,7})\s*(?:([+-])\s*(\d{1,9}))?")
_NUMERIC_FUNCTIONS = {"min": (2, 99), "max": (2, 99), "abs": (1, 1), "round": (1, 1)}
_ARITY = _NUMERIC_FUNCTIONS | {"len": (1, 1), "chance": (1, 1), "roll": (1, 1), "pick": (1, 1)}
_COUNTERS = {"visited": BOOL, "times": INT, "seen": BOOL, "chose": BOOL}
_FUNCTIONS = [*_ARITY, *_COUNTERS]


def lower_call(lowering: Lowering, node: Call) -> Typed:
    """Lower a function's call."""
    name = node.name
    if name in _COUNTERS:
        return _counter(lowering, node)
    if name not in _ARITY:
        for argument in node.arguments:
            lowering.lower(argument)
        return lowering.error(
            "VN0509",
            f"there is no function `{name}`",
            Node(node.start, node.start + len(name)),
            did_you_mean(name, _FUNCTIONS),
        )
    if node.ever:
        return lowering.error("VN0509", f"`{name}` takes no `ever`", node, "drop it")
    least, most = _ARITY[name]
    if not least <= len(node.arguments) <= most:
        counts = "one value" if most == 1 else "two values or more"
        return lowering.error(
            "VN0510",
            f"`{name}` takes {counts}",
            node,
            f"write `{name}(a{', b' if least > 1 else ''})`",
        )
    if name in _NUMERIC_FUNCTIONS:
        return _numeric_call(lowering, node)
    argument = node.arguments[0]
    if name == "roll":
        return _roll(lowering, argument)
    typed = lowering.lower(argument)
    if typed.type is ERROR:
        return WRONG
    if name == "len":
        if typed.type.kind not in ("text", "enum", "set"):
            return lowering.error(
                "VN0506",
                f"`len` measures text or a set, not {typed.type}",
                argument,
                "give it a variable of type text or set",
            )
        return Typed(["len", typed.expr], INT)
    if name == "chance":
        if not typed.type.numeric:
            return lowering.error(
                "VN0506",
                f"`chance` takes a number, not {typed.type}",
                argument,
                "chances go from 0 to 1",
            )
        probability = constant(typed.expr)
        if probability is not None and not 0 <= probability <= 1:
            lowering.warning(
                "VN0523",
                f"a chance of {probability} is always {str(probability > 1).lower()}",
                argument,
                "chances go from 0 to 1",
            )
        return Typed(["chance", typed.expr], BOOL)
    if typed.type.kind != "set":
        return lowering.error(
            "VN0506", f"`pick` takes a set, not {typed.type}", argument, 'write `pick(["a", "b"])`'
        )
    return Typed(["pick", typed.expr], Type("enum", typed.type.values))


def _numeric_call(lowering: Lowering, node: Call) -> Typed:
    values = [lowering.numeric(argument, node.name) for argument in node.arguments]
    if any(value.type is ERROR for value in values):
        return WRONG
    if node.name == "round":
        return Typed(["round", values[0].expr], INT)
    whole = all(value.type.kind == "int" for value in values)
    expr = [node.name, "i" if whole else "n", *(value.expr for value in values)]
    return Typed(expr, INT if whole else NUMBER)


def _roll(lowering: Lowering, argument: Node) -> Typed:
    match = _DICE.fullmatch(argument.value) if isinstance(argument, Quoted) else None
    if match is None:
        return lowering.error(
            "VN0511", "these are no dice", argument, 'dice look like `"2d6"` or `"d20+1"`'
        )
    count, sides = int(match[1] or 1), int(match[2])
    if not 1 <= count <= 1000 or not 1 <= sides <= 1_000_000:
        return lowering.error(
            "VN0511",
            "a roll has 1 to 1,000 dice of 1 to 1,000,000 sides",
            argument,
            'write fewer, such as `"2d6"`',
        )
    plus = int(match[4] or 0) * (-1 if match[3] == "-" else 1)
    return Typed(["roll", count, sides, plus], Type("int", (), count + plus, count * sides + plus))


def _counter(lowering: Lowering, node: Call) -> Typed:
    target = node.arguments[0] if len(node.arguments) == 1 else node
    if not isinstance(target, Quoted):
        example = "#^name" if node.name in ("seen", "chose") else "file.md#heading"
        return lowering.error(
            "VN0510",
            f"`{node.name}` takes one quoted link target",
            target,
            f'write `{node.name}("{example}")`, and `, ever` before the `)` to ask across runs',
        )
    lowering.scope.here = True
    id = lowering.scope.counted(node.name, target.value)
    if isinstance(id, Problem):
        return lowering.unresolved(id, target)
    return Typed([node.name, id, node.ever], _COUNTERS[node.name])
