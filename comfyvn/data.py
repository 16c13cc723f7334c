"""Where `rules/`, `schemas/` and `templates/` are: in the wheel, or beside the package."""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE_FOLDER = os.path.dirname(os.path.abspath(__file__))
"""The package's folder, for what must not wait for `pathlib` at work."""
PACKAGE = Path(PACKAGE_FOLDER)


def data_folder(name: str) -> Path:
    """Return the folder `rules`, `schemas` or `templates`, or one below (`templates/web`)."""
    installed = PACKAGE / "_data"
    return (installed if installed.is_dir() else PACKAGE.parent) / name
