"""Plays a Program with the reference interpreter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from comfyvn.play.runtime import MOST_UNASKED, Record, Run
from comfyvn.story.interpreter import State, Story, keep, nothing


class InterpreterRuntime:
    """The Python interpreter as a runtime."""

    def __init__(self, program: Mapping[str, Any]) -> None:
        self.story = Story(program)

    def play(self, runs: Sequence[Run]) -> list[list[Record]]:
        """Play each run from a new game with fresh persistent state; return their transcripts."""
        return [self._play(run) for run in runs]

    def _play(self, run: Run) -> list[Record]:
        persistent = nothing()
        answers = iter(run.answers)
        step = self.story.start(run.seed, persistent, run.language, run.start, run.given)
        records = list(step.events)
        unasked = 0
        while (waiting := step.state["waiting"]) is not None:
            answer: str | None = None
            if step.state["menu"] or step.state["input"]:
                given = next(answers, None)
                if given is None:
                    return [*records, {"t": "waiting", "id": waiting}]
                answer = answer_for(step.state, given)
            unasked = 0 if answer is not None else unasked + 1
            if unasked > MOST_UNASKED:
                return [*records, {"t": "stuck"}]
            keep(persistent, step.changes)
            step = self.story.advance(step.state, answer, persistent, run.language)
            records += step.events
        return records


def answer_for(state: State, given: int | str) -> str:
    """Return what a run's answer means at a menu or input."""
    if not state["menu"]:
        return str(given)
    enabled: list[str] = [choice["id"] for choice in state["menu"]["choices"] if choice["enabled"]]
    return enabled[given % len(enabled) if isinstance(given, int) else 0]
