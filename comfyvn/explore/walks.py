"""Play-throughs without a player: routes that are given, and random ones, with what they meet."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from comfyvn.explore.result import Answer
from comfyvn.explore.shown import Shown, shown_by
from comfyvn.explore.words import words_of
from comfyvn.story.interpreter import State, Step, Story, keep, nothing
from comfyvn.story.rng import draw, stream

MOST_ANSWERS = 2_000
"""Answers after which a walk is given up."""
MOST_UNASKED = 20_000
"""Waits in a row without a question after which one is; as `comfyvn play` does."""

How = Literal["ending", "waiting", "stuck", "long"]
"""How a play-through ends: at an ending, where the answers run out, by a story that goes in
circles without asking, or given up."""


@dataclass(slots=True)
class Walk:
    """One play-through and its numbers.

    Attributes:
        seed: the game's.
        answers: as `comfyvn play --route` takes them.
        how: it ends.
        ending: the id of its ending; empty if there is none.
        lines: beats shown, each time counted.
        words: all that is read: lines, the choices of menus when they open, notes.
        choices: choices taken of a menu.
        passed: how often each id was met: lines, choices taken, sections, endings, items.
    """

    seed: int
    answers: list[Answer] = field(default_factory=list)
    how: How = "waiting"
    ending: str = ""
    lines: int = 0
    words: int = 0
    choices: int = 0
    passed: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Tally:
    """What many play-throughs met.

    Attributes:
        offered: how often each choice stood in a menu that opened, locked or not.
        locked: how often it was locked there.
        taken: how often each choice was taken, also unseen.
        passed: how many play-throughs met an id.
        shown: how many showed or played an asset.
    """

    offered: Counter[str] = field(default_factory=Counter)
    locked: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)
    shown: Counter[Shown] = field(default_factory=Counter)


class Question(NamedTuple):
    """What a play-through has to answer: a menu's enabled choices, or an input (none)."""

    choices: Sequence[str]
    default: str


Answerer = Callable[[Question], Answer | None]
"""Returns the answer, or None where there is none any more."""


class Player:
    """Plays a Program and counts."""

    def __init__(self, program: Mapping[str, Any]) -> None:
        self.story = Story(program)
        self.tally = Tally()
        self._words: dict[str, int] = {}

    def replay(
        self,
        seed: int,
        answers: Iterable[Answer],
        language: str | None = None,
        start: str = "",
        given: Mapping[str, Any] | None = None,
    ) -> Walk:
        """Play a route, which may begin elsewhere, as `Story.start` takes it."""
        replies = iter(answers)
        return self.play(seed, lambda question: next(replies, None), language, start, given)

    def walks(self, seed: int, count: int, lines: float = math.inf) -> Iterator[Walk]:
        """Play games at random: each choice that can be taken is as likely as the others, inputs
        get their default. The same seed gives the same walks.

        Args:
            seed: of all of them.
            count: how many.
            lines: no other one begins once they have shown so many lines.
        """
        for number in range(count):
            if lines <= 0:
                return
            state = stream(seed, f"walk {number}")
            game, state = draw(state)
            chance = _Chance(state)
            walk = self.play(game, chance.answer)
            lines -= walk.lines
            yield walk

    def play(
        self,
        seed: int,
        answer: Answerer,
        language: str | None = None,
        start: str = "",
        given: Mapping[str, Any] | None = None,
    ) -> Walk:
        """Play one game from its beginning, with nothing kept of earlier ones."""
        walk, story, persistent = Walk(seed), self.story, nothing()
        met: set[Shown] = set()
        step = story.start(seed, persistent, language, start, given)
        before: State | None = None
        unasked = 0
        while True:
            met.update(shown_by(story, before, step))
            self._count(walk, step)
            state = step.state
            if state["waiting"] is None:
                break
            reply: str | None = None
            if state["menu"] or state["input"]:
                question = self._question(state)
                chosen = answer(question)
                if chosen is None:
                    break
                if len(walk.answers) == MOST_ANSWERS:
                    walk.how = "long"
                    break
                walk.answers.append(chosen)
                reply = _meant(question, chosen)
            unasked = 0 if reply is not None else unasked + 1
            if unasked > MOST_UNASKED:
                walk.how = "stuck"
                break
            keep(persistent, step.changes)
            before = state
            step = story.advance(state, reply, persistent, language)
        self._passed(walk, step.state)
        self.tally.passed.update(walk.passed.keys())
        self.tally.shown.update(met)
        return walk

    def _question(self, state: State) -> Question:
        if state["menu"]:
            offers = state["menu"]["choices"]
            return Question([each["id"] for each in offers if each["enabled"]], "")
        return Question((), self.story.op(state["input"]["id"]).get("default", ""))

    def _count(self, walk: Walk, step: Step) -> None:
        tally = self.tally
        for record in step.events:
            match record["t"]:
                case "line":
                    walk.lines += 1
                    walk.passed[record["id"]] += 1
                    walk.words += self._length(record["text"])
                case "more" | "notify":
                    walk.words += self._length(record["text"])
                case "menu":
                    walk.choices += 1
                    for offer in record["choices"]:
                        tally.offered[offer["id"]] += 1
                        walk.words += self._length(offer["text"])
                        if not offer["enabled"]:
                            tally.locked[offer["id"]] += 1
                            walk.words += self._length(offer["reason"])
                case "choice":
                    tally.taken[record["id"]] += 1
                case "ending":
                    walk.how, walk.ending = "ending", record["id"]
                    walk.passed[record["id"]] += 1
                case "stuck":
                    walk.how = "stuck"

    def _passed(self, walk: Walk, state: State) -> None:
        """Add what the state counts: choices, menus, sections, scenes, items."""
        lines = walk.passed.keys() & state["counts"].keys()
        walk.passed.update({id: n for id, n in state["counts"].items() if id not in lines})
        if walk.how in ("waiting", "long") and state["menu"]:
            walk.choices -= 1  # The menu that nobody answered.

    def _length(self, text: str) -> int:
        length = self._words.get(text)
        if length is None:
            length = self._words[text] = words_of(text)
        return length


class _Chance:
    def __init__(self, state: Sequence[int]) -> None:
        self.state = state

    def answer(self, question: Question) -> Answer:
        if not question.choices:
            return question.default
        value, self.state = draw(self.state)
        return value * len(question.choices) >> 53


def _meant(question: Question, given: Answer) -> str:
    """Return what an answer means, as `comfyvn.play.runtime.Run` has it."""
    if not question.choices:
        return str(given)
    index = given % len(question.choices) if isinstance(given, int) else 0
    return question.choices[index]
