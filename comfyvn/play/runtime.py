"""What every way to play a story offers: runs in, transcripts out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

Record = dict[str, Any]
"""One record of a transcript; `docs/program.md` lists them."""

MOST_UNASKED = 20_000
"""How many waits in a row may pass without a menu or input before a run is given up."""

MOST_ASKED = 2_000
"""How many answers a random walk gives before it is given up."""


class Run(NamedTuple):
    """One play-through.

    `answers` are taken in turn: an int indexes the enabled choices of a menu, modulo their
    number; a text answers an input. An answer of the other kind is turned into one (the text of
    the number; choice 0). When they run out the last record is `waiting`. A run that
    goes on for more than `MOST_UNASKED` waits without a menu or input ends with `stuck`.

    `start` and `given` are where it begins and with what, as `Story.start` takes them; only the
    interpreter can begin elsewhere than the story does.
    """

    seed: int
    answers: tuple[int | str, ...] = ()
    language: str | None = None
    start: str = ""
    given: Mapping[str, Any] = {}


class Runtime(Protocol):
    """Something that plays a built target."""

    def play(self, runs: Sequence[Run]) -> list[list[Record]]:
        """Play each run from a new game with fresh persistent state; return their transcripts."""
        ...
