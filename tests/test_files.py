"""What a build writes and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from comfyvn.cli.main import main
from comfyvn.engine.objects import update_file
from comfyvn.targets.files import write_tree


def tree(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_only_what_was_written_is_removed(tmp_path: Path) -> None:
    out = tmp_path / "build" / "web"
    assert write_tree(out, {"index.html": b"1", "a/b/c.js": b"2", "a/d.js": b"3"}) == 3
    (out / "CNAME").write_text("example.org")
    (out / "a" / "mine.js").write_text("")
    assert write_tree(out, {"index.html": b"1", "a/d.js": b"4"}) == 2
    assert tree(out) == {"index.html", "a/d.js", "CNAME", "a/mine.js"}
    assert not (out / "a" / "b").exists()
    assert write_tree(out, {"index.html": b"1"}) == 1
    assert tree(out) == {"index.html", "CNAME", "a/mine.js"}
    assert write_tree(out, {"index.html": b"1"}) == 0


def test_what_an_engine_made_of_a_file_goes_with_it(tmp_path: Path) -> None:
    out = tmp_path / "renpy"
    write_tree(out, {"game/a.rpy": b"1", "game/b.rpy": b"2"})
    for name in ("a.rpyc", "b.rpyc", "saves"):
        (out / "game" / name).write_bytes(b"")
    write_tree(out, {"game/a.rpy": b"1"}, made_beside={".rpy": ".rpyc"})
    assert tree(out) == {"game/a.rpy", "game/a.rpyc", "game/saves"}


def test_a_failed_write_is_cleaned_up_by_the_next(tmp_path: Path) -> None:
    out = tmp_path / "web"
    write_tree(out, {"a": b"1"})
    (out / "z").mkdir()
    with pytest.raises(OSError, match="z"):
        write_tree(out, {"b": b"2", "z": b"3"})
    write_tree(out, {"c": b"4"})
    assert tree(out) == {"c"}


def test_a_listing_that_leads_out_of_the_folder_removes_nothing(tmp_path: Path) -> None:
    out = tmp_path / "web"
    write_tree(out, {"a": b"1"})
    (tmp_path / "novel.md").write_text("Once.")
    (tmp_path / ".web.files").write_text(f"../novel.md\n{tmp_path}/novel.md\n")
    write_tree(out, {"a": b"1"})
    assert (tmp_path / "novel.md").exists()


def test_a_link_is_written_through_but_not_out_of_a_build(tmp_path: Path) -> None:
    (tmp_path / "there").write_bytes(b"old")
    link = tmp_path / "here"
    link.symlink_to("there")
    assert update_file(link, b"new")
    assert link.is_symlink()
    assert (tmp_path / "there").read_bytes() == b"new"
    out = tmp_path / "web"
    out.mkdir()
    (out / "index.html").symlink_to(tmp_path / "there")
    write_tree(out, {"index.html": b"page"})
    assert (tmp_path / "there").read_bytes() == b"new"
    assert (out / "index.html").read_bytes() == b"page"


def test_a_lock_kept_elsewhere_stays_there(tmp_path: Path) -> None:
    assert main(["new", "a", "-q", "-C", str(tmp_path)]) == 0
    kept = tmp_path / "kept.lock"
    kept.write_bytes(b"# vn.lock 1\n")
    lock = tmp_path / "a" / "vn.lock"
    lock.symlink_to(kept)
    assert main(["fmt", "-q", "-C", str(tmp_path / "a")]) == 0
    assert lock.is_symlink()
    assert kept.read_bytes().count(b"\n") > 10
