"""What is tried at a menu or an input."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from comfyvn.explore.expressions import any_drawn
from comfyvn.explore.machine import Machine, State
from comfyvn.explore.result import Answer
from comfyvn.explore.slots import assignments, conditions

_OTHERS = ("Nobody", *map(chr, range(ord("a"), 0x2000)))
"""Texts of which some are no others'."""


class Inputs:
    """The answers that an exploration gives.

    Attributes:
        exact: whether no text that a player may write leads elsewhere than those that are tried:
            so it is where what is written is only compared with literal texts and with variables.
    """

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.texts: dict[int, list[str]] = {}
        self.exact = True
        written = {
            at: node.op
            for at, node in enumerate(machine.flow.nodes)
            if node.op["op"] == "input" and ("var", node.op["var"]) in machine.slots
        }
        if not written:
            return
        compared = _compared(machine)
        self.exact = compared.plain
        for at, op in written.items():
            tried: dict[str, str] = {}
            for text in ("", *sorted(compared.literals)):
                tried.setdefault(machine.reader.clean(op, text), text)
            most = len(tried) + compared.others
            for text in _OTHERS:
                if len(tried) == most:
                    break
                tried.setdefault(machine.reader.clean(op, text), text)
            self.texts[at] = list(tried.values())

    def answers(self, state: State) -> Iterator[tuple[Answer | None, Answer | None]]:
        """Yield answers as a route has them, and as a machine takes them."""
        if state.open is not None:
            yield from enumerate(state.open)
        elif state.at in self.machine.write:
            for text in self.texts.get(state.at, ("",)):
                yield text, text
        else:
            yield None, None


class _Compared(NamedTuple):
    """What texts are compared with.

    Attributes:
        literals: the texts that a variable may be compared with.
        plain: whether comparing is all that is done with what is written.
        others: how many texts beside these can be told from each other.
    """

    literals: set[str]
    plain: bool
    others: int


def _compared(machine: Machine) -> _Compared:
    literals: set[str] = set()
    plain, paired = True, False
    texts = {
        name
        for name, variable in machine.variables.items()
        if variable["type"] == "text" and ("var", name) in machine.slots
    }

    def look(e: Any, free: bool) -> None:
        nonlocal plain, paired
        if e[0] in ("==", "!="):
            for a, b in ((e[1], e[2]), (e[2], e[1])):
                if a[0] == "var" and a[1] in texts:
                    if b[0] == "text":
                        literals.add(b[1])
                        return
                    if b[0] == "var":
                        paired = True
                        return
        if e[0] == "truth" and e[1][0] == "var":
            return
        if e[0] == "var" and e[1] in texts and not free:
            plain = False
        if e[:2] == ["+", "t"]:
            plain = False  # it may be what nothing else is
        if e[0] == "text":
            literals.add(e[1])
        if e[0] != "set":
            for part in e[1:]:
                if isinstance(part, list) and part and isinstance(part[0], str):
                    look(part, False)

    for node in machine.flow.nodes:
        for condition in conditions(node.op):
            look(condition, False)
    for name, values in assignments(machine.flow).items():
        if ("var", name) in machine.slots:
            for value in values:
                if value != ["input"]:
                    look(value, value[0] == "var" and not any_drawn(value))
    if not paired:
        return _Compared(literals, plain, 1)
    literals.update(
        variable["default"] for variable in machine.variables.values() if variable["type"] == "text"
    )
    return _Compared(literals, plain, len(texts))
