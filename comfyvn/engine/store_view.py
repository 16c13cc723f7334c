"""A store looked at and left as it is, without a lock: for questions, not for builds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from comfyvn.engine.again import StoreDamagedError
from comfyvn.engine.objects import Objects
from comfyvn.engine.store import Store
from comfyvn.engine.store_file import DAMAGE, FILE, SCHEMA, VERSION, StoreFile


class StoreView(Store):
    """What the store holds. Where there is none that can be read, it is an empty one.

    What is set is forgotten; a build meanwhile is no harm, since every row is checked.
    """

    def __init__(self, folder: Path) -> None:
        """Open the store below a project's `.comfyvn/`, to read."""
        self._begin(folder, Objects(folder / "objects"), _FileView)


class _FileView(StoreFile):
    """The file opened to read; an empty one in memory where that cannot be."""

    def open(self) -> None:
        path = (self.folder / FILE).absolute()
        # While nobody has the log open, nobody writes; and SQLite would leave files beside it.
        alone = "" if Path(f"{path}-wal").exists() else "&immutable=1"
        try:
            self.connection = sqlite3.connect(
                f"{path.as_uri()}?mode=ro{alone}", uri=True, timeout=5, isolation_level=None
            )
            (version,) = self.connection.execute("PRAGMA user_version").fetchone()
            if version != VERSION:
                raise sqlite3.DatabaseError(f"it is of version {version}")
        except DAMAGE as error:
            self.begin_anew(str(error))

    def begin_anew(self, why: str) -> None:
        """Go on with an empty store in memory."""
        self.trouble = why
        self._begun()
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        self.connection.executescript(SCHEMA)

    def damaged(self, error: Exception) -> StoreDamagedError:
        self.begin_anew(str(error))
        return StoreDamagedError(f"`{FILE}` cannot be read ({error})")

    def change(self, *changes: tuple[str, Iterable[tuple[object, ...]]]) -> None:
        """Change nothing."""
