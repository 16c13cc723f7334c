"""Every kind of defect is found, at its place, in generated stories and in the example; stories
without one are told of nothing."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from proof.clean import Files, clean
from proof.defects import OPERATORS, Defect
from proof.example import EXAMPLE, example, of_the_example

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


def found_at_its_place(checker: Checker, defect: Defect, name: str) -> str:
    """Return what is to be said if a defect is not found; else nothing."""
    data = {path: text.encode() for path, text in defect.files.items()}
    # Where the story leads is looked at for what that alone can tell.
    explored = any(code.startswith("VN16") for code in defect.codes)
    found = told(checker.check(data, explore=explored))
    for each in found:
        if each.code in defect.codes and each.span[:2] == (defect.path, defect.line):
            return ""
    others = [(each.code, each.span[:2]) for each in found]
    return f"{name}: {sorted(defect.codes)} at {defect[2:]}, not {others}"


@pytest.mark.parametrize("number", range(max(int(STORIES * SCALE), 1)))
def test_each_defect_is_found_at_its_place(number: int, tmp_path: Path) -> None:
    print(f"COMFYVN_SEED={SEED}")
    rng = random.Random(SEED + number)
    files = story(tmp_path, SEED + number)
    with Checker(tmp_path) as checker:
        assert told(checker.check()) == []
        missed = [
            found_at_its_place(checker, make(files, rng), name) for name, make in OPERATORS.items()
        ]
    assert not any(missed), "\n".join(filter(None, missed))


@pytest.fixture(scope="module")
def checked_example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checker]:
    root = tmp_path_factory.mktemp("example") / "project"
    shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns(".comfyvn", "build"))
    with Checker(root) as checker:
        yield checker


def test_the_example_has_no_findings(checked_example: Checker) -> None:
    assert [each for each in told(checked_example.check()) if each.code != "VN1750"] == []


def test_defects_of_the_example_are_found_at_their_places(checked_example: Checker) -> None:
    print(f"COMFYVN_SEED={SEED}")
    rng, files = random.Random(SEED), example()
    known = sorted(OPERATORS)
    names = rng.sample(known, max(round(len(known) * SCALE), 1))
    missed = {}
    for name in names:
        defect = of_the_example(OPERATORS[name](files, rng), files)
        missed[name] = found_at_its_place(checked_example, defect, name)
        print(f"{name:32} {'missed' if missed[name] else 'found'}")
    print(f"{sum(not each for each in missed.values())} of {len(names)} found")
    assert not any(missed.values()), "\n".join(filter(None, missed.values()))


def test_clean_stories_have_no_findings(tmp_path: Path) -> None:
    print(f"COMFYVN_SEED={SEED}")
    for number in range(max(int(100 * SCALE), 1)):
        root = tmp_path / str(number)
        story(root, SEED + 1000 + number)
        with Checker(root) as checker:
            assert told(checker.check()) == [], SEED + 1000 + number
