"""The forms of directives, which are their grammars.

- A lower-case word must stand there; `a|b` is one of several.
- An upper-case word is an argument, read as `ARGUMENTS` says; `LOOK…` is any number of them.
- `[SECONDS]` may be left out; `[fade SECONDS]` is a clause that its first word introduces, and
  `[loop|once]` a choice of bare words. Clauses come last, in any order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from comfyvn.source.nearest import did_you_mean, nearest

TRANSITIONS: dict[str, float] = {
    "cut": 0,
    "dissolve": 0.5,
    "fade": 1.0,
    "flash": 0.4,
    "wipe_left": 0.6,
    "wipe_right": 0.6,
    "wipe_up": 0.6,
    "wipe_down": 0.6,
    "slide_left": 0.6,
    "slide_right": 0.6,
    "shake": 0.4,
}
"""Transitions, and the seconds each takes when nothing is said."""

PLACES: dict[str, float] = {
    "far_left": 0.1,
    "left": 0.3,
    "center": 0.5,
    "right": 0.7,
    "far_right": 0.9,
}
"""Places on the stage, from left to right, and where their middles are."""

CHANNELS = ("music", "ambience", "sfx")


class DirectiveError(Exception):
    """What is wrong with a directive; `start` and `end` are offsets into its source."""

    def __init__(self, code: str, message: str, start: int, end: int, help: str | None = None):
        super().__init__(message)
        self.code = code
        self.message = message
        self.start = start
        self.end = end
        self.help = help


class Word(NamedTuple):
    """One word or quoted text of a directive; `text` is unquoted."""

    text: str
    start: int
    end: int
    quoted: bool


class Raw(NamedTuple):
    """Source left for another parser, and where it begins."""

    text: str
    start: int


@dataclass(slots=True)
class Given:
    """A directive as read: `values` by argument or clause name, `spans` the offsets of each."""

    source: str
    values: dict[str, Any] = field(default_factory=dict)
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)

    def get(self, name: str) -> Any:
        """Return a value, or None when it was left out."""
        return self.values.get(name)

    def one_of(self, names: Sequence[str]) -> str | None:
        """Return which of some bare words was given."""
        return next((name for name in names if name in self.values), None)


_WORD = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"(?=\s|$)|(\S+))')
_ESCAPE = re.compile(r'\\(["\\])')


def cut(source: str) -> list[Word]:
    """Cut a directive into words. Raise `DirectiveError` for a quote that is never closed."""
    words = []
    for match in _WORD.finditer(source):
        quoted = match[1] is not None
        text = _ESCAPE.sub(r"\1", match[1]) if quoted else match[2]
        start, end = match.span(1 if quoted else 2)
        if not quoted and text[0] == '"':
            raise DirectiveError(
                "VN0803",
                "this quoted text does not end in a quote before a space",
                start,
                len(source),
                'close it by `"`; a quote within is written `\\"`',
            )
        words.append(Word(text, start, end, quoted))
    return words


# Arguments

Reading = tuple[Any, int]
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")


def number(word: Word, low: float, high: float, *, whole: bool = False) -> float | int:
    """Read a number within bounds. Raise `DirectiveError`."""
    value = None
    if _NUMBER.fullmatch(word.text) and not word.quoted and len(word.text) < 20:
        value = float(word.text) if "." in word.text else int(word.text)
    if value is None or not low <= value <= high or (whole and not isinstance(value, int)):
        kind = "a whole number" if whole else "a number"
        raise DirectiveError(
            "VN0804",
            f"expected {kind} from {low:,} to {high:,}, found `{word.text}`",
            word.start,
            word.end,
            "write it in digits, such as " + ("`12`" if whole else "`0.5`"),
        )
    return value


def _number_of(
    low: float, high: float, whole: bool = False
) -> Callable[[list[Word], int], Reading]:
    return lambda words, i: (number(words[i], low, high, whole=whole), i + 1)


def _word(words: list[Word], i: int) -> Reading:
    word = words[i]
    if word.quoted:
        raise DirectiveError(
            "VN0803",
            "expected a name, found quoted text",
            word.start - 1,
            word.end + 1,
            "write it without quotes",
        )
    return word, i + 1


def _text(words: list[Word], i: int) -> Reading:
    word = words[i]
    if not word.quoted:
        end = _closed(words, i)
        text = " ".join(each.text for each in words[i:end])
        raise DirectiveError(
            "VN0803",
            f"expected quoted text, found `{text}`",
            word.start,
            words[end - 1].end,
            f'write `"{text.strip(_OTHER_QUOTES)}"`',
        )
    return word, i + 1


_OTHER_QUOTES = "“”„‟‘’‚«»‹›「」＂'"
"""What is typed for `"`, or put in its place while one types."""


def _closed(words: list[Word], i: int) -> int:
    """Return behind which word a text in other quotes ends; without any, behind its first."""
    if words[i].text[0] in _OTHER_QUOTES:
        for j in range(i, len(words)):
            if words[j].text[-1:] in _OTHER_QUOTES and len(words[j].text) > (i == j):
                return j + 1
    return i + 1


def _transition(words: list[Word], i: int) -> Reading:
    word = words[i]
    if word.text not in TRANSITIONS or word.quoted:
        raise DirectiveError(
            "VN0804",
            f"there is no transition `{word.text}`",
            word.start,
            word.end,
            did_you_mean(word.text, TRANSITIONS),
        )
    return word.text, i + 1


def _position(words: list[Word], i: int) -> Reading:
    """A named place, or x and y; other names are left for the lowering to know."""
    word = words[i]
    if not _NUMBER.fullmatch(word.text):
        return _word(words, i)
    if i + 1 == len(words):
        raise DirectiveError(
            "VN0803", "a position has two numbers, x and y", word.start, word.end, "add y"
        )
    return [number(word, 0, 1), number(words[i + 1], 0, 1)], i + 2


ARGUMENTS: dict[str, Callable[[list[Word], int], Reading]] = {
    "WORD": _word,
    "TEXT": _text,
    "SECONDS": _number_of(0, 600),
    "FACTOR": _number_of(0.05, 20),
    "VOLUME": _number_of(0, 1),
    "COUNT": _number_of(1, 10_000, True),
    "LAYER": _number_of(0, 1000, True),
    "WEIGHT": _number_of(0, 1_000_000),
    "TRANSITION": _transition,
    "PLACE": _position,
}
"""How an argument is read, by its name in a form; any other name is a word."""


class _Part(NamedTuple):
    """A positional part of a form: literal words, or an argument."""

    key: str
    literals: tuple[str, ...]
    optional: bool
    many: bool


class Form:
    """A form, compiled."""

    def __init__(self, form: str) -> None:
        self.form = form
        self.parts: list[_Part] = []
        self.clauses: dict[str, tuple[str, ...]] = {}
        self.exclusive: dict[str, tuple[str, ...]] = {}
        for piece in re.findall(r"\[[^\]]*\]|\S+", form)[1:]:
            inner = piece.strip("[]").split()
            if piece[0] != "[" or inner[0].isupper():
                self._part(inner[0], optional=piece[0] == "[")
            else:
                for word in (alternatives := tuple(inner[0].split("|"))):
                    self.clauses[word] = tuple(inner[1:])
                    self.exclusive[word] = alternatives

    def _part(self, piece: str, *, optional: bool) -> None:
        many = piece.endswith("…")
        name = piece.rstrip("…")
        literals = () if name.isupper() else tuple(name.split("|"))
        self.parts.append(_Part(name.lower(), literals, optional or many, many))

    def read(self, source: str) -> Given:
        """Read a directive. Raise `DirectiveError`."""
        given = Given(source)
        if self.parts and self.parts[0].key == "expression":
            self._expression(given)
            return given
        words = cut(source)
        i = 1
        for part in self.parts:
            i = self._positional(part, given, words, i)
        while i < len(words):
            i = self._clause(given, words, i)
        return given

    def _expression(self, given: Given) -> None:
        """Leave what follows the name to the parser of expressions."""
        name = given.source.split(maxsplit=1)[0]
        rest = given.source[len(name) :]
        start = len(given.source) - len(rest.lstrip())
        if rest.strip():
            given.values["expression"] = Raw(rest.strip(), start)
        elif not self.parts[0].optional:
            raise DirectiveError(
                "VN0802",
                f"`{name}` wants an expression",
                0,
                len(given.source),
                f"the form is `{self.form}`",
            )

    def _positional(self, part: _Part, given: Given, words: list[Word], i: int) -> int:
        if part.many:
            found = []
            while i < len(words) and not self._is_clause(words[i]):
                word, i = _word(words, i)
                found.append(word)
            given.values[part.key] = found
            return i
        if i == len(words) or (self._is_clause(words[i]) and not part.literals):
            if not part.optional:
                expected = " or ".join(f"`{each}`" for each in part.literals)
                self._missing(given.source, words, i, expected or part.key.upper())
            return i
        word = words[i]
        if part.literals:
            if word.text not in part.literals or word.quoted:
                near = nearest(word.text, part.literals)
                expected = " or ".join(f"`{each}`" for each in part.literals)
                raise DirectiveError(
                    "VN0803",
                    f"expected {expected}, found `{word.text}`",
                    word.start,
                    word.end,
                    f"did you mean `{near}`?"
                    if near
                    else f"write {expected}; the form is `{self.form}`"
                    if len(part.literals) == 1
                    else f"the form is `{self.form}`",
                )
            given.values[part.key] = word.text
            given.spans[part.key] = (word.start, word.end)
            return i + 1
        value, after = ARGUMENTS.get(part.key.upper(), _word)(words, i)
        given.values[part.key] = value
        given.spans[part.key] = (word.start, words[after - 1].end)
        return after

    def _is_clause(self, word: Word) -> bool:
        return word.text in self.clauses and not word.quoted

    def _missing(self, source: str, words: list[Word], i: int, expected: str) -> None:
        start, end = (words[i].start, words[i].end) if i < len(words) else (0, len(source))
        name = words[0].text
        raise DirectiveError(
            "VN0802", f"`{name}` wants {expected}", start, end, f"the form is `{self.form}`"
        )

    def _clause(self, given: Given, words: list[Word], i: int) -> int:
        word = words[i]
        if not self._is_clause(word):
            near = nearest(word.text, self.clauses)
            raise DirectiveError(
                "VN0803",
                f"`{words[0].text}` does not take `{word.text}` here",
                word.start,
                word.end,
                f"did you mean `{near}`?" if near else f"the form is `{self.form}`",
            )
        for other in self.exclusive[word.text]:
            if other in given.values:
                message = (
                    f"`{other}` is said twice"
                    if other == word.text
                    else f"`{other}` and `{word.text}` exclude each other"
                )
                raise DirectiveError("VN0803", message, word.start, word.end, "keep one")
        value: Any = True
        i += 1
        for argument in self.clauses[word.text]:
            if i == len(words):
                raise DirectiveError(
                    "VN0802",
                    f"`{word.text}` wants {argument if argument.isupper() else f'`{argument}`'}",
                    word.start,
                    word.end,
                    f"the form is `{self.form}`",
                )
            if argument.isupper():
                value, i = ARGUMENTS.get(argument, _word)(words, i)
            elif words[i].text == argument:
                i += 1
            else:
                raise DirectiveError(
                    "VN0803",
                    f"expected `{argument}` after `{word.text}`, found `{words[i].text}`",
                    words[i].start,
                    words[i].end,
                    f"the form is `{self.form}`",
                )
        given.values[word.text] = value
        given.spans[word.text] = (word.start, words[i - 1].end)
        return i
