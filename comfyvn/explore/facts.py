"""What is odd about a story, as far as what is known of its points tells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from comfyvn.explore.closed import ASKING, Ways
from comfyvn.explore.flow import Flow, parts_of
from comfyvn.explore.knowledge import Knowledge
from comfyvn.explore.machine import STUCK, Point
from comfyvn.explore.result import Finding, Severity, Verdict, Witness
from comfyvn.explore.slots import assignments, conditions, read_by, slots_in
from comfyvn.story.compiler.logic_places import logic_names

_ALWAYS = "leave out the condition, or ask for what can be otherwise"


def findings_of(knowledge: Knowledge) -> Iterator[Finding]:
    """Yield the findings of a story, each about what nothing else here already says."""
    return _Facts(knowledge).all()


class _Facts:
    def __init__(self, knowledge: Knowledge) -> None:
        self.known = knowledge
        self.flow = knowledge.flow
        self.points = frozenset(knowledge.points)
        self.written = written_reachable(self.flow)
        self.names: dict[str, dict[tuple[int, int], str]] = {}

    def all(self) -> Iterator[Finding]:
        for at, node in enumerate(self.flow.nodes):
            # What no way leads to at all the compiler says, but for whole scenes.
            if at not in self.written:
                continue
            match node.op["op"]:
                case "say" if "if" in node.op:
                    yield from self._line(at)
                case "if":
                    yield from self._branches(at)
                case "menu":
                    yield from self._choices(at)
                case "pick":
                    yield from self._items(at)
                case "set":
                    yield from self._beyond(at)
                case "call":
                    yield from self._call(at)
                case "section":
                    yield from self._section(at)
                case "ending":
                    yield from self._ending(at)
                case "leave" | "return":
                    yield from self._fall(at)
        yield from self._scenes()
        yield from self._lost()
        yield from self._variables()

    # What can be said of a point

    def never(self, kind: Any, at: int, part: int = 0) -> Verdict | None:
        """Return how sure it is that a point is not passed; None if it is, or is none."""
        point = Point(kind, at, part)
        if point not in self.points or self.known.known(point):
            return None
        return "proven" if point in self.known.impossible else "bounded"

    def passed(self, kind: Any, at: int, part: int = 0) -> bool:
        return self.known.known(Point(kind, at, part))

    def here(self, at: int) -> bool:
        """Whether a path comes to a node that asks for something."""
        return any(
            self.passed(kind, at, part)
            for kind in ("true", "false")
            for part in range(max(1, len(parts_of(self.flow.nodes[at].op))))
        )

    def find(
        self,
        code: str,
        id: str,
        verdict: Verdict,
        message: str,
        help: str = "",
        severity: Severity = "warning",
        witness: Witness | None = None,
        spot: str = "",
    ) -> Finding:
        if verdict == "bounded":
            severity = "note"
            message += f" in the {len(self.known.search.states):,} states that were visited"
        return Finding(code, id, verdict, message, help, severity, witness, spot)

    # Conditions

    def _line(self, at: int) -> Iterator[Finding]:
        id = self.flow.nodes[at].op["id"]
        if not self.here(at):
            return
        if verdict := self.never("true", at):
            yield self.find(
                "VN1601",
                id,
                verdict,
                "this line is never shown: its `if` never holds",
                "give it a condition that can hold, or delete the line",
                witness=self.known.witness(Point("false", at, 0)),
            )
        elif verdict := self.never("false", at):
            yield from self._always(at, 0, id, verdict, "the `if` of this line always holds")

    def _always(
        self, at: int, part: int, id: str, verdict: Verdict, message: str, spot: str = ""
    ) -> Iterator[Finding]:
        if verdict == "proven":
            witness = self.known.witness(Point("true", at, part))
            yield self.find("VN1603", id, verdict, message, _ALWAYS, "note", witness, spot)

    def _branches(self, at: int) -> Iterator[Finding]:
        for part, branch in enumerate(self.flow.nodes[at].op["branches"]):
            if "if" not in branch:
                continue
            if not (self.passed("true", at, part) or self.passed("false", at, part)):
                return
            id = self.near(at, part)
            word, spot = "elif" if part else "if", self.spot(at, part)
            if verdict := self.never("true", at, part):
                yield self.find(
                    "VN1604",
                    id,
                    verdict,
                    f"this `{word}` never holds: the story never comes to what it leads to",
                    "give it a condition that can hold, or delete what it leads to",
                    witness=self.known.witness(Point("false", at, part)),
                    spot=spot,
                )
            elif verdict := self.never("false", at, part):
                text = f"this `{word}` always holds"
                yield from self._always(at, part, id, verdict, text, spot)
                return

    def _choices(self, at: int) -> Iterator[Finding]:
        choices = self.flow.nodes[at].op["choices"]
        parts = range(len(choices))
        met = self.passed("empty", at) or any(
            self.passed(kind, at, part) for kind in ("take", "offer") for part in parts
        )
        if not met:
            return
        for part, choice in enumerate(choices):
            if verdict := self.never("take", at, part):
                if choice.get("else"):
                    message, witness = "this choice is never needed: another is always left", None
                elif "locked" in choice:
                    message = "this choice is always locked: its `if` never holds"
                    witness = self.known.witness(Point("offer", at, part))
                else:
                    message = "this choice can never be taken: its `if` never holds"
                    witness = self.known.witness(Point("false", at, part))
                help = "give it a condition that can hold, or delete the choice"
                if choice.get("else"):
                    help = "delete it, or give the other choices conditions"
                yield self.find("VN1602", choice["id"], verdict, message, help, witness=witness)
            elif "if" in choice and (verdict := self.never("false", at, part)):
                text = "the `if` of this choice always holds"
                yield from self._always(at, part, choice["id"], verdict, text)
        if self.passed("empty", at):
            yield self.find(
                "VN1607",
                self.flow.nodes[at].op["id"],
                "found",
                "this menu is passed over: on a path nothing is left to choose",
                "add a choice that is always there, or one with `else`",
                "note",
                self.known.witness(Point("empty", at, 0)),
            )

    def _items(self, at: int) -> Iterator[Finding]:
        items = self.flow.nodes[at].op["items"]
        if not any(self.passed("item", at, part) for part in range(len(items))):
            return
        for part, item in enumerate(items):
            if verdict := self.never("item", at, part):
                yield self.find(
                    "VN1605",
                    item["id"],
                    verdict,
                    "chance never comes to this item",
                    "give it a weight above 0 or a condition that can hold, or delete it",
                    witness=self.known.witness(Point("false", at, part)),
                )
            elif "if" in item and (verdict := self.never("false", at, part)):
                text = "the `if` of this item always holds"
                yield from self._always(at, part, item["id"], verdict, text)

    def section_id(self, at: int) -> str:
        place = self.flow.homes[at]
        return str(self.flow.nodes[self.flow.places[place]].op["id"])

    # Where it leads

    def _section(self, at: int) -> Iterator[Finding]:
        verdict = self.never("block", at)
        if verdict is None:
            return
        op, scene = self.flow.nodes[at].op, self.flow.nodes[at].scene
        top = self.never("block", self.flow.tops[scene])
        if op["label"] and top == verdict and not self._entered_elsewhere(scene):
            return
        if not op["label"] and self._entered_elsewhere(scene):
            return
        what = "this section" if op["label"] else f"the scene `{scene}`"
        yield self.find(
            "VN1606",
            op["id"],
            verdict,
            f"no path comes to {what}: no condition on the way there ever holds",
            "look at the conditions of what leads here",
        )

    def _scenes(self) -> Iterator[Finding]:
        sections = self.flow.places.values()
        led_to = {self.flow.nodes[at].scene for at in sections if at in self.written}
        headings = {self.flow.nodes[at].op["id"] for at in sections}
        scenes = self.flow.program["scenes"].values()
        variants = {each.get("sfw_variant") for each in scenes}
        for scene, at in self.flow.tops.items():
            if scene in variants:  # It is come to in targets that go without the other one.
                continue
            if scene not in led_to:
                yield self.find(
                    "VN1617",
                    self.flow.nodes[at].op["id"],
                    "proven",
                    f"nothing leads to the scene `{scene}`",
                    "link to it, or take the file out of `scenes/` until it is needed",
                )
            elif at not in self.written:
                first = self.near(self.flow.nodes[at].next)
                if first not in headings:  # There is more than a link to the first of them.
                    yield self.find(
                        "VN1617",
                        first,
                        "proven",
                        f"nothing leads to the beginning of the scene `{scene}`, only to headings",
                        f"link to `{scene}.md`, or delete what stands above the first heading",
                    )

    def _entered_elsewhere(self, scene: str) -> bool:
        """Whether a path comes to a section of a scene."""
        return any(
            self.flow.nodes[at].scene == scene and self.passed("block", at)
            for at in self.flow.places.values()
        )

    def _ending(self, at: int) -> Iterator[Finding]:
        op = self.flow.nodes[at].op
        block = self.known.block_of(at)
        verdict = self.never("block", block)
        if verdict:
            yield self.find(
                "VN1608",
                op["id"],
                verdict,
                f"nobody can come to the ending `{op['name'] or op['id']}`",
                "look at the conditions of what leads here",
            )

    def _fall(self, at: int) -> Iterator[Finding]:
        point = Point("fall", at, 0)
        if point in self.points and self.known.known(point):
            yield self.find(
                "VN1609",
                self.last_id(at),
                "found",
                "the story runs out here and stops without an ending",
                "write a link or an `ending` behind this",
                witness=self.known.witness(point),
            )

    def last_id(self, at: int) -> str:
        """Return the id that stands last before a node, in its section."""
        if self.flow.nodes[at].op["op"] == "leave":
            scene = self.flow.program["scenes"][self.flow.nodes[at].scene]
            return str(scene["sections"][-1]["id"])
        # What comes first has the higher number.
        for before in range(at + 1, len(self.flow.nodes)):
            node = self.flow.nodes[before]
            if "id" in node.op and self.flow.homes[before] == self.flow.homes[at]:
                return str(node.op["id"])
        return self.section_id(at)

    def _call(self, at: int) -> Iterator[Finding]:
        if not self.passed("block", self.known.block_of(at)):
            return
        backs = self.known.backs.get(at, ())
        if any(self.known.known(point) for point in backs):
            return
        proven = all(point in self.known.impossible for point in backs)
        yield self.find(
            "VN1610",
            self.flow.nodes[at].op["id"],
            "proven" if proven else "bounded",
            "this call never comes back",
            "let what it calls `return`, or write a link instead of the call",
            witness=self.known.witness(Point("block", self.known.block_of(at), 0)),
        )

    def _beyond(self, at: int) -> Iterator[Finding]:
        if not self.passed("beyond", at):
            return
        op = self.flow.nodes[at].op
        if op["how"] == "=" and op["value"][0] in ("int", "num"):
            return
        variable = self.flow.program["variables"][op["var"]]
        limits = f"{variable.get('low', '')} to {variable.get('high', '')}".strip()
        verdict = self.never("within", at)
        if verdict == "proven":
            yield self.find(
                "VN1611",
                self.near(at),
                verdict,
                f"this always sets `{op['var']}` to a value outside of its range, {limits}",
                "set it to a value in the range, or change the range",
                witness=self.known.witness(Point("beyond", at, 0)),
                spot=self.spot(at),
            )
        elif op["how"] == "=":
            yield self.find(
                "VN1611",
                self.near(at),
                "found",
                f"this may set `{op['var']}` to a value outside of its range, {limits}",
                "nothing is to be done if it is to stop there",
                "note",
                self.known.witness(Point("beyond", at, 0)),
                self.spot(at),
            )

    def spot(self, at: int, part: int = 0) -> str:
        """Return the name of a condition or an assignment in its scene."""
        node = self.flow.nodes[at]
        if node.scene not in self.names:
            self.names[node.scene] = logic_names(self.flow.program["scenes"][node.scene])
        return self.names[node.scene].get((id(node.op), part), "")

    def near(self, at: int, part: int | None = None) -> str:
        """Return the id of what comes first from a node on, or from one of its branches; that of
        its section where nothing comes that has one."""
        node = self.flow.nodes[at]
        inside = at if part is None else node.bodies[part]
        for _ in range(len(self.flow.nodes)):
            op = self.flow.nodes[inside].op
            if op["op"] in ("section", "leave"):
                break
            if "id" in op:
                return str(op["id"])
            inside = self.flow.nodes[inside].next
        return self.section_id(at)

    # No way out

    def _lost(self) -> Iterator[Finding]:
        search = self.known.search
        said: set[str] = set()
        lost = search.lost()
        inside = set(lost)
        for number in lost:
            if search.came[number].source in inside:
                continue
            place = self.place_behind(number)
            if place is None:
                continue
            id = self.near(search.states[place].at)
            if id in said:
                continue
            said.add(id)
            yield self.lost(id, self.known.routed(search.came[place]))
        if not search.whole:
            nodes = range(len(self.flow.nodes))
            met = [self.passed("block", self.known.block_of(at)) for at in nodes]
            ways = Ways(self.flow, self.points, self.known.impossible)
            for at in ways.traps(self.start(), met, {search.states[each].at for each in lost}):
                id = self.near(at)
                if id not in said:
                    said.add(id)
                    point = Point("block", self.known.block_of(at), 0)
                    yield self.lost(id, self.known.witness(point))
        for number, state in enumerate(search.states):
            if state.at == STUCK:
                came = search.came[number]
                before = search.states[came.source].at if came.source >= 0 else 0
                yield self.find(
                    "VN1613",
                    self.near(max(before, 0)) if before else self.section_id(self.start()),
                    "found",
                    "behind this the story runs in circles and stops",
                    "let something in the circle ask, or lead out of it",
                    witness=self.known.routed(came),
                )
                return

    def place_behind(self, number: int) -> int | None:
        """Return the first state from one on that stands at a question or a section; None if it
        runs in circles before."""
        search, sections = self.known.search, self.flow.places.values()
        waiting, seen = [number], {number}
        for each in waiting:
            at = search.states[each].at
            if at in sections or (at >= 0 and self.flow.nodes[at].op["op"] in ASKING):
                return each
            if at == STUCK:
                continue
            new = dict.fromkeys(other for other in search.after[each] if other not in seen)
            seen.update(new)
            waiting += new
        return None

    def lost(self, id: str, witness: Witness | None) -> Finding:
        return self.find(
            "VN1612",
            id,
            "proven",
            "from here no ending can be reached, whatever is chosen",
            "let a choice lead out, or write an ending",
            witness=witness,
        )

    def start(self) -> int:
        return self.flow.tops[self.flow.program["start"]]

    # Variables

    def _variables(self) -> Iterator[Finding]:
        flow = self.flow
        read: set[str] = set()
        asked = {
            name
            for node in flow.nodes
            for condition in conditions(node.op)
            for kind, name in read_by(condition)
            if kind == "var"
        }
        for node in flow.nodes:
            op = node.op
            for expression in (*conditions(op), *slots_in(op)):
                read |= {name for kind, name in read_by(expression) if kind == "var"}
            if op["op"] == "say":
                read |= {f"{who}.name" for who in op["who"]}
            for value in (op.get("value"), *op.get("args", {}).values()):
                if isinstance(value, list):
                    own = {("var", op.get("var", ""))}
                    read |= {name for kind, name in set(read_by(value)) - own if kind == "var"}
        for words in flow.program.get("translations", {}).values():
            for each in words.values():
                for expression in each.get("extra", ()):
                    read |= {name for kind, name in read_by(expression) if kind == "var"}
        written = set(assignments(flow))
        characters = flow.program.get("characters", {})
        for name in flow.program.get("variables", {}):
            owner, _, field = name.rpartition(".")
            if field in ("name", "gender") and owner in characters:
                continue
            if name in written and name not in read:
                yield self.find(
                    "VN1614",
                    f"variable {name}",
                    "proven",
                    f"`{name.rpartition('#')[2]}` is set and never asked for",
                    "ask for it somewhere, or leave it out",
                )
            elif name in asked and name not in written:
                yield self.find(
                    "VN1615",
                    f"variable {name}",
                    "proven",
                    f"`{name.rpartition('#')[2]}` is asked for and never set",
                    "set it somewhere, or write what it is in its place",
                    "note",
                )
            elif name not in read:
                yield self.find(
                    "VN1616",
                    f"variable {name}",
                    "proven",
                    f"`{name.rpartition('#')[2]}` is neither set nor asked for",
                    "leave it out",
                )


def written_reachable(flow: Flow) -> frozenset[int]:
    """Return the nodes that a path leads to if every condition may go both ways."""
    waiting = [flow.tops[flow.program["start"]]]
    found = set(waiting)
    while waiting:
        at = waiting.pop()
        after = flow.after[at]
        if flow.nodes[at].op["op"] == "call":
            after = (*after, flow.nodes[at].next)
        for other in after:
            if other not in found:
                found.add(other)
                waiting.append(other)
    return frozenset(found)
