"""`comfyvn build --dry-run` tells what a build would do, and does nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from cli.tiny import SCENES, contents, edit, make

from comfyvn.cli.main import main


def test_a_dry_run_of_a_project_never_built_writes_nothing(tmp_path: Path, capsys) -> None:
    root = make(tmp_path / "new")
    before = contents(root)
    assert main(["build", "web", "--dry-run", "-C", str(root)]) == 0
    said = capsys.readouterr().out
    assert contents(root) == before
    assert not (root / ".comfyvn").exists()
    assert "not known until the sources have been read" in said
    assert "vn.lock would be written" in said


def test_a_dry_run_tells_what_runs_and_what_may(project: Path, ask) -> None:
    edit(project)
    before = contents(project)
    told = ask("build", "--dry-run")
    assert contents(project) == before
    front, _, targets = told["stages"]
    how = {each["step"]: each["how"] for each in front["would"]}
    assert how["declare two"] == "runs"
    assert how["lower two"] == "runs"
    assert how["link"] == "may"
    assert "declare one" not in how
    assert front["known"]
    assert not targets["known"]
    assert any(each["step"].startswith("web-fragment") for each in targets["would"])
    assert 0 < told["seconds"]["least"] <= told["seconds"]["most"]


EDITS = {
    "text": edit,
    "comment": lambda root: (root / "scenes/two.md").write_text(
        "<!-- later -->\n\n" + SCENES["two"], encoding="utf-8"
    ),
    "label": lambda root: (root / "scenes/three.md").write_text(
        SCENES["three"] + "\n## attic\n\nDust.\n\n[Back](one.md)\n", encoding="utf-8"
    ),
    "title": lambda root: (root / "vn.yaml").write_text(
        (root / "vn.yaml").read_text("utf-8").replace("Tiny", "Small"), encoding="utf-8"
    ),
    "a scene more": lambda root: (root / "scenes/four.md").write_text(
        "More.\n\n[Back](one.md)\n", encoding="utf-8"
    ),
    "a scene less": lambda root: (root / "scenes/three.md").unlink(),
    "a character": lambda root: (
        (root / "characters").mkdir(),
        (root / "characters/mei.yaml").write_text("name: Mei\n", encoding="utf-8"),
    ),
    "outputs gone": lambda root: shutil.rmtree(root / "build/web/story"),
    "an output altered": lambda root: (root / "build/web/sw.js").write_text("mine"),
    "the state gone": lambda root: shutil.rmtree(root / ".comfyvn"),
    "the store gone": lambda root: (root / ".comfyvn/store.db").unlink(),
    "the manifest gone": lambda root: (root / ".comfyvn/manifest").unlink(),
}


@pytest.mark.parametrize("what", EDITS)
def test_a_dry_run_keeps_its_word(project: Path, ask, what: str) -> None:
    EDITS[what](project)
    before = contents(project)
    told = ask("build", "--dry-run")
    assert contents(project) == before
    known = {stage["stage"] for stage in told["stages"] if stage["known"]}
    may = {each["step"] for stage in told["stages"] for each in stage["would"]}
    must = {
        each["step"]
        for stage in told["stages"]
        if stage["known"]
        for each in stage["would"]
        if each["how"] == "runs"
    }
    ran = {each["step"] for each in ask("build", "--explain")["steps"]}
    assert must <= ran
    of_front = {"project", "declare", "lower", "link", "count", "labels", "locate", "requests"}
    surely = (
        ran
        if known == {"front", "assets", "targets"}
        else {step for step in ran if step.partition(" ")[0] in of_front}
    )
    assert surely <= may


def test_a_change_that_is_undone_is_taken_from_the_store(project: Path, ask) -> None:
    before = (project / "scenes/two.md").read_bytes()
    edit(project)
    assert main(["build", "-q", "-C", str(project)]) == 0
    (project / "scenes/two.md").write_bytes(before)
    told = ask("build", "--dry-run")
    would = {e["step"]: e["how"] for stage in told["stages"] for e in stage["would"]}
    assert would["declare two"] == would["lower two"] == "taken"
    must = {step for step, how in would.items() if how == "runs"}
    outcome = ask("build", "--explain")
    ran = {each["step"] for each in outcome["steps"] if each["how"] == "ran"}
    assert must <= ran <= would.keys()


def test_a_dry_run_with_nothing_to_do_says_so(project: Path, capsys) -> None:
    assert main(["build", "--dry-run", "-C", str(project)]) == 0
    assert "nothing to do" in capsys.readouterr().out


def test_a_dry_run_sees_an_output_that_is_gone(project: Path, ask) -> None:
    (project / "build/web/sw.js").unlink()
    told = ask("build", "--dry-run")
    would = [each for stage in told["stages"] for each in stage["would"]]
    assert [each["step"] for each in would] == ["web-worker"]
    assert would[0]["why"] == "outputs"


def test_only_the_outputs_that_are_gone_are_named(project: Path, ask, capsys) -> None:
    icons = sorted((project / "build/web/icons").iterdir())
    assert len(icons) > 1
    gone = f"build/web/icons/{icons[0].name}"
    (project / gone).unlink()
    told = ask("build", "--dry-run")
    would = [each for stage in told["stages"] for each in stage["would"] if each["how"] == "runs"]
    assert [(each["step"], each["why"], each["names"]) for each in would] == [
        ("web-icons", "outputs", [gone])
    ]
    assert [each["name"] for each in ask("why", "web-icons")["changes"]] == [gone]
    assert main(["build", "web", "--explain", "-C", str(project)]) == 0
    assert f"because `{gone}` is not as it was left\n" in capsys.readouterr().err


def test_a_dry_run_says_what_would_stop_a_build(project: Path, capsys) -> None:
    (project / "vn.yaml").write_text(
        (project / "vn.yaml").read_text("utf-8") + "world: coast\n", encoding="utf-8"
    )
    (project / "worlds").mkdir()
    (project / "worlds/coast.yaml").write_text("locations:\n  quay: {kind: harbour}\n", "utf-8")
    scene = project / "scenes/one.md"
    scene.write_text("---\nlocation: quay\n---\n\n" + SCENES["one"], encoding="utf-8")
    assert main(["build", "-q", "-C", str(project)]) == 0
    capsys.readouterr()
    before = contents(project)
    assert main(["build", "--dry-run", "-C", str(project)]) == 0
    said = capsys.readouterr()
    assert "nothing to do" in said.out
    assert "warning[VN1220]" in said.err
    assert main(["build", "--dry-run", "--profile", "release", "-C", str(project)]) == 1
    said = capsys.readouterr()
    assert "error[VN1220]" in said.err
    assert "nothing to do" not in said.out
    assert contents(project) == before
    # What a build found wrong in the sources holds as well.
    scene.write_text("[Nowhere](gone.md)\n", encoding="utf-8")
    assert main(["build", "-q", "-C", str(project)]) == 1
    wrong = capsys.readouterr().err
    assert main(["build", "--dry-run", "-C", str(project)]) == 1
    said = capsys.readouterr()
    assert said.err == wrong
    assert said.out == "Nothing would be built.\n"
