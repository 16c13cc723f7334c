"""Explorations of small stories against an enumeration that shares no code with them, and of
larger ones whose truth is known; what machines say against the interpreter."""

from __future__ import annotations

import json
import os
import random
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from comfyvn.cli.common import compile_at
from comfyvn.explore.bare import bare_program, bare_scene
from comfyvn.explore.explore import explore
from comfyvn.explore.machine import Machine
from comfyvn.explore.readings import Readings
from comfyvn.explore.result import Budget, Exploration
from comfyvn.play.interpreter import InterpreterRuntime
from comfyvn.play.runtime import Run
from comfyvn.source.diagnostics import Diagnostics
from tests.explore.brute import TooManyError, Truth, happens
from tests.explore.known import Known
from tests.explore.small import Small
from tests.explore.told import CODES, Told, scenes_of_ids, told, told_by
from tests.generate.build import compile_folder, make, write

SCALE = float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1"))
SEED = int(os.environ.get("COMFYVN_SEED", "0"))
KINDS = "bcilesmnk"
SMALL = Budget(states=20_000, walks=400, seeds=60)
LITTLE = Budget(states=4, slice_states=400, slice_total=800, walks=100, seeds=10)
"""Too little for nearly all small stories: what is then said has to be as true."""
MOST = 100
OUTLIVING = re.compile(r'"scope": "persistent"|\["(?:visited|seen|times|chose)", "[^"]*", true')
"""What outlives a game."""


def number(full: int) -> int:
    """Return how many of a full count are to be tried."""
    return max(1, int(full * SCALE))


def comes_to(program: Any, exploration: Exploration, id: str) -> bool:
    """Whether the witness of an id comes to it when the interpreter plays it."""
    seed, answers = exploration.shortest[id]
    return shows(InterpreterRuntime(program).play([Run(seed, answers)])[0], id)


def shows(records: list[dict[str, Any]], id: str) -> bool:
    for record in records:
        if id in (record.get("id"), record.get("item"), record.get("menu")):
            return True
        if any(id == each["id"] for each in record.get("choices", ())):
            return True
    return False


def said(program: Any, found: Exploration) -> set[Told]:
    """Return what an exploration says for certain, of what is told in full."""
    scenes = scenes_of_ids(program)
    certain = (each for each in found.findings if each.verdict != "bounded")
    return {told_by(scenes, each) for each in certain if each.code in CODES}


def closed(found: Exploration) -> set[str]:
    """Return the places that an exploration says there is no way out of."""
    return {each.id for each in found.findings if each.code == "VN1612"}


def with_loading(program: Any) -> Truth | None:
    """Return what happens where games are saved and loaded; None if that is too much."""
    try:
        return happens(program, 5 * MOST, loading=True)
    except TooManyError:
        return None


def test_search_agrees_with_brute_force() -> None:
    wanted, seed, whole = number(500), SEED * 100_000, 0
    print(f"seeds from {seed}")
    while wanted:
        program = Small(seed).program()
        try:
            truth = happens(program, MOST)
        except TooManyError:
            seed += 1
            continue
        found = explore(program, SMALL)
        assert found.how.startswith("all "), seed
        assert {id for id in found.reached if id[0] in KINDS} == truth.ids, seed
        tales = {*told(program, truth)}
        wrong = said(program, found) ^ tales if found.whole else said(program, found) - tales
        assert not wrong, (seed, wrong)
        whole += found.whole
        if not OUTLIVING.search(json.dumps(program)):
            assert found.whole, seed
        elif (loaded := with_loading(program)) is not None:
            assert not found.impossible & loaded.ids, seed
            wrong = said(program, found) - {*told(program, loaded)}
            assert not wrong, (seed, wrong)
        # Where circles begin behind a draw, nobody is asked on the way, and no ending is left.
        assert closed(found) or not truth.lost, seed
        assert set(found.edges) == truth.edges, seed
        for each in (found, *([explore(program, LITTLE)] if seed % 2 else ())):
            assert {id for id in each.reached if id[0] in KINDS} <= truth.ids, seed
            assert not each.impossible & truth.ids, seed
            assert truth.edges.issuperset(each.edges), seed
            wrong = said(program, each) - {*told(program, truth)}
            assert not wrong, (seed, wrong)
            assert closed(each) <= truth.lost | truth.circling, (seed, closed(each))
        for id in sorted(found.shortest)[::5]:
            if id[0] in "bcie":
                assert comes_to(program, found, id), (seed, id)
        wanted -= 1
        seed += 1
    print(f"{whole} of {number(500)} known whole")
    assert whole > 0.75 * number(500)


def test_larger_stories_with_known_truth() -> None:
    decided = facts = 0
    for seed in range(SEED * 1_000, SEED * 1_000 + number(60)):
        story = Known(seed)
        found = explore(story.program, Budget(states=3_000, walks=8_000, seeds=50))
        for id, can in story.truth.items():
            facts += 1
            decided += id in found.reached or id in found.impossible
            assert not (can and id in found.impossible), (seed, id)
            assert can or id not in found.reached, (seed, id)
        for finding in found.findings:
            if finding.verdict != "bounded" and finding.code in ("VN1601", "VN1602", "VN1608"):
                assert not story.truth[finding.id], (seed, finding)
            if finding.verdict != "bounded" and finding.code == "VN1603":
                assert finding.id in story.always, (seed, finding)
    print(f"{decided} of {facts} decided")
    assert decided >= 0.95 * facts


@pytest.mark.parametrize("block", range(4))
def test_machine_says_what_the_interpreter_says(block: int, tmp_path: Path) -> None:
    each = number(25)
    for seed in range(SEED + block * each, SEED + (block + 1) * each):
        program = json.loads(json.dumps(make(seed, tmp_path / str(seed)).program))
        machine, runtime = Machine(program, texts=True, whole=True), InterpreterRuntime(program)
        rng = random.Random(seed)
        for game in range(4):
            answers: tuple[int | str, ...] = tuple(
                "Ab" if rng.random() < 0.3 else rng.randrange(5) for _ in range(12)
            )
            (wanted,) = runtime.play([Run(game, answers)])
            assert machine.play(game, answers) == wanted, (seed, game)


def test_what_nobody_reads_is_computed(tmp_path: Path) -> None:
    write(
        {
            "vn.yaml": "format: 1\nid: t\ntitle: T\nstart: one\n",
            "state.yaml": "rounds: {type: int, default: 0}\n",
            "scenes/one.md": '## Top\n\n`set rounds = times("#top")`\n\nA.\n\n`ending e "E"`\n',
        },
        tmp_path,
    )
    compiled, out = compile_folder(tmp_path)
    assert compiled is not None
    assert not out.has_errors, list(out)
    program = json.loads(json.dumps(compiled.program))
    (wanted,) = InterpreterRuntime(program).play([Run(3, ())])
    assert Machine(program, texts=True, whole=True).play(3, ()) == wanted


def test_machine_and_interpreter_in_small_stories() -> None:
    for seed in range(SEED, SEED + number(500)):
        program = Small(seed).program()
        answers = tuple(random.Random(seed).randrange(4) for _ in range(20))
        machine = Machine(program, texts=True, whole=True)
        (wanted,) = InterpreterRuntime(program).play([Run(seed, answers)])
        assert machine.play(seed, answers) == wanted, seed


@pytest.fixture(scope="module")
def example() -> Any:
    out = Diagnostics()
    root = Path(__file__).resolve().parents[2] / "example_project"
    _, _, compiled = compile_at(root, out)
    assert compiled is not None
    return json.loads(json.dumps(compiled.program))


@pytest.fixture(scope="module")
def explored(example: Any) -> Exploration:
    return explore(example)


def test_example_is_explored_to_the_last_fact(example: Any, explored: Exploration) -> None:
    assert explored.whole, explored.how
    assert {each["id"] for each in example["endings"]} <= explored.reached
    assert [each for each in explored.findings if each.severity != "note"] == []
    assert explore(example) == explored


def test_witnesses_of_the_example_play(example: Any, explored: Exploration) -> None:
    kinds = Counter(id[0] for id in explored.shortest)
    assert kinds["e"] == 4
    tried = [id for id in sorted(explored.shortest) if id[0] in "ecbi"][::12]
    assert tried
    for id in tried:
        assert comes_to(example, explored, id), id


def test_words_change_nothing(example: Any, explored: Exploration) -> None:
    scenes = {name: bare_scene(scene) for name, scene in example["scenes"].items()}
    bare = explore(bare_program(example, scenes, {}))
    assert bare.reached == explored.reached
    assert bare.impossible == explored.impossible
    assert bare.shortest == explored.shortest
    told = {(each.code, each.id) for each in bare.findings}
    assert {(each.code, each.id) for each in explored.findings} == told
    assert "text" not in json.dumps(scenes).replace('"text": [""]', "").replace('"text": []', "") \
        .replace('["text"', "")  # fmt: skip


def test_readings_are_what_is_shown(example: Any) -> None:
    readings, runtime = Readings(example), InterpreterRuntime(example)
    for seed in range(number(100)):
        rng = random.Random(seed)
        given: list[int] = []

        def choose(count: int, rng: random.Random = rng, given: list[int] = given) -> int:
            given.append(rng.randrange(count))
            return given[-1]

        text = readings.read(seed, choose)
        # What answers an input is its default, which an empty text stands for.
        (records,) = runtime.play([Run(seed, tuple(_answers(example, seed, given)))])
        shown = [each["text"] for each in records if each["t"] in ("line", "more")]
        assert text == "".join(f"{each}\n" for each in shown), seed


def _answers(program: Any, seed: int, given: list[int]) -> list[int | str]:
    """Return answers with an empty text for each input among them."""
    answers: list[int | str] = []
    runtime = InterpreterRuntime(program)
    for each in given:
        (records,) = runtime.play([Run(seed, tuple(answers))])
        waits = records[-1]["id"] if records[-1]["t"] == "waiting" else ""
        answers.append("" if waits.startswith("n") else each)
    return answers
