"""The files that builds left: what they are, kept where it outlives `.comfyvn/`, and their end."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from comfyvn.engine.manifest import Folders, Stamp
from comfyvn.engine.objects import write_file

LISTING = "build/.files"
"""The files that were built, so that those of a forgotten build can be told from a person's."""


def remove_output(root: Path, path: str) -> None:
    """Remove a file that was built, what an engine made beside it, and folders left empty.

    Ren'Py runs a compiled script whose script is gone.
    """
    full = root / path
    others = [full.with_suffix(".rpyc")] if full.suffix == ".rpy" else []
    for each in (full, *others):
        if each.is_file() or each.is_symlink():
            each.unlink()
    for folder in full.parents:
        if folder == root / "build" or not folder.is_dir() or any(folder.iterdir()):
            break
        folder.rmdir()


def read_listing(root: Path) -> list[str]:
    """Return the files that were built, as `write_listing` left them; never raises."""
    try:
        paths = (root / LISTING).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    # Somebody may have edited it, so it is not trusted to stay in the folder.
    return [path for path in paths if is_inside(path)]


def is_inside(path: str) -> bool:
    """Whether a path is one of a file below `build/`, and stays there."""
    first, *rest = path.split("/")
    return first == "build" and bool(rest) and not {"", ".", ".."} & set(rest)


def write_listing(root: Path, paths: Iterable[str]) -> None:
    """Write down which files are ours, where it outlives `.comfyvn/`.

    Raises:
        OSError: it cannot be written.
    """
    write_file(root / LISTING, "".join(f"{path}\n" for path in sorted(paths)).encode())


def by_path(outputs: Iterable[Folders]) -> dict[str, Stamp]:
    """Return the stamps of files by their paths."""
    return {
        f"{folder}/{name}": stamp
        for folders in outputs
        for folder, files in folders.items()
        for name, stamp in files.items()
    }
