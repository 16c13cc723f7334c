"""The names in an expression."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from comfyvn.source.expressions import (
    Binary,
    Call,
    Conditional,
    ExpressionError,
    Members,
    Name,
    Node,
    Quoted,
    Unary,
    parse_expression,
)

COUNTERS = ("visited", "times", "seen", "chose")
"""The functions that take a link's target in quotes."""


class Found(NamedTuple):
    """A variable's name or a link's target, and the offsets where it stands."""

    what: str
    text: str
    start: int
    end: int


def names_in(source: str) -> Iterator[Found]:
    """Yield the variables and targets of an expression; none of one that cannot be read."""
    try:
        node = parse_expression(source)
    except ExpressionError:
        return
    yield from _walk(node, source)


def _walk(node: Node, source: str) -> Iterator[Found]:
    match node:
        case Name():
            # The node of a name in parentheses has theirs.
            start = source.find(node.name, node.start)
            yield Found("variable", node.name, start, start + len(node.name))
        case Call():
            for argument in node.arguments:
                if isinstance(argument, Quoted) and node.name in COUNTERS:
                    yield _target(argument, source)
                else:
                    yield from _walk(argument, source)
        case Unary():
            yield from _walk(node.operand, source)
        case Binary():
            yield from _walk(node.left, source)
            yield from _walk(node.right, source)
        case Conditional():
            yield from _walk(node.then, source)
            yield from _walk(node.test, source)
            yield from _walk(node.otherwise, source)
        case Members():
            for item in node.items:
                yield from _walk(item, source)
        case Quoted() if ".md" in node.value or node.value.startswith("#"):
            yield _target(node, source)


def _target(node: Quoted, source: str) -> Found:
    start = source.find('"', node.start) + 1
    end = source.rfind('"', start, node.end)
    return Found("target", source[start:end], start, end)
