"""What builds that did not end well leave: the next one knows all of it."""

from __future__ import annotations

import json
import os
import shutil
import sys
import textwrap
from pathlib import Path

import pytest
from builds.example import build, did

from comfyvn.cli.main import main
from comfyvn.engine import objects
from comfyvn.engine.manifest import STATE, Look, null_build
from comfyvn.plan.build import Build, Builder
from comfyvn.plan.built_files import LISTING, read_listing, write_listing

PAIR = """\
    pair:
      inputs: ["notes/pair.txt"]
      outputs: ["build/pair/c.txt", "build/pair/d.txt"]
      command: [sh, -c, "cp notes/pair.txt build/pair/c.txt; cp notes/pair.txt build/pair/d.txt"]
    """


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with a rule of its own that is for no target in particular."""
    root = tmp_path / "project"
    for name, text in {
        "vn.yaml": "format: 1\nid: tiny\ntitle: Tiny\nstart: one\n",
        "scenes/one.md": 'Hello.\n\n`play sfx bell`\n\n`ending done "Done"`\n',
        "notes/pair.txt": "one\n",
        "rules/pair.yaml": textwrap.dedent(PAIR),
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def good(root: Path, *targets: str) -> None:
    outcome = build(root, *targets, trust=True)
    assert not outcome.failures
    assert not outcome.findings.has_errors


def in_the_way(root: Path, name: str) -> Path:
    """Put a folder with a file in it where a build wants to write."""
    place = root / name
    place.unlink(missing_ok=True)
    place.mkdir(parents=True)
    (place / "mine.txt").write_text("")
    return place


def test_a_step_that_fails_between_two_outputs(root: Path) -> None:
    place = in_the_way(root, "build/pair/d.txt")
    assert build(root, trust=True).failures
    assert (root / "build/pair/c.txt").exists()
    text = textwrap.dedent(PAIR).replace("pair/c.txt", "pair/e.txt")
    (root / "rules/pair.yaml").write_text(text)
    shutil.rmtree(place)
    good(root)
    assert {path.name for path in (root / "build/pair").iterdir()} == {"d.txt", "e.txt"}


def test_an_output_of_all_targets_that_cannot_be_put_back(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good(root)
    place = in_the_way(root, "build/pair/c.txt")
    for target in ("web", "renpy", "all"):
        assert main(["build", target, "-C", str(root)]) == 3
        assert "nothing to do" not in capsys.readouterr().err
    shutil.rmtree(place)
    assert main(["build", "all", "-q", "-C", str(root)]) == 0
    assert place.is_file()
    assert main(["build", "all", "-C", str(root)]) == 0
    assert "nothing to do" in capsys.readouterr().err


def test_an_altered_output_beside_an_error_stays_known(root: Path) -> None:
    good(root)
    (root / "build/pair/c.txt").write_text("mine\n")
    scene = root / "scenes/one.md"
    scene.write_text(scene.read_text() + "\n[On](#nowhere)\n")
    assert build(root, trust=True).findings.has_errors
    assert "build/pair/c.txt" in read_listing(root)
    scene.write_text(scene.read_text().replace("\n[On](#nowhere)\n", ""))
    shutil.rmtree(root / STATE)
    (root / "rules/pair.yaml").unlink()
    good(root)
    assert not (root / "build/pair").exists()


def test_what_a_null_build_says_is_of_its_targets(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rule = {
        "target": "renpy",
        "inputs": ["notes/pair.txt"],
        "action": "builds.slow_actions:complain",
    }
    (root / "rules/grumble.yaml").write_text(json.dumps({"grumble": rule}))
    build(root, trust=True)
    capsys.readouterr()
    said = {}
    for target in ("web", "renpy"):
        assert main(["build", target, "-C", str(root)]) == 0
        said[target] = capsys.readouterr().err
        assert "nothing to do" in said[target]
    assert "VN0337" in said["renpy"]
    assert "VN0337" not in said["web"]


def test_a_kill_while_the_listing_is_written(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good(root)
    with monkeypatch.context() as patch:
        patch.setattr(objects, "_gone", lambda path: None)

        def killed(temporary: str, path: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(objects, "_replace", killed)
        with pytest.raises(KeyboardInterrupt):
            write_listing(root, read_listing(root))
    assert not list((root / "build").glob("*.tmp"))
    # It comes before the manifest, so that this is still the one of a build before.
    (root / STATE / "manifest").unlink()
    good(root)
    assert not list((root / STATE / "tmp").iterdir())
    assert (root / LISTING).exists()


def test_a_look_that_is_old_is_not_used(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good(root)
    scene = root / "scenes/one.md"
    scene.write_text(scene.read_text().replace("Hello", "Good evening"))
    looks: list[Look] = []
    assert null_build(str(root), [], looks) is None
    (look,) = looks
    assert look.holds(str(root))
    assert not look.holds(str(root.parent))
    (root / "notes/pair.txt").write_text("two\n")
    look.edge -= 10**9
    assert not look.holds(str(root))
    assert not Builder(root).build((), looks).failures
    assert (root / "build/pair/c.txt").read_text() == "two\n"


def test_what_another_comfyvn_built_is_looked_at_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build(root, "web", trust=True)
    monkeypatch.setattr(Build, "_tool", staticmethod(lambda old: ("another", "another")))
    second = build(root, "web", trust=True)
    assert did(second, "ran") == did(first, "ran")
    assert did(build(root, "web", trust=True), "ran") == set()


def test_a_step_that_comes_back_finds_its_result(root: Path) -> None:
    good(root)
    second = root / "scenes/two.md"
    for _ in range(2):
        second.write_text("![A red door](door)\n\nRain.\n\n[Back](one.md)\n")
        outcome = build(root, "web", trust=True)
        second.unlink()
        good(root, "web")
    assert not [step for step in did(outcome) if step.startswith(("draw", "lower", "declare"))]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes of POSIX")
def test_a_pipe_among_the_sources_is_not_waited_for(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good(root)
    os.mkfifo(root / "scenes/pipe.md")
    os.mkfifo(root / "notes/pipe")
    for command in ("check", "build"):
        assert main([command, "-C", str(root)]) == 1
        shown = capsys.readouterr()
        assert "not a regular file" in shown.out + shown.err


@pytest.mark.skipif(os.name != "posix" or sys.platform == "darwin", reason="names of any bytes")
def test_a_name_that_is_no_text(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good(root)
    scene = os.fsencode(root) + b"/scenes/\xff.md"
    Path(os.fsdecode(scene)).write_text("Rain.\n")
    assert main(["build", "-C", str(root)]) == 1
    assert "VN0153" in capsys.readouterr().err
    Path(os.fsdecode(scene)).unlink()
    (root / "assets").mkdir()
    Path(os.fsdecode(os.fsencode(root) + b"/assets/\xff.webp")).write_bytes(b"")
    good(root)
