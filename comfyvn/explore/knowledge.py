"""What is known of each point of a story, by all the ways of looking at it.

A search of all states comes first. What it leaves open, because there are too many, is looked at
from both sides: random games show what can happen, and two approximations, which allow more than
the story does, show what cannot: an abstract interpretation, and searches that keep only a few of
the variables and let every condition on the others go both ways.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from comfyvn.explore.abstract import Abstract
from comfyvn.explore.chance import Seeded
from comfyvn.explore.flow import Flow, parts_of
from comfyvn.explore.machine import Machine, Point, State
from comfyvn.explore.result import Answer, Budget, Witness
from comfyvn.explore.search import Search, Step
from comfyvn.explore.slots import Matter, Slot, outliving, read_by, remembered
from comfyvn.explore.transcripts import meant
from comfyvn.story.rng import draw, stream

_GAMES = 8
"""Games in a row, with what each leaves to the next."""
_MOST_ANSWERS = 400
_SEEDS_EACH = 40
_LOOK = 8
_PARTIAL = 4
"""Machines with a part of the variables that are kept for a second search."""
_LAST = frozenset(
    {"if", "menu", "pick", "jump", "call", "return", "leave", "input", "ending", "page"}
)


class Knowledge:
    """What is known.

    Attributes:
        flow: the story.
        search: of its states.
        abstract: its interpretation; None where the searches left nothing open.
        points: all there are.
        backs: of the node of each call, the points at which it comes back.
        passed: those that some path passes.
        shown: those that random games came to.
        played: of those, the routes that first games took, shortest first found.
        fewest: whether no route that was given so far has more answers than it must.
        impossible: those that no path passes.
        slices: how many searches over a few variables were made.
        states: how many states they visited together.
    """

    def __init__(self, program: Mapping[str, Any], budget: Budget) -> None:
        self.program = program
        self.budget = budget
        self.flow = Flow(program)
        self.machine = Machine(program, self.flow)
        self.points = list(dict.fromkeys(self.machine.points))
        self.all_points = frozenset(self.points)
        self.backs: dict[int, list[Point]] = {}
        for point in self.points:
            if point.kind == "back":
                self.backs.setdefault(point.part, []).append(point)
        self._blocks = _blocks(self.flow, self.machine)
        self.search = Search(self.machine, budget.states)
        self.passed: dict[Point, Step] = self.search.passed()
        self.shown: set[Point] = set()
        self.played: dict[Point, Witness] = {}
        self.fewest = True
        self.impossible: set[Point] = set()
        self.abstract: Abstract | None = None
        self.slices = self.states = self.games = 0
        self._whole: Machine | None = None
        self._partial: dict[frozenset[Slot], Machine] = {}
        self._routes: dict[Point, tuple[Witness | None]] = {}
        self._met: set[int] = set()
        self._lengths: dict[int, int] = {}
        self._tried = self._given = self._series = 0
        self._taken: Counter[tuple[int, int]] = Counter()
        self._outliving = outliving(self.machine.matter)
        if self.search.whole:
            if not self._outliving:
                self.impossible = set(self.open())
            else:
                # It went from game to game, and never back in one.
                self._prove(self.machine.matter.slots, budget.states)
                self._interpret()
            if any(step.outcomes for step in self.search.came):
                self._walk(self.budget.walks // 40)
            return
        self._interpret()
        self._walk(self.budget.walks // 12)
        self._slice(budget.slice_states // 40)
        self._walk(self.budget.walks)
        self._slice(budget.slice_states)

    def known(self, point: Point) -> bool:
        """Return whether some path passes a point."""
        return point in self.passed or point in self.shown

    def block_of(self, at: int) -> int:
        """Return the node that the block of a node begins at."""
        return self._blocks[at]

    def open(self) -> list[Point]:
        """Return the points of which nothing is known."""
        return [
            point for point in self.points if not self.known(point) and point not in self.impossible
        ]

    def _interpret(self) -> None:
        """Rule out what an abstract interpretation does, if something is open."""
        if still := self.open():
            self.abstract = Abstract(self.flow)
            self.impossible |= {point for point in still if not self.abstract.possible(point)}

    # Random games

    def whole(self) -> Machine:
        """Return the machine that plays as the interpreter does."""
        if self._whole is None:
            self._whole = Machine(self.program, self.flow, whole=True)
        return self._whole

    def _walk(self, most: int, wanted: Point | None = None) -> None:
        """Play random games until nothing is open, or that many answers were given in all."""
        machine, taken = self.whole(), self._taken
        while self._given < most and wanted not in self.played:
            self._series += 1
            number = self._series
            if number % _LOOK == 0 and not self.search.whole and wanted is None and not self.open():
                return
            chooser = stream(number, "exploration")
            lasting = None
            seed, chooser = draw(chooser)
            for game in range(
                _GAMES if machine.lasting and number % 2 == 0 and wanted is None else 1
            ):
                answers: list[Answer] = []
                chance = Seeded(seed)
                machine.unasked = 0
                state = machine.first(chance, lasting)
                self._show(machine, seed, answers, game == 0)
                while state.at >= 0 and len(answers) < _MOST_ANSWERS:
                    value, chooser = draw(chooser)
                    given: Answer
                    if state.open is not None:
                        given = value * len(state.open) >> 53
                        if number % 2:
                            # Every other one goes where it has been least.
                            rank = [(taken[state.at, k], k == given) for k in state.open]
                            given = rank.index(min(rank))
                        taken[state.at, state.open[given]] += 1
                    else:
                        texts = self.search.inputs.texts.get(state.at, [""])
                        given = texts[value * len(texts) >> 53]
                    answers.append(given)
                    self._given += 1
                    state = machine.go_on(state, meant(state, given), chance)
                    self._show(machine, seed, answers, game == 0)
                self.games += 1
                self._given += 1
                lasting = machine.lasting_of(state)
                seed += 1

    def _show(self, machine: Machine, seed: int, answers: Sequence[Answer], fresh: bool) -> None:
        met, most, length = self._met, self._lengths, len(answers)
        for number in machine.hits:
            if number in met and (not fresh or most.get(number, length + 1) <= length):
                continue
            if fresh:
                most[number] = length
            point = machine.points[number]
            self._met.add(number)
            self.shown.add(point)
            if fresh:
                known = self.played.get(point)
                if known is None or len(answers) < len(known.answers):
                    self.played[point] = Witness(seed, tuple(answers))
        machine.hits.clear()

    # A few variables

    def _slice(self, each: int) -> None:
        """Search with what each open condition reads, and what those around it read, up to `each`
        states for each."""
        done: list[set[Slot]] = []
        left = self.budget.slice_total - self.states
        guards = _Guards(self.flow)
        for wanted in _groups(self.open(), guards):
            if left <= 0:
                return
            for slots in wanted.slots:
                kept = set(Matter(self.flow, only=slots).slots) - self._outliving
                if any(kept <= other for other in done):
                    continue
                if all(self.known(each) or each in self.impossible for each in wanted.points):
                    break
                done.append(kept)
                most = min(left, each)
                left -= self._prove(kept, most)

    def _prove(self, slots: Collection[Slot], most: int) -> int:
        """Search up to `most` states with some slots, but for what outlives a game, and rule out
        what is not passed; return how many states there are."""
        search = Search(self._machine(set(slots) - self._outliving), most)
        self.slices += 1
        self.states += len(search.states)
        if search.whole:
            # What depends on a slot that is not kept may be no point of the machine.
            ruled_out = set(search.machine.points) - search.passed().keys()
            self.impossible |= ruled_out.intersection(self.open())
        return len(search.states)

    def _machine(self, kept: set[Slot]) -> Machine:
        """Return what keeps only some slots; the story's own machine if that is all there are."""
        if kept.issuperset(self.machine.matter.slots):
            return self.machine
        names = frozenset(kept)
        found = self._partial.pop(names, None)
        if found is None:
            found = Machine(self.program, self.flow, only=kept)
        if len(self._partial) < _PARTIAL:
            # A search that was cut short is made again, with more states.
            self._partial[names] = found
        return found

    # Witnesses

    def witness(self, point: Point, seeds: int = _SEEDS_EACH) -> Witness | None:
        """Return the route with the fewest answers that passes a point, if a seed plays it; else
        that of a random game, if one passed."""
        step = self.passed.get(point)
        if step is not None:
            found = self._routes.get(point)
            if found is None:
                found = self._routes[point] = self._routed(step, point, seeds)
            if found[0] is not None:
                return found[0]
        return self.played.get(point)

    def sought(self, point: Point) -> Witness | None:
        """Return a route that passes a point, as `witness` does; play more first games for it."""
        found = self.witness(point, self.budget.seeds // 4)
        if found is None and self.known(point):
            self._walk(self._given + self.budget.walks // 4, point)
            found = self.played.get(point)
        return found

    def routed(self, step: Step) -> Witness | None:
        """Return the route of a step of the search, if nothing in it is left to chance."""
        route = self.search.route(step)
        return Witness(0, route.answers) if route.fresh and not route.chancy else None

    def _routed(self, step: Step, point: Point, seeds: int) -> tuple[Witness | None]:
        route = self.search.route(step)
        if not route.fresh:
            self.fewest = False
            return (None,)
        if not route.chancy:
            return (Witness(0, route.answers),)
        machine = self.whole()
        for seed in range(seeds):
            if self._tried >= self.budget.seeds:
                break
            self._tried += 1
            if any(machine.points[number] == point for number in self._hits(seed, route.answers)):
                return (Witness(seed, route.answers),)
        self.fewest = False
        return (None,)

    def _hits(self, seed: int, answers: Sequence[Answer]) -> set[int]:
        machine = self.whole()
        machine.hits = set()
        chance = Seeded(seed)
        machine.unasked = 0
        state: State = machine.first(chance)
        for answer in answers:
            if state.at < 0:
                break
            state = machine.go_on(state, meant(state, answer), chance)
        return machine.hits


def _blocks(flow: Flow, machine: Machine) -> dict[int, int]:
    """Return the beginning of the block of each node; of what has none, itself."""
    found = {at: at for at in range(len(flow.nodes))}
    for start in machine.blocks:
        at = start
        while True:
            found[at] = start
            op, next = flow.nodes[at].op["op"], flow.nodes[at].next
            if op in _LAST or next in machine.blocks:
                break
            at = next
    return found


class _Wanted(NamedTuple):
    """Points that are open for the same reason, and what to keep to find out, least first."""

    points: list[Point]
    slots: list[frozenset[Slot]]


class _Guards:
    """What the conditions at and around each node read."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.around: dict[int, tuple[int, int]] = {}
        for at, node in enumerate(flow.nodes):
            for part, body in enumerate(node.bodies):
                inside = body
                while inside not in self.around and inside != node.next:
                    if flow.nodes[inside].op["op"] in ("section", "leave"):
                        break
                    self.around[inside] = (at, part)
                    inside = flow.nodes[inside].next

    def own(self, at: int, part: int) -> frozenset[Slot]:
        """Return what the condition of a part of a node reads."""
        op = self.flow.nodes[at].op
        found: set[Slot] = set()
        parts = parts_of(op)
        for each in (op, *([parts[part]] if part < len(parts) else ())):
            if "if" in each:
                found.update(read_by(each["if"]))
        if op["op"] in ("menu", "pick", "if"):
            # What stands before it decides too.
            for each in parts if op["op"] != "if" else parts[: part + 1]:
                if "if" in each:
                    found.update(read_by(each["if"]))
            found.update(remembered(op))
        if op["op"] == "set":
            found.update(read_by(op["value"]))
            found.add(("var", op["var"]))
        if op["op"] == "jump" and "value" in op:
            found.update(read_by(op["value"]))
        if op["op"] == "say":
            found.update(remembered(op))
        return frozenset(found)

    def of(self, point: Point) -> Iterator[frozenset[Slot]]:
        """Yield what to keep: what its own condition reads, then that of more and more around."""
        at = point.at
        slots = self.own(at, point.part if point.kind != "back" else 0)
        if slots:
            yield slots
        while at in self.around:
            at, part = self.around[at]
            more = slots | self.own(at, part)
            if more != slots:
                slots = more
                yield slots


def _groups(points: Sequence[Point], guards: _Guards) -> list[_Wanted]:
    found: dict[tuple[frozenset[Slot], ...], list[Point]] = {}
    for point in points:
        slots = tuple(guards.of(point))[:3]
        if slots:
            found.setdefault(slots, []).append(point)
    return [_Wanted(points, list(slots)) for slots, points in found.items()]
