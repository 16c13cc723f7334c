"""A check runs the steps of a build, keeps what it knows apart, and takes what an editor holds."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from builds.example import EXAMPLE, Cache, build, copy_project, sources, tree
from cli.tiny import make
from PIL import Image

from comfyvn.plan.build import Build
from comfyvn.plan.check import FOLDER, Checked, Checker
from comfyvn.source.diagnostics import Diagnostics

SCENE = "scenes/evening/stranger.md"


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example, with what a check of it knows."""
    root = copy_project(EXAMPLE, tmp_path_factory.mktemp("checked") / "project")
    with Checker(root) as checker:
        assert checker.check().ran > 20
    return root


@pytest.fixture
def root(checked: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(checked, tmp_path / "project", symlinks=True))


def codes(findings: Diagnostics) -> set[str]:
    return {each.code for each in findings}


def test_a_second_check_has_nothing_to_do(root: Path) -> None:
    with Checker(root) as checker:
        first = checker.check()
        assert (first.ran, first.stale, first.failures) == (0, False, ())
    shutil.rmtree(root / ".comfyvn")
    with Checker(root, "elsewhere") as checker:
        assert checker.check().findings == first.findings


def test_an_edit_costs_what_it_touches(root: Path) -> None:
    with Checker(root) as checker:
        steps = len(json.loads(checker.check().read("@scenes") or b"[]"))
        path = root / SCENE
        path.write_text(path.read_text("utf-8") + "\nNobody has come for it.\n", "utf-8")
        second = checker.check()
        assert second.stale
        assert 0 < second.ran < 2 * steps
        path.write_text(path.read_text("utf-8") + "\n[lost](nowhere.md)\n", "utf-8")
        third = checker.check()
        assert {each.span.path for each in third.findings if each.severity == "error"} == {SCENE}


def test_an_overlay_stands_for_files_and_touches_none(root: Path) -> None:
    before = sources(root)
    text = (root / SCENE).read_bytes()
    with Checker(root) as checker:
        sound = checker.check()
        laid = checker.check({SCENE: text + b"\n[lost](nowhere.md)\n"})
        assert laid.findings.has_errors
        assert checker.check().findings == sound.findings
        new = checker.check({"scenes/new.md": b"Nobody comes here.\n"})
        assert new.read("@part/new") is not None
        assert checker.check().read("@part/new") is None
    assert sources(root) == before


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
    monkeypatch.setattr(Build, "_tool", staticmethod(lambda old: ("another", "another")))
    with Checker(root) as checker:
        assert checker.check().ran > 20
        assert checker.check().ran == 0


def test_builds_and_checks_leave_each_other_alone(root: Path, drawings: Cache) -> None:
    with Checker(root) as checker:
        checker.check()
        assert not build(root, "web", **drawings.reading()).failures
        built = tree(root / "build")
        assert checker.check().ran == 0
    assert tree(root / "build") == built
    assert all(each.ran == 0 for each in build(root, "web").targets.values())


def test_a_folder_that_cannot_be_written(root: Path) -> None:
    shutil.rmtree(root / ".comfyvn")
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


def test_what_trusted_rules_make_is_looked_at(tmp_path: Path) -> None:
    root = make(tmp_path / "tiny")
    scene = b"![A sea](sea)\n\n[Go on](two.md)\n"
    (root / "scenes/one.md").write_bytes(scene)
    for folder in ("art", "rules", "worlds"):
        (root / folder).mkdir()
    (root / "art/sea.png").write_bytes(b"no picture")
    (root / "rules/own.yaml").write_text(
        'copy:\n  inputs: [art/sea.png]\n  outputs: ["build/assets/sea.png"]\n'
        '  command: [cp, "{input}", "{output}"]\n'
    )

    def broken(found: Checked) -> bool:
        assert not found.failures
        return "VN1003" in codes(found.findings)

    build(root, trust=True)
    shutil.rmtree(root / "build")
    with Checker(root) as checker:
        assert broken(checker.check())
        assert not broken(checker.check({"scenes/one.md": scene})), "somebody types"
        assert broken(checker.check())
        Image.new("RGB", (1920, 1080)).save(root / "art/sea.png")
        assert not broken(checker.check())
        # What was made is gone when it is looked at anew, as a background.
        shutil.rmtree(root / "build")
        (root / "scenes/one.md").write_bytes(b"---\nlocation: sea\n---\n\n" + scene)
        (root / "worlds/w.yaml").write_text("locations: {sea: {name: Sea, alt: A sea}}\n")
        (root / "vn.yaml").write_text((root / "vn.yaml").read_text() + "world: w\n")
        assert not checker.check().findings.has_errors


def test_a_check_of_what_is_wrong_is_remembered(root: Path) -> None:
    text = (root / SCENE).read_bytes()
    with Checker(root) as checker:
        checker.check()
        wrong = checker.check({SCENE: text + b"\n[lost](nowhere.md)\n"})
        again = checker.check({SCENE: text + b"\n[lost](nowhere.md)\n"})
        assert wrong.findings.has_errors
        assert (again.ran, again.findings) == (0, wrong.findings)
    (root / SCENE).write_bytes(text + b"\nNobody has come for it.\n")
    with Checker(root) as checker, Checker(root, "anew") as other:
        assert checker.check().findings == other.check().findings


def test_where_the_story_leads_can_wait(root: Path) -> None:
    path = root / "scenes/lost.md"
    path.write_text('Nobody comes here.\n\n`ending lost "Lost"`\n', "utf-8")
    with Checker(root) as checker:
        first = checker.check(explore=False)
        assert not first.whole
        assert not first.late
        whole = checker.check()
        assert whole.whole
        assert set(whole.findings) - set(first.findings) == set(whole.late)
        assert any(each.code == "VN1617" for each in whole.late), whole
        assert checker.check().ran == 0
