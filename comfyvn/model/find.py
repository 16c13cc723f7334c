"""Where a project is."""

from __future__ import annotations

from pathlib import Path

from comfyvn.source.diagnostics import Diagnostics, Span

PROJECT_FILE = "vn.yaml"
RATINGS_FILE = "policy/ratings.yaml"


def find_project(start: Path) -> Path | None:
    """Return the folder of the project that holds `start`: the nearest one with a `vn.yaml`."""
    start = start.absolute()
    for folder in (start, *start.parents):
        if (folder / PROJECT_FILE).is_file():
            return folder
    return None


def report_no_project(folder: Path, out: Diagnostics) -> None:
    """Report that no project holds a folder."""
    out.error(
        "VN0150",
        f"no project in `{folder}`: there is no `{PROJECT_FILE}`",
        Span.whole_file(PROJECT_FILE),
        help="go into one, name one with -C, or make one with `comfyvn new`",
    )
