"""What is tried at a menu or an input."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from comfyvn.explore.expressions import any_drawn
from comfyvn.explore.machine import Machine, State
from comfyvn.explore.result import Answer
from comfyvn.explore.slots import assignments, conditions

_OTHER = "Nobody"


class Inputs:
    """The answers that an exploration gives.

    Attributes:
        exact: whether no text that a player may write leads elsewhere than those that are tried:
            so it is where what is written is only compared with literal texts.
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
        literals, plain = _compared(machine)
        self.exact = plain
        for at, op in written.items():
            tried: dict[str, str] = {}
            other = _OTHER
            while other in literals:
                other += "."
            for text in ("", *sorted(literals), other):
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


def _compared(machine: Machine) -> tuple[set[str], bool]:
    """Return the texts that variables are compared with, and whether that is all that is done
    with what is written."""
    literals: set[str] = set()
    plain = True
    texts = {
        name
        for name, variable in machine.variables.items()
        if variable["type"] == "text" and ("var", name) in machine.slots
    }

    def look(e: Any, free: bool) -> None:
        nonlocal plain
        if e[0] in ("==", "!="):
            for a, b in ((e[1], e[2]), (e[2], e[1])):
                if a[0] == "var" and a[1] in texts:
                    if b[0] == "text":
                        literals.add(b[1])
                        return
                    if b[0] == "var":
                        return
        if e[0] == "truth" and e[1][0] == "var":
            return
        if e[0] == "var" and e[1] in texts and not free:
            plain = False
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
    return literals, plain
