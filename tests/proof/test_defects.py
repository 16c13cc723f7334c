"""Every kind of defect is found, at its place; stories without one are told of nothing."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from proof.clean import Files, clean
from proof.defects import ANY, OPERATORS

from comfyvn.plan.check import Checked, Checker
from comfyvn.source.diagnostics import Diagnostic

SCALE = float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1"))
SEED = int(os.environ.get("COMFYVN_SEED", random.SystemRandom().randrange(2**32)))
STORIES = 10
LATIN = "VN1717"
"""Spelling follows the dictionaries that a machine has."""

assert len(OPERATORS) >= 40


def story(root: Path, seed: int) -> Files:
    files = clean(seed)
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return files


def told(checked: Checked) -> list[Diagnostic]:
    assert not checked.failures
    return [each for each in checked.findings if each.code != LATIN]


@pytest.mark.parametrize("number", range(max(int(STORIES * SCALE), 1)))
def test_each_defect_is_found_at_its_place(number: int, tmp_path: Path) -> None:
    print(f"COMFYVN_SEED={SEED}")
    rng = random.Random(SEED + number)
    missed = []
    files = story(tmp_path, SEED + number)
    with Checker(tmp_path) as checker:
        assert told(checker.check()) == []
        for name, make in OPERATORS.items():
            defect = make(files, rng)
            found = told(
                checker.check({path: text.encode() for path, text in defect.files.items()})
            )
            places = [
                (each.code, each.span.path, each.span.line)
                for each in found
                if each.code in defect.codes
            ]
            if not any(
                path == defect.path and line in (defect.line, ANY) for _, path, line in places
            ):
                others = [(each.code, each.span[:2]) for each in found]
                missed.append(f"{name}: {sorted(defect.codes)} at {defect[2:]}, not {others}")
    assert not missed, "\n".join(missed)


def test_clean_stories_have_no_findings(tmp_path: Path) -> None:
    print(f"COMFYVN_SEED={SEED}")
    for number in range(max(int(100 * SCALE), 1)):
        root = tmp_path / str(number)
        story(root, SEED + 1000 + number)
        with Checker(root) as checker:
            assert told(checker.check()) == [], SEED + 1000 + number
