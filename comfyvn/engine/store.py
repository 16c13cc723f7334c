"""The local store: what each step made last, what it made before, and the results themselves.

Small results live in one SQLite file, committed every few hundred steps; large ones are objects
(`objects.py`). Nothing in it is believed: a row bears a digest of itself, a result is named by its
digest, and what does not fit is as if it were not there. A file that is no database any more is
put aside and begun anew.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from blake3 import blake3

from comfyvn.engine.digest import digest_of
from comfyvn.engine.objects import Objects

FILE = "store.db"
SMALL = 1 << 16
"""Bytes up to which a result is kept in the database."""
HOT = 1 << 26
"""Bytes of results kept in memory, so that a cold build does not read back what it wrote."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS step(name TEXT PRIMARY KEY, key TEXT, body TEXT, sum BLOB);
CREATE INDEX IF NOT EXISTS unfinished ON step(name) WHERE key = '';
CREATE TABLE IF NOT EXISTS reader(
  artifact TEXT, step TEXT, PRIMARY KEY(artifact, step)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS record(
  key TEXT, variant TEXT, body TEXT, sum BLOB, at INTEGER DEFAULT (strftime('%s', 'now')),
  PRIMARY KEY(key, variant));
CREATE TABLE IF NOT EXISTS stale(path TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS blob(digest BLOB PRIMARY KEY, data BLOB);
"""


class Result(NamedTuple):
    """What a step made.

    Attributes:
        outputs: name, digest and size of each, in the order of their names.
        reads: name and digest of each discovered input, in the order of their names.
        findings: diagnostics as JSON values.
        inputs: the beginning of each declared input's digest, to tell later which one changed.
        seconds: how long it took.
    """

    outputs: tuple[tuple[str, str, int], ...]
    reads: tuple[tuple[str, str], ...] = ()
    findings: tuple[Any, ...] = ()
    inputs: tuple[str, ...] = ()
    seconds: float = 0.0

    def dump(self) -> str:
        """Return it as JSON."""
        return json.dumps(self, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def parse(cls, body: str) -> Result:
        """Read what `dump` gave.

        Raises:
            ValueError: it is something else.
        """
        outputs, reads, findings, inputs, seconds = json.loads(body)
        return cls(
            tuple((name, digest, size) for name, digest, size in outputs),
            tuple((name, digest) for name, digest in reads),
            tuple(findings),
            tuple(inputs),
            float(seconds),
        )


class Made(NamedTuple):
    """A step's last result and the key it has."""

    key: str
    result: Result


class Store:
    """The store below a project's `.comfyvn/`. One build at a time has it open to write."""

    def __init__(self, folder: Path) -> None:
        """Open the store, or begin one.

        Raises:
            OSError: the folder cannot be written.
        """
        self.folder = folder
        self.objects = Objects(folder / "objects")
        self.trouble: str | None = None
        """What was wrong with the file that was there, if it was put aside."""
        folder.mkdir(parents=True, exist_ok=True)
        try:
            self._open()
        except sqlite3.DatabaseError as error:
            if "unable to open" in str(error) or "readonly" in str(error):
                raise OSError(f"{folder / FILE}: {error}") from error
            self.begin_anew(str(error))
        self._hot: dict[str, bytes] = {}
        self._hot_bytes = 0
        self._made: dict[str, Made | None] = {}
        self._steps: dict[str, tuple[str, str, str, bytes]] = {}
        self._readers: list[tuple[str, str]] = []
        self._unread: list[tuple[str]] = []
        self._records: list[tuple[str, str, str, bytes]] = []
        self._blobs: list[tuple[bytes, bytes]] = []
        self._stale: list[tuple[str]] = []

    def _open(self) -> None:
        path = self.folder / FILE
        self._db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_SCHEMA)
        self.empty = self._db.execute("SELECT 1 FROM step LIMIT 1").fetchone() is None

    def begin_anew(self, why: str) -> None:
        """Put a damaged database aside and begin an empty one."""
        self.trouble = why
        if hasattr(self, "_db"):
            self._db.close()
        for ending in ("", "-wal", "-shm"):
            path = self.folder / f"{FILE}{ending}"
            path.unlink(missing_ok=True)
        self._open()

    def close(self) -> None:
        """Write what is not written yet and close the file."""
        self.flush()
        self._db.close()

    # What holds for the whole

    def meta(self, name: str) -> str:
        """Return a value that was set, or the empty text."""
        row = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def set_meta(self, name: str, value: str) -> None:
        """Set a value, at once."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES(?, ?)", (name, value))

    # Steps

    def made(self, step: str) -> Made | None:
        """Return a step's last result."""
        if step in self._made:
            return self._made[step]
        if self.empty:
            return None
        row = self._db.execute("SELECT key, body, sum FROM step WHERE name = ?", (step,)).fetchone()
        found = self._made[step] = checked(row, step)
        return found

    def load_all(self) -> None:
        """Read the last results of all steps at once, which is faster when many are asked for."""
        if self.empty:
            return
        for name, *row in self._db.execute("SELECT name, key, body, sum FROM step"):
            if name not in self._made:
                self._made[name] = checked(row, name)

    def set_made(self, step: str, key: str, result: Result) -> None:
        """Set a step's result; what it made before is kept under its key."""
        old = self.made(step)
        if old is not None:
            if old.key and old.key != key:
                variant = _variant(old.result.reads)
                body = old.result.dump()
                self._records.append((old.key, variant, body, _sum(variant, old.key, body)))
            if old.result.reads != result.reads:
                self._unread.append((step,))
                self._readers += [(name, step) for name, _ in result.reads]
        else:
            self._readers += [(name, step) for name, _ in result.reads]
        made = self._made[step] = Made(key, result)
        body = made.result.dump()
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
        return [name for (name,) in self._db.execute("SELECT name FROM step WHERE key = ''")]

    def remove(self, steps: Iterable[str]) -> None:
        """Forget steps that are in no plan any more; the files they wrote become stale."""
        names = [(step,) for step in steps]
        for (name,) in names:
            made = self.made(name)
            self.add_stale(output for output, _, _ in (made.result.outputs if made else ()))
            self._made[name] = None
            self._steps.pop(name, None)
        self.flush()
        self._db.execute("BEGIN")
        self._db.executemany("DELETE FROM step WHERE name = ?", names)
        self._db.executemany("DELETE FROM reader WHERE step = ?", names)
        self._db.execute("COMMIT")

    def names(self) -> list[str]:
        """Return the names of all steps with a result."""
        self.flush()
        return [name for (name,) in self._db.execute("SELECT name FROM step ORDER BY name")]

    def readers(self, artifact: str) -> list[str]:
        """Return the steps that asked for an artifact while they ran."""
        if self.empty:
            return []
        rows = self._db.execute("SELECT step FROM reader WHERE artifact = ?", (artifact,))
        return [step for (step,) in rows]

    def all_readers(self) -> dict[str, list[str]]:
        """Return the steps that asked for each artifact."""
        found: dict[str, list[str]] = {}
        if not self.empty:
            for artifact, step in self._db.execute("SELECT artifact, step FROM reader"):
                found.setdefault(artifact, []).append(step)
        return found

    # Files that no step writes any more

    def add_stale(self, outputs: Iterable[str]) -> None:
        """Note files that may have to go once the build is done."""
        self._stale += [(name,) for name in outputs if name[0] != "@"]

    def stale(self) -> list[str]:
        """Return the files that were noted."""
        self.flush()
        return [path for (path,) in self._db.execute("SELECT path FROM stale ORDER BY path")]

    def clear_stale(self) -> None:
        """Forget what was noted: the files are gone, or are written again."""
        self._db.execute("DELETE FROM stale")

    # What was made under a key before

    def records(self, key: str) -> Iterator[Result]:
        """Yield what steps of this key made, once for each set of discovered inputs."""
        if self.empty and not self._records:
            return
        self.flush()
        rows = self._db.execute("SELECT variant, body, sum FROM record WHERE key = ?", (key,))
        for variant, body, total in rows.fetchall():
            made = checked((key, body, total), variant)
            if made is not None:
                yield made.result

    def add_record(self, key: str, result: Result) -> None:
        """Add what a step of this key made elsewhere."""
        variant, body = _variant(result.reads), result.dump()
        self._records.append((key, variant, body, _sum(variant, key, body)))

    # Results

    def put(self, data: bytes) -> str:
        """Keep bytes; return their digest.

        Raises:
            OSError: they cannot be written.
        """
        digest = digest_of(data)
        if len(data) > SMALL:
            self.objects.put(digest, data)
        else:
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
        row = self._db.execute(
            "SELECT data FROM blob WHERE digest = ?", (bytes.fromhex(digest),)
        ).fetchone()
        if row is None:
            return self.objects.get(digest)
        data = bytes(row[0])
        if digest_of(data) != digest:
            self._db.execute("DELETE FROM blob WHERE digest = ?", (bytes.fromhex(digest),))
            return None
        self._remember(digest, data)
        return data

    def has(self, digest: str) -> bool:
        """Whether the bytes of a digest are here; they may still be damaged."""
        if digest in self._hot or self.objects.path(digest).exists():
            return True
        if self._blobs:
            self.flush()
        row = self._db.execute("SELECT 1 FROM blob WHERE digest = ?", (bytes.fromhex(digest),))
        return row.fetchone() is not None

    def _remember(self, digest: str, data: bytes) -> None:
        if digest not in self._hot:
            self._hot[digest] = data
            self._hot_bytes += len(data)
            while self._hot_bytes > HOT:
                oldest = next(iter(self._hot))
                self._hot_bytes -= len(self._hot.pop(oldest))

    # Writing

    def database(self) -> sqlite3.Connection:
        """Return the database with everything in it, for `comfyvn.engine.upkeep`."""
        self.flush()
        return self._db

    @property
    def unwritten(self) -> int:
        """How many rows wait to be written."""
        return len(self._steps) + len(self._blobs)

    def flush(self) -> None:
        """Write what waits, as one transaction.

        Raises:
            OSError: the disk is full, or the file cannot be written.
        """
        if not (self._steps or self._blobs or self._records or self._stale):
            return
        db = self._db
        try:
            db.execute("BEGIN IMMEDIATE")
            db.executemany("INSERT OR IGNORE INTO blob VALUES(?, ?)", self._blobs)
            db.executemany("INSERT OR REPLACE INTO step VALUES(?, ?, ?, ?)", self._steps.values())
            db.executemany("DELETE FROM reader WHERE step = ?", self._unread)
            db.executemany("INSERT OR IGNORE INTO reader VALUES(?, ?)", self._readers)
            db.executemany(
                "INSERT OR REPLACE INTO record(key, variant, body, sum) VALUES(?, ?, ?, ?)",
                self._records,
            )
            db.executemany("INSERT OR IGNORE INTO stale VALUES(?)", self._stale)
            db.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise OSError(f"{self.folder / FILE}: {error}") from error
        self._steps.clear()
        self._blobs.clear()
        self._unread.clear()
        self._readers.clear()
        self._records.clear()
        self._stale.clear()


def _variant(reads: Sequence[tuple[str, str]]) -> str:
    return digest_of(json.dumps(reads).encode())[:16] if reads else ""


def _sum(name: str, key: str, body: str) -> bytes:
    return blake3(f"{name}\0{key}\0{body}".encode()).digest(8)


def checked(row: Sequence[Any] | None, name: str) -> Made | None:
    """Return a row's result, unless it is not as it was written."""
    if row is None:
        return None
    key, body, total = row
    try:
        return Made(key, Result.parse(body)) if _sum(name, key, body) == total else None
    except (ValueError, TypeError):
        return None
