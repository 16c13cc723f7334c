"""A store looked at and left as it is, without a lock: for questions, not for builds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from threading import RLock

from comfyvn.engine.again import StoreDamagedError
from comfyvn.engine.objects import Objects
from comfyvn.engine.store import FILE, SCHEMA, VERSION, Store


class StoreView(Store):
    """What the store holds. Where there is none that can be read, it is an empty one.

    What is set is forgotten; a build meanwhile is no harm, since every row is checked.
    """

    def __init__(self, folder: Path) -> None:
        """Open the store below a project's `.comfyvn/`, to read."""
        self.folder = folder
        self.trouble: str | None = None
        self.notes: list[str] = []
        self.temporary = folder / "tmp"
        self.objects = Objects(folder / "objects")
        self._lock = RLock()
        self._forget()
        self._open()

    def _open(self) -> None:
        path = (self.folder / FILE).absolute()
        # While nobody has the log open, nobody writes; and SQLite would leave files beside it.
        alone = "" if Path(f"{path}-wal").exists() else "&immutable=1"
        try:
            self._db = sqlite3.connect(
                f"{path.as_uri()}?mode=ro{alone}", uri=True, timeout=5, isolation_level=None
            )
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
            if version != VERSION:
                raise sqlite3.DatabaseError(f"it is of version {version}")
            self._look()
        except sqlite3.DatabaseError as error:
            self.begin_anew(str(error))

    def begin_anew(self, why: str) -> None:
        """Go on with an empty store in memory."""
        self.trouble = why
        self._forget()
        self._db = sqlite3.connect(":memory:", isolation_level=None)
        self._db.executescript(SCHEMA)
        self._look()

    def _damaged(self, error: sqlite3.DatabaseError) -> StoreDamagedError:
        self.begin_anew(str(error))
        return StoreDamagedError(f"`{FILE}` cannot be read ({error})")

    def _change(self, *changes: tuple[str, Iterable[tuple[object, ...]]]) -> None:
        """Change nothing."""
