"""Standard output that cannot take what is printed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from comfyvn.cli.main import main

PROGRAM = "import sys; from comfyvn.cli.main import main; sys.exit(main(sys.argv[1:]))"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "vn.yaml").write_text("format: 1\nid: tiny\ntitle: Tiny\nstart: one\n")
    (tmp_path / "scenes").mkdir()
    (tmp_path / "scenes/one.md").write_text('Hello.\n\n- Go.\n- Stay.\n\n`ending done "Done"`\n')
    return tmp_path


def run(root: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", PROGRAM, *words, "-C", str(root)]
    env = os.environ | variables
    return subprocess.run(command, capture_output=True, env=env, check=False)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_letters_that_the_encoding_has_not(root: Path, encoding: str) -> None:
    done = run(root, "explore", PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Narration" in done.stdout


@pytest.mark.skipif(os.name != "posix", reason="a shell of POSIX")
def test_a_closed_output(root: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, "check", "-C", str(root)]
    done = subprocess.run(
        ["sh", "-c", '"$@" >&-', "sh", *command], capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_transcript_that_cannot_be_written(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for place in (root / "none/t", root / "scenes"):
        words = ["play", "-C", str(root), "--choices", "0", "--transcript", str(place)]
        assert main(words) == 3
        assert f"cannot write {place}: " in capsys.readouterr().err
