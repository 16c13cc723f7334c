"""Texts with their slots filled in, in any language, as neutral markup."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

from comfyvn.story.evaluate import World, evaluate
from comfyvn.story.numbers import LIMIT, print_number, print_value

PluralRules = Sequence[tuple[str, list[Any]]]


class _Operands:
    """What a plural rule may ask about: the CLDR operands."""

    def __init__(self, x: float) -> None:
        n = abs(x)
        fraction = print_number(n).partition(".")[2]
        digits = min(int(fraction or 0), LIMIT)
        self._values = {"n": n, "i": math.floor(n), "f": digits, "t": digits, "c": 0, "e": 0}
        self._values["v"] = self._values["w"] = len(fraction)

    def variable(self, name: str) -> float:
        return self._values[name]

    def draw(self, stream: str) -> float:
        return 0

    def times(self, id: str, ever: bool) -> int:
        return 0

    def title(self, place: str) -> str:
        return place


def category(x: float, rules: PluralRules) -> str:
    """Return the plural category of a number."""
    world = _Operands(x)
    return next((name for name, condition in rules if evaluate(condition, world)), "other")


class Part(NamedTuple):
    """A stretch of a text in neutral markup, and the effects that fire before it."""

    effects: Sequence[dict[str, Any]]
    text: str


def render(text: Sequence[Any], values: Sequence[Any], rules: PluralRules) -> list[Part]:
    """Fill in the slots; there is one part, and one more for each group of effects."""
    parts: list[Part] = []
    effects: Sequence[dict[str, Any]] = ()
    start = 0
    for i, fragment in enumerate(text):
        if isinstance(fragment, dict) and "fx" in fragment:
            parts.append(Part(effects, _markup(text[start:i], values, rules)))
            effects, start = fragment["fx"], i + 1
    return [*parts, Part(effects, _markup(text[start:], values, rules))]


def _markup(text: Sequence[Any], values: Sequence[Any], rules: PluralRules) -> str:
    out = []
    for fragment in text:
        match fragment:
            case str():
                out.append(escape(fragment, quote=False))
            case {"v": slot}:
                out.append(escape(print_value(values[slot], fragment.get("digits")), quote=False))
            case {"em": inner}:
                out.append(f"<em>{_markup(inner, values, rules)}</em>")
            case {"strong": inner}:
                out.append(f"<strong>{_markup(inner, values, rules)}</strong>")
            case {"del": inner}:
                out.append(f"<del>{_markup(inner, values, rules)}</del>")
            case {"ruby": inner, "rt": reading}:
                base = _markup(inner, values, rules)
                out.append(f"<ruby>{base}<rt>{escape(reading, quote=False)}</rt></ruby>")
            case {"wording": slot, "of": options}:
                option = options[math.floor(values[slot] * len(options))]
                out.append(_markup(option, values, rules))
            case {"plural": slot, "forms": forms}:
                out.append(_markup(_form(forms, category(values[slot], rules)), values, rules))
            case {"select": slot, "forms": forms}:
                out.append(_markup(_form(forms, print_value(values[slot])), values, rules))
    return "".join(out)


def _form(forms: Mapping[str, Sequence[Any]], key: str) -> Sequence[Any]:
    return forms.get(key, forms["other"])


def render_in(
    program: Mapping[str, Any],
    language: str,
    id: str,
    text: Sequence[Any],
    values: Sequence[Any],
    world: World,
) -> list[Part]:
    """Render in a language, or in the source language where the text is not translated."""
    plurals = program.get("plurals", {})
    source = program["language"]
    translated = None
    if language != source:
        translated = program.get("translations", {}).get(language, {}).get(id)
    if translated is None:
        return render(text, values, plurals.get(source, ()))
    extra = [evaluate(slot, world) for slot in translated.get("extra", ())]
    return render(translated["text"], [*values, *extra], plurals.get(language, ()))
