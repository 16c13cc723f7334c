"""Who decides what a story leaves to chance: a seed, or an exploration that tries everything."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Protocol

from comfyvn.story.numbers import clamp
from comfyvn.story.rng import draw, stream


class Chance(Protocol):
    """What a machine asks. `used` counts the questions."""

    used: int

    def chance(self, p: float) -> bool:
        """Return whether something of a probability happens."""

    def roll(self, count: int, sides: int, plus: int) -> float:
        """Return a roll of dice."""

    def member(self, members: Sequence[str]) -> str:
        """Return one of them, or an empty text."""

    def weighed(self, weights: Sequence[float]) -> int:
        """Return an index."""

    def index(self, count: int) -> int:
        """Return a number below `count`."""

    def wording(self) -> float:
        """Return what chooses between wordings."""

    def either(self) -> bool:
        """Return what is not known."""


class Seeded:
    """The draws of a game with a seed, which are noted in `events` if there are any."""

    def __init__(self, seed: int, events: list[dict[str, Any]] | None = None) -> None:
        self.seed = seed
        self.streams: dict[str, Sequence[int]] = {}
        self.events = events
        self.used = 0

    def draw(self, name: str) -> float:
        """Draw from a stream."""
        state = self.streams.get(name)
        value, self.streams[name] = draw(stream(self.seed, name) if state is None else state)
        if self.events is not None:
            self.events.append({"t": "draw", "stream": name, "value": value})
        return value / 2**53

    def chance(self, p: float) -> bool:
        """Draw below `p`."""
        self.used += 1
        return self.draw("story") < p

    def roll(self, count: int, sides: int, plus: int) -> float:
        """Draw once for each die."""
        self.used += 1
        return clamp(plus + sum(1 + math.floor(self.draw("story") * sides) for _ in range(count)))

    def member(self, members: Sequence[str]) -> str:
        """Draw one, if there are any."""
        return members[self.index(len(members))] if members else ""

    def weighed(self, weights: Sequence[float]) -> int:
        """Draw by weight, as the interpreter does."""
        self.used += 1
        total: float = 0
        for weight in weights:
            total += weight
        r = self.draw("story") * total
        upto: float = 0
        for index, weight in enumerate(weights):
            upto += weight
            if r < upto:
                return index
        return len(weights) - 1

    def index(self, count: int) -> int:
        """Draw."""
        self.used += 1
        return math.floor(self.draw("story") * count)

    def wording(self) -> float:
        """Draw from the other stream."""
        return self.draw("cosmetics")

    def either(self) -> bool:
        """Say no: a whole story leaves nothing unknown."""
        raise AssertionError("a game knows everything")


class Branching:
    """Every outcome in turn: what is asked is answered by `script`, then by the first outcome.

    `next` says whether there is another run to be made.
    """

    def __init__(self) -> None:
        self.script: list[int] = []
        self.sizes: list[int] = []
        self.used = 0

    def begin(self, script: Sequence[int] = ()) -> None:
        """Begin a run that answers so."""
        self.script, self.sizes, self.used = [*script], [], 0

    def next(self) -> bool:
        """Go to the next run; False after the last."""
        while self.script and self.script[-1] + 1 >= self.sizes[len(self.script) - 1]:
            self.script.pop()
        if not self.script:
            return False
        self.script[-1] += 1
        self.sizes, self.used = [], 0
        return True

    def index(self, count: int) -> int:
        """Choose below `count`."""
        if self.used == len(self.script):
            self.script.append(0)
        self.sizes.append(count)
        self.used += 1
        return self.script[self.used - 1]

    def chance(self, p: float) -> bool:
        """Both, unless it is certain."""
        if p <= 0 or p >= 1:
            return p > 0
        return self.index(2) == 0

    def roll(self, count: int, sides: int, plus: int) -> float:
        """Every sum."""
        if count <= 0 or sides <= 1:
            return clamp(plus + count)
        return clamp(plus + count + self.index(count * (sides - 1) + 1))

    def member(self, members: Sequence[str]) -> str:
        """Each of them."""
        return members[self.index(len(members))] if members else ""

    def weighed(self, weights: Sequence[float]) -> int:
        """Each that has a weight; the last one if none has."""
        able = [index for index, weight in enumerate(weights) if weight > 0]
        return able[self.index(len(able))] if able else len(weights) - 1

    def wording(self) -> float:
        """Any: words change nothing."""
        return 0.0

    def either(self) -> bool:
        """Both."""
        return self.index(2) == 0
