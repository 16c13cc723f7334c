"""The source of a machine: a function for each stretch of a story without a fork.

A block takes the machine `m`, its slots `v` and its chance `d`, and returns the node that comes
next, or how the story stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from comfyvn.explore.expressions import NAMES, UnknownError, Writer, any_drawn
from comfyvn.explore.flow import Node, Op
from comfyvn.explore.machine import INPUT, OVER, STUCK, Machine, Point
from comfyvn.explore.transcripts import Reader, stage_record
from comfyvn.story.stage import STAGE_OPS


class Blocks:
    """All blocks of a machine.

    Attributes:
        blocks: by the node that they begin at.
        choose: by menu, what takes a choice.
        write: by input, what takes a text.
        start: begins a game.
        sections: the nodes of sections.
        menus: by menu, the numbers of its points by kind.
        into: by call, what takes the value that is given back.
        once: the choices of which it is known whether they were taken.
        backs: the points of returns, by the nodes of return and call.
    """

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.flow = machine.flow
        self.texts = machine.texts
        self.whole = machine.whole
        self.points = not machine.texts
        self.partial = machine.partial
        self.constants: list[Any] = []
        self.writer = Writer(machine.slots, machine.constants)
        self.reader = Reader(machine, records=machine.whole)
        self.lines: list[str] = []
        self._waits = self._waiting = 0
        self.sections = frozenset(self.flow.places.values())
        self.menus: dict[int, dict[tuple[str, int], int]] = {}
        self.backs: dict[tuple[int, int], int] = {}
        self.once: set[tuple[int, int]] = set()
        scope: dict[str, Any] = {
            **NAMES,
            "K": self.constants,
            "R": self.reader,
            "TITLES": self.flow.titles,
        }
        leaders = self._leaders()
        for at in leaders:
            self._block(at, leaders)
        for at, node in enumerate(self.flow.nodes):
            match node.op["op"]:
                case "menu":
                    self._choose(at, node)
                case "input":
                    self._write(at, node)
                case "call" if "into" in node.op:
                    self._into(at, node)
        for name in machine.program["scenes"]:
            self._enter(name)
        self._begin()
        exec(compile("\n".join(self.lines), "<story>", "exec"), scope)
        self.blocks: Mapping[int, Callable[..., int]] = {at: scope[f"b{at}"] for at in leaders}
        self.choose = _named(scope, "c")
        self.write = _named(scope, "w")
        self.into = _named(scope, "i")
        self.start: Callable[..., int] = scope["start"]

    def _leaders(self) -> list[int]:
        """Return the nodes that blocks begin at."""
        found = dict.fromkeys(self.flow.places.values())
        for node in self.flow.nodes:
            found.update(dict.fromkeys(node.bodies))
            if node.op["op"] in ("if", "menu", "pick", "call", "input", "leave"):
                found[node.next] = None
        found.update(dict.fromkeys(self.flow.leaves.values()))
        return list(found)

    # Writing

    def put(self, depth: int, *lines: str) -> None:
        """Write lines."""
        if self._waits:
            self._write_waits()
        self.lines += [" " * depth + line for line in lines]

    def point(self, depth: int, kind: Any, at: int, part: int = 0) -> None:
        """Write that a point is passed."""
        if self.points:
            self.put(depth, f"m.hits.add({self.number(kind, at, part)})")

    def number(self, kind: Any, at: int, part: int = 0) -> int:
        """Return the number of a new point."""
        self.machine.points.append(Point(kind, at, part))
        return len(self.machine.points) - 1

    def keep(self, value: Any) -> str:
        """Return the name of a constant."""
        self.constants.append(value)
        return f"K[{len(self.constants) - 1}]"

    def emit(self, depth: int, record: Mapping[str, Any]) -> None:
        """Write a record that is always the same."""
        if self.texts:
            self.put(depth, f"m.events.append({self.keep(dict(record))})")

    def _block(self, start: int, leaders: list[int]) -> None:
        self.put(0, f"def b{start}(m, v, d):")
        self.point(1, "block", start)
        at = start
        known = self._leader_set(leaders)
        while True:
            node = self.flow.nodes[at]
            after = self._node(1, at, node)
            if after is None:
                return
            if after in known:
                self.put(1, f"return {after}")
                return
            at = after

    def _leader_set(self, leaders: list[int]) -> frozenset[int]:
        if not hasattr(self, "_known"):
            self._known = frozenset(leaders)
        return self._known

    def _node(self, depth: int, at: int, node: Node) -> int | None:
        """Write a node; return the one that comes next, None behind a `return`."""
        op, next, bodies, page, _ = node
        name = op["op"]
        if name in STAGE_OPS:
            if self.texts and self.whole:
                self.emit(depth, stage_record(op))
            return next
        match name:
            case "section":
                if op["label"]:
                    self.count(depth, op["id"])
            case "say":
                self._say(depth, at, op, page)
            case "menu":
                self._menu(depth, at, node)
                return None
            case "pick":
                self._pick(depth, at, node)
                return None
            case "if":
                return self._if(depth, at, node)
            case "page":
                return bodies[0]
            case "jump":
                self._jump(depth, at, node)
                return None
            case "call":
                self._call(depth, at, node)
                return None
            case "return":
                self._return(depth, at, op)
                return None
            case "leave":
                self._leave(depth, at, node)
                return None
            case "set":
                self._set(depth, at, op)
            case "input":
                self._slots(depth, op)
                self.put(depth, f"m.at = {at}", f"return {INPUT}")
                return None
            case "break":
                self.emit(depth, {"t": "break", "id": op["id"]})
                self._wait(depth)
            case "unlock" if self.whole:
                self.emit(depth, {"t": "unlock", "name": op["name"]})
            case "notify":
                self._slots(depth, op)
                if self.texts:
                    self.put(depth, f"R.notify(m, {self.keep(op)}, s)")
            case "ending":
                self.emit(depth, {**{k: op[k] for k in ("id", "name", "title")}, "t": "ending"})
                self.put(depth, f"m.stack, m.open = (), {op['id']!r}", f"return {OVER}")
                return None
        return next

    def count(self, depth: int, id: str, in_run: bool = True) -> None:
        """Write that something is counted."""
        for kind in ("count", "ever") if in_run else ("ever",):
            index = self.machine.slots.get((kind, id))
            if index is None:
                continue
            cap = self.machine.caps.get((kind, id))
            guard = "" if cap is None else f"if v[{index}] < {cap}: "
            self.put(depth, f"{guard}v[{index}] += 1")

    def _wait(self, depth: int) -> None:
        """Write that a player goes on; lines behind each other are gone through at once."""
        if self._waits and self._waiting != depth:
            self._write_waits()
        self._waits += 1
        self._waiting = depth

    def _write_waits(self) -> None:
        depth, count, self._waits = self._waiting, self._waits, 0
        if self.whole:
            self.put(depth, f"m.unasked += {count}", "m.arrived = 0")
            self.put(depth, f"if m.unasked > 20000: return {STUCK}")
        self.put(depth, "m.waited = True")
        if self.machine.lasting and not self.whole:
            left = _tuple([f"v[{index}]" for index in self.machine.lasting])
            self.put(depth, f"m.left.add({left})")

    def counted(self, id: str) -> bool:
        """Whether how often something was come to is kept."""
        return any((kind, id) in self.machine.slots for kind in ("count", "ever"))

    def spent(self, part: Op) -> str:
        """Return whether what comes once has been; empty if it does not come once."""
        if not part.get("once"):
            return ""
        index = self.machine.slots.get(("count", part["id"]))
        return "None" if index is None else f"v[{index}] > 0"

    def _slots(self, depth: int, op: Op, key: str = "slots") -> None:
        """Write slots to `s`."""
        slots = op.get(key, ())
        if self.texts:
            values = "".join(f"{self.writer.value(slot)}, " for slot in slots)
            self.put(depth, f"s = ({values})")
        elif self.whole:
            for slot in slots:
                if any_drawn(slot):
                    self.put(depth, self.writer.value(slot))

    # Beats

    def _say(self, depth: int, at: int, op: Op, page: bool) -> None:
        spent = self.spent(op)
        inside = depth
        if "if" in op and self.partial:
            may, may_not = self.writer.may(op["if"]), self.writer.may(op["if"], False)
            if self.points:
                self.put(depth, f"if {may_not}:")
                self.point(depth + 1, "false", at)
            # A line that nothing counts goes on alike, shown or not.
            skips = f" and (not {may_not} or d.either())" if self.counted(op["id"]) else ""
            self.put(depth, f"if {may}{skips}:")
            inside += 1
            self.point(inside, "true", at)
        elif "if" in op:
            self.put(depth, f"if not {self.writer.value(op['if'])}:")
            self.point(depth + 1, "false", at)
            self.put(depth + 1, "pass")
            self.put(depth, "else:")
            inside += 1
            self.point(inside, "true", at)
        if spent and spent != "None":
            self.put(inside, f"if not {spent}:")
            inside += 1
        if inside > depth:
            self.point(inside, "line", at)
        self._slots(inside, op)
        self.count(inside, op["id"], bool(op.get("count") or op.get("once")))
        if self.texts:
            self.put(inside, self._line(op, page))
        self._wait(inside)

    def _line(self, op: Op, page: bool) -> str:
        """Return what shows a line whose slots are in `s`."""
        names = [
            repr(who) if who == "???" else self.writer.variable(f"{who}.name") for who in op["who"]
        ]
        name = repr(op["as"]) if "as" in op else f"' & '.join(({''.join(f'{n}, ' for n in names)}))"
        return f"R.line(m, {self.keep(self.reader.line_of(op, page))}, s, {name})"

    # Forks

    def _if(self, depth: int, at: int, node: Node) -> int | None:
        for index, (branch, body) in enumerate(zip(node.op["branches"], node.bodies, strict=True)):
            if "if" not in branch:
                return body
            condition = branch["if"]
            if self.partial:
                may, may_not = self.writer.may(condition), self.writer.may(condition, False)
                self.put(depth, f"if {may} and (not {may_not} or d.either()):")
            else:
                self.put(depth, f"if {self.writer.value(condition)}:")
            self.point(depth + 1, "true", at, index)
            self.put(depth + 1, f"return {body}")
            self.point(depth, "false", at, index)
        return node.next

    def _menu(self, depth: int, at: int, node: Node) -> None:
        choices = node.op["choices"]
        held, barred, gone, here = [], [], [], []
        for index, choice in enumerate(choices):
            spent = self.spent(choice)
            condition = choice.get("if")
            if self.partial:
                held.append("True" if condition is None else self.writer.may(condition))
                barred.append("False" if condition is None else self.writer.may(condition, False))
                gone.append({"": "False", "None": "True"}.get(spent, spent))
                here.append({"": "True", "None": "True"}.get(spent, f"not ({spent})"))
                if spent not in ("", "None"):
                    self.once.add((at, index))
            else:
                held.append("True" if condition is None else self.writer.value(condition))
                gone.append(spent or "False")
            if self.points:
                numbers = self.menus.setdefault(at, {})
                kinds = ("true", "false") if condition is not None else ()
                for kind in (*kinds, "take", "offer"):
                    numbers[kind, index] = self.number(kind, at, index)
        if self.points:
            self.menus[at]["empty", 0] = self.number("empty", at)
        if self.partial:
            self.put(
                depth,
                f"return R.possible(m, {at}, {self.keep(node)}, "
                f"{_tuple(held)}, {_tuple(barred)}, {_tuple(gone)}, {_tuple(here)}, d)",
            )
            return
        texts = "None"
        if self.texts:
            values = [
                f"lambda: {_tuple([self.writer.value(s) for s in choice.get(key, ())])}"
                for choice in choices
                for key in ("slots", "locked_slots")
            ]
            texts = _tuple(values)
        elif self.whole:
            values = [
                "lambda: "
                + _tuple([self.writer.value(s) for s in choice.get(key, ()) if any_drawn(s)])
                for choice in choices
                for key in ("slots", "locked_slots")
            ]
            if any(each != "lambda: ()" for each in values):
                texts = _tuple(values)
        self.put(
            depth,
            f"return R.menu(m, {at}, {self.keep(node)}, {_tuple(held)}, {_tuple(gone)}, {texts}, "
            "d)",
        )

    def _choose(self, at: int, node: Node) -> None:
        self.put(0, f"def c{at}(m, v, k):", " m.unasked = 0")
        if self.texts:
            ids = tuple(choice["id"] for choice in node.op["choices"])
            self.put(
                1,
                f"m.events.append({{'t': 'choice', 'id': {ids!r}[k], 'menu': {node.op['id']!r}}})",
            )
        self.count(1, node.op["id"])
        for index, choice in enumerate(node.op["choices"]):
            if self.counted(choice["id"]):
                self.put(1, f"if k == {index}:")
                self.count(2, choice["id"])
        self.put(1, f"return {node.bodies!r}[k]")

    def _pick(self, depth: int, at: int, node: Node) -> None:
        op = node.op
        memory = self.machine.slots.get(("pick", op["id"]))
        held, gone = [], []
        for index, item in enumerate(op["items"]):
            spent = self.spent(item)
            if self.partial:
                may = self.writer.may(item["if"]) if "if" in item else "True"
                held.append(may)
                sure = "False" if spent == "None" or "if" in item else "True"
                gone.append(f"({'False' if spent in ('', 'None') else spent}, {sure})")
            else:
                held.append(self.writer.value(item["if"]) if "if" in item else "True")
                gone.append(spent or "False")
            if self.points:
                numbers = self.menus.setdefault(at, {})
                for kind in (*(("true", "false") if "if" in item else ()), "item"):
                    numbers[kind, index] = self.number(kind, at, index)
        if self.points:
            self.menus[at]["empty", 0] = self.number("empty", at)
        how = "any_item" if self.partial else "pick"
        self.put(
            depth,
            f"k = R.{how}(m, {at}, {self.keep(node)}, {_tuple(held)}, {_tuple(gone)}, {memory}, d)",
            f"if k < 0: return {node.next}",
        )
        for index, item in enumerate(op["items"]):
            if self.counted(item["id"]):
                self.put(depth, f"if k == {index}:")
                self.count(depth + 1, item["id"])
        self.put(depth, f"return {node.bodies!r}[k]")

    # Ways

    def _go(self, depth: int, place: str, here: str, args: Mapping[str, str] | None = None) -> None:
        """Write going to a place; the values of arguments are in the names of `args`."""
        scene = self.flow.entered(place, here)
        at = self.flow.places[place]
        if scene is not None:
            self.put(depth, f"e_{self._number(scene)}(m, v)")
        for name, source in (args or {}).items():
            self.assign(depth, name, source)
        if scene is not None:
            self._enter_ops(depth, scene)
        self.put(depth, f"return {at}")

    def _number(self, scene: str) -> int:
        return list(self.machine.program["scenes"]).index(scene)

    def _enter(self, name: str) -> None:
        scene = self.machine.program["scenes"][name]
        self.put(0, f"def e_{self._number(name)}(m, v):")
        self.put(1, "pass")
        self.count(1, scene["id"])
        for variable in scene.get("scene_variables", ()):
            index = self.machine.slots.get(("var", variable))
            if index is None:
                continue
            default = self._default(variable)
            if self.texts and self.whole:
                self.put(1, f"if not equals(v[{index}], {default}):")
                self.assign(2, variable, default)
            else:
                self.put(1, f"v[{index}] = {default}")

    def _default(self, name: str) -> str:
        default = self.machine.variables[name]["default"]
        return repr(tuple(default) if isinstance(default, list) else default)

    def _enter_ops(self, depth: int, name: str) -> None:
        if self.texts and self.whole:
            for op in self.machine.program["scenes"][name].get("enter", ()):
                self.emit(depth, stage_record(op))

    def _begin(self) -> None:
        name = self.machine.program["start"]
        self.put(0, "def start(m, v, d):")
        self.put(1, f"e_{self._number(name)}(m, v)")
        self._enter_ops(1, name)
        self.put(1, f"return {self.flow.tops[name]}")

    def _jump(self, depth: int, at: int, node: Node) -> None:
        op = node.op
        if "to" in op:
            self._go(depth, op["to"], node.scene)
            return
        places = self._targets(op)
        try:
            if self.partial and any_drawn(op["value"]):
                raise UnknownError
            self.put(depth, f"x = {self.writer.value(op['value'])}")
        except UnknownError:
            self.put(depth, f"x = {tuple(places)!r}[d.index({len(places)})]")
        for index, place in enumerate(places):
            self.put(depth, f"if x == {place!r}:")
            self.point(depth + 1, "to", at, index)
            self._go(depth + 1, place, node.scene)
        self.put(depth, "raise ValueError(x)")

    def _targets(self, op: Op) -> list[str]:
        from comfyvn.explore.contents import targets_of

        return targets_of(self.machine.program, op)

    def _call(self, depth: int, at: int, node: Node) -> None:
        op = node.op
        self.put(depth, f"if not m.called({at}): return {STUCK}")
        args = {}
        for index, (name, value) in enumerate(op.get("args", {}).items()):
            if ("var", name) in self.machine.slots or (self.whole and any_drawn(value)):
                source = self.writer.value(value)
            else:
                continue
            self.put(depth, f"a{index} = {source}")
            if ("var", name) in self.machine.slots:
                args[name] = f"a{index}"
        self._go(depth, op["to"], node.scene, args)

    def _into(self, at: int, node: Node) -> None:
        self.put(0, f"def i{at}(m, v, x):", " pass")
        if ("var", node.op["into"]) in self.machine.slots:
            self.assign(1, node.op["into"], "x")

    def _return(self, depth: int, at: int, op: Op) -> None:
        value = "()"
        if "value" in op:
            try:
                value = f"({self.writer.value(op['value'])},)"
            except UnknownError:
                value = "()"
        self.put(depth, f"x = {value}", "if m.stack:")
        self._note_backs(at)
        self.put(depth + 1, f"return m.back({at}, x)")
        self._out(depth, at, self.flow.nodes[at].scene)

    def _leave(self, depth: int, at: int, node: Node) -> None:
        self.put(depth, "if m.stack:")
        self._note_backs(at)
        self.put(depth + 1, f"return m.back({at}, ())")
        self._out(depth, at, node.scene)

    def _note_backs(self, at: int) -> None:
        if self.points:
            for call in self.flow.calls.values():
                self.backs[at, call] = self.number("back", at, call)

    def _out(self, depth: int, at: int, scene: str) -> None:
        """Write leaving a scene in no call."""
        told = self.machine.program["scenes"][scene]
        if "next" in told:
            self.point(depth, "next", at)
            self._go(depth, f"{told['next']}#", scene)
            return
        self.point(depth, "fall", at)
        self.emit(depth, {"t": "ending", "id": told["id"], "name": "", "title": ""})
        self.put(depth, f"m.stack, m.open = (), {told['id']!r}", f"return {OVER}")

    # Variables

    def _set(self, depth: int, at: int, op: Op) -> None:
        name, value = op["var"], op["value"]
        if ("var", name) not in self.machine.slots:
            if self.whole and any_drawn(value):
                self.put(depth, self.writer.value(value))
            return
        if op["how"] != "=":
            kind, old = self.machine.variables[name]["type"], ["var", name]
            if kind == "set":
                value = ["union" if op["how"] == "+=" else "minus", old, value]
            else:
                value = [op["how"][0], kind[0], old, value]
        self.assign(depth, name, self.writer.value(value), at)

    def assign(self, depth: int, name: str, source: str, at: int | None = None) -> None:
        """Write an assignment; `at` is the node of one whose limits are of interest."""
        variable = self.machine.variables[name]
        index = self.machine.slots.get(("var", name))
        if index is None:
            return
        slot, kind = f"v[{index}]", variable["type"]
        values = variable.get("values")
        if kind in ("int", "number"):
            self.put(depth, f"y = {source}")
            begun = False
            for key, sign in (("low", "<"), ("high", ">")):
                if key in variable:
                    limit = repr(variable[key])
                    self.put(depth, f"{'elif' if begun else 'if'} y {sign} {limit}:")
                    self.put(depth + 1, f"y = {limit}")
                    begun = True
                    if at is not None:
                        self.point(depth + 1, "beyond", at)
            if begun and at is not None and self.points:
                self.put(depth, "else:")
                self.point(depth + 1, "within", at)
            cap = self.machine.caps.get(("var", name))
            if cap is not None:
                self.put(depth, f"if y > {cap}: y = {cap}")
            self.put(depth, f"{slot} = y or 0" if kind == "number" else f"{slot} = y")
        elif values is not None and kind == "set":
            self.put(
                depth, f"y = {source}", f"{slot} = tuple([z for z in {tuple(values)!r} if z in y])"
            )
        elif values is not None and kind in ("enum", "label"):
            self.put(depth, f"y = {source}", f"if y in {tuple(values)!r}: {slot} = y")
        else:
            self.put(depth, f"{slot} = {source}")
        if self.texts and self.whole:
            shown = f"list({slot})" if kind == "set" else slot
            self.put(depth, f"m.events.append({{'t': 'set', 'var': {name!r}, 'value': {shown}}})")

    def _write(self, at: int, node: Node) -> None:
        op = node.op
        self.put(
            0, f"def w{at}(m, v, text):", f" x = R.clean({self.keep(op)}, text)", " m.unasked = 0"
        )
        if self.texts and self.whole:
            self.put(1, f"m.events.append({{'t': 'input', 'id': {op['id']!r}, 'value': x}})")
        self.assign(1, op["var"], "x")
        self.put(1, f"return {node.next}")


def _tuple(sources: list[str]) -> str:
    return f"({''.join(f'{source}, ' for source in sources)})"


def _named(scope: Mapping[str, Any], letter: str) -> dict[int, Callable[..., int]]:
    return {
        int(name[1:]): value
        for name, value in scope.items()
        if name[0] == letter and name[1:].isdigit()
    }
