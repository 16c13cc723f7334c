"""Whatever happens to a build or to its files: the next one is right, loses nothing, and says what
was wrong."""

from __future__ import annotations

import errno
import os
import pickle
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random, SystemRandom
from typing import IO

import pytest
from engine.building import Folder
from engine.graphs import Project, lay_out

from comfyvn.engine.again import BeginAgainError
from comfyvn.engine.build_lock import BuildLock
from comfyvn.engine.digest import digest_of
from comfyvn.engine.manifest import STATE
from comfyvn.engine.result import Result
from comfyvn.engine.run import Run
from comfyvn.engine.store import Store

SCALE = float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1"))
ROOT = Path(__file__).parents[2]
KILLS = max(1, round(200 * SCALE))
FLIPS = max(1, round(400 * SCALE))


def a_random() -> Random:
    seed = int(os.environ.get("COMFYVN_SEED", "0")) or SystemRandom().randrange(1 << 32)
    print(f"COMFYVN_SEED={seed}")
    return Random(seed)


class Child:
    """A build in a process of its own."""

    def __init__(self, root: Path, project: Project) -> None:
        file = root.parent / f"{root.name}.pickle"
        file.write_bytes(pickle.dumps(project))
        script = ROOT / "tests/engine/building_child.py"
        environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
        self.process = subprocess.Popen(
            [sys.executable, str(script), str(root), str(file)],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.out: IO[str] = self.process.stdout  # type: ignore[assignment]
        assert self.out.readline() == "began\n"

    def end(self) -> tuple[float, str]:
        """Wait; return how long the build took, and its notes."""
        said = self.out.read()
        assert self.process.wait() == 0
        took, _, notes = said.partition("\n")
        return float(took.split()[1]), notes.strip()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.out.close()


class Place:
    """A project in a folder, and what a build in an empty folder makes of it."""

    def __init__(self, tmp_path: Path, random: Random, rules: int = 0, items: int = 4) -> None:
        self.random, self.tmp_path = random, tmp_path
        self.project = Project(random, rules, items)
        self.root = tmp_path / "project"
        self.folder = Folder(self.root)
        self.count = 0

    def build(self) -> Run:
        project = self.project
        # A result that was lost, then a page that cannot be read: so often does a build, too.
        for attempt in range(3):
            lay_out(self.root, project.sources)
            try:
                return self.folder.build(project.plan(), project.values, project.resolve)
            except BeginAgainError as error:
                assert attempt < 2
                self.folder.notes.append(str(error))
        raise AssertionError

    def error(self) -> OSError | None:
        """Build, and return what stopped it."""
        try:
            self.folder.build(self.project.plan(), self.project.values, self.project.resolve)
        except OSError as error:
            return error
        return None

    def check(self, run: Run) -> None:
        """Compare with a build in an empty folder."""
        self.count += 1
        clean = self.tmp_path / f"clean-{self.count}"
        lay_out(clean, self.project.sources)
        project = self.project
        should = Folder(clean).build(project.plan(), project.values, project.resolve)
        bad = {each.step.name for each in should.ran if each.how != "ran"}
        assert {e.step.name for e in run.ran if e.how in ("failed", "skipped")} == bad
        for step in project.steps:
            if step.name not in bad:
                is_, wanted = run.store.made(step.name), should.store.made(step.name)
                assert wanted is not None
                if is_ is None:  # What nobody asked for was found damaged afterwards, by us.
                    assert step.name not in {each.step.name for each in run.ran}
                    continue
                assert is_.result.outputs == wanted.result.outputs, step.name
                assert is_.result.findings == wanted.result.findings, step.name
                for name, digest, _ in is_.result.outputs:
                    if name[0] != "@":
                        assert digest_of((self.root / name).read_bytes()) == digest, name
        if not bad:
            here = {p.relative_to(self.root) for p in (self.root / "build").rglob("*.*")}
            there = {p.relative_to(clean) for p in (clean / "build").rglob("*.*")}
            assert here == there
        for name, data in project.sources.items():
            assert (self.root / name).read_bytes() == data


def test_killed_at_random_moments(tmp_path: Path) -> None:
    random = a_random()
    place = Place(tmp_path, random, rules=8, items=50)
    place.build()
    took, killed = 0.2, 0
    for number in range(KILLS):
        for _ in range(random.randint(1, 4)):
            print(place.project.edit())
        if number % 10 == 0:
            for path in (place.root / STATE).glob("store.db*"):
                path.unlink()
        lay_out(place.root, place.project.sources)
        child = Child(place.root, place.project)
        if number % 10 == 1:
            took = max(0.05, child.end()[0])
        else:
            time.sleep(random.random() * took)
            killed += child.process.poll() is None
            child.kill()
        if random.random() < 0.3:
            print("and", place.project.edit())
        run = place.build()
        assert not [p for p in (place.root / "build").rglob(".*") if p.name != ".files"]
        place.check(run)
    print(f"{killed} of {KILLS} were killed while they ran")


def test_two_builds_at_once(tmp_path: Path) -> None:
    random = a_random()
    place = Place(tmp_path, random, rules=8, items=50)
    lay_out(place.root, place.project.sources)
    children = [Child(place.root, place.project) for _ in range(2)]
    for child in children:
        child.end()
    place.check(place.build())


def test_a_lock_is_waited_for_and_freed_by_a_kill(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time; from pathlib import Path\n"
            "from comfyvn.engine.build_lock import BuildLock\n"
            "with BuildLock(Path(sys.argv[1]), print):\n"
            "    print('held', flush=True); time.sleep(60)",
            str(tmp_path),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    told: list[int] = []

    def waiting(other: int) -> None:
        told.append(other)
        holder.kill()

    with BuildLock(tmp_path, waiting):
        assert told == [holder.pid]
    holder.wait()
    holder.stdout.close()
    with BuildLock(tmp_path, told.append):
        assert len(told) == 1


# A disk that is full, or may not be written


def test_a_full_disk(tmp_path: Path, disk: Callable[[str], Path]) -> None:
    random = a_random()
    place = Place(disk("rw"), random, rules=6, items=12)
    place.tmp_path = tmp_path
    stopped = 0
    for _ in range(max(3, round(50 * SCALE))):
        print(place.project.edit())
        print(place.project.edit_version())
        lay_out(place.root, place.project.sources)
        room = os.statvfs(place.root)
        used = (room.f_blocks - room.f_bfree) * room.f_frsize
        # Little, until one build was stopped by it.
        left = random.randrange(400_000 if stopped else 12_000)
        disk(f"size={(used + left) >> 10}k")
        error = place.error()
        if error is not None:
            stopped += 1
            assert error.errno == errno.ENOSPC, repr(error)
            assert str(place.root) in str(error.filename)
        disk("size=100m")
        run = place.build()
        assert not list((place.root / STATE / "tmp").iterdir())
        place.check(run)
    print(f"{stopped} builds were stopped")
    assert stopped


def test_a_full_disk_does_not_hold_up_who_makes_room(disk: Callable[[str], Path]) -> None:
    root = disk("rw")
    (root / STATE).mkdir()
    (root / "big").write_bytes(bytes(100_000))
    disk("size=100k")
    for _ in range(2):
        with BuildLock(root, pytest.fail):
            pass


def test_a_disk_that_is_full_for_the_database_alone(tmp_path: Path) -> None:
    store = Store(tmp_path / STATE)
    (pages,) = store.database().execute("PRAGMA page_count").fetchone()
    store.database().execute(f"PRAGMA max_page_count={pages + 2}")
    wanted = [bytes([65 + number]) * 4000 for number in range(20)]
    for number, data in enumerate(wanted):
        result = Result(((f"@{number}", store.put(data), 4000),))
        store.set_made(f"step {number}", "key", result)
    with pytest.raises(OSError, match="the disk is full") as caught:
        store.flush()
    assert caught.value.errno == errno.ENOSPC
    assert caught.value.filename == str(tmp_path / STATE / "store.db")
    # What was not written is kept until there is room.
    store._file.connection.execute("PRAGMA max_page_count=1000000")
    store.close()
    again = Store(tmp_path / STATE)
    assert [again.get(digest_of(data)) for data in wanted] == wanted
    assert len(again.names()) == 20
    again.close()


def test_a_folder_that_may_not_be_written(tmp_path: Path, disk: Callable[[str], Path]) -> None:
    place = Place(disk("rw"), Random(5))
    place.tmp_path = tmp_path
    place.build()
    place.project.edit_version()
    disk("ro")
    error = place.error()
    assert error is not None
    assert error.errno == errno.EROFS
    assert str(place.root) in str(error.filename)
    disk("rw")
    place.check(place.build())


# Clocks and bits


def test_a_clock_set_back(tmp_path: Path) -> None:
    random = a_random()
    place = Place(tmp_path, random)
    hour = 3_600_000_000_000
    for number in range(6):
        lay_out(place.root, place.project.sources)
        # The clock was an hour ahead, and goes right from then on.
        for path in (place.root / "src").iterdir():
            then = time.time_ns() + (3 - number) * hour
            os.utime(path, ns=(then, then))
        place.check(place.build())
        path = sorted((place.root / "src").iterdir())[0]
        name, stamp = f"src/{path.name}", path.stat()
        place.project.sources[name] = place.project.words()[::-1]
        path.write_bytes(place.project.sources[name])
        os.utime(path, ns=(stamp.st_mtime_ns - 5 * hour, stamp.st_mtime_ns - 5 * hour))
        place.check(place.build())
        assert not [each for each in place.build().ran if each.how == "ran"]


def flip(random: Random, path: Path) -> str:
    """Damage a file: one bit, a part that is gone, or zeros in its middle."""
    data = bytearray(path.read_bytes())
    if not data:
        return "nothing"
    how = random.choice(["bit", "bit", "bit", "cut", "zeros"])
    at = random.randrange(len(data))
    if how == "bit":
        data[at] ^= 1 << random.randrange(8)
    elif how == "cut":
        del data[at:]
    else:
        data[at : at + 512] = bytes(len(data[at : at + 512]))
    path.chmod(0o644)
    path.write_bytes(data)
    return f"{how} at {at} of {path.name}, {len(data)} bytes"


def leave_log(place: Place) -> None:
    """Build so that the database's log stays, as after a kill."""
    database = place.root / STATE / "store.db"
    holder = sqlite3.connect(database)
    with suppress(sqlite3.DatabaseError):
        holder.execute("SELECT count(*) FROM sqlite_master").fetchone()
    place.build()
    log = database.with_name("store.db-wal")
    # Neither is the file of before, if that was damaged.
    kept = {path: path.read_bytes() for path in (database, log) if path.exists()}
    holder.close()
    for path, data in kept.items():
        path.write_bytes(data)


def test_a_bit_flipped_in_any_stored_file(tmp_path: Path) -> None:
    random = a_random()
    place = Place(tmp_path, random, rules=5, items=8)
    place.build()
    said = 0
    for number in range(FLIPS):
        if number % 8 == 0:
            print(place.project.edit_version())
            leave_log(place)
        names = [
            "store.db",
            "store.db",
            "store.db",
            "store.db-wal",
            "manifest",
            "all.plan",
            "lock",
            "?" * 64,
        ]
        files = sorted((place.root / STATE).rglob(random.choice(names)))
        print(flip(random, random.choice(files)) if files else "no such file")
        print(place.project.edit())
        place.folder.notes.clear()
        run = place.build()
        print(place.folder.notes)
        said += bool(place.folder.notes)
        place.check(run)
    print(f"{said} of {FLIPS} were noticed")
    assert said


def test_what_was_wrong_is_said(tmp_path: Path) -> None:
    place = Place(tmp_path, Random(11), rules=5, items=8)
    run = place.build()
    state = place.root / STATE

    def said() -> str:
        place.folder.notes.clear()
        place.check(place.build())
        return " ".join(place.folder.notes)

    assert said() == ""
    for name in ("manifest", "all.plan"):
        data = (state / name).read_bytes()
        (state / name).write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        assert f"{name}` was damaged" in said()
        assert said() == ""
    (state / "store.db").write_bytes(b"x" * 5000)
    assert "not a database" in said()
    with sqlite3.connect(state / "store.db") as db:
        name = run.plan.steps[0].name
        db.execute("UPDATE step SET body = substr(body, 2) WHERE name = ?", (name,))
    db.close()
    assert f"the result of `{name}` was damaged" in said()


def test_an_index_that_leads_to_what_was_made_before(tmp_path: Path) -> None:
    place = Place(tmp_path, Random(11), rules=5, items=8)
    name = place.build().plan.steps[0].name.encode()
    database = place.root / STATE / "store.db"
    with sqlite3.connect(database) as db:
        (page,) = db.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_step_1'"
        ).fetchone()
        (size,) = db.execute("PRAGMA page_size").fetchone()
    db.close()
    data = bytearray(database.read_bytes())
    at = data.index(name, (page - 1) * size, page * size)
    # The step is not found by its name: a second row of it would stand beside the first.
    data[at] ^= 1
    database.write_bytes(data)
    place.folder.notes.clear()
    place.check(place.build())
    assert "missing from index" in " ".join(place.folder.notes)
