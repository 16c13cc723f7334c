"""Explicit-state search: every state of a story, fewest answers first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from comfyvn.explore.chance import Branching
from comfyvn.explore.inputs import Inputs
from comfyvn.explore.machine import STUCK, Machine, Point, State
from comfyvn.explore.result import Answer

START = -1
AGAIN = -2
"""In place of a state that another was come to from: a first game, or a later one."""


class Step(NamedTuple):
    """How a state, or a point on the way to one, was come to.

    Attributes:
        source: the state before; `START` or `AGAIN`.
        answer: what was answered there, if something was asked.
        outcomes: what chance decided.
    """

    source: int
    answer: Answer | None
    outcomes: tuple[int, ...]


class Route(NamedTuple):
    """Answers, whether chance decides whether they lead there, and whether they do in a first
    game."""

    answers: tuple[Answer, ...]
    chancy: bool
    fresh: bool


class Search:
    """What a search found.

    Attributes:
        machine: it searches.
        whole: whether it came to an end, and nothing was left out that players may write.
        states: all, in the order in which they were found: by the number of answers.
        after: the states behind each; those of a state that was not visited are not there.
        first: how each point was first passed.
    """

    def __init__(self, machine: Machine, most: int) -> None:
        """Search up to `most` states."""
        self.machine = machine
        self.inputs = Inputs(machine)
        self.states: list[State] = []
        self.came: list[Step] = []
        self.after: list[list[int]] = []
        self.first: dict[int, Step] = {}
        self._number: dict[State, int] = {}
        self._chance = Branching()
        self._left: set[tuple[Any, ...]] = set()
        finished = self._search(most)
        self.whole = finished and self.inputs.exact
        del self._number

    def _search(self, most: int) -> bool:
        machine = self.machine
        initial = tuple(machine.initial[index] for index in machine.lasting)
        self._left.add(initial)
        now: list[int] = []
        later: list[int] = []
        self._begin(START, initial, now)
        self._again(later)
        while now or later:
            if not now:
                now, later = later, []
            # Without an answer nothing is further away: what follows joins the same round.
            for number in _growing(now):
                if number >= len(self.after):
                    self.after += [[] for _ in range(number + 1 - len(self.after))]
                if most == 0:
                    return False
                most -= 1
                state = self.states[number]
                if state.at < 0:
                    self._ended(state, later)
                    continue
                if machine.lasting:
                    self._ended(state, later)
                for answer, given in self.inputs.answers(state):
                    self._go(number, state, answer, given, now if answer is None else later)
                self._again(later)
            now = []
        return True

    def _begin(self, source: int, lasting: tuple[Any, ...], into: list[int]) -> None:
        chance = self._chance
        chance.begin()
        while True:
            state = self.machine.first(chance, lasting)
            self._note(Step(source, None, tuple(chance.script)), state, into)
            if not chance.next():
                return

    def _ended(self, state: State, into: list[int]) -> None:
        """Begin another game with what this one leaves, if nobody did."""
        if not self.machine.lasting:
            return
        lasting = self.machine.lasting_of(state)
        if lasting not in self._left:
            self._left.add(lasting)
            self._begin(AGAIN, lasting, into)

    def _again(self, into: list[int]) -> None:
        """Begin other games with what was left where one waited on the way."""
        left = self.machine.left
        while fresh := sorted(left - self._left, key=repr):
            left.clear()
            self._left.update(fresh)
            for lasting in fresh:
                self._begin(AGAIN, lasting, into)
        left.clear()

    def _go(
        self,
        number: int,
        state: State,
        answer: Answer | None,
        given: Answer | None,
        into: list[int],
    ) -> None:
        machine, chance = self.machine, self._chance
        chance.begin()
        after = self.after[number]
        while True:
            reached = machine.step(state, given, chance)
            after.append(self._note(Step(number, answer, tuple(chance.script)), reached, into))
            if not chance.next():
                return

    def _note(self, step: Step, state: State, into: list[int]) -> int:
        hits, first = self.machine.hits, self.first
        for point in hits:
            if point not in first:
                first[point] = step
        hits.clear()
        found = self._number.get(state)
        if found is None:
            found = self._number[state] = len(self.states)
            self.states.append(state)
            self.came.append(step)
            into.append(found)
        return found

    # What is known then

    def passed(self) -> dict[Point, Step]:
        """Return the points that are passed on some path."""
        points = self.machine.points
        found: dict[Point, Step] = {}
        for number, step in self.first.items():
            found.setdefault(points[number], step)
        return found

    def route(self, step: Step) -> Route:
        """Return how to come to what was found by a step."""
        answers: list[Answer] = []
        chancy = False
        while True:
            if step.answer is not None:
                answers.append(step.answer)
            chancy = chancy or bool(step.outcomes)
            if step.source < 0:
                return Route(tuple(reversed(answers)), chancy, step.source == START)
            step = self.came[step.source]

    def lost(self) -> list[int]:
        """Return the states from which no path comes to an end, for certain, in order."""
        into: list[list[int]] = [[] for _ in self.states]
        waiting = []
        # Where something may be written that was not tried, nothing is certain.
        untried = () if self.inputs.exact else self.machine.write
        for number, state in enumerate(self.states):
            if state.at < 0 or number >= len(self.after):
                if state.at != STUCK:
                    waiting.append(number)
            elif not self.after[number] or state.at in untried:
                waiting.append(number)
            for after in self.after[number] if number < len(self.after) else ():
                into[after].append(number)
        ends = [False] * len(self.states)
        for number in waiting:
            ends[number] = True
        while waiting:
            for before in into[waiting.pop()]:
                if not ends[before]:
                    ends[before] = True
                    waiting.append(before)
        return [number for number, ended in enumerate(ends) if not ended]

    def endless(self) -> bool | None:
        """Return whether a path can go on for ever; None if that is not known."""
        degree = [0] * len(self.states)
        for after in self.after:
            for other in after:
                degree[other] += 1
        waiting = [number for number, count in enumerate(degree) if count == 0]
        passed = 0
        while waiting:
            number = waiting.pop()
            passed += 1
            for other in self.after[number] if number < len(self.after) else ():
                degree[other] -= 1
                if degree[other] == 0:
                    waiting.append(other)
        if passed < len(self.states):
            return True
        return False if self.whole else None


def _growing(numbers: list[int]) -> Iterator[int]:
    """Yield from a list that grows meanwhile."""
    at = 0
    while at < len(numbers):
        yield numbers[at]
        at += 1
