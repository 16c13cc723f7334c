"""Playtests on targets that go without a part of the story: what their routes are there."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from comfyvn.model.project import Content
from comfyvn.play.answers import RefusedAnswerError, meant
from comfyvn.play.playtest import Outcome
from comfyvn.play.playthrough import Played, play
from comfyvn.story.content import Cut, cut_of
from comfyvn.story.interpreter import State, Story

_RATED = ("@marks", "@found", "@scenes")


def cut_on(root: Path, content: Content | None) -> Cut | None:
    """Return what a target goes without, whose content is that; None if it has everything.

    The project's sources have no errors.

    Raises:
        OSError: a file cannot be read.
    """
    if content is None or content.mode != "sfw":
        return None
    from comfyvn.plan.check import Checker
    from comfyvn.plan.content_actions import rated_assets

    with Checker(root) as checker:
        read = checker.check().read
        marks, found, scenes = (json.loads(read(n) or b"{}") for n in _RATED)
        parts = {name: json.loads(read(f"@part/{name}") or b"{}") for name in scenes}
    return cut_of(parts, content.rating, *rated_assets(marks, found["answers"]))


class Taken(NamedTuple):
    """An answer that was given: the menu or input that asked, the choice's id or the text, and
    how a person would name it."""

    asked: str
    answer: str
    named: str


class Fitted:
    """The routes of playtests in what a target has of the story."""

    def __init__(self, whole: Story, left: Story) -> None:
        self.whole, self.left = whole, left

    def runs(self, outcome: Outcome) -> tuple[Played, ...]:
        """Play a playtest in what is left: its route, then walks of the same number.

        Answers to what is not there are left out.

        Raises:
            RefusedAnswerError: a choice that the route takes is not there, in a menu that is.
        """
        assert outcome.played is not None
        test, run = outcome.placed.test, outcome.played.run
        given = self._taken(outcome.played)
        route = self._again(run.seed, given, run.language)
        walks = []
        for number in range(len(outcome.walks)):
            chance = random.Random(f"{test.seed} {number}")
            try:
                seed = chance.randrange(2**53)
                walks.append(self._again(seed, given, run.language, chance))
            except RefusedAnswerError:
                # With other draws the first choices need not be there.
                continue
        return (route, *walks)

    def _taken(self, played: Played) -> list[Taken]:
        taken: list[Taken] = []

        def note(
            number: int, state: State, texts: Mapping[str, str], given: int | str
        ) -> int | str:
            answer = meant(state, texts, given)
            id = str(answer)
            if state["menu"]:
                id = _enabled(state)[int(answer)]
            taken.append(Taken(state["waiting"], id, texts.get(id, id)))
            return answer

        run = played.run
        play(self.whole, run.seed, run.answers, language=run.language, meaning=note)
        return taken

    def _again(
        self,
        seed: int,
        taken: Sequence[Taken],
        language: str | None,
        rest: random.Random | None = None,
    ) -> Played:
        def follow(
            number: int, state: State, texts: Mapping[str, str], given: int | str
        ) -> int | str | None:
            wanted = taken[number]
            if wanted.asked != state["waiting"]:
                return None
            if not state["menu"]:
                return wanted.answer
            enabled = _enabled(state)
            if wanted.answer not in enabled:
                raise RefusedAnswerError(f"its route takes `{wanted.named}`, which is not there")
            return enabled.index(wanted.answer)

        numbers = range(len(taken))
        return play(self.left, seed, numbers, language=language, rest=rest, meaning=follow)


def _enabled(state: State) -> list[str]:
    return [each["id"] for each in state["menu"]["choices"] if each["enabled"]]
