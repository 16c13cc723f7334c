"""What real Ren'Py does with the emitted script is what the reference interpreter does."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from comfyvn.play.interpreter import InterpreterRuntime
from comfyvn.play.renpy import Story, play_stories
from comfyvn.play.runtime import Record, Run
from comfyvn.story.canonical import canonical
from tests.conformance.cases import all_cases
from tests.renpy.projects import generated, lay_out, runs_for

SCALE = float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1"))
STORIES = max(6, int(200 * SCALE))
FIRST_SEED = int(os.environ.get("COMFYVN_SEED", "0"))

pytestmark = pytest.mark.renpy


def differing(expected: list[Record], found: list[Record]) -> str | None:
    """Return the first difference of two transcripts, with what stood before it."""
    ours, theirs = ([canonical(record) for record in side] for side in (expected, found))
    if ours == theirs:
        return None
    at = next((i for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), None)
    at = min(len(ours), len(theirs)) if at is None else at
    before, here = max(0, at - 2), slice(at, at + 2)
    return "\n".join([*ours[before:at], "expected:", *ours[here], "found:", *theirs[here]])


def hold_equal(items: list[tuple[str, Any, list[Run]]], folder: Path) -> None:
    stories = []
    for number, (_, program, runs) in enumerate(items):
        lay_out(program, folder / str(number))
        stories.append(Story(folder / str(number), runs))
    wrong = []
    for (name, program, runs), transcripts in zip(items, play_stories(stories), strict=True):
        expected = InterpreterRuntime(program).play(runs)
        for run, ours, theirs in zip(runs, expected, transcripts, strict=True):
            difference = differing(ours, theirs)
            if difference:
                wrong.append(f"{name}, {run}\n{difference}")
    assert wrong == [], "\n\n".join(wrong[:3])


def test_conformance_cases(tmp_path: Path) -> None:
    hold_equal([(case.name, case.program, [case.run]) for case in all_cases()], tmp_path)


def test_generated_stories(tmp_path: Path) -> None:
    items = []
    for seed in range(FIRST_SEED, FIRST_SEED + STORIES):
        program = generated(seed, tmp_path / "sources" / str(seed))
        items.append((f"story {seed}", program, runs_for(seed, program)))
    print(f"stories {FIRST_SEED} to {FIRST_SEED + STORIES - 1}")
    hold_equal(items, tmp_path / "built")


def test_a_failing_script_is_told(tmp_path: Path) -> None:
    from comfyvn.drivers.renpy_sdk import RenpyError

    program = generated(1, tmp_path / "source")
    lay_out(program, tmp_path / "built")
    script = tmp_path / "built" / "game" / "script.rpy"
    script.write_text("label start:\n    $ nothing_like_it()\n")
    with pytest.raises(RenpyError, match="nothing_like_it"):
        play_stories([Story(tmp_path / "built", [Run(1)])])
