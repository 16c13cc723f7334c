"""Files of a project that are not what they should be: folders, pipes, names that are no text."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from comfyvn.cli.main import main
from comfyvn.engine.manifest import null_build

FILES = {
    "vn.yaml": "format: 1\nid: tiny\ntitle: Tiny\nstart: one\n",
    "scenes/one.md": '`show moon`\n\nHello.\n\n`ending done "Done"`\n',
    "playtests/all.yaml": "done: {golden: true}\n",
    "goldens/done.txt": "",
}
POSIX = pytest.mark.skipif(
    os.name != "posix" or sys.platform == "darwin", reason="pipes, and names of any bytes"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def odd(root: Path, name: str, kind: str) -> None:
    path = root / name
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero")


@POSIX
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("waivers.yaml", "folder"),
        ("words.txt", "folder"),
        ("compute.yaml", "folder"),
        ("REUSE.toml", "folder"),
        ("waivers.yaml", "pipe"),
        ("policy/ratings.yaml", "pipe"),
        ("playtests/all.yaml", "pipe"),
        ("i18n/es.po", "pipe"),
        ("assets/moon.png", "pipe"),
        ("assets/moon.png", "endless"),
    ],
)
def test_what_is_no_file_is_a_finding(
    root: Path, name: str, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    odd(root, name, kind)
    # Twice: what failed is told again, too.
    for _ in range(2):
        assert main(["check", "-C", str(root)]) == 1
        shown = capsys.readouterr()
        assert "error[VN0151]: cannot be read: it is not a regular file" in shown.out
        assert f" --> {name}\n" in shown.out
        assert "failed" not in shown.err
    (root / name).rmdir() if kind == "folder" else (root / name).unlink()
    assert main(["check", "-C", str(root), "-q"]) == 0


def test_what_no_build_reads_may_be_no_file(root: Path) -> None:
    odd(root, "waivers.yaml", "folder")
    assert main(["build", "web", "-C", str(root), "-q"]) == 0
    assert null_build(str(root), ["web"]) is not None
    (root / "waivers.yaml").rmdir()
    (root / "waivers.yaml").write_text("")
    assert null_build(str(root), ["web"]) is None


@POSIX
def test_another_cause_is_told(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    odd(root, "waivers.yaml", "folder")
    assert main(["check", "-C", str(root)]) == 1
    assert "it is not a regular file" in capsys.readouterr().out
    (root / "waivers.yaml").rmdir()
    os.mknod(root / "waivers.yaml", stat.S_IFSOCK | 0o600)
    assert main(["check", "-C", str(root)]) == 1
    assert "No such device" in capsys.readouterr().out


def test_words_in_another_encoding(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "words.txt").write_bytes("café\n".encode("latin-1"))
    assert main(["check", "-C", str(root)]) == 1
    assert "error[VN0101]: the file is not UTF-8\n --> words.txt:1:4" in capsys.readouterr().out


def test_fmt_leaves_what_is_not_utf_8(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "assets").mkdir()
    sidecar = root / "assets/moon.png.asset.yaml"
    sidecar.write_bytes("author:   Zoë\n".encode("latin-1"))
    (root / "assets/moon.png").touch()
    assert main(["fmt", "-q", "-C", str(root)]) == 1
    assert "assets/moon.png.asset.yaml: left as it is" in capsys.readouterr().err
    assert sidecar.read_bytes() == "author:   Zoë\n".encode("latin-1")


@POSIX
def test_a_build_does_not_wait_for_a_pipe(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    odd(root, "assets/moon.png", "pipe")
    assert main(["build", "web", "-q", "-C", str(root)]) == 1
    assert "VN0151" in capsys.readouterr().err
    (root / "assets/moon.png").unlink()
    assert main(["build", "web", "-q", "-C", str(root)]) == 0


@POSIX
@pytest.mark.parametrize("name", ["playtests/all.yaml", "goldens/done.txt"])
def test_playtests_do_not_wait_for_a_pipe(
    root: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    odd(root, name, "pipe")
    assert main(["test", "-q", "-C", str(root)]) == 1
    assert "it is not a regular file" in capsys.readouterr().err


@POSIX
def test_a_route_does_not_wait_for_a_pipe(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    odd(root, "route.yaml", "pipe")
    assert main(["play", "-C", str(root), "--route", str(root / "route.yaml")]) == 2
    assert "it is not a regular file" in capsys.readouterr().err


@POSIX
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("assets/\xff.png", 0),
        ("assets/moon \xff.png", 0),
        ("assets/voice/\xff.wav", 0),
        ("characters/\xff.yaml", 1),
        ("playtests/\xff.yaml", 1),
        ("scenes/\xff.md", 1),
        ("assets/\xff.ogg.asset.yaml", 1),
        ("workflows/\xff.json", 0),
    ],
)
def test_names_that_are_no_text(
    root: Path, name: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(os.fsdecode(os.fsencode(root) + b"/" + name.encode("latin-1")))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    shown = name.replace("\xff", "\ufffd")
    assert main(["check", "-C", str(root)]) == code
    told = capsys.readouterr().out
    assert code == 0 or f" --> {shown}\n" in told
    for command in (["build", "web", "-q"], ["assets", "list"], ["fmt"], ["explore", "-q"]):
        assert main([*command, "-C", str(root)]) in (0, 1)
        assert "our mistake" not in capsys.readouterr().err
