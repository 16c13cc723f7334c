"""Ren'Py's own lint has nothing to say about what is emitted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from comfyvn.drivers.renpy_sdk import find_renpy
from tests.renpy.projects import generated, lay_out
from tests.renpy.test_emission import story_of

SCALE = float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1"))
STORIES = max(2, int(20 * SCALE))

pytestmark = pytest.mark.renpy


@pytest.mark.parametrize("seed", range(STORIES))
def test_generated_stories_lint(seed: int, tmp_path: Path) -> None:
    program = generated(seed, tmp_path / "source")
    lay_out(program, tmp_path / "built", pictures=True)
    sdk = find_renpy()
    assert sdk is not None
    assert sdk.lint(tmp_path / "built") == []


def test_findings_have_a_place(tmp_path: Path) -> None:
    lay_out(generated(2, tmp_path / "source"), tmp_path / "built", pictures=True)
    script = tmp_path / "built" / "game" / "script.rpy"
    script.write_text("label start:\n    jump nowhere\n")
    sdk = find_renpy()
    assert sdk is not None
    found = sdk.lint(tmp_path / "built")
    assert [(item.code, item.span.path, item.span.line) for item in found] == [
        ("VN1010", "game/script.rpy", 2)
    ]
    assert "nowhere" in found[0].message


def test_hiding_what_is_never_shown_lints(tmp_path: Path) -> None:
    program = story_of(("x",))
    scene = program["scenes"][program["start"]]
    hidden = [{"op": "hide", "what": "mei"}, {"op": "hide", "what": "lantern"}]
    scene["enter"] = []
    scene["sections"][0]["body"] = [*hidden, *scene["sections"][0]["body"][:1]]
    lay_out(program, tmp_path)
    sdk = find_renpy()
    assert sdk is not None
    assert sdk.lint(tmp_path) == []
