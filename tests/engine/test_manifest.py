"""The manifest, and the build that finds nothing to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from engine.building import Folder, settle

from comfyvn.data import PACKAGE_FOLDER
from comfyvn.engine.manifest import SAFETY, UNSURE, Manifest, null_build, scan, settled, tool_stamp
from comfyvn.engine.step import Plan, Rule, step

ROOT = Path(__file__).parents[2]
HEAVY = {
    "PIL", "argparse", "asyncio", "concurrent", "contextlib", "dataclasses", "fsspec", "inspect",
    "jinja2", "json", "logging", "multiprocessing", "networkx", "numpy", "pathlib", "pyarrow",
    "pydantic", "re", "rich", "ruamel", "shutil", "sqlite3", "subprocess", "tempfile", "typing",
}  # fmt: skip


def copy(context: Any) -> None:
    context.copy(context.outputs[0], context.inputs[0])


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A project of three sources, each copied, as a build of the target `all` left it."""
    (tmp_path / "src/deep").mkdir(parents=True)
    for name in ("a", "b", "deep/c"):
        (tmp_path / "src" / name).write_text(name)
        settle(tmp_path / "src" / name)
    return build(tmp_path)


def build(root: Path) -> Path:
    steps = [step("copy", n, [f"src/{n}"], [f"build/{n}.txt"]) for n in ("a", "b", "deep/c")]
    Folder(root).build(Plan({"copy": Rule("copy", "copy")}, tuple(steps)), {}, lambda _: copy)
    manifest = Manifest.load(str(root))
    assert manifest is not None
    manifest.tool = (tool_stamp(PACKAGE_FOLDER), "digest")
    manifest.summary["all"] = {"target": "all"}
    manifest.settings = {"targets": ["all"]}
    manifest.save(str(root))
    return root


def is_null(root: Path) -> bool:
    found = null_build(str(root), ["all"])
    assert found in (None, {"all": {"target": "all"}})
    return found is not None


def touch(path: Path) -> None:
    settle(path)


def edit_alike(path: Path) -> None:
    """Change the content, keep size and time, as an editor that writes a new file would."""
    state = path.stat()
    other = path.with_name("other")
    other.write_bytes(path.read_bytes()[::-1][:-1] + b"!")
    os.utime(other, ns=(state.st_mtime_ns, state.st_mtime_ns))
    other.replace(path)


def edit_earlier(path: Path) -> None:
    """Change the content, and set the time back: to be older is to be changed too."""
    path.write_bytes(b"earlier")
    os.utime(path, ns=(1, 1))


def test_nothing_to_do(built: Path) -> None:
    assert is_null(built)
    assert null_build(str(built), []) == {"all": {"target": "all"}}
    assert null_build(str(built), ["all", "other"]) is None


@pytest.mark.parametrize("name", ["a", "deep/c"])
@pytest.mark.parametrize("edit", [edit_alike, edit_earlier, Path.unlink])
def test_a_source_that_differs(built: Path, name: str, edit: Callable[[Path], None]) -> None:
    edit(built / "src" / name)
    assert not is_null(built)


def test_sources_that_come(built: Path) -> None:
    (built / "src/deep/.hidden").write_text("")
    assert is_null(built)
    (built / "src/deep/new").write_text("")
    assert not is_null(built)
    (built / "src/deep/new").unlink()
    assert is_null(built)
    (built / "src/deeper").mkdir()
    assert not is_null(built)


@pytest.mark.parametrize("name", ["a.txt", "deep/c.txt"])
@pytest.mark.parametrize("edit", [touch, edit_alike, edit_earlier, Path.unlink])
def test_an_output_that_differs(built: Path, name: str, edit: Callable[[Path], None]) -> None:
    edit(built / "build" / name)
    assert not is_null(built)


def test_an_output_that_became_a_link(built: Path) -> None:
    path = built / "build/a.txt"
    path.rename(built / "build/moved")
    path.symlink_to("moved")
    assert not is_null(built)


def test_a_touched_source_is_looked_into_once(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(built / "src/a")
    assert is_null(built)
    # What is read no more may be unreadable.
    monkeypatch.setattr("comfyvn.engine.digest.digest_file", lambda _: pytest.fail("read again"))
    assert is_null(built)


def test_a_young_source_is_not_trusted(built: Path) -> None:
    path = built / "src/a"
    path.write_text("1")
    build(built)
    state = path.stat()
    path.write_text("2")
    os.utime(path, ns=(state.st_mtime_ns, state.st_mtime_ns))
    assert path.stat().st_ino == state.st_ino
    assert not is_null(built)


def test_stamps_settle_with_age() -> None:
    now = time.time_ns()
    old, young = (now - 2 * SAFETY, 1, 1), (now - SAFETY // 2, 1, 1)
    found = settled({"": {"old": old, "young": young, "future": (2 * now, 1, 1)}}, now - SAFETY)
    assert found == {"": {"old": old, "young": UNSURE, "future": UNSURE}}


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    (tmp_path / ".comfyvn/tmp").mkdir(parents=True)
    manifest = Manifest()
    manifest.build, manifest.folders, manifest.files = "id", ["src"], ["vn.yaml"]
    stamps = {"": {"é": (1, 2, 3), "b": UNSURE}, "src": {"x": (1 << 62, 1 << 40, (1 << 64) - 1)}}
    manifest.sources, manifest.outputs = stamps, {"web": stamps, "": {}}
    manifest.digests, manifest.summary = {"é": "ff"}, {"web": {"ran": 3}}
    manifest.save(str(tmp_path))
    loaded = Manifest.load(str(tmp_path))
    assert loaded is not None
    for name in Manifest.__slots__:
        assert getattr(loaded, name) == getattr(manifest, name), name


def test_links_to_folders_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "src/real").mkdir(parents=True)
    (tmp_path / "src/real/file").write_text("")
    (tmp_path / "src/linked").symlink_to("real")
    (tmp_path / "src/round").symlink_to(".")
    (tmp_path / "src/gone").symlink_to("nowhere")
    found = scan(str(tmp_path), ["src"], [])
    assert {folder: set(files) for folder, files in found.items()} == {
        "": set(),
        "src": {"gone"},
        "src/real": {"file"},
    }


def test_a_null_build_imports_nothing_heavy(built: Path) -> None:
    code = (
        "import sys; before = set(sys.modules)\n"
        "from comfyvn.engine.manifest import null_build\n"
        "assert null_build(sys.argv[1], ['all']) is not None\n"
        "names = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "import json; print(json.dumps(sorted(names)))"
    )
    touch(built / "src/a")  # Even then.
    said = subprocess.run(
        [sys.executable, "-I", "-S", "-c", "import sys; sys.path[:0] = sys.argv[2:]\n" + code,
         str(built), str(ROOT), *[each for each in sys.path if each.endswith("site-packages")]],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert not HEAVY & set(json.loads(said))
