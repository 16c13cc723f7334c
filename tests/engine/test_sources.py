"""Sources are what they were when the build began, and each is read once."""

from __future__ import annotations

from pathlib import Path

import pytest
from engine.building import settle

from comfyvn.engine.again import BeginAgainError
from comfyvn.engine.digest import ABSENT, digest_of
from comfyvn.engine.manifest import Manifest, Stamp
from comfyvn.engine.sources import Sources


def look(root: Path, old: Sources | None = None) -> Sources:
    """Look at the sources, after a build that saw those of `old`."""
    manifest = None
    if old is not None:
        manifest = Manifest()
        manifest.sources, manifest.digests = old.stamps, old.digests
    return Sources(root, ["src"], ["vn.yaml"], manifest)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "src/deep").mkdir(parents=True)
    for name in ("vn.yaml", "src/a", "src/deep/b"):
        (tmp_path / name).write_text(name)
        settle(tmp_path / name)
    return tmp_path


def test_all_is_new_at_first(root: Path) -> None:
    sources = look(root)
    assert list(sources.paths()) == ["src/a", "src/deep/b", "vn.yaml"]
    assert sources.changed == set(sources.paths())
    assert sources.digest("src/a") == digest_of(b"src/a")
    assert sources.digest("src/none") == ABSENT
    assert sources.read("src/deep/b") == b"src/deep/b"


def test_what_changed(root: Path) -> None:
    first = look(root)
    assert look(root, first).changed == set()
    settle(root / "src/a")  # Touched.
    (root / "src/deep/b").write_text("other")
    (root / "src/c").write_text("new")
    (root / "vn.yaml").unlink()
    second = look(root, first)
    assert second.changed == {"src/deep/b", "src/c", "vn.yaml"}
    assert look(root, second).changed == set()


def test_only_what_may_differ_is_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = look(root)
    settle(root / "src/a")
    read: list[str] = []

    def seen(_: Sources, path: str, stamp: Stamp) -> tuple[str, Stamp]:
        read.append(path)
        return digest_of(b"src/a"), stamp

    monkeypatch.setattr(Sources, "_look", seen)
    assert look(root, first).changed == set()
    assert read == ["src/a"]


@pytest.mark.parametrize("size", [5, 1 << 16, 1 << 20])
def test_a_source_written_meanwhile(root: Path, size: int) -> None:
    path = root / "src/a"
    path.write_bytes(b"1" * size)
    settle(path)
    first = look(root)
    again = look(root, first)
    assert again.read("src/a") == b"1" * size
    assert first.unchanged("src/a")
    path.write_bytes(b"2" * size)
    assert not first.unchanged("src/a")
    # What is in memory is as it was; what is read now must be.
    with pytest.raises(BeginAgainError, match="`src/a` was written while it was being built"):
        again.read("src/a")
    if first.kept("src/a") is not None:
        assert first.read("src/a") == b"1" * size


def test_a_file_that_cannot_be_read_is_looked_at_again(root: Path) -> None:
    path = root / "src/a"
    path.unlink()
    path.symlink_to("nowhere")
    first = look(root)
    with pytest.raises(OSError, match="src/a"):
        first.read("src/a")
    (root / "src/nowhere").write_text("there")
    assert {"src/a", "src/nowhere"} <= look(root, first).changed


def test_a_file_that_the_build_wrote(root: Path) -> None:
    first = look(root)
    second = look(root, first)
    (root / "vn.yaml").write_text("written")
    settle(root / "vn.yaml")
    second.refresh("vn.yaml")
    assert second.changed == {"vn.yaml"}
    assert second.read("vn.yaml") == b"written"
    assert look(root, second).changed == set()
