"""Playtests: what their files say, played, and judged."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from comfyvn.explore.placing import answers_told, command_told
from comfyvn.model.playtest_files import Placed
from comfyvn.play.answers import RefusedAnswerError, plain
from comfyvn.play.follow import Follower
from comfyvn.play.playthrough import Played, play
from comfyvn.play.runtime import Record
from comfyvn.play.staged import Staged, coming, is_played
from comfyvn.play.trail import Trail
from comfyvn.play.wanted import NONE, Reader, Wanted
from comfyvn.source.diagnostics import Diagnostic, Diagnostics
from comfyvn.story.compile import Compiled
from comfyvn.story.interpreter import Story


class Outcome(NamedTuple):
    """What came of a playtest.

    Attributes:
        placed: which one.
        wanted: what it says.
        findings: why it fails; nothing if it passes.
        played: its route; None if it could not be played to its end.
        walks: the random walks that went on from there.
        failing: the walk that was found to fail, if one was.
    """

    placed: Placed
    wanted: Wanted
    findings: Diagnostics
    played: Played | None = None
    walks: tuple[Played, ...] = ()
    failing: Played | None = None

    @property
    def every(self) -> tuple[Played, ...]:
        """All that was played: the route, and the walks."""
        return () if self.played is None else (self.played, *self.walks)


class Judge:
    """Plays and judges the playtests of one story."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.story = Story(compiled.program)
        self.trail = Trail(compiled)
        self._reader = Reader(compiled, self.trail)

    def judge(self, placed: Placed, reviewed: Sequence[tuple[str, str]] = ()) -> Outcome:
        """Play a playtest by the interpreter, and hold it against what it expects.

        `reviewed` are the ids and the texts of the choices that its golden takes.
        """
        out = Diagnostics()
        wanted = self._reader.read(placed, out)
        if out.has_errors:
            return Outcome(placed, wanted, out)
        follower = Follower(self.trail, reviewed, exact=True)
        try:
            played = self._play(placed, wanted, follower)
        except RefusedAnswerError as error:
            number = int(error.__notes__[0])
            out.error("VN2001", str(error), placed.at("choices", number), help=error.help)
            return Outcome(placed, wanted, out)
        for note in follower.notes:
            span = placed.at("choices", note.number)
            out.append(Diagnostic("VN2006", "note", note.message, span, note.help))
        if played.left:
            self._judge_left(placed, played, follower, out)
        if not placed.test.walks:
            self._judge_run(placed, wanted, played, out)
            self._judge_shown(placed, wanted, [played], out)
            return Outcome(placed, wanted, out, played)
        walks = tuple(self._walks(placed, wanted, follower))
        if not walks:
            out.error(
                "VN2001",
                "no random walk comes past these choices: each has draws of its own",
                placed.at("choices"),
                help="begin with choices that are there whatever is drawn",
            )
        failing = next((each for each in walks if self._judge_run(placed, wanted, each, out)), None)
        self._judge_shown(placed, wanted, [played, *walks], out)
        return Outcome(placed, wanted, out, played, walks, failing)

    def _play(
        self,
        placed: Placed,
        wanted: Wanted,
        follower: Follower,
        walk: random.Random | None = None,
    ) -> Played:
        test = placed.test
        return play(
            self.story,
            test.seed if walk is None else walk.randrange(2**53),
            test.choices,
            language=test.language,
            start=wanted.start,
            given=wanted.given,
            rest=walk,
            meaning=follower,
            always=wanted.always,
            at_end=wanted.holds,
            watch=wanted.at,
            stood=bool(test.expect.shows),
        )

    def _walks(self, placed: Placed, wanted: Wanted, follower: Follower) -> Iterator[Played]:
        for number in range(placed.test.walks):
            chance = random.Random(f"{placed.test.seed} {number}")
            try:
                yield self._play(placed, wanted, follower, chance)
            except RefusedAnswerError:
                # With other draws the first choices need not be there.
                continue

    def _judge_left(
        self, placed: Placed, played: Played, follower: Follower, out: Diagnostics
    ) -> None:
        """Report answers that nothing asks for, unless their menus were deleted."""
        answers = placed.test.choices
        first = len(answers) - played.left
        for number, answer in enumerate(answers[first:], first):
            followed = follower.deleted(answer)
            if followed is None or (followed.to and self.trail.is_choice(followed.to)):
                break
            said = (
                f"the choice `{followed.text}` was deleted with its menu: this answer is left out"
            )
            span = placed.at("choices", number)
            out.append(Diagnostic("VN2006", "note", said, span, "delete it here, too"))
        else:
            return
        first = number
        out.error(
            "VN2003",
            f"the story is over before answer {first + 1} of {len(answers)}",
            placed.at("choices", first),
            help="delete what is left, or see what ends it earlier than it used to",
        )

    def _judge_run(self, placed: Placed, wanted: Wanted, played: Played, out: Diagnostics) -> bool:
        """Report what one play-through did not come to; return whether there was anything."""
        before = len(out)
        test, expect = placed.test, placed.test.expect
        route = shown_route(placed, played) if test.walks else None
        end = played.end
        if end["t"] == "stuck":
            out.error("VN2010", "the story goes on without asking for ever", placed.span, route)
        elif test.walks and end["t"] != "ending":
            out.error("VN2010", "a random walk does not come to an ending", placed.span, route)
        if expect.ending is not None:
            come = end["name"] if end["t"] == "ending" else NONE
            if come != expect.ending:
                shown = f"ends with `{come}`" if come != NONE else "comes to no ending"
                self._failed(placed, ("expect", "ending"), f"the story {shown}", out, route)
        for number, (source, held) in enumerate(zip(expect.holds, played.holds, strict=True)):
            if not held:
                said = f"`{source}` does not hold where the story stops"
                self._failed(placed, ("expect", "holds", number), said, out, route)
        if played.broken is not None:
            number, records = played.broken
            said = f"`{test.always[number]}` does not hold {_where(played.records[:records])}"
            self._failed(placed, ("always", number), said, out, route)
        for id, met in played.met.items():
            if met.broken is not None:
                key, number = wanted.keys[id][met.broken[0]]
                where = _where(played.records[: met.broken[1]])
                said = (
                    f"`{expect.at[key][number]}` does not hold {where}, where it comes to `{key}`"
                )
                self._failed(placed, ("expect", "at", key, number), said, out, route)
        return len(out) > before

    def _judge_shown(
        self, placed: Placed, wanted: Wanted, runs: Sequence[Played], out: Diagnostics
    ) -> None:
        """Report what no play-through shows, and what one does that should not."""
        expect = placed.test.expect
        records = [record for played in runs for record in played.records]
        for id, keys in wanted.places.items():
            if not any(played.met[id].times for played in runs):
                for key in keys:
                    span = placed.key_at("expect", "at", key)
                    out.error("VN2010", f"the story does not come to `{key}`", span)
        for number, text in wanted.lines.items():
            if not any(_says(record, text) for record in records):
                said = f"the line `{expect.lines[number]}` is not shown"
                self._failed(placed, ("expect", "lines", number), said, out)
        for number, text in wanted.never.items():
            played = next((p for p in runs if any(_says(each, text) for each in p.records)), None)
            if played is not None:
                said = f"the line `{expect.never[number]}` is shown"
                route = shown_route(placed, played)
                self._failed(placed, ("expect", "never", number), said, out, route)
        stood = set[Staged]().union(*(played.stood for played in runs))
        for number, name in enumerate(expect.shows):
            came = (each for record in records for each in coming(record))
            if not any(each.has(name) for each in chain(stood, came)):
                said = f"`{name}` is never on the stage"
                self._failed(placed, ("expect", "shows", number), said, out)
        for number, name in enumerate(expect.plays):
            if not any(is_played(record, name) for record in records):
                said = f"`{name}` is never played"
                self._failed(placed, ("expect", "plays", number), said, out)

    @staticmethod
    def _failed(
        placed: Placed,
        steps: tuple[str | int, ...],
        message: str,
        out: Diagnostics,
        help: str | None = None,
    ) -> None:
        out.error("VN2010", message, placed.at(*steps), help=help)


def shown_route(placed: Placed, played: Played) -> str:
    """Return how a play-through is played again, in words."""
    run, test = played.run, placed.test
    if test.given:
        return f"its seed is {run.seed}, its choices are {answers_told(run.answers)}"
    options = {"--start": test.start, "--language": run.language}
    given = "".join(f" {option} {value}" for option, value in options.items() if value)
    return f"it is `{command_told(run.seed, run.answers, given)}`"


def _says(record: Record, wanted: str) -> bool:
    """Whether a record is of an id, or shows words."""
    if record.get("id") == wanted:
        return True
    return record["t"] in ("line", "more") and wanted in plain(record["text"])


def _where(records: Sequence[Record]) -> str:
    """Return where a play-through is, in words."""
    for record in reversed(records):
        if record["t"] == "line":
            return f"at the line `{_short(plain(record['text']))}`"
    return "at the beginning"


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
