"""Builds that are killed, interrupted, run twice at once or cannot write: the next is right."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest
from builds.edits_of_scenes import catalogue, delete_block, move_block, reword
from builds.edits_of_things import world
from builds.example import (
    EXAMPLE,
    Cache,
    Tree,
    a_random,
    build,
    copy_project,
    count,
    did,
    differing,
    findings,
    sources,
    tree,
)
from builds.processes import Process
from builds.writer import Writer

from comfyvn.engine.manifest import STATE
from comfyvn.engine.step import Rule, Step
from comfyvn.engine.store import Store
from comfyvn.plan.build import Builder
from comfyvn.plan.outcome import Options


class Place:
    """A copy of the example that is built with the drawings of a cache."""

    def __init__(self, folder: Path, root: Path, cache: Cache, random: Random) -> None:
        self.folder, self.cache, self.random = folder, cache, random
        self.root = copy_project(EXAMPLE, root)
        self.writer = Writer(self.root, random)
        self.count = 0

    def edit(self) -> None:
        """Change words and order, so that the story stays in order."""
        for _ in range(self.random.randint(1, 3)):
            change = self.random.choice([reword, reword, catalogue])
            print(change(self.writer))

    def start(self, *arguments: str) -> Process:
        return Process(self.root, "all", "--cache", self.cache.url, *arguments)

    def check(self) -> None:
        """Build; what is left must be what a clean build makes, and nothing be lost."""
        before = {path: data for path, data in sources(self.root).items() if path != "vn.lock"}
        outcome = build(self.root, **self.cache.reading())
        self.right(outcome)
        now = sources(self.root)
        now.pop("vn.lock")
        assert differing(now, before) == []
        assert did(build(self.root)) == set()

    def right(self, outcome: Any) -> None:
        """Compare what the last build left with a clean build of a copy."""
        assert not outcome.failures
        clean = self.folder / "clean"
        shutil.rmtree(clean, ignore_errors=True)
        should = build(copy_project(self.root, clean), **self.cache.reading())
        assert not should.findings.has_errors
        assert findings(outcome) == findings(should)
        assert differing(tree(self.root / "build"), tree(clean / "build")) == []
        assert (self.root / "vn.lock").read_bytes() == (clean / "vn.lock").read_bytes()
        assert not list((self.root / STATE / "tmp").iterdir())


@pytest.fixture
def place(tmp_path: Path, drawings: Cache) -> Place:
    return Place(tmp_path, tmp_path / "project", drawings, a_random())


def test_killed_at_random_moments(place: Place) -> None:
    random, killed = place.random, 0
    kills = count(20)
    took = {True: 3.0, False: 1.5}
    for number in range(kills):
        cold = number % 4 == 0
        if cold:
            shutil.rmtree(place.root / STATE, ignore_errors=True)
            if random.random() < 0.5:
                shutil.rmtree(place.root / "build", ignore_errors=True)
        place.edit()
        process = place.start("-q")
        time.sleep(random.random() * took[cold])
        killed += process.stop(signal.SIGKILL)
        process.wait()
        if random.random() < 0.3:
            place.edit()
        place.check()
        # How long it takes changes with what else this machine does.
        place.edit()
        process = place.start("-q")
        process.wait()
        took[False] = process.seconds
    print(f"{killed} of {kills} were killed while they ran")


def test_interrupted(place: Place) -> None:
    random, interrupted = place.random, 0
    for number in range(count(10)):
        place.edit()
        if number % 2 == 0:
            shutil.rmtree(place.root / STATE, ignore_errors=True)
        process = place.start("-q")
        # Before the build has its lock, Python itself may be what is interrupted; a lock that was
        # left tells nothing.
        while not (place.root / STATE / "lock").exists() and process.process.poll() is None:
            time.sleep(0.01)
        time.sleep(random.random() * 0.7)
        process.stop(signal.SIGINT, group=random.random() < 0.5)
        code, said = process.wait()
        # Python itself tells an interruption while it starts so.
        assert code in (0, 130, -signal.SIGINT) or "Fatal Python error: init_" in said, said
        interrupted += code != 0
        if code == 130:
            assert "Traceback" not in said
        place.check()
    print(f"{interrupted} were interrupted")


def test_interrupted_while_it_draws(place: Place) -> None:
    """What was drawn until then is kept."""
    place.check()
    for path in place.root.glob("themes/*.yaml"):
        path.write_text(path.read_text().replace('"#1', '"#2'))
    before = drawn(place.root)
    process = Process(place.root, "all", "-q")
    while len(drawn(place.root) - before) < 2 and process.process.poll() is None:
        time.sleep(0.2)
    assert process.stop(signal.SIGINT, group=True)
    code, said = process.wait()
    assert code == 130, said
    assert "Traceback" not in said
    assert not list((place.root / STATE / "tmp").iterdir())
    kept = drawn(place.root) - before
    again = Process(place.root, "all", "-q")
    while drawn(place.root) - before == kept and again.process.poll() is None:
        time.sleep(0.2)
    again.stop(signal.SIGKILL, group=True)
    again.wait()
    assert kept < drawn(place.root) - before


def drawn(root: Path) -> set[tuple[str, str]]:
    """Return the placeholders that were drawn, with the keys they were drawn for."""
    with closing(sqlite3.connect(root / STATE / "store.db")) as store:
        return set(store.execute("SELECT name, key FROM step WHERE name GLOB 'draw *'"))


def test_two_at_once(place: Place) -> None:
    for _ in range(count(20)):
        place.edit()
        if place.random.random() < 0.3:
            shutil.rmtree(place.root / STATE, ignore_errors=True)
        processes = [
            place.start("-q"),
            place.start("-q"),
            Process(place.root, "web", "--cache", place.cache.url, "-q"),
        ]
        for process in processes:
            code, said = process.wait()
            assert code == 0, said
            assert "Traceback" not in said
        place.check()


def test_a_full_disk(tmp_path: Path, disk: Callable[[str], Path], drawings: Cache) -> None:
    random = a_random()
    place = Place(tmp_path, disk("rw") / "project", drawings, random)
    stopped = 0
    for number in range(max(4, count(30))):
        if number % 2 == 0:
            shutil.rmtree(place.root / STATE, ignore_errors=True)
            shutil.rmtree(place.root / "build", ignore_errors=True)
        place.edit()
        state = os.statvfs(place.root)
        used = (state.f_blocks - state.f_bfree) * state.f_frsize
        room = random.choice([20_000, 200_000, 2_000_000, 8_000_000])
        disk(f"size={(used + random.randrange(room)) >> 10}k")
        code, said = place.start("-q").wait()
        if code:
            stopped += 1
            assert code == 3, said
            assert "disk" in said or "space" in said
            assert "Traceback" not in said
        disk("size=200m")
        if number % 2 == 0 and random.random() < 0.5:
            place.edit()
        place.check()
    print(f"{stopped} were stopped")
    assert stopped


def test_what_no_store_knows_of(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that were written and, the disk being full, not remembered: they still go."""
    place.check()
    story = place.root / "build/web/story"
    before = set(story.iterdir())
    flush = Store.flush

    def full(self: Store) -> None:
        if set(story.iterdir()) - before:
            raise OSError(errno.ENOSPC, "no space left", str(self.folder))
        flush(self)

    _reword(place.writer)
    with monkeypatch.context() as patch:
        patch.setattr(Store, "flush", full)
        with pytest.raises(OSError, match="no space"):
            build(place.root, "web", **place.cache.reading())
    assert set(story.iterdir()) - before
    shutil.rmtree(place.root / STATE)
    _reword(place.writer)
    # Another target is none of its business.
    build(place.root, "renpy", **place.cache.reading())
    place.check()


def _reword(writer: Writer) -> None:
    """Reword some lines; a scene may have none."""
    before = sources(writer.root)
    for _ in range(5):
        print(reword(writer))
    while sources(writer.root) == before:
        print(reword(writer))


def test_a_folder_that_may_only_be_read(
    tmp_path: Path, disk: Callable[[str], Path], drawings: Cache
) -> None:
    place = Place(tmp_path, disk("rw") / "project", drawings, a_random())
    place.check()
    disk("ro")
    code, said = Process(place.root, "all").wait()
    assert code == 0, said
    disk("rw")
    _reword(place.writer)
    disk("ro")
    code, said = Process(place.root, "all").wait()
    assert code == 3
    assert str(place.root) in said
    assert "Traceback" not in said
    disk("rw")
    place.check()


class Meddler:
    """Edits the project while it is built, once, when some steps have begun."""

    def __init__(self, after: int, edit: Callable[[], object]) -> None:
        self.after, self.edit = after, edit

    def planned(self, steps: int) -> None:
        pass

    def moved(self, output: str, said: str) -> None:
        pass

    def ended(self, step: Step, how: str, seconds: float) -> None:
        pass

    def began(self, step: Step, rule: Rule) -> None:
        self.after -= 1
        if self.after == 0:
            self.edit()


def test_a_source_that_changes_while_it_is_built(place: Place) -> None:
    random, changed = place.random, 0
    place.check()
    for number in range(count(30)):
        if number % 3 == 0:
            shutil.rmtree(place.root / STATE)
        place.edit()
        before = sources(place.root)
        edit = random.choice([reword, world, delete_block, move_block, _sound])

        def meddle(edit: Callable[[Writer], str | None] = edit) -> None:
            print(f"meanwhile {edit(place.writer)}")

        meddler = Meddler(random.randint(1, 150 if number % 3 == 0 else 12), meddle)
        options = Options(cache=place.cache.url, cache_mode="read")
        outcome = Builder(place.root, options, meddler).build(("renpy", "web"))
        assert not outcome.failures
        after = sources(place.root)
        changed += meddler.after <= 0
        # What is built is the project as it was at one moment.
        left = tree(place.root / "build")
        if not outcome.findings.has_errors:
            assert left in [_built(place, state) for state in (before, after)]
        outcome = build(place.root, **place.cache.reading())
        if outcome.findings.has_errors:
            for path, data in before.items():
                (place.root / path).write_bytes(data)
        place.check()
    print(f"{changed} were changed meanwhile")


def _sound(writer: Writer) -> str | None:
    path = writer.file("assets/*/*.ogg")
    if path is None:
        return None
    path.write_bytes(path.read_bytes() + b"!")
    return f"change {writer.name(path)}"


def _built(place: Place, state: Tree) -> Tree | None:
    folder = place.folder / "at-one-moment"
    shutil.rmtree(folder, ignore_errors=True)
    for path, data in state.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    outcome = build(folder, **place.cache.reading())
    return None if outcome.findings.has_errors else tree(folder / "build")
