"""What a line says, word for word: one text, or one for each form that its slots can take.

The values that a slot can have are listed from what is declared: truths, enums, small ranges,
drawn members and dice. A variable whose values cannot be listed (what a player types, a number
without a range) counts as what it is at the start, as games do that voice the name a player keeps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, pairwise, product
from math import prod
from typing import Any, NamedTuple

from comfyvn.story.evaluate import evaluate
from comfyvn.story.numbers import print_value
from comfyvn.story.render import PluralRules, category

MOST = 8
"""Texts of one line that are spoken; a line with more is silent."""
_TRIED = 1000
"""Combinations of values that are looked at, to find out how many texts they make."""
_TRUTHS = frozenset("not and or == != < <= > >= in truth chance visited seen chose".split())
_UNSURE = frozenset("chance roll pick wording visited times seen chose title".split())
"""Operators whose result does not follow from variables alone."""


class Reading(NamedTuple):
    """One text of a line.

    Attributes:
        shown: as players show it, without effects; a reading follows its base in parentheses.
        said: as it is spoken: of a base the reading, and nothing of what is struck out.
        start: what of `shown` stands before the first effect that is no pause and no speed.
    """

    shown: str
    said: str
    start: str


class Readings(NamedTuple):
    """The texts of a line.

    Attributes:
        texts: those that there are to say; empty when nothing of it is spoken.
        fixed: whether it is one text whatever happens.
        lacking: why some are not among them: `values`, which cannot be listed, or too `many`.
    """

    texts: list[Reading]
    fixed: bool
    lacking: str = ""


class Domain(NamedTuple):
    """The values that something can have, and whether these are all."""

    values: Sequence[Any]
    whole: bool = True


class _Form(NamedTuple):
    """Some value of which no more is known than which form it takes."""

    name: str


def readings(
    text: Sequence[Any],
    slots: Sequence[Any],
    variables: Mapping[str, Domain],
    plurals: PluralRules,
) -> Readings:
    """Return the texts of a line.

    Args:
        text: a text of the Program.
        slots: its slots, with those that a translation adds.
        variables: what each variable can hold; for a set, what can be a member (`members_of`).
        plurals: the plural rules of the text's language.
    """
    uses = list(_uses(text))
    if not uses:
        reading = _read(text, {}, plurals)
        return Readings([reading] if _has_words(reading) else [], True)
    free: dict[Any, Domain] = {}
    for slot in dict.fromkeys(slot for slot, _ in uses):
        found = _free(slot, slots[slot], [each for at, each in uses if at == slot], variables)
        if found is None:
            return Readings([], False, "values")
        free |= found
    whole = all(domain.whole for domain in free.values())
    texts: dict[str, Reading] = {}
    tried = product(*(domain.values for domain in free.values()))
    for values in islice(tried, _TRIED):
        chosen = dict(zip(free, values, strict=True))
        reading = _read(text, _values(slots, chosen), plurals)
        if _has_words(reading):
            texts[reading.shown] = reading
        if len(texts) > MOST:
            return Readings([], False, "many")
    if prod(len(domain.values) for domain in free.values()) > _TRIED:
        return Readings([], False, "many")
    return Readings([*texts.values()], False, "" if whole else "values")


def _has_words(reading: Reading) -> bool:
    return any(char.isalnum() for char in reading.said)


# What slots can hold


def members_of(name: str) -> str:
    """Return what stands among the variables for the members that a set can have."""
    return f"{name}[]"


def _free(
    slot: int, expr: Any, uses: Sequence[Mapping[str, Any]], variables: Mapping[str, Domain]
) -> dict[Any, Domain] | None:
    """Return what the value of a slot hangs on: variables by name, or the slot by its number.

    None if its values cannot be listed.
    """
    if expr == ["wording"]:
        # One draw between each two places where some text goes over to its next option.
        ends = sorted({i / n for n in {len(each["of"]) for each in uses} for i in range(n + 1)})
        return {slot: Domain([(low + high) / 2 for low, high in pairwise(ends)])}
    names = list(dict.fromkeys(_variables(expr)))
    sure = not _mentions(expr, _UNSURE)
    listed = sure and all(name in variables and variables[name].whole for name in names)
    if not listed and (forms := _forms(uses)) is not None:
        return {slot: Domain(forms)}
    if sure and all(name in variables for name in names):
        return {name: variables[name] for name in names}
    domain = _listed(expr, variables)
    return None if domain is None else {slot: domain}


def _forms(uses: Sequence[Mapping[str, Any]]) -> list[_Form] | None:
    """Return a value for each form, if forms are all that the value decides."""
    for kind in ("select", "plural"):
        if all(kind in each and not _prints(each["forms"], each[kind]) for each in uses):
            return [
                _Form(name) for name in dict.fromkeys(n for each in uses for n in each["forms"])
            ]
    return None


def _prints(forms: Mapping[str, Sequence[Any]], slot: int) -> bool:
    return any(at == slot for form in forms.values() for at, _ in _uses(form))


def _listed(expr: Any, variables: Mapping[str, Domain]) -> Domain | None:
    """Return what an expression can give whatever the variables hold."""
    match expr:
        case ["roll", int(count), int(sides), int(plus)] if count * sides <= _TRIED:
            return Domain(range(count + plus, count * sides + plus + 1))
        case ["pick", ["var", str(name)]] if members_of(name) in variables:
            return variables[members_of(name)]
        case [str(operator), *_] if operator in _TRUTHS:
            return Domain([False, True])
    return None


def _variables(expr: Any) -> Iterator[str]:
    if isinstance(expr, list) and expr:
        if expr[0] == "var":
            yield expr[1]
        else:
            for part in expr[1:]:
                yield from _variables(part)


def _mentions(expr: Any, operators: frozenset[str]) -> bool:
    return (
        isinstance(expr, list)
        and bool(expr)
        and (expr[0] in operators or any(_mentions(part, operators) for part in expr[1:]))
    )


class _World:
    """Some values for the variables; nothing is drawn or counted."""

    def __init__(self, values: Mapping[Any, Any]) -> None:
        self._values = values

    def variable(self, name: str) -> Any:
        return self._values[name]

    def draw(self, stream: str) -> float:
        return 0

    def times(self, id: str, ever: bool) -> int:
        return 0

    def title(self, place: str) -> str:
        return place


def _values(slots: Sequence[Any], chosen: Mapping[Any, Any]) -> dict[int, Any]:
    """Return the values of the slots that hang on nothing but what was chosen."""
    world = _World(chosen)
    return {
        slot: chosen[slot] if slot in chosen else evaluate(expr, world)
        for slot, expr in enumerate(slots)
        if slot in chosen
        or (not _mentions(expr, _UNSURE) and all(name in chosen for name in _variables(expr)))
    }


# Texts


def _uses(text: Sequence[Any]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield each use of a slot in a text, with the fragment that uses it."""
    for fragment in text:
        if isinstance(fragment, str):
            continue
        for key in ("v", "wording", "plural", "select"):
            if key in fragment:
                yield fragment[key], fragment
        for key in ("em", "strong", "del", "ruby"):
            yield from _uses(fragment.get(key, ()))
        for inner in (*fragment.get("of", ()), *fragment.get("forms", {}).values()):
            yield from _uses(inner)


def _read(text: Sequence[Any], values: Mapping[int, Any], plurals: PluralRules) -> Reading:
    shown, said, start = "", "", None
    for fragment in text:
        if isinstance(fragment, dict) and "fx" in fragment:
            if start is None and any(op["op"] not in ("pause", "speed") for op in fragment["fx"]):
                start = shown
            continue
        words = _words(fragment, values, plurals)
        shown, said = shown + words[0], said + words[1]
    return Reading(shown, " ".join(said.split()), shown if start is None else start)


def _words(fragment: Any, values: Mapping[int, Any], plurals: PluralRules) -> tuple[str, str]:
    """Return how a fragment is shown and how it is said."""

    def all_of(text: Sequence[Any]) -> tuple[str, str]:
        parts = [_words(each, values, plurals) for each in text]
        return "".join(shown for shown, _ in parts), "".join(said for _, said in parts)

    def form(forms: Mapping[str, Sequence[Any]], name: str) -> tuple[str, str]:
        return all_of(forms.get(name, forms["other"]))

    match fragment:
        case str():
            return fragment, fragment
        case {"v": slot}:
            printed = print_value(values[slot], fragment.get("digits"))
            return printed, printed
        case {"em": inner} | {"strong": inner}:
            return all_of(inner)
        case {"del": inner}:
            return all_of(inner)[0], ""
        case {"ruby": inner, "rt": reading}:
            return f"{all_of(inner)[0]} ({reading})", reading
        case {"wording": slot, "of": options}:
            return all_of(options[int(values[slot] * len(options))])
        case {"plural": slot, "forms": forms}:
            value = values[slot]
            return form(forms, value.name if _is_form(value) else category(value, plurals))
        case {"select": slot, "forms": forms}:
            value = values[slot]
            return form(forms, value.name if _is_form(value) else print_value(value))
    return "", ""


def _is_form(value: Any) -> bool:
    return isinstance(value, _Form)
