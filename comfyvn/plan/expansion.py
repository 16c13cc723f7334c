"""One rule applied to the items of its collection, column by column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

from comfyvn.engine.step import Rule, Step
from comfyvn.plan.collections import COLLECTIONS
from comfyvn.plan.facts import Item
from comfyvn.plan.rule_checks import RUNTIME
from comfyvn.plan.rules import Declared
from comfyvn.plan.template import Columns, expand, expand_params, split


@dataclass(slots=True)
class Expansion:
    """A rule's steps as columns: what stands at one index belongs to one step.

    `inputs` has for each input of the rule the name, or the names, that each step gets; it is
    filled when the outputs of all rules are known.
    """

    declared: Declared
    count: int
    columns: Columns
    names: list[str]
    params: list[str]
    outputs: list[list[str]]
    messages: list[str]
    resources: list[str]
    inputs: list[list[str] | list[Sequence[str]]] = field(default_factory=list)

    def steps(self) -> list[Step]:
        """Return the steps, in the order of the items."""
        rows = zip(
            self.names,
            repeat(self.declared.rule.name, self.count),
            self.params,
            self._rows(self.inputs),
            self._rows(self.outputs),
            self.messages,
            self.resources,
            strict=True,
        )
        return list(map(tuple.__new__, repeat(Step), rows))

    def input_names(self) -> Iterator[Sequence[str]]:
        """Yield all names that the steps read, some of them more than once."""
        for column in self.inputs:
            if column and not isinstance(column[0], str):
                # Steps often share one list.
                yield from {id(names): names for names in column}.values()
            else:
                yield column  # type: ignore[misc]

    def _rows(self, columns: Sequence[Sequence[Any]]) -> Iterator[tuple[str, ...]]:
        if not columns:
            return repeat((), self.count)
        if all(isinstance(column[0], str) for column in columns if column):
            return zip(*columns, strict=True)
        return map(_flat, zip(*columns, strict=True))


def expand_rule(declared: Declared, items: Sequence[Item]) -> Expansion:
    """Return what a rule gives for some items, without inputs."""
    count = len(items)
    known: dict[str, list[str]] = {}

    def columns(name: str) -> list[str]:
        if name not in known:
            known[name] = [item[name] for item in items]
        return known[name]

    name, keys = declared.rule.name, key_of(declared)
    names = expand(" ".join([name, *(f"{{{key}}}" for key in keys)]), columns, count)
    outputs = [short(expand(text, columns, count)) for text in declared.outputs]
    params = _params(declared, columns, count)
    said = set(split(declared.rule.message)[1]) - set(keys)
    messages = expand(declared.rule.message if said else "", columns, count)
    taken = dict(declared.rule.resources)
    resources = expand_params(taken, columns, count) if taken else [""] * count
    return Expansion(declared, count, columns, names, params, outputs, messages, resources)


def key_of(declared: Declared) -> tuple[str, ...]:
    """Return the fields that tell the steps of a rule apart."""
    if declared.files:
        return ("path",)
    return COLLECTIONS[declared.over].key if declared.over else ()


def shown_rule(declared: Declared) -> Rule:
    """Return the rule as the engine gets it.

    Its message says which word of a step's name goes where (`comfyvn.engine.step.message`).
    """
    keys = key_of(declared)
    pieces, fields = split(declared.rule.message)
    if not fields:
        return declared.rule
    pieces = [piece.replace("{", "{{").replace("}", "}}") for piece in pieces]
    if not set(fields) <= set(keys):
        return declared.rule._replace(message="")  # each step has its own
    places = [f"{{{keys.index(name)}}}" for name in fields]
    message = "".join(a + b for a, b in zip(pieces, [*places, ""], strict=True))
    return declared.rule._replace(message=message)


def short(column: list[str]) -> list[str]:
    """Return paths without the empty folder that a file of the project's own folder gives."""
    if "//" in "\n".join(column):
        return [path.replace("//", "/") for path in column]
    return column


def _params(declared: Declared, columns: Columns, count: int) -> list[str]:
    given = expand_params(declared.params, columns, count)
    if not declared.command:
        return given
    # What is filled in when the command runs still stands in braces then, so those of values are
    # doubled: a file may well be named `{input}.svg`.
    line = expand_params(
        {"": [_until_run(text) for text in declared.command]},
        lambda name: [value.replace("{", "{{").replace("}", "}}") for value in columns(name)],
        count,
    )
    return [f'{{"command":{a[4:-1]},"params":{b}}}' for a, b in zip(line, given, strict=True)]


def _until_run(text: str) -> str:
    """Return a text of a command line that has lost the item's fields after one expansion."""
    pieces, fields = split(text)
    out = []
    for index, piece in enumerate(pieces):
        out.append(piece.replace("{", "{{{{").replace("}", "}}}}"))
        if index < len(fields):
            name = fields[index]
            out.append(f"{{{{{name}}}}}" if RUNTIME.fullmatch(name) else f"{{{name}}}")
    return "".join(out)


def _flat(row: tuple[str | Sequence[str], ...]) -> tuple[str, ...]:
    if len(row) == 1 and not isinstance(row[0], str):
        return tuple(row[0])
    found: dict[str, None] = {}
    for part in row:
        found.update(dict.fromkeys((part,) if isinstance(part, str) else part))
    return tuple(found)
