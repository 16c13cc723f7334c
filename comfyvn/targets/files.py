"""Write a target's folder: only what changed, nothing half-written, nothing left over."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def write_atomic(path: Path, data: bytes) -> bool:
    """Write `data` to `path` by way of a temporary file; return whether anything changed.

    Raises:
        OSError: the folder cannot be written. The old file is then still there.
    """
    try:
        if path.read_bytes() == data:
            return False
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return True


def write_tree(out: Path, files: Mapping[str, bytes], *, keep: tuple[str, ...] = ()) -> int:
    """Make `out` hold exactly `files` (relative path to content); return how many changed.

    Paths below a folder named in `keep` are left alone: what an engine writes there (saves,
    caches) is not ours.

    Raises:
        OSError: the folder cannot be written.
    """
    changed = sum(write_atomic(out / name, data) for name, data in sorted(files.items()))
    for path in sorted(out.rglob("*"), reverse=True):
        name = path.relative_to(out).as_posix()
        if name in files or any(name == k or name.startswith(f"{k}/") for k in keep):
            continue
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        else:
            path.unlink()
            changed += 1
    return changed
