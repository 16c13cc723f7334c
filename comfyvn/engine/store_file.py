"""The SQLite file of a store. One that is damaged is removed and begun anew."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from threading import RLock
from typing import Any

from comfyvn.engine.again import StoreDamagedError

FILE = "store.db"
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
DAMAGE = (sqlite3.DatabaseError, UnicodeDecodeError)
"""What a damaged file raises. SQLite quotes it in its messages, letter for letter."""
_LITTLE = 1 << 16
"""Bytes left on a disk that are too few for the index of SQLite's log."""
_NOT_DAMAGE = {
    sqlite3.SQLITE_FULL: (errno.ENOSPC, "the disk is full"),
    sqlite3.SQLITE_READONLY: (errno.EROFS, "the folder cannot be written"),
    sqlite3.SQLITE_CANTOPEN: (errno.EACCES, "the file cannot be opened"),
    sqlite3.SQLITE_PERM: (errno.EACCES, "the file cannot be opened"),
    sqlite3.SQLITE_BUSY: (errno.EBUSY, "another program keeps the file locked"),
    sqlite3.SQLITE_LOCKED: (errno.EBUSY, "another program keeps the file locked"),
    sqlite3.SQLITE_IOERR: (errno.EIO, "the disk cannot be read or written"),
}


class StoreFile:
    """The open file, asked and changed from any thread.

    Attributes:
        connection: of SQLite.
        lock: held while it is used.
        trouble: what was wrong with the file that was there, if it was begun anew.
    """

    def __init__(self, folder: Path, begun: Callable[[], None]) -> None:
        """Open the file in a folder, or begin one.

        Args:
            folder: the folder, which is there.
            begun: is told that the file is empty now, whatever it was.

        Raises:
            OSError: the folder cannot be written.
        """
        self.folder = folder
        self.trouble: str | None = None
        self.lock = RLock()
        self._begun = begun
        self.open()

    def open(self) -> None:
        """Open the file, or begin one.

        Raises:
            OSError: the folder cannot be written.
        """
        try:
            self._open()
        except DAMAGE as error:
            self._give_up(error)
            self.begin_anew(str(error))

    def _open(self) -> None:
        path = self.folder / FILE
        self.connection = sqlite3.connect(
            path, timeout=30, isolation_level=None, check_same_thread=False
        )
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=NORMAL")
        (version,) = self.connection.execute("PRAGMA user_version").fetchone()
        if version not in (0, VERSION):
            # Of another version of ComfyVN. What it knows can be made again.
            self._remove()
            self._open()
            return
        if version == 0:
            if self.connection.execute("SELECT 1 FROM sqlite_master").fetchone():
                raise sqlite3.DatabaseError("its version is lost")
            self.connection.executescript(f"BEGIN;{SCHEMA}PRAGMA user_version={VERSION};COMMIT")
            return
        # The index of steps can be damaged so that it leads to a row of before, whose sum is right.
        (said,) = self.connection.execute("PRAGMA integrity_check(step)").fetchone()
        if said != "ok":
            raise sqlite3.DatabaseError(said)

    def _remove(self) -> None:
        if hasattr(self, "connection"):
            with suppress(sqlite3.Error):
                self.connection.close()
        for ending in ("", "-wal", "-shm"):
            (self.folder / f"{FILE}{ending}").unlink(missing_ok=True)

    def begin_anew(self, why: str) -> None:
        """Remove a damaged database and begin an empty one.

        Raises:
            OSError: the folder cannot be written.
        """
        self.trouble = why
        self._begun()
        self._remove()
        try:
            self._open()
        except DAMAGE as error:
            self._give_up(error)
            raise OSError(errno.EIO, str(error), str(self.folder / FILE)) from error

    def _give_up(self, error: Exception) -> None:
        """Raise what is wrong, if it is something else than a damaged file."""
        code = getattr(error, "sqlite_errorcode", None)
        if isinstance(error, sqlite3.ProgrammingError):
            raise error
        known = _NOT_DAMAGE.get((code or 0) & 0xFF)
        if known is not None and code != sqlite3.SQLITE_IOERR_SHORT_READ:
            number, text = known
            if number in (errno.EROFS, errno.EACCES) and self._may_write():
                return  # Only the file says so, of itself.
            if number == errno.EIO and shutil.disk_usage(self.folder).free < _LITTLE:
                # What is left is too little for the log's index.
                number, text = _NOT_DAMAGE[sqlite3.SQLITE_FULL]
            raise OSError(number, text, str(self.folder / FILE)) from error

    def _may_write(self) -> bool:
        path = self.folder / FILE
        return os.access(self.folder, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))

    def damaged(self, error: Exception) -> StoreDamagedError:
        """Begin anew if the file is damaged, and return what to raise; raise what else is wrong."""
        with suppress(sqlite3.Error):
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
        self._give_up(error)
        why = str(error).partition(" with text")[0]
        self.begin_anew(why)
        return StoreDamagedError(f"`{FILE}` was damaged ({why}); it was begun anew")

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask.

        Raises:
            OSError: it cannot be read.
            StoreDamagedError: it turned out to be damaged, and was begun anew.
        """
        try:
            with self.lock:
                return self.connection.execute(sql, values).fetchall()
        except DAMAGE as error:
            raise self.damaged(error) from error

    def change(self, *changes: tuple[str, Iterable[tuple[object, ...]]]) -> None:
        """Do changes as one transaction.

        Raises:
            OSError: the disk is full, or the file cannot be written.
            StoreDamagedError: it turned out to be damaged, and was begun anew.
        """
        with self.lock:
            try:
                self.connection.execute("BEGIN IMMEDIATE")
                for sql, rows in changes:
                    self.connection.executemany(sql, rows)
                self.connection.execute("COMMIT")
            except DAMAGE as error:
                raise self.damaged(error) from error

    def close(self) -> None:
        """Close the file."""
        with suppress(sqlite3.Error):
            self.connection.close()
