"""The real player tells the same story as the interpreter: generated stories in Chromium."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from comfyvn.play.interpreter import InterpreterRuntime
from comfyvn.play.runtime import Run
from comfyvn.play.web import WebRuntime
from comfyvn.story.canonical import canonical
from tests.at_once import assets_of, site_files, write_files
from tests.generate.build import make

pytestmark = pytest.mark.chromium

SCALE = float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1"))
STORIES = max(5, int(200 * SCALE))
FIRST = int(os.environ.get("COMFYVN_SEED", "0"))


def test_generated_stories_agree(browser: Any, tmp_path: Path) -> None:
    print(f"COMFYVN_SEED={FIRST}, {STORIES} stories")
    for seed in range(FIRST, FIRST + STORIES):
        rng = random.Random(seed)
        project = tmp_path / "project"
        shutil.rmtree(project / "scenes", ignore_errors=True)
        shutil.rmtree(project / "i18n", ignore_errors=True)
        (project / "vn.lock").unlink(missing_ok=True)
        program = make(seed, project).program
        site = write_files(tmp_path / "site", site_files(program, assets_of(program, project)))
        answers = tuple(rng.choice([rng.randrange(9), "Ana <b>"]) for _ in range(12))
        languages = program.get("languages") or [None]
        runs = [Run(seed, answers, rng.choice(languages))]
        played = WebRuntime(site, browser).play(runs)
        expected = InterpreterRuntime(program).play(runs)
        assert [canonical(record) for record in played[0]] == [
            canonical(record) for record in expected[0]
        ], f"COMFYVN_SEED={seed}"
