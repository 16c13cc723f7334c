"""A check in which nothing changed says at once what the last one said."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cli.tiny import make
from engine.test_manifest import HEAVY

from comfyvn.cli import quick
from comfyvn.cli.main import main

ROOT = Path(__file__).parents[2]
Said = tuple[int, str]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make(tmp_path / "tiny")


@pytest.fixture
def check(root: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    def run(*more: str) -> Said:
        code = main(["check", "-C", str(root), *more])
        return code, capsys.readouterr().out

    return run


def again(root: Path, *more: str) -> int | None:
    return quick.quick_check(["-C", str(root), *more])


def test_it_says_what_was_said(
    root: Path, check: Callable[..., Said], capsys: pytest.CaptureFixture[str]
) -> None:
    assert again(root) is None
    (root / "scenes/two.md").write_text('Worlds of of paper.\n\n`ending done "Done"`\n', "utf-8")
    code, told = check("--debug")
    assert "VN17" in told
    for more in ((), ("-q",), ("--strict",), ("--json",), ("--json", "-q", "--strict")):
        quickly = again(root, *more), capsys.readouterr().out
        assert quickly == check(*more, "--debug"), more
    assert (again(root), capsys.readouterr().out) == (code, told)
    assert again(root, "--strict") == 1
    assert again(root, "--locked") is None
    assert again(root / "nowhere") is None


def test_errors_are_said_again(root: Path, check: Callable[..., Said]) -> None:
    (root / "scenes/one.md").write_text("[Go on](nowhere.md)\n", "utf-8")
    first = check("--debug")
    assert first[0] == 1
    assert again(root) == 1


def test_waivers_that_cannot_be_read_are_said(
    root: Path, check: Callable[..., Said], capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "waivers.yaml").mkdir()
    for _ in range(2):
        assert main(["check", "-C", str(root)]) == 1
        assert "it is not a regular file\n --> waivers.yaml" in capsys.readouterr().out


def test_playtests_are_read(root: Path, check: Callable[..., Said]) -> None:
    assert check()[0] == 0
    path = root / "playtests/more/walks.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("far: {choices: [], seeds: 3}\n", "utf-8")
    assert again(root) is None
    code, told = check()
    assert code == 1
    assert "playtests/more/walks.yaml:1:20" in told
    assert again(root) == 1
    path.write_text("far: {choices: []}\nnear: {choices: [}\n", "utf-8")
    assert "walks.yaml:2:" in check()[1]
    path.write_text("far: {choices: []}\n", "utf-8")
    (root / "playtests/other.yaml").write_text("far: {choices: []}\n", "utf-8")
    assert "the playtest `far` is there twice" in check()[1]
    (root / "playtests/other.yaml").unlink()
    assert check()[0] == 0


def test_what_changed_is_looked_at(
    root: Path, check: Callable[..., Said], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    check()
    assert again(root) == 0
    path = root / "scenes/one.md"
    text = path.read_text("utf-8")
    path.write_text(text + "\nMore.\n", "utf-8")
    assert again(root) is None
    path.write_text(text, "utf-8")
    assert again(root) == 0
    with monkeypatch.context() as changed:
        changed.setenv("DICPATH", str(tmp_path))
        assert again(root) is None
    with monkeypatch.context() as changed:
        changed.setattr(sys, "path", [*sys.path, str(tmp_path)])
        assert again(root) is None
    bin = tmp_path / "bin"
    bin.mkdir()
    with monkeypatch.context() as changed:
        changed.setenv("PATH", f"{bin}{os.pathsep}{os.environ['PATH']}")
        check("--debug")
        assert again(root) == 0
        (bin / "espeak-ng").write_text("")
        assert again(root) is None


def test_a_waiver_that_ends_is_told_of(
    root: Path, check: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "waivers.yaml").write_text(
        "- {code: VN1606, at: three, reason: later, by: A. Writer, until: 2999-01-01}\n", "utf-8"
    )
    check()
    assert again(root) is not None
    monkeypatch.setattr(quick.time, "strftime", lambda _: "2999-01-02")
    assert again(root) is None


def test_it_imports_as_little_as_a_null_build(root: Path, check: Callable[..., Said]) -> None:
    (root / "scenes/three.md").unlink()
    code, _ = check()
    assert code == 0
    packages = [each for each in sys.path if each.endswith("site-packages")]
    told = [sys.executable, "-I", "-S", "-c", _CODE, str(root), str(ROOT), *packages]
    said = subprocess.run(told, capture_output=True, text=True, check=True).stdout
    assert said.splitlines()[0] == "no findings"
    assert not HEAVY & set(json.loads(said.splitlines()[1]))


_CODE = """
import sys
sys.path[:0] = sys.argv[2:]
before = set(sys.modules)
from comfyvn.cli import quick
# This Python has another `sys.path` than the one that checked.
stored = quick.null_build(sys.argv[1], ["check"], None, ".comfyvn/check")["check"]
_, *sys.path = stored["python"]
assert quick.quick_check(["-C", sys.argv[1]]) == 0
names = {name.partition(".")[0] for name in set(sys.modules) - before}
import json
print(json.dumps(sorted(names)))
"""
