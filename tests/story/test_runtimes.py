"""The interpreters in Python and JavaScript, held together and to their promises."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from comfyvn.play.interpreter import InterpreterRuntime, answer_for
from comfyvn.play.node import NodeRuntime
from comfyvn.play.runtime import Run
from comfyvn.story.canonical import canonical, write_transcript
from comfyvn.story.interpreter import Persistent, Step, Story, keep, nothing
from comfyvn.story.save import load, save
from tests.generate.build import make, remake
from tests.generate.edits import edit
from tests.generate.stories import generate

SCALE = float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1"))
SEED = int(os.environ.get("COMFYVN_SEED", "1"))
WHEN = "2030-01-02T03:04:05Z"


def seeds(count: int) -> range:
    """Return the seeds of a randomised test, and print them."""
    wanted = range(SEED, SEED + max(1, round(count * SCALE)))
    print(f"COMFYVN_SEED={SEED}, {len(wanted)} stories")
    return wanted


def random_runs(seed: int, count: int) -> list[Run]:
    rng = random.Random(seed)
    texts = ("Añ\u0301 [x]", "{b}\u0007", "", "日本語🦊", "  two  ")
    return [
        Run(
            rng.randrange(2**53 + 1),
            tuple(
                rng.choice((rng.randrange(9), rng.randrange(9), rng.choice(texts)))
                for _ in range(rng.choice((3, 40)))
            ),
            rng.choice((None, "fr", "ar")),
        )
        for _ in range(count)
    ]


def steps(story: Story, run: Run) -> Iterator[tuple[Step, Persistent]]:
    """Yield the steps of a run and the persistent state that each began with."""
    persistent = nothing()
    answers = iter(run.answers)
    step = story.start(run.seed, persistent, run.language)
    while True:
        yield step, json.loads(json.dumps(persistent))
        answer = None
        if step.state["waiting"] is None:
            return
        if step.state["menu"] or step.state["input"]:
            given = next(answers, None)
            if given is None:
                return
            answer = answer_for(step.state, given)
        keep(persistent, step.changes)
        step = story.advance(step.state, answer, persistent, run.language)


@pytest.fixture(scope="module")
def node() -> Iterator[NodeRuntime]:
    with NodeRuntime({}) as runtime:
        yield runtime


@pytest.mark.node
def test_transcripts_are_equal_byte_for_byte(node: NodeRuntime, tmp_path: Path) -> None:
    for seed in seeds(2000):
        program = make(seed, tmp_path / str(seed)).program
        runs = random_runs(seed, 3)
        node.program = program
        ours = [write_transcript(records) for records in InterpreterRuntime(program).play(runs)]
        assert ours == node.transcripts(runs), f"story {seed}"


@pytest.mark.node
def test_a_game_that_fetches_its_scenes_plays_the_same(node: NodeRuntime, tmp_path: Path) -> None:
    """Also when every step goes back, forward and through a save."""
    for seed in seeds(300):
        node.program = make(seed, tmp_path / str(seed)).program
        runs = random_runs(seed, 1)
        assert node.ask("game", runs=[run._asdict() for run in runs]) == node.transcripts(runs)


@pytest.mark.node
def test_states_and_saves_are_equal(node: NodeRuntime, tmp_path: Path) -> None:
    """Every state and save of a run is the same; each loads on the other runtime."""
    for seed in seeds(300):
        program = make(seed, tmp_path / str(seed)).program
        (run,) = random_runs(seed, 1)
        story = Story(program)
        node.program = program
        theirs = node.ask("trace", run=run._asdict(), when=WHEN)
        states = [step.state for step, _ in steps(story, run)]
        assert [canonical(state) for state in states] == [step["state"] for step in theirs], seed
        saves = [save(story, state, WHEN) for state in states if state["waiting"]]
        assert [canonical(saved) for saved in saves] == [
            step["save"] for step in theirs if step["save"]
        ]
        for state, loaded in zip(states, node.ask("load", saves=saves), strict=False):
            assert loaded == {"state": canonical(state), "events": ""}, seed


def test_a_step_changes_nothing_so_undo_is_exact(tmp_path: Path) -> None:
    for seed in seeds(300):
        story = Story(make(seed, tmp_path / str(seed)).program)
        (run,) = random_runs(seed, 1)
        kept = []
        for step, persistent in steps(story, run):
            kept.append((step.state, canonical(step.state), persistent))
        assert all(canonical(state) == before for state, before, _ in kept), seed
        again = [canonical(step.state) for step, _ in steps(story, run)]
        assert again == [before for _, before, _ in kept], seed


def test_a_save_at_every_step_continues_the_same(tmp_path: Path) -> None:
    for seed in seeds(200):
        story = Story(make(seed, tmp_path / str(seed)).program)
        (run,) = random_runs(seed, 1)
        reached = list(steps(story, run))
        for (step, persistent), (after, _) in pairwise(reached):
            keep(persistent, step.changes)
            saved = json.loads(canonical(save(story, step.state, WHEN)))
            loaded = load(story, saved, persistent, run.language)
            assert canonical(loaded.state) == canonical(step.state), seed
            assert not loaded.events
            answer = _answer_between(step, after)
            following = story.advance(loaded.state, answer, persistent, run.language)
            assert canonical(following.state) == canonical(after.state), seed
            assert write_transcript(following.events) == write_transcript(after.events), seed


def _answer_between(step: Step, after: Step) -> str | None:
    first: dict[str, Any] = after.events[0] if after.events else {}
    if step.state["menu"]:
        return str(first["id"])
    return str(first["value"]) if step.state["input"] else None


@pytest.mark.node
def test_saves_survive_edits(node: NodeRuntime, tmp_path: Path) -> None:
    """A save lands on its own line while that lives, else where `gone` says; then it plays on."""
    for seed in seeds(300):
        folder = tmp_path / str(seed)
        before = Story(make(seed, folder).program)
        (run,) = random_runs(seed, 1)
        saves = [
            json.loads(canonical(save(before, step.state, WHEN)))
            for step, _ in steps(before, run)
            if step.state["waiting"]
        ]
        program = remake(edit(random.Random(seed), generate(seed)), folder).program
        after = Story(program)
        landings = [load(after, saved, nothing()) for saved in saves]
        for saved, landing in zip(saves, landings, strict=True):
            id = saved["at"]["id"]
            if id in after.homes and id not in program["gone"] and not saved["state"]["menu"]:
                assert landing.state["waiting"] == id, seed
                assert not _moved(landing), seed
            if not _moved(landing):
                assert landing.state["vars"] == saved["state"]["vars"], seed
            _play_on(after, landing)
        node.program = program
        assert node.ask("load", saves=saves) == [
            {"state": canonical(step.state), "events": write_transcript(step.events)}
            for step in landings
        ], seed


def _moved(step: Step) -> bool:
    """Return whether a load ran any op: draws alone come from slots that were edited."""
    return any(record["t"] != "draw" for record in step.events)


def _play_on(story: Story, step: Step) -> None:
    persistent = nothing()
    for turn in range(60):
        if step.state["waiting"] is None:
            return
        save(story, step.state, WHEN)
        asked = step.state["menu"] or step.state["input"]
        answer = answer_for(step.state, turn) if asked else None
        step = story.advance(step.state, answer, persistent)
