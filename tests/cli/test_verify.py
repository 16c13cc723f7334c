"""`comfyvn build --verify`: what is the same anywhere, and what is not, with who wrote it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from comfyvn.cli.main import main

STAMP = """
stamp:
  outputs: [build/stamp.txt]
  command: [sh, -c, 'date +%N > "$0"', "{output}"]
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    root = tmp_path / "tiny"
    (root / "scenes").mkdir(parents=True)
    (root / "vn.yaml").write_text("format: 1\nid: tiny\ntitle: Tiny\nstart: one\n")
    (root / "scenes/one.md").write_text('Hello.\n\n`ending done "Done"`\n')
    return root


def verified(project: Path, capsys, *words: str) -> tuple[int, dict]:
    capsys.readouterr()
    code = main(["build", "--verify", "--json", "-q", "-C", str(project), *words])
    return code, json.loads(capsys.readouterr().out)


def test_every_target_is_the_same_anywhere(project: Path, capsys) -> None:
    before = sorted(project.rglob("*"))
    code, found = verified(project, capsys, "all")
    assert code == 0
    assert found["identical"]
    assert found["files"] > 60
    one, two = found["places"]
    assert all(one[name] != two[name] for name in ("folder", "zone", "locale", "seed"))
    assert sorted(project.rglob("*")) == before


def test_a_file_that_differs_is_named_with_the_step_that_wrote_it(
    project: Path, tmp_path: Path, capsys
) -> None:
    (project / "rules").mkdir()
    (project / "rules/own.yaml").write_text(STAMP)
    assert main(["build", "--verify", "web", "-q", "-C", str(project)]) == 1
    assert "not trusted" in capsys.readouterr().err
    code, found = verified(project, capsys, "web", "--trust")
    assert code == 1
    assert [(each["path"], each["step"]) for each in found["differences"]] == [
        ("build/stamp.txt", "stamp")
    ]
    # What was trusted for the copies is not remembered: only the project itself is.
    (trusted,) = (tmp_path / "state").rglob("*.json")
    assert len(json.loads(trusted.read_text())) == 1


def test_what_cannot_be_reproduced_may_differ_if_its_rule_says_so(project: Path, capsys) -> None:
    (project / "rules").mkdir()
    (project / "rules/own.yaml").write_text(STAMP + "  reproducible: false\n")
    code, found = verified(project, capsys, "web", "--trust")
    assert (code, found["differences"]) == (0, [])
    assert found["changing"] == ["build/stamp.txt"]


def test_sources_with_errors_are_said_and_nothing_is_compared(project: Path, capsys) -> None:
    (project / "scenes/one.md").write_text("[go](#nowhere)\n")
    code, found = verified(project, capsys, "web")
    assert code == 1
    assert not found["identical"]
    assert "VN0602" in found["failed"]
