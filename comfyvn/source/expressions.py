"""Expressions: text to a syntax tree with positions. Names and types are the compiler's matter.

Grammar, loosest first: `a if c else b`, `or`, `and`, `not`, one comparison
(`== != < <= > >= in`, `not in`), `+ -`, `* / // %`, `-a`, and the operands: numbers, `true`,
`false`, `"text"`, `["a", "b"]`, names, `name(…)`, `(…)`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

MAX_DEPTH = 64
"""How deeply an expression may nest; Ren'Py's own parser gives up at about 90 brackets."""

MAX_INTEGER = 2**53

_TOKEN = re.compile(
    r"""[ \t\n]*(?:
      (?P<number>[0-9]+(?:\.[0-9]+)?(?![\w.]))
    | (?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)
    | (?P<text>"(?:[^"\\]|\\.)*")
    | (?P<op>//|==|!=|<=|>=|[-+*/%<>()\[\],])
    | (?P<end>\Z)
    | (?P<bad>.)
    )""",
    re.VERBOSE | re.DOTALL,
)
_THEN_IN = re.compile(r"\s+in\b")
_NUMBERLIKE = re.compile(r"\.?[0-9][\w.]*")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)

_COMPARISONS = frozenset(["==", "!=", "<", "<=", ">", ">=", "in"])
_TIGHTNESS = {"+": 5, "-": 5, "*": 6, "/": 6, "//": 6, "%": 6, "or": 1, "and": 2} | dict.fromkeys(
    _COMPARISONS, 4
)
_NO_CONDITIONAL = -1
_NOT = 3
_NEGATION = 7
_WORDS = frozenset(["and", "or", "not", "in", "if", "else", "true", "false"])

_MENDS = {
    "&": "write `and`",
    "|": "write `or`",
    "!": "write `not`",
    "=": "compare with `==`",
    "is": "compare with `==`",
    "'": 'quote with `"`',
    "“": 'quote with the plain `"`',
    "”": 'quote with the plain `"`',
    "„": 'quote with the plain `"`',
    "«": 'quote with the plain `"`',
    "×": "write `*`",
    "÷": "write `/`",
    "−": "write the plain `-`",
    "≤": "write `<=`",
    "≥": "write `>=`",
    "≠": "write `!=`",
    "^": "there are no powers; multiply",
}


_MODIFIERS = ("locked", "once", "weight", "timeout", "rated")
"""What a condition is mistaken to go on with: the other modifiers of its line."""

_WANTED = {
    "a value": "a value is a number, `true`, `false`, quoted text or a variable",
    "the end of the expression": "take it out, or put an operator before it",
    "`else` and the other value": "write `a if condition else b`",
}


@dataclass(slots=True)
class Node:
    """An expression's node; `start` and `end` are offsets into its source, with parentheses."""

    start: int
    end: int


@dataclass(slots=True)
class Literal(Node):
    """A number, `true` or `false`."""

    value: bool | int | float


@dataclass(slots=True)
class Quoted(Node):
    """`"text"`, an enum's value or a link's target."""

    value: str


@dataclass(slots=True)
class Members(Node):
    """`["a", "b"]`, a set."""

    items: list[Node]


@dataclass(slots=True)
class Name(Node):
    """`courage`, `mei.trust`."""

    name: str


@dataclass(slots=True)
class Unary(Node):
    """`-a` or `not a`."""

    operator: str
    operand: Node


@dataclass(slots=True)
class Binary(Node):
    """`a + b`, `a and b`, `a in b`; `operator` may be `not in`."""

    operator: str
    left: Node
    right: Node


@dataclass(slots=True)
class Conditional(Node):
    """`then if test else otherwise`."""

    then: Node
    test: Node
    otherwise: Node


@dataclass(slots=True)
class Call(Node):
    """`name(arguments)`; `ever` is the word that may end those of `visited` and its like."""

    name: str
    arguments: list[Node]
    ever: bool


class ExpressionError(Exception):
    """What is wrong with an expression; `start` and `end` are offsets into its source."""

    def __init__(self, code: str, message: str, start: int, end: int, help: str | None = None):
        super().__init__(message)
        self.code = code
        self.message = message
        self.start = start
        self.end = end
        self.help = help


def parse_expression(source: str) -> Node:
    """Parse a whole text. Raise `ExpressionError`."""
    parser = _Parser(source, 0)
    node, _ = parser.expression(0)
    if parser.kind != "end":
        parser.unexpected("the end of the expression")
    return node


def parse_leading_expression(source: str, start: int) -> tuple[Node, int]:
    """Parse the longest expression at `start`; return it and the offset of what follows it.

    Raise `ExpressionError`.
    """
    parser = _Parser(source, start)
    node, _ = parser.expression(0)
    return node, parser.start


class _Parser:
    """A precedence climber over tokens that are cut as they are needed.

    Each method returns its node with the depth of its tree, so that a long chain of operators
    is as limited as nested parentheses are.
    """

    def __init__(self, source: str, offset: int) -> None:
        self.source = source
        self.kind = ""
        self.text = ""
        self.start = offset
        self.end = offset
        self.nesting = 0
        self.advance()

    def advance(self) -> None:
        match = _TOKEN.match(self.source, self.end)
        assert match is not None  # `bad` and `end` leave nothing unmatched
        kind = match.lastgroup or ""
        self.kind = kind
        self.text = match[kind]
        self.start, self.end = match.span(kind)
        if kind == "name" and self.text in _WORDS:
            self.kind = "word"

    def unexpected(self, wanted: str) -> NoReturn:
        end = max(self.end, self.start + 1)
        if self.kind == "end":
            raise ExpressionError(
                "VN0501", f"expected {wanted}", self.start, end, _WANTED.get(wanted, "complete it")
            )
        if self.text == '"':
            raise ExpressionError(
                "VN0501", "this quote is never closed", self.start, len(self.source), 'add `"`'
            )
        help = _MENDS.get(self.text) or _WANTED.get(wanted)
        if self.kind != "end" and self.text in _MODIFIERS:
            help = f"write `{self.text} …` in a code span of its own"
        if self.text == "," and "," in self.source:
            help = "only a function's arguments have commas"
        number = _NUMBERLIKE.match(self.source, self.start)
        if number and self.kind == "bad":
            end = number.end()
            help = "numbers look like `12` and `0.5`"
        shown = self.source[self.start : end]
        raise ExpressionError(
            "VN0501", f"expected {wanted}, found `{shown}`", self.start, end, help
        )

    def deeper(self, depth: int, start: int) -> int:
        if depth >= MAX_DEPTH:
            raise ExpressionError(
                "VN0503",
                f"this expression nests more than {MAX_DEPTH} levels",
                start,
                max(self.end, start + 1),
                "set a variable to a part of it first",
            )
        return depth + 1

    def expression(self, tightness: int) -> tuple[Node, int]:
        self.nesting = self.deeper(self.nesting, self.start)
        left, depth = self.operand(tightness)
        while True:
            operator = self.operator()
            tight = _TIGHTNESS.get(operator.removeprefix("not "), tightness)
            if tight <= tightness:
                break
            if operator == "not in":
                self.advance()
            self.advance()
            right, right_depth = self.expression(tight)
            depth = self.deeper(max(depth, right_depth), left.start)
            left = Binary(left.start, right.end, operator, left, right)
            if tight == _TIGHTNESS["=="] and self.operator().removeprefix("not ") in _COMPARISONS:
                middle = self.source[right.start : right.end]
                raise ExpressionError(
                    "VN0502",
                    "comparisons cannot be chained",
                    self.start,
                    self.end,
                    f"repeat the middle: `… {middle} and {middle} {self.text} …`",
                )
        if tightness == 0 and self.kind == "word" and self.text == "if":
            left, depth = self.conditional(left, depth)
        self.nesting -= 1
        return left, depth

    def operator(self) -> str:
        """The binary operator that the current token begins, or nothing."""
        if self.kind == "op" and self.text not in "()[],":
            return self.text
        if self.kind == "word":
            if self.text in ("and", "or", "in"):
                return self.text
            if self.text == "not" and _THEN_IN.match(self.source, self.end):
                return "not in"
        return ""

    def conditional(self, then: Node, depth: int) -> tuple[Node, int]:
        self.advance()
        test, test_depth = self.expression(_NO_CONDITIONAL)
        if self.kind != "word" or self.text != "else":
            self.unexpected("`else` and the other value")
        self.advance()
        otherwise, other_depth = self.expression(0)
        depth = self.deeper(max(depth, test_depth, other_depth), then.start)
        return Conditional(then.start, otherwise.end, then, test, otherwise), depth

    def operand(self, tightness: int) -> tuple[Node, int]:
        kind, text, start, end = self.kind, self.text, self.start, self.end
        if kind == "number":
            self.advance()
            return Literal(start, end, self.number(text, start, end)), 1
        if kind == "text":
            self.advance()
            return Quoted(start, end, _ESCAPE.sub(r"\1", text[1:-1])), 1
        if kind == "name":
            self.advance()
            if self.kind == "op" and self.text == "(":
                return self.call(text, start)
            return Name(start, end, text), 1
        if text == "(":
            self.advance()
            node, depth = self.expression(0)
            self.expect(")", start)
            node.start, node.end = start, self.previous_end
            return node, depth
        if text == "[":
            self.advance()
            items, depth = self.sequence("]", start)
            return Members(start, self.previous_end, items), depth
        if text == "-" or (kind == "word" and text == "not"):
            if text == "not" and tightness > _NOT:
                self.unexpected("a value")
            self.advance()
            operand, depth = self.expression(_NEGATION if text == "-" else _NOT)
            return Unary(start, operand.end, text, operand), self.deeper(depth, start)
        if kind == "word" and text in ("true", "false"):
            self.advance()
            return Literal(start, end, text == "true"), 1
        self.unexpected("a value")

    def number(self, text: str, start: int, end: int) -> int | float:
        value = float(text) if "." in text else int(text[:20])
        if value > MAX_INTEGER:
            raise ExpressionError(
                "VN0504",
                "this number is too large",
                start,
                end,
                f"numbers go up to {MAX_INTEGER}",
            )
        return value

    def expect(self, closing: str, opened: int) -> None:
        if self.text != closing or self.kind != "op":
            if self.kind == "end":
                opening = self.source[opened]
                raise ExpressionError(
                    "VN0501", f"`{opening}` is never closed", opened, opened + 1, f"add `{closing}`"
                )
            self.unexpected(f"`{closing}`")
        self.previous_end = self.end
        self.advance()

    def sequence(self, closing: str, opened: int) -> tuple[list[Node], int]:
        """Values parted by commas, up to and with the closing bracket."""
        items: list[Node] = []
        depth = 0
        while self.text != closing or self.kind != "op":
            item, item_depth = self.expression(0)
            items.append(item)
            depth = max(depth, item_depth)
            if self.text != "," or self.kind != "op":
                break
            self.advance()
        self.expect(closing, opened)
        return items, self.deeper(depth, opened)

    def call(self, name: str, start: int) -> tuple[Node, int]:
        opened = self.start
        self.advance()
        items, depth = self.sequence(")", opened)
        last = items[-1] if len(items) > 1 else None
        ever = isinstance(last, Name) and last.name == "ever"
        return Call(start, self.previous_end, name, items[:-1] if ever else items, ever), depth
