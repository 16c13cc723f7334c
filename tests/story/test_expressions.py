"""The parser of expressions: what it prints reads back, and no text breaks it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    parse_leading_expression,
)

TIGHTNESS = {"or": 1, "and": 2, "not": 3, "+": 5, "-": 5, "*": 6, "/": 6, "//": 6, "%": 6}
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=", "in", "not in")
TIGHTNESS |= dict.fromkeys(COMPARISONS, 4)

names = st.sampled_from(["a", "courage", "mei.trust", "über", "如果", "_x1", "order", "notable"])
texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8)
numbers = st.integers(0, 2**53) | st.sampled_from([0.5, 12.25, 3.0])
leaves = (
    st.builds(lambda value: Literal(0, 0, value), numbers | st.booleans())
    | st.builds(lambda value: Quoted(0, 0, value), texts)
    | st.builds(lambda name: Name(0, 0, name), names)
)


def compound(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    binary = [operator for operator in TIGHTNESS if operator != "not"]
    return (
        st.builds(lambda o, a, b: Binary(0, 0, o, a, b), st.sampled_from(binary), inner, inner)
        | st.builds(lambda o, a: Unary(0, 0, o, a), st.sampled_from(["-", "not"]), inner)
        | st.builds(lambda a, b, c: Conditional(0, 0, a, b, c), inner, inner, inner)
        | st.builds(lambda items: Members(0, 0, items), st.lists(inner, max_size=3))
        | st.builds(
            lambda name, items, ever: Call(0, 0, name, items, ever and bool(items)),
            st.sampled_from(["min", "visited", "f"]),
            st.lists(inner, max_size=3),
            st.booleans(),
        )
    )


def tightness(node: Node) -> int:
    """How tightly a node holds together; parentheses go around what is looser than its place."""
    if isinstance(node, Conditional):
        return 0
    if isinstance(node, Binary):
        return TIGHTNESS[node.operator]
    if isinstance(node, Unary):
        return 7 if node.operator == "-" else 3
    return 8


def show(node: Node, least: int = 0) -> str:
    """Print a node with the fewest parentheses."""
    text = _show(node)
    return f"({text})" if tightness(node) < least else text


def _show(node: Node) -> str:
    match node:
        case Literal(value=value):
            return str(value).lower()
        case Quoted(value=value):
            escaped = value.replace("\\", "\\\\").replace('"', '\\"')
            return f'"{escaped}"'
        case Name(name=name):
            return name
        case Members(items=items):
            return f"[{', '.join(map(show, items))}]"
        case Call(name=name, arguments=arguments, ever=ever):
            return f"{name}({', '.join([*map(show, arguments), *(['ever'] if ever else [])])})"
        case Unary(operator="-", operand=operand):
            return f"-{show(operand, 7)}"
        case Unary(operand=operand):
            return f"not {show(operand, 3)}"
        case Conditional(then=then, test=test, otherwise=otherwise):
            return f"{show(then, 1)} if {show(test, 1)} else {show(otherwise)}"
        case Binary(operator=operator, left=left, right=right):
            tight = TIGHTNESS[operator]
            # `not` on the right of a tighter operator needs its parentheses, as in Python.
            return f"{show(left, tight + (tight == 4))} {operator} {show(right, tight + 1)}"
    raise AssertionError(node)


def bare(node: Node) -> object:
    """A node without positions."""
    fields = [getattr(node, name) for name in node.__slots__]
    plain = [
        bare(item)
        if isinstance(item, Node)
        else [bare(each) for each in item]
        if isinstance(item, list)
        else (type(item), item)
        for item in fields
    ]
    return type(node).__name__, plain


@given(st.recursive(leaves, compound, max_leaves=12))
def test_what_is_printed_reads_back(node: Node) -> None:
    source = show(node)
    read = parse_expression(source)
    assert bare(read) == bare(node)


@given(st.recursive(leaves, compound, max_leaves=8))
def test_positions_are_those_of_the_source(node: Node) -> None:
    source = show(node)
    waiting = [parse_expression(source)]
    while waiting:
        part = waiting.pop()
        own = source[part.start : part.end]
        assert bare(parse_expression(own)) == bare(part)
        for name in part.__slots__:
            value = getattr(part, name)
            waiting += [
                each
                for each in (value if isinstance(value, list) else [value])
                if isinstance(each, Node)
            ]


TOKENS = st.sampled_from(
    'a mei.trust 12 0.5 1_0 "x" "\\" ( ) [ ] , + - * / // % < <= == = ! & | and or not in if else '
    "true ever min visited “ ' . \\ \0 \n ß 好".split(" ")
)


def failure(source: str) -> ExpressionError | None:
    try:
        parse_expression(source)
    except ExpressionError as error:
        return error
    return None


@given(st.text(max_size=40) | st.lists(TOKENS, max_size=25).map(" ".join))
def test_any_text_is_an_expression_or_an_error_within_it(source: str) -> None:
    error = failure(source)
    if error is not None:
        assert 0 <= error.start <= len(source)
        assert error.start < error.end <= len(source) + 1
        assert error.message


@given(st.lists(TOKENS, max_size=12).map(" ".join))
def test_a_leading_expression_is_one_by_itself(source: str) -> None:
    try:
        node, end = parse_leading_expression(source, 0)
    except ExpressionError:
        return
    assert bare(parse_expression(source[:end])) == bare(node)


@pytest.mark.parametrize(
    "source",
    [
        "(" * 3000,
        "[" * 3000,
        "-" * 3000 + "a",
        "not " * 3000 + "a",
        "a" + "+a" * 3000,
        "f(" * 3000,
        "a if b else " * 3000 + "c",
    ],
)
def test_deep_nesting_is_an_error(source: str) -> None:
    with pytest.raises(ExpressionError) as error:
        parse_expression(source)
    assert error.value.code == "VN0503"
