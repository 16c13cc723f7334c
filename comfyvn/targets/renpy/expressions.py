"""A Program's expressions as Python, as plain as exact results allow.

`a + b` stays `a + b` where its result cannot leave ±2^53; otherwise a function of `game/vn` brings
it back (`docs/determinism.md`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from comfyvn.targets.renpy.names import Names

EDGE = 2**53
Expr = Sequence[Any]
Range = tuple[float, float]

ATOM, UNARY, PRODUCT, SUM, COMPARE, NOT, AND, OR, TERNARY = range(9)


class Code(NamedTuple):
    """Python code and how strongly its outermost operator binds (less is stronger)."""

    text: str
    level: int

    def within(self, level: int) -> str:
        """Return the code, in parentheses if it binds less than `level`."""
        return self.text if self.level <= level else f"({self.text})"


def literal(text: str) -> str:
    """Return `text` as a Python string literal on one line, in double quotes."""
    out = ['"']
    for char in text.replace("__", "_\0"):
        if char == "\0":
            out.append("\\x5f")  # Ren'Py mangles names that begin with two underscores
        elif char in '"\\':
            out.append(f"\\{char}")
        elif char == "\n":
            out.append("\\n")
        elif char != " " and (char.isspace() or unicodedata.category(char) in ("Cc", "Cs")):
            out.append(f"\\u{ord(char):04x}")
        else:
            out.append(char)
    return "".join([*out, '"'])


def number(value: float) -> str:
    """Return a number as a Python literal that reads back as the same double."""
    return repr(int(value)) if float(value).is_integer() and abs(value) <= EDGE else repr(value)


class Expressions:
    """Writes expressions."""

    def __init__(
        self,
        names: Names,
        variables: Mapping[str, Any],
        tame: Collection[str] = (),
        ids: Mapping[str, str] | None = None,
    ) -> None:
        """Write expressions over `variables`; see `Scope` for `tame` and `ids`."""
        self.names = names
        self.variables = variables
        self.tame = tame
        self.ids = ids or {}

    def code(self, expr: Expr) -> str:
        """Return the expression as Python."""
        return self._code(expr).text

    def condition(self, expr: Expr, *, whole: bool = False) -> str:
        """Return the expression as Python that can stand beside `and`, or `if … else`."""
        return self._code(expr).within(OR if whole else AND)

    def type(self, expr: Expr) -> str:
        """Return the type of an expression: bool, int, number, text, set or label."""
        operator, *rest = expr
        match operator:
            case "int" | "round" | "len" | "roll" | "times":
                return "int"
            case "num" | "/" | "wording":
                return "number"
            case "text" | "title" | "pick":
                return "text"
            case "set" | "union" | "minus":
                return "set"
            case "label":
                return "label"
            case "var":
                kind = str(self.variables[rest[0]]["type"])
                return "text" if kind == "enum" else kind
            case "neg" | "+" | "-" | "*" | "//" | "%" | "min" | "max" | "abs":
                return {"i": "int", "n": "number", "t": "text"}[rest[0]]
            case "if":
                kinds = {self.type(rest[1]), self.type(rest[2])}
                return "number" if kinds == {"int", "number"} else kinds.pop()
            case _:
                return "bool"

    def range(self, expr: Expr) -> Range:
        """Return the least and greatest value a numeric expression can have."""
        operator, *rest = expr
        match operator:
            case "int" | "num":
                return (rest[0], rest[0])
            case "var":
                return self.range_of(rest[0])
            case "+":
                (a, b), (c, d) = self.range(rest[1]), self.range(rest[2])
                return _cut(a + c, b + d)
            case "-":
                (a, b), (c, d) = self.range(rest[1]), self.range(rest[2])
                return _cut(a - d, b - c)
            case "*":
                (a, b), (c, d) = self.range(rest[1]), self.range(rest[2])
                edges = (a * c, a * d, b * c, b * d)
                return _cut(min(edges), max(edges))
            case "neg":
                a, b = self.range(rest[1])
                return (-b, -a)
            case "min" | "max":
                ranges = [self.range(part) for part in rest[1:]]
                pick = min if operator == "min" else max
                return (pick(r[0] for r in ranges), pick(r[1] for r in ranges))
            case "abs":
                a, b = self.range(rest[1])
                return (0 if a < 0 < b else min(abs(a), abs(b)), max(abs(a), abs(b)))
            case "if":
                (a, b), (c, d) = self.range(rest[1]), self.range(rest[2])
                return (min(a, c), max(b, d))
            case "roll":
                count, sides, plus = rest
                return _cut(count + plus, count * sides + plus)
            case "len" | "times":
                return (0, 2**40)
            case _:
                return (-EDGE, EDGE)

    def range_of(self, variable: str) -> Range:
        """Return the least and greatest value of a numeric variable."""
        facts = self.variables[variable]
        low, high = facts.get("low"), facts.get("high")
        edge = 2**50 if variable in self.tame else EDGE
        return (-edge if low is None else low, edge if high is None else high)

    def assigned(self, variable: str, value: Expr) -> str:
        """Return what the variable gets when `value` is assigned to it."""
        facts, name = self.variables[variable], self.names.variables[variable]
        code = self.code(value)
        match facts["type"]:
            case "int" | "number":
                low, high = facts.get("low"), facts.get("high")
                least, most = self.range(value)
                if (low is None or least >= low) and (high is None or most <= high):
                    return code
                bounds = (
                    "None" if low is None else number(low),
                    "None" if high is None else number(high),
                )
                return f"vn.within({code}, {', '.join(bounds)})"
            case "enum" if value[0] != "text" or value[1] not in facts["values"]:
                return f"vn.known({literal(variable)}, {code}, {name})"
            case "set":
                if value[0] == "set":
                    members = [m for m in facts["values"] if m in value[1]]
                    return _list(members)
                return f"vn.ordered({literal(variable)}, {code})"
            case _:
                return code

    def _code(self, expr: Expr) -> Code:
        operator, *rest = expr
        write = getattr(self, f"_write_{_METHODS.get(operator, operator)}", None)
        if write is not None:
            made: Code = write(*rest)
            return made
        if operator in _COMPARE:
            left, right = self._code(rest[-2]), self._code(rest[-1])
            return Code(f"{left.within(SUM)} {operator} {right.within(SUM)}", COMPARE)
        raise ValueError(f"unknown operator {operator!r}")

    def _binary(self, sign: str, level: int, a: Expr, b: Expr) -> str:
        right = level if sign in "+*" and self.type(a) == self.type(b) == "int" else level - 1
        return f"{self._code(a).within(level)} {sign} {self._code(b).within(right)}"

    def _call(self, function: str, *parts: Expr) -> Code:
        return Code(f"{function}({', '.join(self.code(part) for part in parts)})", ATOM)

    def _write_int(self, value: int) -> Code:
        return Code(str(value), ATOM if value >= 0 else UNARY)

    def _write_num(self, value: float) -> Code:
        return Code(repr(float(value)), ATOM if value >= 0 else UNARY)

    def _write_text(self, value: str) -> Code:
        return Code(literal(value), ATOM)

    def _write_bool(self, value: bool) -> Code:
        return Code(str(value), ATOM)

    def _write_set(self, members: Sequence[str]) -> Code:
        return Code(_list(members), ATOM)

    def _write_label(self, place: str) -> Code:
        return Code(literal(self.names.places[place]), ATOM)

    def _write_var(self, name: str) -> Code:
        return Code(self.names.variables[name], ATOM)

    def _write_neg(self, kind: str, value: Expr) -> Code:
        if kind == "n":  # not `-x`: minus zero is no value here
            return Code(f"0 - {self._code(value).within(PRODUCT)}", SUM)
        return Code(f"-{self._code(value).within(ATOM)}", UNARY)

    def _write_add(self, kind: str, a: Expr, b: Expr) -> Code:
        code = self._binary("+", SUM, a, b)
        if kind == "t":
            return Code(f"vn.joined({code})", ATOM)
        return self._kept(kind, code, SUM, self._sum(a, b, 1))

    def _write_sub(self, kind: str, a: Expr, b: Expr) -> Code:
        return self._kept(kind, self._binary("-", SUM, a, b), SUM, self._sum(a, b, -1))

    def _write_mul(self, kind: str, a: Expr, b: Expr) -> Code:
        (low, high), (least, most) = self.range(a), self.range(b)
        edges = (low * least, low * most, high * least, high * most)
        spread = (min(edges), max(edges))
        if kind == "n" and not (low >= 0 and least >= 0):
            spread = (-float("inf"), float("inf"))  # may be minus zero
        return self._kept(kind, self._binary("*", PRODUCT, a, b), PRODUCT, spread)

    def _sum(self, a: Expr, b: Expr, sign: int) -> Range:
        (low, high), (least, most) = self.range(a), self.range(b)
        return (low + least, high + most) if sign > 0 else (low - most, high - least)

    def _kept(self, kind: str, code: str, level: int, spread: Range) -> Code:
        if spread[0] >= -EDGE and spread[1] <= EDGE:
            return Code(code, level)
        return Code(f"vn.{'integer' if kind == 'i' else 'number'}({code})", ATOM)

    def _write_div(self, a: Expr, b: Expr) -> Code:
        return self._call("vn.divide", a, b)

    def _write_floor(self, kind: str, a: Expr, b: Expr) -> Code:
        if kind == "i" and b[0] == "int" and b[1]:
            return Code(self._binary("//", PRODUCT, a, b), PRODUCT)
        return self._call("vn.floor_divide" if kind == "i" else "vn.floor_divide_numbers", a, b)

    def _write_mod(self, kind: str, a: Expr, b: Expr) -> Code:
        if kind == "i" and b[0] == "int" and b[1]:
            return Code(self._binary("%", PRODUCT, a, b), PRODUCT)
        return self._call("vn.modulo" if kind == "i" else "vn.modulo_numbers", a, b)

    def _write_union(self, a: Expr, b: Expr) -> Code:
        return self._call("vn.union", a, b)

    def _write_minus(self, a: Expr, b: Expr) -> Code:
        return self._call("vn.without", a, b)

    def _write_eq(self, a: Expr, b: Expr) -> Code:
        return self._equal(a, b, "==")

    def _write_ne(self, a: Expr, b: Expr) -> Code:
        return self._equal(a, b, "!=")

    def _equal(self, a: Expr, b: Expr, sign: str) -> Code:
        left, right = self._code(a), self._code(b)
        if self.type(a) == "set":
            return Code(f"set({left.text}) {sign} set({right.text})", COMPARE)
        return Code(f"{left.within(SUM)} {sign} {right.within(SUM)}", COMPARE)

    def _write_not(self, a: Expr) -> Code:
        return Code(f"not {self._code(a).within(NOT)}", NOT)

    def _write_and(self, a: Expr, b: Expr) -> Code:
        return Code(f"{self._code(a).within(AND)} and {self._code(b).within(AND)}", AND)

    def _write_or(self, a: Expr, b: Expr) -> Code:
        return Code(f"{self._code(a).within(OR)} or {self._code(b).within(OR)}", OR)

    def _write_if(self, condition: Expr, a: Expr, b: Expr) -> Code:
        parts = [self._code(part).within(OR) for part in (a, condition, b)]
        return Code("{} if {} else {}".format(*parts), TERNARY)

    def _write_in(self, a: Expr, b: Expr) -> Code:
        return Code(f"{self._code(a).within(SUM)} in {self._code(b).within(SUM)}", COMPARE)

    def _write_truth(self, a: Expr) -> Code:
        return self._call("bool", a)

    def _write_min(self, kind: str, *parts: Expr) -> Code:
        return self._call("min", *parts)

    def _write_max(self, kind: str, *parts: Expr) -> Code:
        return self._call("max", *parts)

    def _write_abs(self, kind: str, a: Expr) -> Code:
        return self._call("abs", a)

    def _write_round(self, a: Expr) -> Code:
        return self._call("round", a)

    def _write_len(self, a: Expr) -> Code:
        return self._call("len", a)

    def _write_title(self, a: Expr) -> Code:
        return self._call("vn.title", a)

    def _write_chance(self, a: Expr) -> Code:
        return self._call("vn.chance", a)

    def _write_roll(self, count: int, sides: int, plus: int) -> Code:
        return Code(f"vn.roll({count}, {sides}{f', {plus}' if plus else ''})", ATOM)

    def _write_pick(self, a: Expr) -> Code:
        return self._call("vn.pick", a)

    def _write_wording(self) -> Code:
        return Code('vn.draw("cosmetics")', ATOM)

    def _write_visited(self, id: str, ever: bool) -> Code:
        return self._asked("vn.visited", id, ever)

    def _write_times(self, id: str, ever: bool) -> Code:
        return self._asked("vn.times", id, ever)

    def _write_seen(self, id: str, ever: bool) -> Code:
        return self._asked("vn.seen", id, ever)

    def _write_chose(self, id: str, ever: bool) -> Code:
        return self._asked("vn.chose", id, ever)

    def _asked(self, function: str, id: str, ever: bool) -> Code:
        what = literal(self.ids.get(id, id))
        return Code(f"{function}({what}{', ever=True' if ever else ''})", ATOM)


_METHODS = {
    "+": "add", "-": "sub", "*": "mul", "/": "div", "//": "floor", "%": "mod",
    "==": "eq", "!=": "ne",
}  # fmt: skip
_COMPARE = frozenset(("<", "<=", ">", ">="))


def _cut(low: float, high: float) -> Range:
    return (max(-EDGE, min(EDGE, low)), max(-EDGE, min(EDGE, high)))


def _list(members: Sequence[str]) -> str:
    return f"[{', '.join(literal(member) for member in members)}]"


def operands() -> Expressions:
    """Return what writes plural rules, over the operands `n`, `i`, `v`…"""
    letters = "nivwftce"
    facts = {"type": "number", "default": 0}
    return Expressions(
        Names(variables={name: name for name in letters}), dict.fromkeys(letters, facts)
    )


def constant(variable: Mapping[str, Any]) -> Expr:
    """Return a variable's default as an expression."""
    kind = {"int": "int", "number": "num", "bool": "bool", "set": "set", "label": "label"}
    return [kind.get(variable["type"], "text"), variable["default"]]
