"""Copies of the example project, builds of them, and what builds leave."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random, SystemRandom
from typing import Any

from comfyvn.engine.findings import as_json
from comfyvn.plan.build import Builder
from comfyvn.plan.outcome import Options, Outcome
from comfyvn.plan.readings import READINGS, ROOM

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "example_project"
TARGETS = ("renpy", "web")
SCALE = float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1"))
SPEECH = re.compile(r"^speech:.*\n(?:[ \t]+.*\n)*", re.M)
LEFT_OUT = {"build", ".comfyvn", "tools", "README.md"}

Fill = Callable[[str, Callable[[Path], None]], Path]
"""Returns a folder of a name, which a function fills if no test process did."""
Tree = dict[str, bytes]
"""The content of files by path; of a link, `->` and where it leads to."""


def count(full: int, least: int = 1) -> int:
    """How often to do what is done so many times in full, and at least."""
    return max(least, round(full * SCALE))


def a_random() -> Random:
    """Randomness that a printed seed brings back."""
    seed = int(os.environ.get("COMFYVN_SEED", "0")) or SystemRandom().randrange(1 << 32)
    print(f"COMFYVN_SEED={seed}")
    return Random(seed)


def copy_project(source: Path, folder: Path, *, speech: bool = False) -> Path:
    """Copy the sources of a project; links stay links.

    To speak every line of the example takes minutes, so it stays silent unless `speech` is asked.
    """

    def ignored(path: str, names: list[str]) -> set[str]:
        return LEFT_OUT & set(names) if Path(path) == source else set()

    shutil.copytree(source, folder, symlinks=True, ignore=ignored)
    settings = folder / "vn.yaml"
    if not speech and settings.is_file():
        text = settings.read_text(encoding="utf-8")
        settings.write_text(SPEECH.sub("", text), encoding="utf-8")
    return folder


def tree(folder: Path) -> Tree:
    """Return all files below a folder, and links."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            found[path.relative_to(folder).as_posix()] = f"-> {path.readlink()}".encode()
        elif path.is_file():
            found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


def sources(root: Path) -> Tree:
    """Return what a project is made of: no output, nothing of the engine's own."""
    return {path: data for path, data in tree(root).items() if path.split("/")[0] not in LEFT_OUT}


def restore(root: Path, wanted: Tree) -> None:
    """Make the sources of a project what they were, writing only what differs."""
    for path, data in sources(root).items():
        if wanted.get(path) != data:
            (root / path).unlink()
    for path, data in wanted.items():
        full = root / path
        if full.is_dir() and not full.is_symlink():
            shutil.rmtree(full)
        if not (full.is_symlink() or full.exists()):
            full.parent.mkdir(parents=True, exist_ok=True)
            if data.startswith(b"-> "):
                full.symlink_to(data[3:].decode())
            else:
                full.write_bytes(data)


def build(root: Path, *targets: str, builder: Builder | None = None, **options: Any) -> Outcome:
    """Build a project as a process that knows nothing of it does, or as a builder that does."""
    if builder is not None:
        return builder.build(targets or TARGETS)
    with unread():
        return Builder(root, Options(**options)).build(targets or TARGETS)


@contextmanager
def unread() -> Iterator[None]:
    """Be like a process that read no scene yet."""
    kept, room = READINGS.kept, READINGS.room
    READINGS.kept, READINGS.room = {}, ROOM
    try:
        yield
    finally:
        READINGS.kept, READINGS.room = kept, room


def findings(outcome: Outcome) -> list[Any]:
    """Return what an outcome says of the sources."""
    return [as_json(item) for item in outcome.findings.in_order()]


def did(outcome: Outcome, *hows: str) -> set[str]:
    """Return the names of the steps with which that was done."""
    return {each.step.name for each in outcome.ran if each.how in (hows or ("ran",))}


def differing(one: Tree, other: Tree) -> list[str]:
    """Return the paths that are not the same in both."""
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


class Cache:
    """A shared cache in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"file://{folder}"

    def reading(self) -> dict[str, Any]:
        return {"cache": self.url, "cache_mode": "read"}

    def writing(self) -> dict[str, Any]:
        return {"cache": self.url, "cache_mode": "write"}

    def singles_only(self) -> None:
        """Leave in it what is dear to make, so that a build from nothing still runs its steps."""
        for packs in self.folder.glob("*/packs*"):
            shutil.rmtree(packs)

    def copy(self, folder: Path) -> Cache:
        shutil.copytree(self.folder, folder)
        return Cache(folder)


def same_findings(one: Outcome, other: Outcome, but: Collection[str] = ()) -> bool:
    """Whether two builds say the same, leaving out some codes; prints what only one says."""
    here, there = (
        [item for item in findings(outcome) if item[0] not in but] for outcome in (one, other)
    )
    for name, some, others in (("first", here, there), ("second", there, here)):
        for item in some:
            if item not in others:
                print(f"only the {name} build: {item}")
    return here == there
