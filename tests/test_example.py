"""The example is finished: no finding, every ending, and one behaviour on all three runtimes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from routes import ending_of, random_runs, routes_to_endings

from comfyvn.cli.common import compile_at
from comfyvn.play.interpreter import InterpreterRuntime
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.story.canonical import canonical

EXAMPLE = Path(__file__).parent.parent / "example_project"
SCALE = float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1"))
ROUTES = max(4, int(20 * SCALE))


@pytest.fixture(scope="module")
def program() -> Any:
    out = Diagnostics()
    _, _, compiled = compile_at(EXAMPLE, out)
    assert compiled is not None
    return compiled.program


def text_of(transcripts: list[list[Any]]) -> list[str]:
    return ["\n".join(canonical(record) for record in records) for records in transcripts]


def test_check_strict_has_no_finding() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "comfyvn", "check", "-C", str(EXAMPLE), "--strict", "--format=json"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)["diagnostics"]
    # Spelling by the dictionaries of a machine gives notes.
    assert [each for each in found if each["severity"] != "note"] == []


def test_the_lock_is_current() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "comfyvn", "fmt", "--check", "-C", str(EXAMPLE)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_is_as_large_as_promised(program: Any) -> None:
    text = "\n".join(path.read_text() for path in EXAMPLE.glob("scenes/**/*.md"))
    prose = re.sub(r"^---\n.*?\n---\n|`[^`]*`|<!--.*?-->|\]\([^)]*\)", " ", text, flags=re.S)
    assert len(program["scenes"]) >= 12
    assert len(program["characters"]) >= 4
    assert len(program["endings"]) >= 4
    assert len(re.findall(r"[\w’']+", prose)) >= 6_000


def test_every_ending_is_reached(program: Any) -> None:
    routes_to_endings(program)


@pytest.mark.chromium
def test_routes_agree_in_chromium(program: Any, built_example: Path, browser: Any) -> None:
    from comfyvn.play.web import WebRuntime

    runs = random_runs(11, ROUTES // 2) + random_runs(12, ROUTES // 2, "es")
    expected = InterpreterRuntime(program).play(runs)
    assert all(ending_of(records) for records in expected)
    assert text_of(WebRuntime(built_example / "build/web", browser).play(runs)) == text_of(expected)


@pytest.mark.renpy
def test_routes_agree_in_renpy(program: Any, built_example: Path) -> None:
    from comfyvn.play.renpy import RenpyRuntime

    runs = random_runs(11, ROUTES // 2) + random_runs(12, ROUTES // 2, "es")
    expected = InterpreterRuntime(program).play(runs)
    assert text_of(RenpyRuntime(built_example / "build/renpy").play(runs)) == text_of(expected)


@pytest.mark.renpy
def test_renpy_lint_has_no_finding(built_example: Path) -> None:
    from comfyvn.drivers.renpy_sdk import find_renpy

    sdk = find_renpy()
    assert sdk is not None
    assert sdk.lint(built_example / "build/renpy") == []
