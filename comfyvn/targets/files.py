"""Write a target's folder: only what changed, nothing half-written, nothing of ours left over."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path


def write_atomic(path: Path, data: bytes) -> bool:
    """Write `data` to `path` by way of a temporary file; return whether anything changed.

    A symbolic link stays one: what it points to is written.

    Raises:
        OSError: the folder cannot be written. The old file is then still there.
    """
    try:
        if path.read_bytes() == data:
            return False
    except FileNotFoundError:
        pass
    if path.is_symlink():
        path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return True


def write_tree(
    out: Path, files: Mapping[str, bytes], *, made_beside: Mapping[str, str] | None = None
) -> int:
    """Write `files` (relative path to content) below `out`; return how many changed.

    Files of an earlier call that are not among them go, with what an engine made beside them:
    `made_beside` maps endings of ours to its. What we did not write stays; which files are ours
    stands in `.NAME.files` beside the folder.

    Raises:
        OSError: the folder cannot be written.
    """
    listing = out.with_name(f".{out.name}.files")
    stale = _names(listing) - files.keys()
    # Before any file, so that what a call leaves when it is interrupted is known to the next.
    write_atomic(listing, _list(stale | files.keys()))
    changed = 0
    for name, data in sorted(files.items()):
        if (out / name).is_symlink():
            (out / name).unlink()  # it may lead out of the folder
        changed += write_atomic(out / name, data)
    for name in sorted(stale):
        path = out / name
        changed += _removed(path, out)
        if path.suffix in (made_beside or {}):
            _removed(path.with_suffix((made_beside or {})[path.suffix]), out)
    write_atomic(listing, _list(files))
    return changed


def _names(listing: Path) -> set[str]:
    try:
        names = listing.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return set()
    # Somebody may have edited it, so it is not trusted to stay in the folder.
    return {name for name in names if name and not {"", ".", ".."} & set(name.split("/"))}


def _list(names: Iterable[str]) -> bytes:
    return "".join(f"{name}\n" for name in sorted(names)).encode()


def _removed(path: Path, out: Path) -> bool:
    """Remove a file and the folders that this leaves empty; return whether it was there."""
    if not (path.is_file() or path.is_symlink()):
        return False
    path.unlink()
    for folder in path.parents:
        if folder == out or any(folder.iterdir()):
            break
        folder.rmdir()
    return True
