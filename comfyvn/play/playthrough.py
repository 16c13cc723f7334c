"""A play-through by the reference interpreter that can be asked about on its way."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from comfyvn.play.answers import RefusedAnswerError, meant, shown_texts
from comfyvn.play.runtime import MOST_ASKED, MOST_UNASKED, Record, Run
from comfyvn.play.staged import Staged, standing
from comfyvn.story.evaluate import evaluate
from comfyvn.story.interpreter import Persistent, State, Step, Story, keep, nothing
from comfyvn.story.interpreter import Run as Asked

Meaning = Callable[[int, State, Mapping[str, str], int | str], int | str | None]
"""From an answer's number, where the story waits, the texts of its choices and the answer, to what
it means; None: nothing any more, so that the next one is taken.

Raises:
    RefusedAnswerError: it cannot be taken.
"""
Give = Callable[[State, Mapping[str, str]], int | str | None]
"""From where a story waits, and the texts of its choices, to the answer; None: stop there."""

_NOTHING: Mapping[str, Sequence[list[Any]]] = {}


class Met(NamedTuple):
    """How often a play-through came to something, and the first of its conditions that did not
    hold there, with the number of records until then."""

    times: int = 0
    broken: tuple[int, int] | None = None


class Played(NamedTuple):
    """What came of a play-through.

    Attributes:
        run: how every runtime plays it.
        records: its transcript.
        left: how many of the answers were not asked for.
        broken: the first of the watched conditions that did not hold at a wait, with the number
            of records until then.
        holds: whether each of the last conditions holds where it stopped.
        met: of what was watched for, by id, what it came to.
        passed: the ids of all that it met: lines, choices, menus, sections, endings.
        stood: what was on the stage at its waits, if that was asked for.
    """

    run: Run
    records: list[Record]
    left: int
    broken: tuple[int, int] | None
    holds: tuple[bool, ...]
    met: Mapping[str, Met]
    passed: frozenset[str]
    stood: frozenset[Staged] = frozenset()

    @property
    def end(self) -> Record:
        """The last record: `ending`, `waiting` or `stuck`."""
        return self.records[-1]


class _Answers:
    def __init__(
        self, answers: Sequence[int | str], meaning: Meaning, rest: random.Random | None
    ) -> None:
        self.answers, self.meaning, self.rest = answers, meaning, rest
        self.asked = 0
        self.given: list[int | str] = []

    def next(self, state: State, texts: Mapping[str, str]) -> int | str | None:
        answer = self._meant(state, texts)
        if answer is not None:
            pass
        elif self.rest is None or len(self.given) >= MOST_ASKED:
            return None
        elif state["menu"]:
            answer = self.rest.randrange(sum(each["enabled"] for each in state["menu"]["choices"]))
        else:
            answer = self.rest.choice(["Ana", "", "Zoë", "7"])
        self.given.append(answer)
        return answer

    def _meant(self, state: State, texts: Mapping[str, str]) -> int | str | None:
        while self.asked < len(self.answers):
            number = self.asked
            self.asked += 1
            try:
                answer = self.meaning(number, state, texts, self.answers[number])
            except RefusedAnswerError as error:
                error.add_note(str(number))
                raise
            if answer is not None:
                return answer
        return None


def _as_written(number: int, state: State, texts: Mapping[str, str], given: int | str) -> int | str:
    return meant(state, texts, given)


class _Watch:
    """What is asked about on the way."""

    def __init__(self, watch: Mapping[str, Sequence[list[Any]]], always: Sequence[list[Any]]):
        self.watch, self.always = watch, always
        self.met = dict.fromkeys(watch, Met())
        self.broken: tuple[int, int] | None = None
        self.counts: Mapping[str, int] = {}

    def see(self, state: State, events: Sequence[Record], records: int, world: Asked) -> None:
        """Look at a wait."""
        if self.broken is None:
            self.broken = _broken(self.always, world, records)
        if not self.watch:
            return
        counts = state["counts"]
        came = {each.get("id") for each in events if each["t"] != "waiting"}
        for id, conditions in self.watch.items():
            if id in came or counts.get(id, 0) > self.counts.get(id, 0):
                times, broken = self.met[id]
                self.met[id] = Met(times + 1, broken or _broken(conditions, world, records))
        self.counts = counts


def _broken(conditions: Sequence[list[Any]], world: Asked, records: int) -> tuple[int, int] | None:
    numbers = (n for n, each in enumerate(conditions) if not evaluate(each, world))
    number = next(numbers, None)
    return None if number is None else (number, records)


def play(
    story: Story,
    seed: int,
    answers: Sequence[int | str],
    *,
    language: str | None = None,
    start: str = "",
    given: Mapping[str, Any] | None = None,
    rest: random.Random | None = None,
    meaning: Meaning = _as_written,
    always: Sequence[list[Any]] = (),
    at_end: Sequence[list[Any]] = (),
    watch: Mapping[str, Sequence[list[Any]]] = _NOTHING,
    stood: bool = False,
) -> Played:
    """Play from a new game with fresh persistent state.

    Args:
        story: what is played.
        seed: the game's seed.
        answers: what `meaning` takes, in turn.
        language: one of the story's.
        start: where the game begins, as `Story.start` takes it.
        given: with what variables, likewise.
        rest: gives the answers after these, up to `MOST_ASKED`; without it the play-through stops
            there.
        meaning: what an answer means, `comfyvn.play.answers.meant` if nothing else is said.
        always: conditions that are watched at every wait and at the end.
        at_end: conditions that are asked where it stops.
        watch: ids, with conditions that are asked at the wait where the story comes to them.
        stood: whether to keep what is on the stage at its waits.

    Raises:
        RefusedAnswerError: an answer that cannot be taken; its note is the answer's number.
    """
    replies = _Answers(answers, meaning, rest)
    persistent = nothing()
    records: list[Record] = []
    watched = _Watch(watch, always)
    seen: set[Staged] = set()
    first = story.start(seed, persistent, language, start, given)
    state: State = {}
    for state, events in _steps(story, first, replies.next, persistent, language):
        records += events
        if stood:
            seen.update(standing(state))
        if always or watch:
            world = Asked(story, {**state}, persistent, language)
            watched.see(state, events, len(records), world)
    world = Asked(story, {**state}, persistent, language)
    shown = {each["id"] for each in records if each["t"] in ("line", "ending")}
    return Played(
        Run(seed, tuple(replies.given), language, start, given or {}),
        records,
        len(answers) - replies.asked,
        watched.broken,
        tuple(bool(evaluate(each, world)) for each in at_end),
        watched.met,
        frozenset(shown | state["counts"].keys()),
        frozenset(seen),
    )


def _steps(
    story: Story, step: Step, give: Give, persistent: Persistent, language: str | None
) -> Iterator[tuple[State, list[Record]]]:
    """Yield each wait from a first step on, with what happened since the one before, as
    `Runtime.play` tells it."""
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
