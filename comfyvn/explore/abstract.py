"""What variables can hold, whatever happens: an interpretation that is quick, and never too narrow.

One description of each variable holds for the whole story: the range of a number, the values of
a text, enum, label or bool, the members that a set may have. An id is counted if its node can be
reached. Assignments count where their node can be reached, and a branch can be reached if its
condition may hold; both grow until nothing is new. A range that still grows after some rounds is
widened to the variable's limits. What is not reached then is not reached in any game.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

from comfyvn.explore.flow import Flow
from comfyvn.explore.machine import Point
from comfyvn.explore.slots import COUNTED
from comfyvn.story.numbers import LIMIT

_PATIENCE = 12
_MOST = 64


class Range(NamedTuple):
    """A number from `low` to `high`."""

    low: float
    high: float


class Values(NamedTuple):
    """One of `all`; None is anything."""

    all: frozenset[Any] | None


class Members(NamedTuple):
    """A set with some of `may` as members, and at least `must`."""

    may: frozenset[str]
    must: frozenset[str]


Known = Range | Values | Members
_YES, _NO = Values(frozenset({True})), Values(frozenset({False}))
BOTH = Values(frozenset({True, False}))
ANY = Values(None)


def join(a: Known, b: Known) -> Known:
    """Return what describes both."""
    match a, b:
        case Range(), Range():
            return Range(min(a.low, b.low), max(a.high, b.high))
        case Members(), Members():
            return Members(a.may | b.may, a.must & b.must)
        case Values(x), Values(y) if x is not None and y is not None and len(x | y) <= _MOST:
            return Values(x | y)
    return ANY


class Abstract:
    """The interpretation of a story.

    Attributes:
        holds: what each variable may hold.
        reached: the nodes that can be reached.
        truths: what the conditions there can come to, by node and part.
    """

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.variables = flow.program.get("variables", {})
        self.holds: dict[str, Known] = {
            name: self.literal(variable["default"]) for name, variable in self.variables.items()
        }
        self.counted: set[str] = {flow.program["scenes"][flow.program["start"]]["id"]}
        self.reached: set[int] = {flow.tops[flow.program["start"]]}
        self.truths: dict[tuple[int, int], frozenset[bool]] = {}
        self.called: set[int] = set()
        self._rounds: dict[str, int] = {}
        self._changed = True
        while self._changed:
            self._changed = False
            self._spread()

    def literal(self, value: Any) -> Known:
        """Return what describes one value."""
        if isinstance(value, list):
            return Members(frozenset(value), frozenset(value))
        if isinstance(value, bool | str):
            return Values(frozenset({value}))
        return Range(value, value)

    # Flow

    def _spread(self) -> None:
        """Go once through all that can be reached."""
        waiting = list(self.reached)
        passed = set(waiting)
        while waiting:
            at = waiting.pop()
            self._count(at)
            for after in self._after(at):
                if after not in passed:
                    passed.add(after)
                    waiting.append(after)
        if len(passed) > len(self.reached):
            self._changed = True
        self.reached = passed

    def _count(self, at: int) -> None:
        op = self.flow.nodes[at].op
        if "id" in op:
            self._counts(op["id"])

    def _counts(self, id: str) -> None:
        if id not in self.counted:
            self.counted.add(id)
            self._changed = True

    def _truth(self, at: int, part: int, condition: list[Any] | None) -> frozenset[bool]:
        if condition is None:
            return frozenset({True})
        found = self.value(condition)
        truth = frozenset({True, False})
        if isinstance(found, Values) and found.all is not None:
            truth = frozenset(bool(each) for each in found.all)
        truth |= self.truths.get((at, part), frozenset())
        self.truths[at, part] = truth
        return truth

    def _after(self, at: int) -> Iterator[int]:
        op, next, bodies, _, scene = self.flow.nodes[at]
        match op["op"]:
            case "say":
                if True in self._truth(at, 0, op.get("if")):
                    self._counts(op["id"])
                yield next
            case "if":
                for part, (branch, body) in enumerate(zip(op["branches"], bodies, strict=True)):
                    truth = self._truth(at, part, branch.get("if"))
                    if True in truth:
                        yield body
                    if False not in truth:
                        return
                yield next
            case "menu" | "pick":
                sure = False
                for part, body in enumerate(bodies):
                    each = (op.get("choices") or op["items"])[part]
                    truth = self._truth(at, part, each.get("if"))
                    if True in truth:
                        self._counts(each["id"])
                        yield body
                        sure = sure or (False not in truth and not each.get("once"))
                if not sure:
                    yield next
            case "set":
                self._set(op)
                yield next
            case "input":
                self._assign(op["var"], ANY)
                yield next
            case "jump":
                for place in self._places(at):
                    self._enters(place, scene)
                    yield self.flow.places[place]
            case "call":
                for name, value in op.get("args", {}).items():
                    self._assign(name, self.value(value))
                self.called.add(next)
                if "into" in op:
                    self._into(op["into"])
                self._enters(op["to"], scene)
                yield self.flow.places[op["to"]]
                # Whether it comes back is for others to find out.
                yield next
            case "return" | "leave":
                follows = self.flow.program["scenes"][scene].get("next")
                if follows is not None:
                    self._enters(f"{follows}#", scene)
                    yield self.flow.tops[follows]
            case "ending":
                pass
            case _:
                yield from self.flow.after[at]

    def _enters(self, place: str, here: str) -> None:
        scene = self.flow.entered(place, here)
        if scene is not None:
            self._counts(self.flow.program["scenes"][scene]["id"])

    def _places(self, at: int) -> list[str]:
        from comfyvn.explore.contents import targets_of

        op = self.flow.nodes[at].op
        places = targets_of(self.flow.program, op)
        if "value" in op:
            found = self.value(op["value"])
            if isinstance(found, Values) and found.all is not None:
                return [place for place in places if place in found.all]
        return places

    def _into(self, name: str) -> None:
        for node in self.flow.nodes:
            if node.op["op"] == "return" and "value" in node.op:
                self._assign(name, self.value(node.op["value"]))

    def _set(self, op: Any) -> None:
        name, value = op["var"], op["value"]
        if op["how"] != "=":
            kind, old = self.variables[name]["type"], ["var", name]
            if kind == "set":
                value = ["union" if op["how"] == "+=" else "minus", old, value]
            else:
                value = [op["how"][0], kind[0], old, value]
        self._assign(name, self.value(value))

    def _assign(self, name: str, value: Known) -> None:
        variable, old = self.variables[name], self.holds[name]
        low, high = variable.get("low", -LIMIT), variable.get("high", LIMIT)
        if variable["type"] in ("int", "number"):
            if not isinstance(value, Range):
                value = Range(low, high)
            value = Range(*(min(max(each, low), high) for each in value))
        elif variable["type"] == "set":
            all = frozenset(variable.get("values", ()))
            if not isinstance(value, Members):
                value = Members(all, frozenset())
            value = Members(value.may & all, value.must & all)
        elif variable["type"] == "enum" and value == ANY:
            value = Values(frozenset(variable["values"]))
        new = join(old, value)
        if new == old:
            return
        rounds = self._rounds[name] = self._rounds.get(name, 0) + 1
        if rounds > _PATIENCE and isinstance(new, Range) and isinstance(old, Range):
            new = Range(
                low if new.low < old.low else new.low, high if new.high > old.high else new.high
            )
        elif rounds > 4 * _PATIENCE and isinstance(new, Values):
            new = ANY
        self.holds[name] = new
        self._changed = True

    # Expressions

    def value(self, e: list[Any]) -> Known:
        """Return what an expression may come to."""
        match e:
            case ["int" | "num" | "text" | "bool" | "label" | "set", x]:
                return self.literal(x)
            case ["var", name]:
                return self.holds[name]
            case ["times", id, _]:
                return Range(0, LIMIT) if id in self.counted else Range(0, 0)
            case [name, id, _] if name in COUNTED:
                return BOTH if id in self.counted else Values(frozenset({False}))
            case ["not", a]:
                return _each(self.value(a), lambda x: not x)
            case ["and" | "or" as how, a, b]:
                first, second = self.value(a), self.value(b)
                stops = how == "or"
                if not isinstance(first, Values) or first.all is None:
                    return BOTH
                out = frozenset({stops}) if stops in first.all else frozenset()
                if (not stops) not in first.all:
                    return Values(out)
                if not isinstance(second, Values) or second.all is None:
                    return BOTH
                return Values(out | second.all)
            case ["if", c, a, b]:
                test = self.value(c)
                if test == _YES:
                    return self.value(a)
                if test == _NO:
                    return self.value(b)
                return join(self.value(a), self.value(b))
            case ["==" | "!=", a, b]:
                same = _same(self.value(a), self.value(b))
                return same if e[0] == "==" else _each(same, lambda x: not x)
            case ["<" | "<=" | ">" | ">=" as how, _, a, b]:
                return _compare(how, self.value(a), self.value(b))
            case ["truth", a]:
                return _truth(self.value(a))
            case ["in", a, b]:
                return _in(self.value(a), self.value(b))
            case ["union", a, b]:
                x, y = self.value(a), self.value(b)
                if isinstance(x, Members) and isinstance(y, Members):
                    return Members(x.may | y.may, x.must | y.must)
            case ["minus", a, b]:
                x, y = self.value(a), self.value(b)
                if isinstance(x, Members) and isinstance(y, Members):
                    return Members(x.may - y.must, x.must - y.may)
            case ["chance", p]:
                limit = self.value(p)
                if isinstance(limit, Range) and limit.high <= 0:
                    return Values(frozenset({False}))
                if isinstance(limit, Range) and limit.low >= 1:
                    return Values(frozenset({True}))
                return BOTH
            case ["roll", count, sides, plus]:
                return Range(plus + count, plus + count * max(sides, 1))
            case ["pick", a]:
                found = self.value(a)
                if isinstance(found, Members):
                    return Values(found.may | {""})
                return ANY
            case ["+" | "-" | "*" as how, kind, a, b] if kind != "t":
                return _sum(how, self.value(a), self.value(b))
            case ["neg", _, a]:
                return _sum("-", Range(0, 0), self.value(a))
            case ["min" | "max" as how, _, *parts]:
                known = [self.value(part) for part in parts]
                ranges = [each for each in known if isinstance(each, Range)]
                if len(ranges) == len(known):
                    best = min if how == "min" else max
                    return Range(best(r.low for r in ranges), best(r.high for r in ranges))
                return Range(-LIMIT, LIMIT)
            case ["abs", _, a]:
                found = self.value(a)
                if isinstance(found, Range):
                    low = 0 if found.low <= 0 <= found.high else min(map(abs, found))
                    return Range(low, max(map(abs, found)))
                return Range(0, LIMIT)
            case ["round", a]:
                found = self.value(a)
                if isinstance(found, Range):
                    return Range(math.floor(found.low), math.ceil(found.high))
                return Range(-LIMIT, LIMIT)
            case ["len", _]:
                return Range(0, LIMIT)
            case ["/" | "//" | "%", *_]:
                return Range(-LIMIT, LIMIT)
        return ANY

    # What follows

    def possible(self, point: Point) -> bool:
        """Return whether a point may be passed in any game, as far as this tells."""
        kind, at, part = point
        if kind == "back":
            return at in self.reached and part in self.reached
        if at not in self.reached:
            return False
        if kind in ("true", "false"):
            return (kind == "true") in self.truths.get((at, part), {True, False})
        if kind == "line":
            return True in self.truths.get((at, 0), {True})
        if kind in ("take", "item"):
            return self.flow.nodes[at].bodies[part] in self.reached and True in self.truths.get(
                (at, part), {True}
            )
        return True


def _each(known: Known, how: Any) -> Known:
    if isinstance(known, Values) and known.all is not None:
        return Values(frozenset(how(x) for x in known.all))
    return BOTH


def _same(a: Known, b: Known) -> Known:
    match a, b:
        case Range(), Range():
            if a.high < b.low or b.high < a.low:
                return Values(frozenset({False}))
            if a.low == a.high == b.low == b.high:
                return Values(frozenset({True}))
        case Values(x), Values(y) if x is not None and y is not None:
            if not x & y:
                return Values(frozenset({False}))
            if len(x) == len(y) == 1:
                return Values(frozenset({True}))
        case Members(), Members():
            if a.must - b.may or b.must - a.may:
                return Values(frozenset({False}))
            if a.may == a.must == b.may == b.must:
                return Values(frozenset({True}))
    return BOTH


def _compare(how: str, a: Known, b: Known) -> Known:
    if not (isinstance(a, Range) and isinstance(b, Range)):
        return BOTH
    if how in (">", ">="):
        a, b, how = b, a, how.replace(">", "<")
    if how == "<":
        always, never = a.high < b.low, a.low >= b.high
    else:
        always, never = a.high <= b.low, a.low > b.high
    return Values(frozenset({True})) if always else Values(frozenset({False})) if never else BOTH


def _truth(known: Known) -> Known:
    match known:
        case Range():
            return _each(_same(known, Range(0, 0)), lambda x: not x)
        case Members():
            if known.must:
                return Values(frozenset({True}))
            return BOTH if known.may else Values(frozenset({False}))
    return _each(known, bool)


def _in(member: Known, whole: Known) -> Known:
    if isinstance(member, Values) and member.all is not None and isinstance(whole, Members):
        if not member.all & whole.may:
            return Values(frozenset({False}))
        if member.all <= whole.must:
            return Values(frozenset({True}))
    return BOTH


def _sum(how: str, a: Known, b: Known) -> Known:
    if not (isinstance(a, Range) and isinstance(b, Range)):
        return Range(-LIMIT, LIMIT)
    if how == "+":
        ends = [a.low + b.low, a.high + b.high]
    elif how == "-":
        ends = [a.low - b.high, a.high - b.low]
    else:
        ends = [x * y for x in a for y in b]
    # Results are rounded, and so are these; one step further out is on the safe side.
    if any(isinstance(end, float) for end in ends):
        ends = [math.nextafter(min(ends), -math.inf), math.nextafter(max(ends), math.inf)]
    return Range(max(min(ends), -LIMIT), min(max(ends), LIMIT))
