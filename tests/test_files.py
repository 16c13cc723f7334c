"""What a build writes and what it leaves alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from comfyvn.cli.main import main
from comfyvn.engine.objects import update_file
from comfyvn.plan.built_files import LISTING

SCENES = {
    "scenes/one.md": "Hello.\n\n[On](part/two.md)\n",
    "scenes/part/two.md": 'Goodbye.\n\n`ending done "Done"`\n',
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / "scenes/part").mkdir(parents=True)
    (root / "vn.yaml").write_text("format: 1\nid: tiny\ntitle: Tiny\nstart: one\n")
    for name, text in SCENES.items():
        (root / name).write_text(text)
    build(root)
    return root


def build(root: Path) -> None:
    assert main(["build", "all", "-q", "-C", str(root)]) == 0


def leave_a_scene_out(root: Path) -> None:
    (root / "scenes/part/two.md").unlink()
    (root / "scenes/one.md").write_text('Hello.\n\n`ending done "Done"`\n')


def test_only_what_was_built_is_removed(project: Path) -> None:
    game, site = project / "build/renpy/game", project / "build/web"
    (site / "CNAME").write_text("example.org")
    (site / "story/notes.json").write_text("{}")
    (game / "saves").mkdir()
    (game / "saves/1-1-LT1.save").write_bytes(b"kept")
    scenes = set(site.glob("story/*-*.json"))
    assert (game / "script/part/two.rpy").exists()
    leave_a_scene_out(project)
    build(project)
    assert not (game / "script/part").exists()
    now = set(site.glob("story/*-*.json"))
    assert len(now) < len(scenes)
    assert (site / "CNAME").read_text() == "example.org"
    assert (site / "story/notes.json").exists()
    assert (game / "saves/1-1-LT1.save").read_bytes() == b"kept"


def test_what_ren_py_made_of_a_script_goes_with_it(project: Path) -> None:
    script = project / "build/renpy/game/script"
    for name in ("one.rpyc", "part/two.rpyc"):
        (script / name).write_bytes(b"")
    leave_a_scene_out(project)
    build(project)
    assert (script / "one.rpyc").exists()
    assert not (script / "part").exists()


def test_a_listing_that_leads_out_of_the_folder_removes_nothing(project: Path) -> None:
    novel = project / "novel.md"
    novel.write_text("Once.")
    with (project / LISTING).open("a") as listing:
        listing.write(f"build/../novel.md\nnovel.md\n{novel}\nbuild/web/gone.html\n")
    (project / "build/web/gone.html").write_text("")
    shutil.rmtree(project / ".comfyvn")
    build(project)
    assert novel.exists()
    assert not (project / "build/web/gone.html").exists()  # but what is in it goes


def test_a_build_writes_through_no_link(project: Path, tmp_path: Path) -> None:
    page = project / "build/web/index.html"
    built = page.read_bytes()
    mine = tmp_path / "mine"
    mine.write_bytes(b"mine")
    for cold in (False, True):
        page.unlink()
        page.symlink_to(mine)
        if cold:
            shutil.rmtree(project / ".comfyvn")
        build(project)
        assert mine.read_bytes() == b"mine"
        assert page.read_bytes() == built
        assert not page.is_symlink()


def test_a_file_that_is_a_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "there").write_bytes(b"old")
    link = tmp_path / "here"
    link.symlink_to("there")
    update_file(link, b"new")
    assert link.is_symlink()
    assert (tmp_path / "there").read_bytes() == b"new"
    assert not update_file(link, b"new")


@pytest.mark.parametrize("command", ["fmt", "build"])
def test_a_lock_kept_elsewhere_stays_there(command: str, project: Path, tmp_path: Path) -> None:
    lock, kept = project / "vn.lock", tmp_path / "kept.lock"
    lock.rename(kept)
    lock.symlink_to(kept)
    before = kept.read_bytes()
    (project / "scenes/one.md").write_text("Hello.\n\nHow are you?\n\n[On](part/two.md)\n")
    assert main([command, "-q", "-C", str(project)]) == 0
    assert lock.is_symlink()
    assert kept.read_bytes().count(b"\n") > before.count(b"\n")
