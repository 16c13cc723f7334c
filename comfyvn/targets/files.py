"""Write a target's folder: only what changed, nothing half-written, nothing of ours left over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from comfyvn.engine.objects import update_file


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
    update_file(listing, _list(stale | files.keys()))
    changed = 0
    for name, data in sorted(files.items()):
        if (out / name).is_symlink():
            (out / name).unlink()  # it may lead out of the folder
        changed += update_file(out / name, data)
    for name in sorted(stale):
        path = out / name
        changed += _removed(path, out)
        if path.suffix in (made_beside or {}):
            _removed(path.with_suffix((made_beside or {})[path.suffix]), out)
    update_file(listing, _list(files))
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
