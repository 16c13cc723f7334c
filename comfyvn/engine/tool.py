"""Which ComfyVN this is."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from comfyvn.data import PACKAGE_FOLDER, data_folder
from comfyvn.engine.digest import digest_file, digest_of


@cache
def tool_digest() -> str:
    """Return the digest of ComfyVN itself, as it was at the first call: modules, rules, templates.

    It is the same on every machine.
    """
    package = Path(PACKAGE_FOLDER)
    folders = {
        "comfyvn": package,
        "rules": data_folder("rules"),
        "templates": data_folder("templates"),
    }
    parts = []
    for name, folder in folders.items():
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder).as_posix()
            hidden = "__pycache__" in inside or inside.startswith("_data/")
            if path.is_file() and not hidden:
                parts.append(f"{name}/{inside}\0{digest_file(path)}")
    return digest_of("\n".join(parts).encode())
