"""A play-through by the reference interpreter that can be asked about on its way."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from comfyvn.play.answers import RefusedAnswerError, meant, shown_texts
from comfyvn.play.runtime import MOST_ASKED, MOST_UNASKED, Record, Run
from comfyvn.story.evaluate import evaluate
from comfyvn.story.interpreter import Persistent, State, Story, keep, nothing
from comfyvn.story.interpreter import Run as Asked

Give = Callable[[State, Mapping[str, str]], int | str | None]
"""From where a story waits, and the texts of its choices, to the answer; None: stop there."""


class Played(NamedTuple):
    """What came of a play-through.

    Attributes:
        run: how every runtime plays it.
        records: its transcript.
        left: how many of the answers were not asked for.
        broken: the first of the watched conditions that did not hold at a wait, with the number
            of records until then.
        holds: whether each of the last conditions holds where it stopped.
    """

    run: Run
    records: list[Record]
    left: int
    broken: tuple[int, int] | None
    holds: tuple[bool, ...]

    @property
    def end(self) -> Record:
        """The last record: `ending`, `waiting` or `stuck`."""
        return self.records[-1]


class _Answers:
    def __init__(self, answers: Sequence[int | str], rest: random.Random | None) -> None:
        self.answers, self.rest = list(answers), rest
        self.given: list[int | str] = []

    def next(self, state: State, texts: Mapping[str, str]) -> int | str | None:
        if len(self.given) < len(self.answers):
            number = len(self.given)
            try:
                answer = meant(state, texts, self.answers[number])
            except RefusedAnswerError as error:
                error.add_note(str(number))
                raise
        elif self.rest is None or len(self.given) >= MOST_ASKED:
            return None
        elif state["menu"]:
            answer = self.rest.randrange(sum(each["enabled"] for each in state["menu"]["choices"]))
        else:
            answer = self.rest.choice(["Ana", "", "Zoë", "7"])
        self.given.append(answer)
        return answer


def play(
    story: Story,
    seed: int,
    answers: Sequence[int | str],
    *,
    language: str | None = None,
    rest: random.Random | None = None,
    always: Sequence[list[Any]] = (),
    at_end: Sequence[list[Any]] = (),
) -> Played:
    """Play from a new game with fresh persistent state.

    Args:
        story: what is played.
        seed: the game's seed.
        answers: what `comfyvn.play.answers.meant` takes, in turn.
        language: one of the story's.
        rest: gives the answers after these, up to `MOST_ASKED`; without it the play-through stops
            there.
        always: conditions that are watched at every wait and at the end.
        at_end: conditions that are asked where it stops.

    Raises:
        RefusedAnswerError: an answer that cannot be taken; its note is the answer's number.
    """
    given = _Answers(answers, rest)
    persistent = nothing()
    records: list[Record] = []
    broken: tuple[int, int] | None = None
    state: State = {}
    for state, events in _steps(story, seed, given.next, persistent, language):
        records += events
        if broken is None and always:
            world = Asked(story, {**state}, persistent, language)
            for number, condition in enumerate(always):
                if not evaluate(condition, world):
                    broken = number, len(records)
                    break
    world = Asked(story, {**state}, persistent, language)
    return Played(
        Run(seed, tuple(given.given), language),
        records,
        max(len(answers) - len(given.given), 0),
        broken,
        tuple(bool(evaluate(each, world)) for each in at_end),
    )


def _steps(
    story: Story, seed: int, give: Give, persistent: Persistent, language: str | None
) -> Iterator[tuple[State, list[Record]]]:
    """Yield each wait, with what happened since the one before, as `Runtime.play` tells it."""
    step = story.start(seed, persistent, language)
    shown = list(step.events)
    unasked = 0
    while True:
        keep(persistent, step.changes)
        state = step.state
        waiting = state["waiting"]
        events = list(step.events)
        answer: str | None = None
        if waiting is None:
            yield state, events
            return
        if state["menu"] or state["input"]:
            found = give(state, shown_texts(shown) if state["menu"] else {})
            if found is None:
                yield state, [*events, {"t": "waiting", "id": waiting}]
                return
            answer = _as_answer(state, found)
        unasked = 0 if answer is not None else unasked + 1
        if unasked > MOST_UNASKED:
            yield state, [*events, {"t": "stuck"}]
            return
        yield state, events
        step = story.advance(state, answer, persistent, language)
        shown = list(step.events)


def _as_answer(state: State, given: int | str) -> str:
    if not state["menu"]:
        return str(given)
    enabled: list[str] = [each["id"] for each in state["menu"]["choices"] if each["enabled"]]
    return enabled[int(given)]
