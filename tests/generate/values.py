"""Variables and well-typed expressions over them, as a writer would type them."""

from __future__ import annotations

import random

TYPES = ("bool", "int", "number", "text", "enum", "set", "label")
MOODS = ("calm", "wild", "two words", "it's")
THINGS = ("key", "lamp", "map", "éclair")
AWKWARD_TEXTS = (
    "[x] [[y]]",
    "%s %d",
    'quote \\" and \\\\',
    "日本",
    "🦊",
    "e\u0301",
    "",
    "a b",
    "it's",
)


class Values:
    """Writes expressions; `places` and `lines` are link targets that may be asked about."""

    def __init__(self, rng: random.Random, places: list[str], targets: list[str]) -> None:
        self.rng = rng
        self.places = places
        self.targets = targets
        self.names = {
            "bool": ["flag", "lit"],
            "int": ["n", "best", "turns", "mei.trust"],
            "number": ["x", "share"],
            "text": ["word", "mei.name"],
            "enum": ["mood"],
            "set": ["bag"],
            "label": ["where"],
        }
        self.lines: list[str] = []
        self.choices: list[str] = []

    def any_type(self) -> str:
        """Return a type at random."""
        return self.rng.choice(TYPES)

    def of(self, kind: str, depth: int = 2, *, draws: bool = True) -> str:
        """Return an expression of a type; without `draws`, one that draws nothing."""
        rng = self.rng
        if depth == 0 or rng.random() < 0.3:
            return self._leaf(kind)
        pick = getattr(self, f"_{kind}", None)
        options = pick(depth - 1, draws) if pick else [self._leaf(kind)]
        choice = rng.choice([*options, self._conditional])
        return choice(kind, depth - 1, draws) if callable(choice) else choice

    def _conditional(self, kind: str, depth: int, draws: bool) -> str:
        test = self.of("bool", depth, draws=draws)
        then, other = (self.of(kind, depth, draws=draws) for _ in range(2))
        return f"({then} if {test} else {other})"

    def _leaf(self, kind: str) -> str:
        rng = self.rng
        if kind == "label" or rng.random() < 0.6:
            return rng.choice(self.names[kind])
        if kind == "bool":
            return rng.choice(("true", "false"))
        if kind == "int":
            return str(rng.choice((0, 1, 2, 3, 7, 2**53, rng.randrange(100))))
        if kind == "number":
            return rng.choice(("0.5", "0.1", "2.75", "1000000.25", "0.0000001", "3"))
        if kind == "text":
            return f'"{rng.choice(AWKWARD_TEXTS)}"'
        if kind == "set":
            return self._members()
        return rng.choice(self.names[kind])

    def _members(self) -> str:
        chosen = [f'"{thing}"' for thing in THINGS if self.rng.random() < 0.5]
        return f"[{', '.join(chosen)}]"

    def _int(self, depth: int, draws: bool) -> list[str]:
        a, b = (self.of("int", depth, draws=draws) for _ in range(2))
        options = [f"({a} {op} {b})" for op in ("+", "-", "*", "//", "%")]
        options += [f"min({a}, {b})", f"max({a}, {b}, 3)", f"abs({a})", f"-({a})"]
        options += [f"len({self.of('text', depth, draws=draws)})", "len(bag)"]
        options += [f"round({self.of('number', depth, draws=draws)})"]
        options += [f'times("{self.rng.choice(self.places)}"{self._ever()})']
        return [*options, 'roll("2d6")', 'roll("1d4+1")'] if draws else options

    def _number(self, depth: int, draws: bool) -> list[str]:
        a, b = (self.of("number", depth, draws=draws) for _ in range(2))
        options = [f"({a} {op} {b})" for op in ("+", "-", "*", "/", "//", "%")]
        return [
            *options,
            f"min({a}, {b})",
            f"abs({a})",
            f"({self.of('int', depth, draws=draws)} / 3)",
        ]

    def _text(self, depth: int, draws: bool) -> list[str]:
        a, b = (self.of("text", depth, draws=draws) for _ in range(2))
        return [f"({a} + {b})"]

    def _set(self, depth: int, draws: bool) -> list[str]:
        return [f"(bag {op} {self._members()})" for op in "+-"]

    def _bool(self, depth: int, draws: bool) -> list[str]:
        rng = self.rng
        op = rng.choice(("<", "<=", ">", ">=", "==", "!="))
        kind = rng.choice(("int", "number", "text"))
        a, b = (self.of(kind, depth, draws=draws) for _ in range(2))
        p, q = (self.of("bool", depth, draws=draws) for _ in range(2))
        options = [f"({a} {op} {b})", f"({p} and {q})", f"({p} or {q})", f"(not {p})"]
        options += [f'(mood == "{rng.choice(MOODS)}")', f'("{rng.choice(THINGS)}" in bag)']
        options += [f'visited("{rng.choice(self.places)}"{self._ever()})', "(bag == [])", "(n > 2)"]
        if self.lines:
            options.append(f'seen("{rng.choice(self.lines)}"{self._ever()})')
        if self.choices:
            options.append(f'chose("{rng.choice(self.choices)}"{self._ever()})')
        return [*options, "chance(0.5)", "chance(x)"] if draws else options

    def _ever(self) -> str:
        return self.rng.choice(("", "", ", ever"))
