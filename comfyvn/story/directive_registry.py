"""The registry of directives: each with its form, meaning, example and lowering in one place.

New systems add to it by decorating a function with `directive`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from comfyvn.source.syntax import Link
from comfyvn.story.directive_form import Form, Given, Raw, Word
from comfyvn.story.resolve import Names, asset_problem
from comfyvn.story.types import Expr, Op, Type, VariableFacts


class Context(Protocol):
    """What lowering may ask of the compiler, about the place where a directive stands.

    Offsets are those of the directive's source. What is wrong is reported, and None returned.
    """

    names: Names
    link: Link | None

    def error(self, code: str, message: str, start: int, end: int, help: str | None = None) -> None:
        """Report an error."""
        ...

    def id(self) -> str:
        """Return the id of the op that waits or is returned to."""
        ...

    def variable(self, name: str, start: int) -> VariableFacts | None:
        """Return the variable that is to be set."""
        ...

    def knows(self, name: str) -> bool:
        """Return whether there is, or may be, a variable `name`, or one that is nearly so."""
        ...

    def value(self, raw: Raw, wanted: Type) -> Expr | None:
        """Lower an expression of a type."""
        ...

    def text(self, raw: Raw) -> tuple[list[Any], list[Expr]] | None:
        """Lower inline text to fragments and slots."""
        ...

    def prompt(self, raw: Raw) -> tuple[list[Any], list[Expr]] | None:
        """Lower the inline text that bears the directive's id, and so can be translated."""
        ...

    def look(self, character: str, cues: list[Word]) -> dict[str, str] | None:
        """Resolve the cues of a look."""
        ...

    def place(self, link: Link) -> str | None:
        """Resolve a link."""
        ...

    def goes(self, value: Expr) -> None:
        """Note where a computed jump may lead."""
        ...

    def returns(self) -> Type | None:
        """Return the type that the scene gives back to a call."""
        ...

    def unlock(self, name: str) -> None:
        """Note that the story unlocks `name`."""
        ...

    def ending(self, id: str, name: str, title: str, span: tuple[int, int]) -> None:
        """Note an ending of the story."""
        ...


def asset(word: Word, to: Context) -> str | None:
    """Return the name of an asset; None, and a report, when it is the name of a file."""
    problem = asset_problem(word.text)
    if problem is None:
        return word.text
    to.error(problem.code, problem.message, word.start, word.end, problem.help)
    return None


Lower = Callable[[Given, Context], list[Op] | None]
"""Turns a directive as read into ops; None when something was reported."""


@dataclass(frozen=True, slots=True)
class Directive:
    """One directive: what `comfyvn explain` prints, and how it is read and lowered.

    `inline` is how it begins when it may stand inside text. `lower` is None for what only shapes
    the flow (`if`, `elif`, `else`, `end`). `read` replaces the grammar of the form.
    """

    name: str
    form: str
    doc: str
    example: str
    inline: str | None
    lower: Lower | None
    read: Callable[[str], Given]


DIRECTIVES: dict[str, Directive] = {}
"""All directives by name."""


MODIFIERS: dict[str, Directive] = {}
"""What may trail a line, a jump, a choice or an outcome, by name."""


def modifier(form: str, doc: str, example: str) -> None:
    """Register a modifier."""
    name = form.split(maxsplit=1)[0]
    MODIFIERS[name] = Directive(name, form, doc, example, None, None, Form(form).read)


def directive(
    form: str,
    *,
    doc: str,
    example: str,
    inline: str | None = None,
    read: Callable[[str], Given] | None = None,
) -> Callable[[Lower], Lower]:
    """Register the decorated function as the lowering of a directive."""
    name = form.split(maxsplit=1)[0]

    def register(lower: Lower) -> Lower:
        add(name, form, doc, example, inline, lower, read)
        return lower

    return register


def add(
    name: str,
    form: str,
    doc: str,
    example: str,
    inline: str | None = None,
    lower: Lower | None = None,
    read: Callable[[str], Given] | None = None,
) -> None:
    """Register a directive."""
    assert name not in DIRECTIVES, name
    reader = read or Form(form).read
    DIRECTIVES[name] = Directive(name, form, doc, example, inline, lower, reader)
