"""The local store: what each step made last, what it made before, and the results themselves.

Small results live in one SQLite file, committed every few hundred steps; large ones are objects
(`objects.py`). Nothing in it is believed: a row bears a digest of itself, a result is named by its
digest, and what does not fit is as if it were not there. A file that is no database any more is
removed and begun anew.
"""

from __future__ import annotations

import errno
import json
import marshal
import os
import shutil
import sqlite3
import time
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import RLock
from typing import Any, NamedTuple

from blake3 import blake3

from comfyvn.engine.again import StoreDamagedError
from comfyvn.engine.digest import ABSENT, digest_of
from comfyvn.engine.objects import Objects

FILE = "store.db"
SMALL = 1 << 16
"""Bytes up to which a result is kept in the database."""
HOT = 1 << 26
"""Bytes of results kept in memory, so that a cold build does not read back what it wrote."""
SCHEMA = """
CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS step(name TEXT PRIMARY KEY, key TEXT, body BLOB, sum BLOB);
CREATE INDEX IF NOT EXISTS unfinished ON step(name) WHERE key = '';
CREATE TABLE IF NOT EXISTS asked(rule TEXT PRIMARY KEY, data BLOB, sum BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS stale(path TEXT PRIMARY KEY, sum BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS record(
  key TEXT, variant TEXT, body BLOB, sum BLOB, at REAL, PRIMARY KEY(key, variant));
CREATE TABLE IF NOT EXISTS blob(digest BLOB PRIMARY KEY, data BLOB);
"""
VERSION = 2
_NOT_DAMAGE = {
    sqlite3.SQLITE_FULL: (errno.ENOSPC, "the disk is full"),
    sqlite3.SQLITE_READONLY: (errno.EROFS, "the folder cannot be written"),
    sqlite3.SQLITE_CANTOPEN: (errno.EACCES, "the file cannot be opened"),
    sqlite3.SQLITE_PERM: (errno.EACCES, "the file cannot be opened"),
    sqlite3.SQLITE_BUSY: (errno.EBUSY, "another program keeps the file locked"),
    sqlite3.SQLITE_LOCKED: (errno.EBUSY, "another program keeps the file locked"),
    sqlite3.SQLITE_IOERR: (errno.EIO, "the disk cannot be read or written"),
}
_encode = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), check_circular=False
).encode


class Cause(NamedTuple):
    """Why a result is as it is, for whoever asks later.

    Attributes:
        at: when the build began that made it, in seconds since 1970; the same for all its steps.
        how: `ran`, or where a result that held came from: `reused`, `fetched`.
        why: as in `comfyvn.engine.ran.Reason`.
        names: the first of those that changed.
        more: how many others did.
    """

    at: float
    how: str
    why: str
    names: tuple[str, ...] = ()
    more: int = 0


class Result(NamedTuple):
    """What a step made.

    Attributes:
        outputs: name, digest and size of each, in the order of their names.
        reads: name and digest of each discovered input, in the order of their names.
        findings: diagnostics as JSON values.
        inputs: the beginning of each declared input's digest, to tell later which one changed.
        seconds: how long it took.
        cause: why it was made, here; it is no part of what travels to other machines.
    """

    outputs: tuple[tuple[str, str, int], ...]
    reads: tuple[tuple[str, str], ...] = ()
    findings: tuple[Any, ...] = ()
    inputs: tuple[str, ...] = ()
    seconds: float = 0.0
    cause: Cause | None = None

    def digest(self, name: str) -> str:
        """Return the digest of an output; `ABSENT` if there is none of this name."""
        outputs = self.outputs
        at = bisect_left(outputs, (name,))
        return outputs[at][1] if at < len(outputs) and outputs[at][0] == name else ABSENT

    def dump(self) -> str:
        """Return it as JSON."""
        return _encode(self)

    @classmethod
    def parse(cls, body: str | bytes) -> Result:
        """Read what `dump` gave.

        Raises:
            ValueError: it is something else.
        """
        outputs, reads, findings, inputs, seconds, cause = json.loads(body)
        return cls(
            tuple((name, digest, size) for name, digest, size in outputs),
            tuple((name, digest) for name, digest in reads),
            tuple(findings),
            tuple(inputs),
            float(seconds),
            _cause(cause),
        )


def _cause(value: Any) -> Cause | None:
    if value is None:
        return None
    at, how, why, names, more = value
    return Cause(float(at), how, why, tuple(names), int(more))


class Made(NamedTuple):
    """A step's last result and the key it has; the key is empty if the step is to be done again."""

    key: str
    result: Result


class Store:
    """The store below a project's `.comfyvn/`. One build at a time has it open to write.

    What it reads and writes may be asked for from several threads.

    Attributes:
        trouble: what was wrong with the file that was there, if it was begun anew.
        notes: what else was found damaged, in words for the user.
        empty: whether nothing was ever made.
        temporary: the folder for files that are being written.
    """

    def __init__(self, folder: Path) -> None:
        """Open the store, or begin one.

        Raises:
            OSError: the folder cannot be written.
        """
        self.folder = folder
        self.trouble: str | None = None
        self.notes: list[str] = []
        self.temporary = folder / "tmp"
        self.temporary.mkdir(parents=True, exist_ok=True)
        self.objects = Objects(folder / "objects", self.temporary)
        self._lock = RLock()
        self._forget()
        try:
            self._open()
        except sqlite3.DatabaseError as error:
            self._give_up(error)
            self.begin_anew(str(error))

    def _forget(self) -> None:
        self._hot: dict[str, bytes] = {}
        self._hot_bytes = 0
        self._made: dict[str, Made | None] = {}
        self._steps: dict[str, tuple[str, str, bytes, bytes]] = {}
        self._records: list[tuple[str, str, bytes, bytes, float]] = []
        self._blobs: list[tuple[bytes, bytes]] = []
        self._stale: list[tuple[str, bytes]] = []

    def _open(self) -> None:
        path = self.folder / FILE
        self._db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version not in (0, VERSION):
            # Of another version of ComfyVN. What it knows can be made again.
            self._remove()
            self._open()
            return
        if version == 0:
            if self._db.execute("SELECT 1 FROM sqlite_master").fetchone():
                raise sqlite3.DatabaseError("its version is lost")
            self._db.executescript(f"BEGIN;{SCHEMA}PRAGMA user_version={VERSION};COMMIT")
        self._look()

    def _look(self) -> None:
        self.empty = self._db.execute("SELECT 1 FROM step LIMIT 1").fetchone() is None
        self._no_records = self._db.execute("SELECT 1 FROM record LIMIT 1").fetchone() is None

    def _remove(self) -> None:
        if hasattr(self, "_db"):
            with suppress(sqlite3.Error):
                self._db.close()
        for ending in ("", "-wal", "-shm"):
            (self.folder / f"{FILE}{ending}").unlink(missing_ok=True)

    def begin_anew(self, why: str) -> None:
        """Remove a damaged database and begin an empty one.

        Raises:
            OSError: the folder cannot be written.
        """
        self.trouble = why
        self._forget()
        self._remove()
        try:
            self._open()
        except sqlite3.DatabaseError as error:
            self._give_up(error)
            raise OSError(errno.EIO, str(error), str(self.folder / FILE)) from error

    def _give_up(self, error: sqlite3.DatabaseError) -> None:
        """Raise what is wrong, if it is something else than a damaged file."""
        code = getattr(error, "sqlite_errorcode", None)
        if isinstance(error, sqlite3.ProgrammingError):
            raise error
        known = _NOT_DAMAGE.get((code or 0) & 0xFF)
        if known is not None and code != sqlite3.SQLITE_IOERR_SHORT_READ:
            number, text = known
            if number in (errno.EROFS, errno.EACCES) and self._may_write():
                return  # Only the file says so, of itself.
            if number == errno.EIO and shutil.disk_usage(self.folder).free < SMALL:
                # What is left is too little for the log's index.
                number, text = _NOT_DAMAGE[sqlite3.SQLITE_FULL]
            raise OSError(number, text, str(self.folder / FILE)) from error

    def _may_write(self) -> bool:
        path = self.folder / FILE
        return os.access(self.folder, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))

    def _damaged(self, error: sqlite3.DatabaseError) -> StoreDamagedError:
        """Begin anew if the file is damaged, and return what to raise; raise what else is wrong."""
        with suppress(sqlite3.Error):
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
        self._give_up(error)
        why = str(error).partition(" with text")[0]
        self.begin_anew(why)
        return StoreDamagedError(f"`{FILE}` was damaged ({why}); it was begun anew")

    def _rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        try:
            with self._lock:
                return self._db.execute(sql, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise self._damaged(error) from error

    def _change(self, *changes: tuple[str, Iterable[tuple[object, ...]]]) -> None:
        """Do changes as one transaction."""
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                for sql, rows in changes:
                    self._db.executemany(sql, rows)
                self._db.execute("COMMIT")
            except sqlite3.DatabaseError as error:
                raise self._damaged(error) from error

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
            with suppress(sqlite3.Error):
                self._db.close()

    def database(self) -> sqlite3.Connection:
        """Return the open file, with everything written."""
        self.flush()
        return self._db

    # What holds for the whole

    def meta(self, name: str) -> str:
        """Return a value that was set, or the empty text."""
        rows = self._rows("SELECT value FROM meta WHERE name = ?", name)
        return str(rows[0][0]) if rows else ""

    def set_meta(self, name: str, value: str) -> None:
        """Set a value, at once."""
        self._change(("INSERT OR REPLACE INTO meta VALUES(?, ?)", [(name, value)]))

    # Steps

    def made(self, step: str) -> Made | None:
        """Return a step's last result."""
        if step in self._made:
            return self._made[step]
        if self.empty:
            return None
        rows = self._rows("SELECT key, body, sum FROM step WHERE name = ?", step)
        found = self._made[step] = self._checked(rows[0], step) if rows else None
        return found

    def load_all(self) -> None:
        """Read the last results of all steps at once, which is faster when many are asked for."""
        if self.empty:
            return
        for name, *row in self._rows("SELECT name, key, body, sum FROM step"):
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
        return [name for (name,) in self._rows("SELECT name FROM step WHERE key = ''")]

    def remove(self, steps: Iterable[str]) -> None:
        """Forget steps that are in no plan any more; the files they made are stale."""
        names = [(step,) for step in steps]
        for (name,) in names:
            made = self.made(name)
            if made is not None:
                files = (output for output, _, _ in made.result.outputs if output[0] != "@")
                self._stale += [(output, _sum(output, "", b"")) for output in files]
            self._made[name] = None
            self._steps.pop(name, None)
        self.flush()
        self._change(("DELETE FROM step WHERE name = ?", names))

    def names(self) -> list[str]:
        """Return the names of all steps with a result."""
        self.flush()
        return [name for (name,) in self._rows("SELECT name FROM step ORDER BY name")]

    def stale(self) -> list[str]:
        """Return the files that steps made once and do not make any more; some may again."""
        self.flush()
        rows = self._rows("SELECT path, sum FROM stale ORDER BY path")
        return [path for path, total in rows if total == _sum(path, "", b"")]

    def clear_stale(self, paths: Iterable[str]) -> None:
        """Forget stale files: they are gone, or made again."""
        self._change(("DELETE FROM stale WHERE path = ?", [(path,) for path in paths]))

    # What steps asked for while they ran

    def asked(self, rule: str) -> dict[str, set[str]] | None:
        """Return which steps of a rule asked for each artifact; None if that is not known."""
        rows = self._rows("SELECT data, sum FROM asked WHERE rule = ?", rule)
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
        self._change(("INSERT OR REPLACE INTO asked VALUES(?, ?, ?)", rows))

    # What was made under a key before

    def records(self, key: str) -> Iterator[Result]:
        """Yield what steps of this key made, once for each set of discovered inputs."""
        if self._no_records and not self._records:
            return
        self.flush()
        for variant, body, total in self._rows(
            "SELECT variant, body, sum FROM record WHERE key = ?", key
        ):
            made = checked((key, body, total), variant)
            if made is not None:
                yield made.result

    def add_record(self, key: str, result: Result) -> None:
        """Add what a step of this key made before or elsewhere."""
        variant, body = _variant(result.reads), result.dump().encode()
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
        rows = self._rows("SELECT data FROM blob WHERE digest = ?", bytes.fromhex(digest))
        if not rows:
            was_there = self.objects.path(digest).exists()
            data = self.objects.get(digest)
            if data is None and was_there:
                self.notes.append("a stored result was damaged; it is made again")
            return data
        data = rows[0][0]
        if not isinstance(data, bytes) or digest_of(data) != digest:
            self._change(("DELETE FROM blob WHERE digest = ?", [(bytes.fromhex(digest),)]))
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
        if self._rows("SELECT 1 FROM blob WHERE digest = ?", bytes.fromhex(digest)):
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
            self._change(
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


def _variant(reads: Sequence[tuple[str, str]]) -> str:
    return digest_of(_encode(reads).encode())[:16] if reads else ""


def _sum(name: str, key: str, body: bytes) -> bytes:
    return blake3(f"{name}\0{key}\0".encode() + body).digest(8)


def checked(row: Sequence[Any], name: str) -> Made | None:
    """Return the result in a row of key, body and sum; None if it is not as it was written."""
    key, body, total = row
    try:
        return Made(key, Result.parse(body)) if _sum(name, key, body) == total else None
    except (ValueError, TypeError):
        return None
