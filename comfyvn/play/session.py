"""A game being played: the story, where it is, the way back, and what persists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from comfyvn.story.interpreter import Persistent, Record, State, Step, Story, keep
from comfyvn.story.save import Save, load, save
from comfyvn.story.view import View, view


class Moment(NamedTuple):
    """A step that was reached, and what happened on the way to it."""

    state: State
    events: list[Record]


class Session:
    """One play-through. `moments` are all steps so far, the current one last."""

    def __init__(
        self,
        program: Mapping[str, Any],
        persistent: Persistent,
        language: str | None = None,
        start: str = "",
        given: Mapping[str, Any] | None = None,
    ) -> None:
        """Take what is played; `start` and `given` are where new games begin, and with what."""
        self.story = Story(program)
        self.persistent = persistent
        self.language: str = language or program["language"]
        self.beginning = start, given
        self.moments: list[Moment] = []

    @property
    def now(self) -> State:
        """The current state."""
        return self.moments[-1].state

    def start(self, seed: int) -> None:
        """Begin a new game."""
        self.moments = []
        self._take(self.story.start(seed, self.persistent, self.language, *self.beginning))

    def advance(self, answer: str | None = None) -> None:
        """Go on: None from a line or break, a choice's id, an input's text."""
        self._take(self.story.advance(self.now, answer, self.persistent, self.language))

    def back(self) -> bool:
        """Go one step back; return whether there was one."""
        if len(self.moments) < 2:
            return False
        self.moments.pop()
        return True

    def view(self, moment: Moment | None = None) -> View:
        """Return what a moment looks like, the current one by default."""
        state = moment.state if moment else self.now
        return view(self.story, state, self.persistent, self.language)

    def save(self, when: str) -> Save:
        """Return a save; `when` is an ISO 8601 time."""
        return save(self.story, self.now, when)

    def load(self, saved: Save) -> None:
        """Continue a save; raise `SaveError` when it cannot be read."""
        step = load(self.story, saved, self.persistent, self.language)
        self.moments = []
        self._take(step)

    def _take(self, step: Step) -> None:
        keep(self.persistent, step.changes)
        self.moments.append(Moment(step.state, step.events))
