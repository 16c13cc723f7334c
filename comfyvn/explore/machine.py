"""A Program as Python functions: states in, states out.

A machine says what the interpreter says (`comfyvn.story.interpreter`); tests hold them together.
A *segment* runs from one state to the next: to a menu, an input or the end, and also to a section
that is come to after a wait, or any block behind a draw, so that every segment is short and loops
show as states that come again. A state holds only what can still matter.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from operator import itemgetter
from typing import Any, Literal, NamedTuple

from comfyvn.explore.chance import Chance, Seeded
from comfyvn.explore.flow import Flow
from comfyvn.explore.slots import Matter, Slot, assignments, liveness, read_by
from comfyvn.story.interpreter import MOST_CALLS, MOST_SECTIONS

Value = Any
MENU, INPUT, OVER, STUCK = -1, -2, -3, -4
"""What a block returns in place of a node."""


class State(NamedTuple):
    """What a story is at.

    Attributes:
        at: the node; `OVER` or `STUCK` at an end.
        open: the numbers of the choices that can be taken, at a menu; an ending's id at the end;
            else None.
        stack: the nodes of the open calls.
        values: of the slots that are alive at `at`.
    """

    at: int
    open: Any
    stack: tuple[int, ...]
    values: tuple[Value, ...]


class Point(NamedTuple):
    """Something that may happen at a node: the choice, branch or item `part` of it."""

    kind: Literal[
        "block", "line", "true", "false", "take", "offer", "item", "empty",
        "beyond", "within", "to", "back", "next", "fall",
    ]  # fmt: skip
    at: int
    part: int


class Machine:
    """A story that can be stepped.

    Attributes:
        flow: its nodes.
        points: what `hits` may hold, by number.
        hits: the points that were passed since it was last emptied.
        asked: whether anything outlives a game that matters.
    """

    def __init__(
        self,
        program: Mapping[str, Any],
        flow: Flow | None = None,
        *,
        only: Collection[Slot] | None = None,
        texts: bool = False,
        whole: bool = False,
    ) -> None:
        """Make a machine.

        Args:
            program: the story.
            flow: its nodes, if they are there already.
            only: what to keep; conditions on anything else go both ways.
            texts: make transcripts, in the source language.
            whole: keep all variables, and draw what the interpreter draws; then a segment ends
                only where the player is asked.
        """
        from comfyvn.explore.blocks import Blocks

        self.program = program
        self.flow = flow or Flow(program)
        self.variables: Mapping[str, Any] = program.get("variables", {})
        self.partial = only is not None
        self.texts = texts
        self.whole = whole
        if whole:
            self.matter = _everything(self.flow)
        else:
            self.matter = Matter(self.flow, only=only, texts=texts)
        assigned = assignments(self.flow)
        self.constants = {
            name: frozen(variable["default"])
            for name, variable in self.variables.items()
            if name not in assigned
        }
        slots = [
            slot for slot in self.matter.slots if slot[0] != "var" or slot[1] not in self.constants
        ]
        self.matter.slots = slots
        self.slots = {slot: index for index, slot in enumerate(slots)}
        self.caps = self.matter.caps
        self.initial = [self._initial(slot) for slot in slots]
        self.points: list[Point] = []
        self.hits: set[int] = set()
        self.left: set[tuple[Value, ...]] = set()
        self.events: list[dict[str, Any]] = []
        self.v: list[Value] = list(self.initial)
        self.stack: tuple[int, ...] = ()
        self.waited = False
        self.arrived = 0
        self.unasked = 0
        self.stuck = False
        self.at = 0
        self.open: Any = None
        every = (1 << len(slots)) - 1
        self._live = (
            [every] * len(self.flow.nodes) if whole else liveness(self.flow, self.matter, texts)
        )
        self._indices: dict[int, tuple[int, ...]] = {}
        self._taken: dict[int, Callable[[Sequence[Value]], tuple[Value, ...]]] = {}
        self._given: dict[int, Callable[[Sequence[Value]], tuple[Value, ...]]] = {}
        self.lasting = tuple(
            index
            for index, (kind, name) in enumerate(slots)
            if kind == "ever" or (kind == "var" and self.variables[name]["scope"] == "persistent")
        )
        made = Blocks(self)
        self._once = made.once
        self.blocks: Mapping[int, Callable[..., int]] = made.blocks
        self.choose = made.choose
        self.write = made.write
        self.sections = made.sections
        self.menus = made.menus
        self.into = made.into
        self.backs = made.backs
        self.reader = made.reader
        self._start = made.start

    def _initial(self, slot: Slot) -> Value:
        kind, name = slot
        if kind == "var":
            return frozen(self.variables[name]["default"])
        return None if kind == "pick" else 0

    # Stepping

    def first(self, chance: Chance, lasting: tuple[Value, ...] | None = None) -> State:
        """Begin a game; `lasting` is what earlier ones left."""
        self.v = list(self.initial)
        if lasting is not None:
            for index, value in zip(self.lasting, lasting, strict=True):
                self.v[index] = value
        self.stack = ()
        return self._run(self._start(self, self.v, chance), chance)

    def step(self, state: State, answer: int | str | None, chance: Chance) -> State:
        """Go on from a state: with the number of a choice of a menu, the text of an input, or
        None."""
        at = state.at
        key = at if state.open is None else ~at
        given = self._given.get(key)
        if given is None:
            # Each slot's place behind the other: in `initial`, or in the values of a state.
            places = list(range(len(self.initial)))
            for place, index in enumerate(self.indices(at, state.open)):
                places[index] = len(places) + place
            given = self._given[key] = _getter(places)
        v = self.v = list(given((*self.initial, *state.values)))
        self.stack = state.stack
        if state.open is not None:
            return self._run(self.choose[at](self, v, answer), chance)
        if at in self.write:
            return self._run(self.write[at](self, v, answer), chance)
        return self._run(at, chance)

    def go_on(self, state: State, answer: int | str | None, chance: Chance) -> State:
        """Go on from the state that the machine stands at, as `step` does from any."""
        at, v = state.at, self.v
        if state.open is not None:
            return self._run(self.choose[at](self, v, answer), chance)
        if at in self.write:
            return self._run(self.write[at](self, v, answer), chance)
        return self._run(at, chance)

    def _run(self, at: int, chance: Chance) -> State:
        blocks, sections, v = self.blocks, self.sections, self.v
        self.waited, self.arrived, self.open = False, 0, None
        through = self.whole
        used = chance.used
        while at >= 0:
            if not through and (chance.used != used or (self.waited and at in sections)):
                return self.state(at)
            if at in sections:
                self.arrived += 1
                if self.arrived > MOST_SECTIONS:
                    at = STUCK
                    break
            at = blocks[at](self, v, chance)
        if at in (MENU, INPUT):
            return self.state(self.at)
        self.stuck = at == STUCK
        values = tuple([v[index] for index in self.lasting])
        return State(at, self.open, (), values)

    def state(self, at: int) -> State:
        """Return where the machine stands, at a node."""
        key = at if self.open is None else ~at
        taken = self._taken.get(key)
        if taken is None:
            taken = self._taken[key] = _getter(self.indices(at, self.open))
        return State(at, self.open, self.stack, taken(self.v))

    def indices(self, at: int, opened: Any) -> tuple[int, ...]:
        """Return the slots that are alive in a state."""
        key = at if opened is None else ~at
        found = self._indices.get(key)
        if found is None:
            mask = self._live[at] if at >= 0 else 0
            if opened is not None and at >= 0:
                mask = 0
                for body in self.flow.nodes[at].bodies:
                    mask |= self._live[body]
            elif at in self.write:
                mask = self._live[self.flow.nodes[at].next]
            found = self._indices[key] = tuple(
                index for index in range(len(self.initial)) if mask >> index & 1
            )
        return found

    def lasting_of(self, state: State) -> tuple[Value, ...]:
        """Return what a state leaves to later games."""
        if state.at < 0:
            return state.values
        values = dict(zip(self.indices(state.at, state.open), state.values, strict=True))
        return tuple(values[index] for index in self.lasting)

    def knows_once(self, at: int, part: int) -> bool:
        """Whether it is known here if a choice or item was taken."""
        return (at, part) in self._once

    # Calls

    def back(self, at: int, value: Sequence[Value]) -> int:
        """Return from the latest call."""
        frame = self.stack[-1]
        self.stack = self.stack[:-1]
        point = self.backs.get((at, frame))
        if point is not None:
            self.hits.add(point)
        if value and frame in self.into:
            self.into[frame](self, self.v, value[0])
        return self.flow.nodes[frame].next

    def called(self, at: int) -> bool:
        """Open a call, unless there are too many."""
        if len(self.stack) >= MOST_CALLS:
            return False
        self.stack = (*self.stack, at)
        return True

    # Whole games

    def play(self, seed: int, answers: Sequence[int | str]) -> list[dict[str, Any]]:
        """Return the transcript of a game, as `comfyvn.play.interpreter` has it.

        Only for a machine with texts.
        """
        from comfyvn.explore.transcripts import play

        return play(self, seed, answers)

    def seeded(self, seed: int) -> Seeded:
        """Return the draws of a game."""
        return Seeded(seed, self.events)


def _getter(places: Sequence[int]) -> Callable[[Sequence[Value]], tuple[Value, ...]]:
    """Return what takes the values at some places."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda values: tuple([values[place] for place in places])


def frozen(value: Value) -> Value:
    """Return a value that can be hashed: a set is a tuple."""
    return tuple(value) if isinstance(value, list) else value


def _everything(flow: Flow) -> Matter:
    """Return all variables, and all counts that anything asks for."""
    matter = Matter(flow, texts=True)
    everything = {("var", name) for name in flow.program.get("variables", {})}
    # Also what is only asked for to assign it to what nobody reads: it is still computed.
    asked = {
        slot for values in matter.sources.values() for each in values for slot in read_by(each)
    }
    matter.slots = sorted({*matter.slots, *everything, *asked})
    matter.caps = {}
    return matter
