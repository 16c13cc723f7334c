"""Where `rules/`, `schemas/` and `templates/` are: in the wheel, or beside the package."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent


def data_folder(name: str) -> Path:
    """Return the folder `rules`, `schemas` or `templates`, or one below (`templates/web`)."""
    installed = PACKAGE / "_data"
    return (installed if installed.is_dir() else PACKAGE.parent) / name
