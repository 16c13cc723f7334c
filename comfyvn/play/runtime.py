"""What every way to play a story offers: runs in, transcripts out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

Record = dict[str, Any]
"""One record of a transcript; `docs/program.md` lists them."""


class Run(NamedTuple):
    """One play-through.

    `answers` are taken in turn: an int indexes the enabled choices of a menu, modulo their
    number; a text answers an input. An answer of the other kind is turned into one (the text of
    the number; choice 0). When they run out the last record is `waiting`.
    """

    seed: int
    answers: tuple[int | str, ...] = ()
    language: str | None = None


class Runtime(Protocol):
    """Something that plays a built target."""

    def play(self, runs: Sequence[Run]) -> list[list[Record]]:
        """Play each run from a new game with fresh persistent state; return their transcripts."""
        ...
