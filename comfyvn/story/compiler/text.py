"""Lowering of inline text to fragments and slots."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from comfyvn.source.nearest import nearest
from comfyvn.source.syntax import (
    At,
    Forms,
    Hash,
    Ruby,
    Span,
    Styled,
    Text,
    Value,
    Wordings,
)
from comfyvn.story.directives import DIRECTIVES, MODIFIERS
from comfyvn.story.plurals import categories
from comfyvn.story.types import Expr, Op, Typed

Lowered = list[Any]
"""A lowered Text, as `docs/program.md` defines it."""


class Slots(Protocol):
    """Where the expressions of a text go."""

    def add(self, expr: Expr, at: At) -> int:
        """Return the number of the slot that holds the value of `expr`."""
        ...


class SourceSlots:
    """The slots of a source text: one for each use, in order."""

    def __init__(self) -> None:
        self.exprs: list[Expr] = []

    def add(self, expr: Expr, at: At) -> int:
        """Return the number of a new slot."""
        self.exprs.append(expr)
        return len(self.exprs) - 1


class TextContext(Protocol):
    """What text needs of the place where it stands; `language` is the one it is written in."""

    language: str

    def printed(self, source: str, at: At) -> Typed | None:
        """Lower an expression whose value is printed."""
        ...

    def effect(self, span: Span) -> list[Op] | None:
        """Lower an effect."""
        ...

    def report(self, code: str, message: str, at: At, help: str | None = None) -> None:
        """Report an error."""
        ...


class TextLowering:
    """Lowers one text. `effects` says whether stage effects may stand in it."""

    def __init__(self, context: TextContext, slots: Slots, *, effects: bool = False) -> None:
        self.context = context
        self.slots = slots
        self.effects = effects
        self.number: int | None = None

    def lower(self, text: Text) -> Lowered:
        """Lower a whole text; parts that are wrong are reported and left out."""
        lowered: Lowered = []
        for fragment in text:
            if isinstance(fragment, str):
                plain = fragment.lstrip(" ") if _ends_in_space(lowered) else fragment
                if plain:
                    lowered.append(plain)
                continue
            part = _LOWER[type(fragment)](self, fragment)
            if part is None:
                continue
            if _fires(part) and lowered and _fires(lowered[-1]):
                lowered[-1]["fx"] += part["fx"]
            else:
                lowered.append(part)
        if len(lowered) > 1 and _fires(lowered[-1]):
            before = lowered[-2]
            if isinstance(before, str):
                lowered[-2] = before.rstrip(" ")
        return lowered

    def _styled(self, fragment: Styled) -> Lowered | dict[str, Any]:
        return {fragment.style: self.lower(fragment.text)}

    def _ruby(self, fragment: Ruby) -> dict[str, Any]:
        return {"ruby": self.lower(fragment.base), "rt": fragment.reading}

    def _value(self, fragment: Value) -> dict[str, Any] | None:
        typed = self.context.printed(fragment.source, fragment.at)
        if typed is None:
            return None
        value: dict[str, Any] = {"v": self.slots.add(_shown(typed), fragment.at)}
        if fragment.digits is not None:
            if not typed.type.numeric:
                self.context.report(
                    "VN0513",
                    f"`:.{fragment.digits}` formats numbers, and this is {typed.type}",
                    fragment.at,
                    "drop it",
                )
            value["digits"] = fragment.digits
        return value

    def _wordings(self, fragment: Wordings) -> dict[str, Any]:
        slot = self.slots.add(["wording"], fragment.at)
        return {"wording": slot, "of": [self.lower(option) for option in fragment.options]}

    def _forms(self, fragment: Forms) -> dict[str, Any] | None:
        typed = self.context.printed(fragment.source, fragment.at)
        plural = fragment.kind == "plural"
        if typed is not None and plural and not typed.type.numeric:
            self.context.report(
                "VN0513",
                f"a plural goes by a number, and this is {typed.type}",
                fragment.at,
                "choose by a value with `select`",
            )
            typed = None
        slot = -1 if typed is None else self.slots.add(_shown(typed), fragment.at)
        outer = self.number
        if plural:
            self.number = slot
        forms = {key: self.lower(form) for key, form in fragment.forms.items()}
        self.number = outer
        if typed is None:
            return None
        if plural:
            self._keys(fragment, categories(self.context.language), "VN0514", "categories")
        elif typed.type.kind == "enum":
            self._keys(fragment, typed.type.values, "VN0508", "values")
        elif typed.type.kind == "bool":
            self._keys(fragment, ("true", "false"), "VN0508", "values")
        return {fragment.kind: slot, "forms": forms}

    def _keys(self, fragment: Forms, valid: Sequence[str], code: str, what: str) -> None:
        for key in fragment.forms:
            if key != "other" and key not in valid:
                shown = ", ".join(f"`{each}`" for each in valid)
                message = f"`{key}` is none of the {what}"
                self.context.report(code, message, fragment.at, f"they are {shown}")

    def _hash(self, fragment: Hash) -> dict[str, Any] | str:
        return "#" if self.number is None else {"v": self.number}

    def _span(self, fragment: Span) -> dict[str, Any] | None:
        if not self.effects:
            name = fragment.source.split(None, 1)[0]
            near = None if name in DIRECTIVES else nearest(name, MODIFIERS)
            self.context.report(
                "VN0805",
                f"`{fragment.source}` cannot stand in this text",
                fragment.at,
                "put it at the end of the line"
                if near == name
                else f"did you mean `{near}`?"
                if near
                else "put it on a line of its own",
            )
            return None
        ops = self.context.effect(fragment)
        return {"fx": ops} if ops else None


def _shown(typed: Typed) -> Expr:
    """What a slot holds of a value, so that it prints."""
    return ["title", typed.expr] if typed.type.kind == "label" else typed.expr


def _fires(fragment: Any) -> bool:
    """Whether a lowered fragment is a group of effects."""
    return isinstance(fragment, dict) and "fx" in fragment


def _ends_in_space(lowered: Lowered) -> bool:
    """Whether the text so far ends in effects that a space, or nothing, stands before."""
    if not lowered or not _fires(lowered[-1]):
        return False
    before = lowered[-2] if len(lowered) > 1 else " "
    return isinstance(before, str) and before.endswith((" ", "\n"))


_LOWER: dict[type, Callable[[TextLowering, Any], Any]] = {
    Styled: TextLowering._styled,
    Ruby: TextLowering._ruby,
    Value: TextLowering._value,
    Wordings: TextLowering._wordings,
    Forms: TextLowering._forms,
    Hash: TextLowering._hash,
    Span: TextLowering._span,
}
