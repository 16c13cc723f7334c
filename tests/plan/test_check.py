"""A check runs the steps of a build, keeps what it knows apart, and takes what an editor holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from builds.example import EXAMPLE, build, copy_project, tree

from comfyvn.plan.build import Build
from comfyvn.plan.check import FOLDER, Checker
from comfyvn.source.diagnostics import Diagnostics

SCENE = "scenes/evening/stranger.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_project(EXAMPLE, tmp_path / "project")


def codes(findings: Diagnostics) -> set[str]:
    return {each.code for each in findings}


def test_a_second_check_has_nothing_to_do(root: Path) -> None:
    with Checker(root) as checker:
        first = checker.check()
    assert first.ran > 20
    assert not first.stale
    with Checker(root) as checker:
        again = checker.check()
    assert (again.ran, again.findings, again.failures) == (0, first.findings, ())


def test_an_edit_costs_what_it_touches(root: Path) -> None:
    with Checker(root) as checker:
        first = checker.check()
        path = root / SCENE
        path.write_text(path.read_text("utf-8") + "\nNobody has come for it.\n", "utf-8")
        second = checker.check()
        assert second.stale
        assert 0 < second.ran < first.ran / 3
        path.write_text(path.read_text("utf-8") + "\n[lost](nowhere.md)\n", "utf-8")
        third = checker.check()
        assert {each.span.path for each in third.findings if each.severity == "error"} == {SCENE}


def test_an_overlay_stands_for_files_and_touches_none(root: Path) -> None:
    before = tree(root)
    text = (root / SCENE).read_bytes()
    with Checker(root) as checker:
        sound = checker.check()
        laid = checker.check({SCENE: text + b"\n[lost](nowhere.md)\n"})
        assert laid.findings.has_errors
        assert checker.check().findings == sound.findings
        new = checker.check({"scenes/new.md": b"Nobody comes here.\n"})
        assert new.read("@part/new") is not None
        assert checker.check().read("@part/new") is None
    left = {path: data for path, data in tree(root).items() if not path.startswith(".comfyvn")}
    assert left == before


def test_an_overlay_says_what_the_same_files_would(root: Path) -> None:
    text = (root / SCENE).read_bytes().replace(
        b"\n\n", b"\n\nA new line.\n\n", 3
    ) + b"\n`nonsense`\n"
    with Checker(root) as checker:
        checker.check()
        laid = checker.check({SCENE: text})
        seen = {name: laid.read(name) for name in ("@head", "@part/evening/stranger", "@flow")}
    (root / SCENE).write_bytes(text)
    with Checker(root) as checker:
        written = checker.check()
        assert laid.findings == written.findings
        assert seen == {name: written.read(name) for name in seen}


def test_another_comfyvn_checks_anew(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Checker(root) as checker:
        first = checker.check()
    monkeypatch.setattr(Build, "_tool", staticmethod(lambda old: ("another", "another")))
    for ran in (first.ran, 0):
        with Checker(root) as checker:
            assert checker.check().ran == ran


def test_builds_and_checks_leave_each_other_alone(root: Path) -> None:
    with Checker(root) as checker:
        checker.check()
        assert not build(root, "web").failures
        built = tree(root / "build")
        assert checker.check().ran == 0
    assert tree(root / "build") == built
    assert all(each.ran == 0 for each in build(root, "web").targets.values())


def test_a_folder_that_cannot_be_written(root: Path) -> None:
    (root / ".comfyvn").write_text("in the way")
    with Checker(root) as checker:
        assert checker.check().ran > 20
    assert (root / ".comfyvn").read_text() == "in the way"


def test_rules_that_nobody_trusts_are_not_run(root: Path) -> None:
    (root / "rules").mkdir()
    rule = (
        'touch:\n  stage: front\n  inputs: [vn.yaml]\n  outputs: []\n  command: [touch, "/{bad}"]\n'
    )
    (root / "rules/own.yaml").write_text(rule.replace("/{bad}", str(root / "touched")))
    with Checker(root) as checker:
        assert not checker.check().failures
    assert not (root / "touched").exists()
    assert (root / FOLDER).is_dir()
