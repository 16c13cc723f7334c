"""The build as doit tasks, with real doit: list, info, run, clean, and a task of a user's own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import comfyvn
from comfyvn.cli.main import main

PACKAGE = Path(comfyvn.__file__).parent.parent
OWN = """

def task_weigh():
    return {
        "actions": ["wc -c < build/web/index.html > weight.txt"],
        "file_dep": ["build/web/index.html"],
        "targets": ["weight.txt"],
        "clean": True,
    }
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    assert main(["new", "Tiny", "--doit", "-q", "-C", str(tmp_path)]) == 0
    root = tmp_path / "Tiny"
    for path in root.glob("characters/*"):
        path.unlink()  # Nobody to draw.
    for path in root.glob("scenes/*"):
        path.unlink()
    (root / "vn.yaml").write_text("format: 1\nid: tiny\ntitle: Tiny\nstart: one\n")
    for kind in ("worlds", "themes", "timelines"):
        for path in root.glob(f"{kind}/*"):
            path.unlink()
    (root / "scenes/one.md").write_text('Hello.\n\n`ending done "Done"`\n')
    return root


def doit(root: Path, *words: str, code: int = 0) -> str:
    environment = os.environ | {"PYTHONPATH": str(PACKAGE)}
    done = subprocess.run(
        [sys.executable, "-m", "doit", *words],
        cwd=root, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def test_three_lines_are_a_front_door(project: Path) -> None:
    assert len((project / "dodo.py").read_text().splitlines()) == 3
    listed = doit(project, "list")
    assert [line.split()[0] for line in listed.splitlines()] == ["check", "renpy", "web"]
    assert ".doit.db" in (project / ".gitignore").read_text()


def test_a_task_knows_its_sources_and_targets_before_and_after_a_build(project: Path) -> None:
    told = doit(project, "info", "web", code=1)  # It is not up to date.
    assert " - scenes/one.md" in told
    assert " - build/web/index.html" in told
    doit(project, "web")
    told = doit(project, "info", "web")
    assert "up-to-date" in told
    (fragment,) = (project / "build/web/story").glob("scenes-*.json")
    assert f" - build/web/story/{fragment.name}" in told


def test_a_task_of_a_users_own_joins_the_graph(project: Path) -> None:
    dodo = project / "dodo.py"
    dodo.write_text(dodo.read_text() + OWN)
    # It depends on a file of the site, so the site is built before.
    (project / "scenes/one.md").write_text('Hello, you.\n\n`ending done "Done"`\n')
    said = doit(project, "weigh")
    assert said.index(".  web") < said.index(".  weigh")
    size = (project / "build/web/index.html").stat().st_size
    assert int((project / "weight.txt").read_text()) == size
    assert doit(project, "weigh").splitlines() == ["-- web", "-- weigh"]


def test_an_output_that_was_altered_is_built_again(project: Path) -> None:
    doit(project, "web")
    page = project / "build/web/index.html"
    before = page.read_bytes()
    page.unlink()
    page.write_bytes(b"altered")
    assert ".  web" in doit(project, "web")
    assert page.read_bytes() == before


def test_a_null_build_imports_nothing_heavy(project: Path) -> None:
    doit(project, "web")
    script = (
        "import sys, json, dodo\n"
        "tasks = list(dodo.task_novel())\n"
        "assert all(task['uptodate'][0]() for task in tasks if task['basename'] == 'web')\n"
        "heavy = {'pydantic', 'ruamel', 'networkx', 'pyarrow', 'PIL', 'numpy', 'rich', 'jinja2'}\n"
        "print(json.dumps(sorted(heavy & set(sys.modules))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=project, env=os.environ | {"PYTHONPATH": str(PACKAGE)}, capture_output=True, text=True,
    )  # fmt: skip
    assert json.loads(done.stdout) == [], done.stderr


def test_clean_removes_a_target_and_a_dry_one_does_not(project: Path) -> None:
    doit(project, "web")
    doit(project, "clean", "-n", "web")
    assert (project / "build/web/index.html").exists()
    doit(project, "clean", "web")
    assert not (project / "build/web").exists()
    doit(project, "web")
    assert (project / "build/web/index.html").exists()
