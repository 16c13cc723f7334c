"""Where the terminal player keeps saves and what persists: `.comfyvn/saves/` of the project."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from comfyvn.engine.objects import update_file
from comfyvn.story.canonical import canonical
from comfyvn.story.interpreter import Persistent, Story
from comfyvn.story.save import restore

_PERSISTENT = "persistent.json"


class Slot(NamedTuple):
    """A save on disk."""

    name: str
    when: str
    save: dict[str, Any]


class Slots:
    """The saves of a project."""

    def __init__(self, root: Path) -> None:
        self.folder = root / ".comfyvn" / "saves"

    def write(self, name: str, save: dict[str, Any]) -> None:
        """Write a save; raises `OSError`."""
        safe = re.sub(r"[^\w -]", "_", name)
        self._write(f"{safe}.save.json", save)

    def all(self) -> list[Slot]:
        """Return the saves that can be read, the newest first."""
        found = []
        for path in self.folder.glob("*.save.json"):
            save = _read(path)
            if isinstance(save, dict) and isinstance(save.get("when"), str):
                found.append(Slot(path.name.removesuffix(".save.json"), save["when"], save))
        return sorted(found, key=lambda slot: slot.when, reverse=True)

    def persistent(self, story: Story) -> Persistent:
        """Return what persists of earlier games."""
        return restore(story, _read(self.folder / _PERSISTENT))

    def keep(self, persistent: Persistent) -> None:
        """Store what persists; raises `OSError`."""
        self._write(_PERSISTENT, persistent)

    def _write(self, name: str, data: Any) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        update_file(self.folder / name, canonical(data).encode())


def now() -> str:
    """Return the time as saves have it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
