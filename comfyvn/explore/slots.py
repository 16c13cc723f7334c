"""What of a state can matter later: variables, counts and what picks remember, and where."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from comfyvn.explore.flow import Flow, Op, is_plain, operands, parts_of

Slot = tuple[str, str]
"""`var` and a name, `count` or `ever` and an id, or `pick` and its id."""
COUNTED = frozenset({"visited", "times", "seen", "chose"})
_ORDER = frozenset({"<", "<=", ">", ">=", "==", "!="})


def conditions(op: Op) -> Iterator[list[Any]]:
    """Yield the conditions of an op, and what decides where a jump leads."""
    if "if" in op:
        yield op["if"]
    for part in parts_of(op):
        if "if" in part:
            yield part["if"]
    if op["op"] == "jump" and "value" in op:
        yield op["value"]


def read_by(expression: Any) -> Iterator[Slot]:
    """Yield what an expression reads."""
    for each in operands(expression):
        if each[0] == "var":
            yield "var", each[1]
        elif each[0] in COUNTED:
            yield "ever" if each[2] else "count", each[1]


def remembered(op: Op) -> Iterator[Slot]:
    """Yield what an op reads besides its expressions: what came once, and where a pick is."""
    if op["op"] == "say" and op.get("once"):
        yield "count", op["id"]
    for part in parts_of(op):
        if part.get("once"):
            yield "count", part["id"]
    if op["op"] == "pick" and op["mode"] != "random":
        yield "pick", op["id"]


def slots_in(op: Op) -> Iterator[list[Any]]:
    """Yield the expressions of an op's texts."""
    for part in (op, *parts_of(op)):
        yield from part.get("slots", ())
        yield from part.get("locked_slots", ())


def assignments(flow: Flow) -> dict[str, list[list[Any]]]:
    """Return, for each variable, what may be assigned to it; an input's text is `["input"]`."""
    found: dict[str, list[list[Any]]] = {}
    returned = [
        node.op["value"]
        for node in flow.deciding
        if node.op["op"] == "return" and "value" in node.op
    ]
    for node in flow.deciding:
        op = node.op
        match op["op"]:
            case "set":
                own = [] if op["how"] == "=" else [["var", op["var"]]]
                found.setdefault(op["var"], []).extend([op["value"], *own])
            case "input":
                found.setdefault(op["var"], []).append(["input"])
            case "call":
                for name, value in op.get("args", {}).items():
                    found.setdefault(name, []).append(value)
                if "into" in op:
                    found.setdefault(op["into"], []).extend(returned)
    return found


class Matter:
    """What can influence where a story goes.

    Attributes:
        slots: it, in a settled order.
        caps: of a count or variable, the value from which on it makes no difference how high it
            is; absent if it always may.
    """

    def __init__(
        self, flow: Flow, *, only: Collection[Slot] | None = None, texts: bool = False
    ) -> None:
        """`only` names what is kept, whatever else matters; `texts` keeps what is displayed."""
        self.flow = flow
        self.sources = assignments(flow)
        found: dict[Slot, None] = {}
        waiting: list[Slot] = []
        if only is None:
            for node in flow.nodes if texts else flow.deciding:
                for condition in conditions(node.op):
                    waiting += read_by(condition)
                waiting += remembered(node.op)
                if texts:
                    waiting += self._displayed(node.op)
        else:
            waiting += only
        while waiting:
            slot = waiting.pop()
            if slot in found:
                continue
            found[slot] = None
            if slot[0] == "var":
                for value in self.sources.get(slot[1], ()):
                    waiting += read_by(value)
        self.slots = sorted(found)
        self.caps = {} if texts else self._caps()

    def _displayed(self, op: Op) -> Iterator[Slot]:
        for value in slots_in(op):
            yield from read_by(value)
        if op["op"] == "say" and "as" not in op:
            for who in op["who"]:
                if who != "???":
                    yield "var", f"{who}.name"

    def _caps(self) -> dict[Slot, int]:
        """Counts that are only asked for being there, or compared with numbers; variables that
        only grow and are only compared with numbers."""
        most: dict[Slot, int] = {}
        free: set[Slot] = set()
        variables = self.flow.program.get("variables", {})

        def look(e: Any) -> None:
            if e[0] in _ORDER:
                left, right = e[-2:]
                for a, b in ((left, right), (right, left)):
                    slot = _plain(a)
                    if slot and b[0] == "int":
                        most[slot] = max(most.get(slot, 0), b[1] + 1)
                        return
            if e[0] == "truth" and (slot := _plain(e[1])):
                most[slot] = max(most.get(slot, 0), 1)
                return
            if slot := _plain(e):
                free.add(slot)
            elif e[0] in COUNTED:
                slot = ("ever" if e[2] else "count", e[1])
                most[slot] = max(most.get(slot, 0), 1)
            elif e[0] != "set":
                for part in e[1:]:
                    if isinstance(part, list) and part and isinstance(part[0], str):
                        look(part)

        kept = set(self.slots)
        for node in self.flow.deciding:
            for condition in conditions(node.op):
                look(condition)
            for slot in remembered(node.op):
                most[slot] = max(most.get(slot, 0), 1)
        for name, values in self.sources.items():
            if ("var", name) in kept:
                for value in values:
                    if value != ["var", name]:
                        look(value)
        caps = {}
        for slot in self.slots:
            if slot in free or slot[0] == "pick":
                continue
            if slot[0] == "var":
                variable = variables[slot[1]]
                if variable["type"] != "int" or not self._grows(slot[1]):
                    continue
                high = max(most.get(slot, 0), variable["default"], 0)
                if variable.get("high", high + 1) > high:
                    caps[slot] = high + 1
            else:
                caps[slot] = most.get(slot, 1)
        return caps

    def _grows(self, name: str) -> bool:
        """Whether a variable is only set to numbers, or counted up by them."""
        for node in self.flow.deciding:
            op = node.op
            if op["op"] == "set" and op["var"] == name:
                if op["how"] == "-=" or op["value"][0] != "int" or op["value"][1] < 0:
                    return False
            elif name in op.get("args", ()) or op.get("into") == name:
                return False
        return True


def outliving(matter: Matter) -> frozenset[Slot]:
    """Return what outlives a game, and what may get its value from that.

    Going back and loading take back all else: of these alone a game may hold what no game that
    only goes forward does.
    """
    variables = matter.flow.program.get("variables", {})
    found: set[Slot] = set()
    new = {slot for slot in matter.slots if _lasts(slot, variables)}
    while new:
        found |= new
        new = {
            slot
            for slot in matter.slots
            if slot[0] == "var" and slot not in found
            for value in matter.sources.get(slot[1], ())
            if not found.isdisjoint(read_by(value))
        }
    return frozenset(found)


def _plain(e: Any) -> Slot | None:
    """Return what an expression is nothing but the number of."""
    if e[0] == "var":
        return "var", e[1]
    if e[0] == "times":
        return "ever" if e[2] else "count", e[1]
    return None


def liveness(flow: Flow, matter: Matter, texts: bool = False) -> list[int]:
    """Return, for each node, the bits of those of `matter.slots` that may still be read from it."""
    bit = {slot: 1 << index for index, slot in enumerate(matter.slots)}
    variables = flow.program.get("variables", {})

    def bits(values: Iterator[Slot]) -> int:
        out = 0
        for slot in values:
            out |= bit.get(slot, 0)
        return out

    lasting = bits(slot for slot in matter.slots if _lasts(slot, variables))
    gen, kill = [], []
    for node in flow.nodes:
        op = node.op
        if not texts and is_plain(op):
            gen.append(0)
            kill.append(0)
            continue
        used = bits(remembered(op)) | bits(s for e in conditions(op) for s in read_by(e))
        if texts:
            used |= bits(s for e in slots_in(op) for s in read_by(e))
            if op["op"] == "say":
                used |= bits(("var", f"{who}.name") for who in op["who"])
        killed = 0
        match op["op"]:
            case "set":
                target = bit.get(("var", op["var"]), 0)
                if target:
                    used |= bits(read_by(op["value"]))
                    kind = variables[op["var"]]["type"]
                    if op["how"] != "=" or kind in ("enum", "label"):
                        used |= target
                    else:
                        killed = target
            case "call":
                used |= bits(
                    s
                    for name, e in op.get("args", {}).items()
                    if ("var", name) in bit
                    for s in read_by(e)
                )
            case "return" if "value" in op:
                used |= bits(read_by(op["value"]))
        gen.append(used)
        kill.append(killed & ~used)
    # Entering a scene resets its variables: what they held before is dead.
    reset = {
        name: ~bits(("var", each) for each in scene.get("scene_variables", ()))
        for name, scene in flow.program["scenes"].items()
    }
    tops = set(flow.tops.values())
    kept: list[list[tuple[int, int]]] = []
    for at, node in enumerate(flow.nodes):
        if is_plain(node.op) and node.next not in tops:
            kept.append([(node.next, -1)])
            continue
        goes = node.op["op"] in ("jump", "call")
        kept.append(
            [
                (after, reset[other] if after in tops or (goes and other != node.scene) else -1)
                for after in flow.after[at]
                for other in (flow.nodes[after].scene,)
            ]
        )
    into: dict[int, list[int]] = {}
    for at in range(len(flow.nodes)):
        for after, _ in kept[at]:
            into.setdefault(after, []).append(at)
    live = [each | lasting for each in gen]
    waiting = list(range(len(flow.nodes)))
    waiting_set = set(waiting)
    while waiting:
        at = waiting.pop()
        waiting_set.discard(at)
        behind = 0
        for after, mask in kept[at]:
            behind |= live[after] & mask
        new = gen[at] | (behind & ~kill[at]) | lasting
        if new != live[at]:
            live[at] = new
            for before in into.get(at, ()):
                if before not in waiting_set:
                    waiting_set.add(before)
                    waiting.append(before)
    return live


def _lasts(slot: Slot, variables: Mapping[str, Any]) -> bool:
    """Whether it outlives a game."""
    return slot[0] == "ever" or (slot[0] == "var" and variables[slot[1]]["scope"] == "persistent")
