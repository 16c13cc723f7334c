"""Where a project is."""

from __future__ import annotations

from pathlib import Path

PROJECT_FILE = "vn.yaml"


def find_project(start: Path) -> Path | None:
    """Return the folder of the project that holds `start`: the nearest one with a `vn.yaml`."""
    start = start.absolute()
    for folder in (start, *start.parents):
        if (folder / PROJECT_FILE).is_file():
            return folder
    return None
