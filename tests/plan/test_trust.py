"""Trust in a project's rules: asked once, remembered outside of the project, asked again."""

from __future__ import annotations

from pathlib import Path

import pytest
from plan.rules_project import read

from comfyvn.plan.trust import FILE, check_trust, state_folder
from comfyvn.source.diagnostics import Diagnostics

COMMAND = """
    png:
      for: {files: "art/*.svg"}
      inputs: ["{path}"]
      outputs: ["build/art/{stem}.png"]
      command: [%s, "{input}", "-o", "a file"]
    """


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    return root


def asked(root: Path, text: str, *, trust: bool = False) -> list[str]:
    rules, found = read(root, text)
    assert found == []
    out = Diagnostics()
    names = check_trust(root, rules.declared, out, trust=trust)
    assert bool(names) == bool(out)
    assert {item.code for item in out} <= {"VN1113"}
    return [item.message for item in out]


def test_a_command_is_shown_and_asked_for_once(project: Path, tmp_path: Path) -> None:
    said = asked(project, COMMAND % "inkscape")
    assert said == [
        "the rule `png` runs the command `inkscape '{input}' -o 'a file'`, "
        "and this project is not trusted yet"
    ]
    assert asked(project, COMMAND % "inkscape", trust=True) == []
    assert asked(project, COMMAND % "inkscape") == []
    assert (tmp_path / "state/comfyvn" / FILE).stat().st_mode & 0o077 == 0
    assert not (project / ".comfyvn" / FILE).exists()


def test_another_command_asks_again_and_a_comment_does_not(project: Path) -> None:
    asked(project, COMMAND % "inkscape", trust=True)
    assert asked(project, "# a comment\n" + COMMAND % "inkscape") == []
    assert asked(project, COMMAND % "rm") != []
    assert asked(project, COMMAND % "inkscape") == []


def test_another_folder_asks_again(project: Path, tmp_path: Path) -> None:
    asked(project, COMMAND % "inkscape", trust=True)
    other = tmp_path / "other"
    other.mkdir()
    assert asked(other, COMMAND % "inkscape") != []


def test_python_that_did_not_come_with_us_asks(project: Path) -> None:
    said = asked(project, 'x: {outputs: ["build/x"], action: "json:dumps"}')
    assert said == [
        "the rule `x` runs the Python of `json:dumps`, and this project is not trusted yet"
    ]


def test_a_way_round_through_our_own_package_asks(project: Path) -> None:
    said = asked(project, 'x: {outputs: ["build/x"], action: "comfyvn.engine.command:shutil"}')
    assert len(said) == 1


def test_actions_that_came_with_us_do_not_ask(project: Path) -> None:
    assert (
        asked(project, 'x: {outputs: ["build/x"], action: "comfyvn.plan.scene_actions:declare"}')
        == []
    )


def test_a_damaged_memory_is_an_empty_one(project: Path) -> None:
    asked(project, COMMAND % "inkscape", trust=True)
    for text in ("{", "[]", "\0"):
        (state_folder() / FILE).write_text(text)
        assert asked(project, COMMAND % "inkscape") != []
    assert asked(project, COMMAND % "inkscape", trust=True) == []


def test_a_relative_state_folder_is_ignored(monkeypatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "state")
    assert state_folder().is_absolute()
