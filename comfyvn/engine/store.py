"""The local store: what each step made last, what it made before, and the results themselves.

Small results live in one SQLite file, committed every few hundred steps; large ones are objects
(`objects.py`). Nothing in it is believed: a row bears a digest of itself, a result is named by its
digest, and what does not fit is as if it were not there. A file that is no database any more is
removed and begun anew.
"""

from __future__ import annotations

import marshal
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from blake3 import blake3

from comfyvn.engine.again import StoreDamagedError
from comfyvn.engine.digest import digest_of
from comfyvn.engine.objects import Objects
from comfyvn.engine.result import Made, Result
from comfyvn.engine.store_file import DAMAGE, StoreFile

SMALL = 1 << 16
"""Bytes up to which a result is kept in the database."""
HOT = 1 << 26
"""Bytes of results kept in memory, so that a cold build does not read back what it wrote."""


class Store:
    """The store below a project's `.comfyvn/`. One build at a time has it open to write.

    What it reads and writes may be asked for from several threads.

    Attributes:
        notes: what else was found damaged, in words for the user.
        empty: whether nothing was ever made.
        temporary: the folder for files that are being written.
    """

    def __init__(self, folder: Path) -> None:
        """Open the store, or begin one.

        Raises:
            OSError: the folder cannot be written.
        """
        temporary = folder / "tmp"
        temporary.mkdir(parents=True, exist_ok=True)
        self._begin(folder, Objects(folder / "objects", temporary), StoreFile)

    def _begin(self, folder: Path, objects: Objects, kind: type[StoreFile]) -> None:
        self.folder, self.objects = folder, objects
        self.temporary = folder / "tmp"
        self.notes: list[str] = []
        self._forget()
        self._file = kind(folder, self._forget)
        self._lock = self._file.lock
        with suppress(StoreDamagedError):
            self.empty = not self._file.rows("SELECT 1 FROM step LIMIT 1")
            self._no_records = not self._file.rows("SELECT 1 FROM record LIMIT 1")

    def _forget(self) -> None:
        self.empty = self._no_records = True
        self._hot: dict[str, bytes] = {}
        self._hot_bytes = 0
        self._made: dict[str, Made | None] = {}
        self._steps: dict[str, tuple[str, str, bytes, bytes]] = {}
        self._records: list[tuple[str, str, bytes, bytes, float]] = []
        self._blobs: list[tuple[bytes, bytes]] = []
        self._stale: list[tuple[str, bytes]] = []

    @property
    def trouble(self) -> str | None:
        """What was wrong with the file that was there, if it was begun anew."""
        return self._file.trouble

    def close(self) -> None:
        """Write what is not written yet and close the file.

        Raises:
            OSError: it cannot be written; it is closed all the same.
        """
        try:
            self.flush()
        except StoreDamagedError:
            pass
        finally:
            self._file.close()

    def database(self) -> sqlite3.Connection:
        """Return the open file, with everything written; to be used within `watched`."""
        self.flush()
        return self._file.connection

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Begin anew if the file turns out to be damaged while `database` is used.

        Raises:
            OSError: it cannot be read or written.
            StoreDamagedError: it was damaged; it is empty now.
        """
        try:
            yield
        except DAMAGE as error:
            raise self._file.damaged(error) from error

    # What holds for the whole

    def meta(self, name: str) -> str:
        """Return a value that was set, or the empty text."""
        rows = self._file.rows("SELECT value FROM meta WHERE name = ?", name)
        return str(rows[0][0]) if rows else ""

    def set_meta(self, name: str, value: str) -> None:
        """Set a value, at once."""
        self._file.change(("INSERT OR REPLACE INTO meta VALUES(?, ?)", [(name, value)]))

    # Steps

    def made(self, step: str) -> Made | None:
        """Return a step's last result."""
        if step in self._made:
            return self._made[step]
        if self.empty:
            return None
        rows = self._file.rows("SELECT key, body, sum FROM step WHERE name = ?", step)
        found = self._made[step] = self._checked(rows[0], step) if rows else None
        return found

    def load_all(self) -> None:
        """Read the last results of all steps at once, which is faster when many are asked for."""
        if self.empty:
            return
        for name, *row in self._file.rows("SELECT name, key, body, sum FROM step"):
            if name not in self._made:
                self._made[name] = self._checked(row, name)

    def all_made(self) -> Iterator[tuple[str, Made]]:
        """Yield what each step made last, by its name."""
        self.load_all()
        return ((name, made) for name, made in self._made.items() if made is not None)

    def _checked(self, row: Sequence[Any], name: str) -> Made | None:
        found = checked(row, name)
        if found is None:
            self.notes.append(f"the result of `{name}` was damaged; it is made again")
        return found

    def set_made(self, step: str, key: str, result: Result) -> None:
        """Set a step's result; what it made before is kept under its key."""
        old = self.made(step)
        if old is not None:
            if old.key and (old.key != key or old.result.reads != result.reads):
                self.add_record(old.key, old.result)
            now = {name for name, _, _ in result.outputs}
            for name, _, _ in old.result.outputs:
                if name[0] != "@" and name not in now:
                    self._stale.append((name, _sum(name, "", b"")))
        made = self._made[step] = Made(key, result)
        body = made.result.dump().encode()
        self._steps[step] = (step, key, body, _sum(step, key, body))

    def unset(self, step: str) -> None:
        """Forget that a step's result is good; the next build looks at it again."""
        old = self.made(step)
        if old is None or old.key:
            self.set_made(step, "", old.result if old else Result(()))

    def unfinished(self) -> list[str]:
        """Return the steps that have no good result since they failed or were skipped."""
        if self.empty:
            return []
        return [name for (name,) in self._file.rows("SELECT name FROM step WHERE key = ''")]

    def remove(self, steps: Iterable[str]) -> None:
        """Forget steps that are in no plan any more, but not their results, should they come back.

        The files that they made are stale.
        """
        names = [(step,) for step in steps]
        for (name,) in names:
            made = self.made(name)
            if made is not None:
                if made.key:
                    self.add_record(made.key, made.result)
                files = (output for output, _, _ in made.result.outputs if output[0] != "@")
                self._stale += [(output, _sum(output, "", b"")) for output in files]
            self._made[name] = None
            self._steps.pop(name, None)
        self.flush()
        self._file.change(("DELETE FROM step WHERE name = ?", names))

    def names(self) -> list[str]:
        """Return the names of all steps with a result."""
        self.flush()
        return [name for (name,) in self._file.rows("SELECT name FROM step ORDER BY name")]

    def stale(self) -> list[str]:
        """Return the files that steps made once and do not make any more; some may again."""
        self.flush()
        rows = self._file.rows("SELECT path, sum FROM stale ORDER BY path")
        return [path for path, total in rows if total == _sum(path, "", b"")]

    def add_stale(self, paths: Iterable[str]) -> None:
        """Add files that some step may have made once."""
        rows = [(path, _sum(path, "", b"")) for path in paths]
        self._file.change(("INSERT OR IGNORE INTO stale VALUES(?, ?)", rows))

    def clear_stale(self, paths: Iterable[str]) -> None:
        """Forget stale files: they are gone, or made again."""
        self._file.change(("DELETE FROM stale WHERE path = ?", [(path,) for path in paths]))

    # What steps asked for while they ran

    def asked(self, rule: str) -> dict[str, set[str]] | None:
        """Return which steps of a rule asked for each artifact; None if that is not known."""
        rows = self._file.rows("SELECT data, sum FROM asked WHERE rule = ?", rule)
        if not rows:
            return None
        data, total = rows[0]
        if not isinstance(data, bytes) or _sum(rule, "", data) != total:
            self.notes.append(f"what the steps of `{rule}` read was damaged; each is looked at")
            return None
        found: dict[str, set[str]] = marshal.loads(data)
        return found

    def set_asked(self, asked: Mapping[str, Mapping[str, set[str]]]) -> None:
        """Set which steps of some rules asked for what."""
        rows = []
        for rule, names in asked.items():
            data = marshal.dumps(dict(names))
            rows.append((rule, data, _sum(rule, "", data)))
        self._file.change(("INSERT OR REPLACE INTO asked VALUES(?, ?, ?)", rows))

    # What was made under a key before

    def records(self, key: str) -> Iterator[Result]:
        """Yield what steps of this key made, once for each set of discovered inputs."""
        if self._no_records and not self._records:
            return
        self.flush()
        for variant, body, total in self._file.rows(
            "SELECT variant, body, sum FROM record WHERE key = ?", key
        ):
            made = checked((key, body, total), variant)
            if made is not None:
                yield made.result

    def add_record(self, key: str, result: Result) -> None:
        """Add what a step of this key made before or elsewhere."""
        variant, body = result.variant(), result.dump().encode()
        self._records.append((key, variant, body, _sum(variant, key, body), round(time.time(), 3)))

    # Results

    def put(self, data: bytes) -> str:
        """Keep bytes; return their digest.

        Raises:
            OSError: they cannot be written.
        """
        digest = digest_of(data)
        if len(data) > SMALL:
            self.objects.put(digest, data)
        elif digest not in self._hot:
            with self._lock:
                self._blobs.append((bytes.fromhex(digest), data))
                self._remember(digest, data)
        return digest

    def get(self, digest: str) -> bytes | None:
        """Return the bytes of a digest, or None if they are not here or damaged."""
        data = self._hot.get(digest)
        if data is not None:
            return data
        if self._blobs:
            self.flush()
        rows = self._file.rows("SELECT data FROM blob WHERE digest = ?", bytes.fromhex(digest))
        if not rows:
            was_there = self.objects.path(digest).exists()
            data = self.objects.get(digest)
            if data is None and was_there:
                self.notes.append("a stored result was damaged; it is made again")
            return data
        data = rows[0][0]
        if not isinstance(data, bytes) or digest_of(data) != digest:
            self._file.change(("DELETE FROM blob WHERE digest = ?", [(bytes.fromhex(digest),)]))
            self.notes.append("a stored result was damaged; it is made again")
            return None
        with self._lock:
            self._remember(digest, data)
        return data

    def has(self, digest: str) -> bool:
        """Whether the bytes of a digest are here; they may still be damaged."""
        if digest in self._hot:
            return True
        if self._blobs:
            self.flush()
        if self._file.rows("SELECT 1 FROM blob WHERE digest = ?", bytes.fromhex(digest)):
            return True
        return self.objects.path(digest).exists()

    def _remember(self, digest: str, data: bytes) -> None:
        if digest not in self._hot:
            self._hot[digest] = data
            self._hot_bytes += len(data)
            while self._hot_bytes > HOT:
                oldest = next(iter(self._hot))
                self._hot_bytes -= len(self._hot.pop(oldest))

    # Writing

    @property
    def unwritten(self) -> int:
        """How many rows wait to be written."""
        return len(self._steps) + len(self._blobs)

    def flush(self) -> None:
        """Write what waits, as one transaction.

        Raises:
            OSError: the disk is full, or the file cannot be written.
            StoreDamagedError: the file turned out to be damaged.
        """
        with self._lock:
            if not (self._steps or self._blobs or self._records or self._stale):
                return
            self._file.change(
                ("INSERT OR IGNORE INTO blob VALUES(?, ?)", self._blobs),
                ("INSERT OR REPLACE INTO step VALUES(?, ?, ?, ?)", self._steps.values()),
                ("INSERT OR REPLACE INTO record VALUES(?, ?, ?, ?, ?)", self._records),
                ("INSERT OR IGNORE INTO stale VALUES(?, ?)", self._stale),
            )
            self._no_records = self._no_records and not self._records
            self._steps.clear()
            self._blobs.clear()
            self._records.clear()
            self._stale.clear()


def _sum(name: str, key: str, body: bytes) -> bytes:
    return blake3(f"{name}\0{key}\0".encode() + body).digest(8)


def checked(row: Sequence[Any], name: str) -> Made | None:
    """Return the result in a row of key, body and sum; None if it is not as it was written."""
    key, body, total = row
    try:
        return Made(key, Result.parse(body)) if _sum(name, key, body) == total else None
    except (ValueError, TypeError):
        return None
