"""Play-throughs as texts, many a second: walks over the graph of a story's states.

What stands between two questions is played once and kept, as long as nothing is left to chance
in it, so a play-through that goes where others went only puts texts together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from comfyvn.explore.chance import Seeded
from comfyvn.explore.machine import Machine, State
from comfyvn.explore.result import Answer

Choose = Callable[[int], int]
"""Returns a number below how many choices there are."""


class _Place:
    """A state that asks, or an end, and what follows from each answer: a text and a place."""

    __slots__ = ("after", "count", "state")

    def __init__(self, state: State) -> None:
        self.state = state
        self.count = 0 if state.at < 0 else 1 if state.open is None else len(state.open)
        self.after: list[tuple[str, _Place] | None] = [None] * self.count


class Readings:
    """The texts of a story's play-throughs: its lines, one after the other, as they are shown.

    Inputs get their default, and nothing is known of earlier games.
    """

    def __init__(self, program: Mapping[str, Any]) -> None:
        self.machine = Machine(program, texts=True)
        self._places: dict[State, _Place] = {}
        self._first: tuple[str, _Place] | None = None

    def read(self, seed: int, choose: Choose) -> str:
        """Return the text of a game to its ending."""
        chance = Seeded(seed)
        if self._first is None:
            begun = self._until(self.machine.first(chance), chance)
            if not chance.used:
                self._first = begun
        else:
            begun = self._first
        text, place = begun
        out = [text]
        while count := place.count:
            number = choose(count)
            step = place.after[number]
            if step is None:
                step = self._step(place, number, chance)
            out.append(step[0])
            place = step[1]
        return "".join(out)

    def _step(self, place: _Place, number: int, chance: Seeded) -> tuple[str, _Place]:
        used = chance.used
        given: Answer = "" if place.state.open is None else place.state.open[number]
        step = self._until(self.machine.step(place.state, given, chance), chance)
        if chance.used == used:
            place.after[number] = step
        return step

    def _until(self, state: State, chance: Seeded) -> tuple[str, _Place]:
        """Go on to the next question or the end; return what is read on the way."""
        machine = self.machine
        while state.at >= 0 and state.open is None and state.at not in machine.write:
            state = machine.step(state, None, chance)
        text = "".join(
            f"{event['text']}\n" for event in machine.events if event["t"] in ("line", "more")
        )
        machine.events.clear()
        place = self._places.get(state)
        if place is None:
            place = self._places[state] = _Place(state)
        return text, place
