"""A target in one file: a ZIP whose bytes follow from its contents alone."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest that the format knows."""
_MODE = 0o100644 << 16
_UNIX = 3


class Archive(NamedTuple):
    """An archive that was written: its digest, its size in bytes, and how many files it holds."""

    sha256: str
    size: int
    files: int


def write_archive(path: Path, files: Mapping[str, Path]) -> Archive:
    """Write files, by their names in the archive, into a ZIP.

    Entries are sorted, of one time and mode, and stored as they are: what compressors make of the
    same bytes differs between versions of zlib, and pictures and sounds are compressed anyway.

    Raises:
        OSError: a file cannot be read, or the archive not written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    try:
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_STORED) as archive:
            for name in sorted(files):
                entry = zipfile.ZipInfo(name, _TIME)
                entry.external_attr, entry.create_system = _MODE, _UNIX
                archive.writestr(entry, files[name].read_bytes())
        with beside.open("rb") as written:
            digest = hashlib.file_digest(written, "sha256").hexdigest()
        size = beside.stat().st_size
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return Archive(digest, size, len(files))
