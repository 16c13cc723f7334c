"""The files that builds left: what they are, kept where it outlives `.comfyvn/`, and their end.

The listing is written ahead: a file stands in it before it stands in its place, so that whatever
ends a build, the next one knows what was left.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import FileIO
from pathlib import Path

from comfyvn.engine.manifest import STATE, Folders, Stamp
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


class Listing:
    """The listing while a build writes files.

    Attributes:
        added: the files that were added.
    """

    def __init__(self, root: Path) -> None:
        self.path = root / LISTING
        self.added: set[str] = set()
        self._file: FileIO | None = None

    def add(self, path: str) -> None:
        """Add a file that is about to be written.

        Raises:
            OSError: it cannot be written down.
        """
        if self._file is None:
            self.path.parent.mkdir(exist_ok=True)
            self._file = FileIO(self.path, "a")
        line = f"{path}\n".encode()
        end = self._file.tell()
        try:
            while line:
                line = line[self._file.write(line) :]
        except OSError:
            # A part of a line might name another file.
            self._file.truncate(end)
            raise
        self.added.add(path)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None


def read_listing(root: Path) -> list[str]:
    """Return the files that were built, as they were written down; never raises."""
    try:
        paths = (root / LISTING).read_bytes().decode("utf-8", "replace").split("\n")
    except OSError:
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
    lines = "".join(f"{path}\n" for path in sorted(paths))
    write_file(root / LISTING, lines.encode(), temporary=root / STATE / "tmp")


def by_path(outputs: Iterable[Folders]) -> dict[str, Stamp]:
    """Return the stamps of files by their paths."""
    return {
        f"{folder}/{name}": stamp
        for folders in outputs
        for folder, files in folders.items()
        for name, stamp in files.items()
    }
