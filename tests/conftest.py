"""What all tests share: real parts that must be there in CI, and the scale of random counts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from builds.example import Cache, Fill

# How long an example takes says more about the machine than about us.
settings.register_profile("comfyvn", deadline=None)
settings.load_profile("comfyvn")

REAL_PARTS = {
    "chromium": "chromium",
    "renpy": "renpy",
    "node": "node",
    "tsc": "tsc",
    "espeak": "espeak-ng",
    "ffmpeg": "ffmpeg",
    "neovim": "nvim",
    "bubblewrap": "bwrap",
    "xvfb": "xvfb-run",
}


# Hundreds of processes are started: each would compile all that it imports.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def pytest_configure() -> None:
    # Debian puts games where root does not look; `./setup test` puts TypeScript into the venv.
    places = [Path(sys.prefix, "node/node_modules/.bin"), "/usr/games"]
    os.environ["PATH"] = os.pathsep.join([os.environ["PATH"], *map(str, places)])


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose real part is missing; in CI that is a failure instead."""
    for marker, command in REAL_PARTS.items():
        if item.get_closest_marker(marker) is not None and shutil.which(command) is None:
            _lacks(command)
    for marker in item.iter_markers("package"):
        if find_spec(marker.args[0]) is None:
            _lacks(marker.args[0])


def _lacks(part: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(f"{part} is not installed, and CI may not skip what needs it")
    pytest.skip(f"{part} is not installed")


@pytest.fixture(scope="session", autouse=True)
def _nothing_remembered(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep what tests trust out of the user's own folder, and of the sight of other tests."""
    os.environ["XDG_STATE_HOME"] = str(tmp_path_factory.mktemp("state"))


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Fill:
    """Returns a folder of a name, which the first of all test processes fills; read it only."""
    from comfyvn.engine.build_lock import BuildLock

    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent

    def find(name: str, fill: Callable[[Path], None]) -> Path:
        lock, folder = base / f"{name}-lock", base / f"{name}-for-all"
        lock.mkdir(exist_ok=True)
        with BuildLock(lock, lambda other: None):
            if not (lock / "filled").exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                fill(folder)
                (lock / "filled").touch()
        return folder

    return find


def _paint(folder: Path) -> None:
    """Build the example for all targets, filling a shared cache."""
    from builds.example import EXAMPLE, Cache, build, copy_project

    cache = Cache(folder / "cache")
    cache.folder.mkdir()
    outcome = build(copy_project(EXAMPLE, folder / "project"), **cache.writing())
    assert not outcome.failures
    assert not outcome.findings.has_errors


@pytest.fixture(scope="session")
def built_example(filled: Fill) -> Path:
    """A copy of the example, built for all targets."""
    return filled("example", _paint) / "project"


@pytest.fixture(scope="session")
def warm(filled: Fill) -> Cache:
    """A shared cache that a build of the example filled: packs and single results."""
    from builds.example import Cache

    return Cache(filled("example", _paint) / "cache")


@pytest.fixture(scope="session")
def drawings(warm: Cache, tmp_path_factory: pytest.TempPathFactory) -> Cache:
    """A shared cache with the painted pictures of the example and nothing else of it."""
    cache = warm.copy(tmp_path_factory.mktemp("drawings") / "cache")
    cache.singles_only()
    return cache


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """A small disk of its own, which takes mount options."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "tmpfs", str(folder), "-o", "size=200m"]
    if os.name != "posix" or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root may mount a disk")

    def options(text: str) -> Path:
        subprocess.run(["mount", "-o", f"remount,{text}", str(folder)], check=True)
        return folder

    yield options
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for all tests: a process can drive one at a time."""
    from comfyvn.play.web import open_chromium

    with open_chromium() as running:
        yield running
