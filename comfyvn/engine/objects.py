"""Large results: a read-only file each, named by its digest; and how files come to be placed."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

from comfyvn.engine.digest import digest_file, digest_of

_FICLONE = 0x40049409
"""Linux: make a file share the blocks of another (`ioctl_ficlone(2)`)."""


class Objects:
    """A folder of objects: `ab/abcdef…`. Each is complete or not there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, digest: str) -> Path:
        """Return where the object of a digest is, or would be."""
        return self.folder / digest[:2] / digest

    def put(self, digest: str, data: bytes) -> None:
        """Keep bytes.

        Raises:
            OSError: they cannot be written.
        """
        path = self.path(digest)
        if not path.exists():
            write_file(path, data, mode=0o444)

    def get(self, digest: str) -> bytes | None:
        """Return the bytes of a digest, or None; a damaged object is removed."""
        try:
            data = self.path(digest).read_bytes()
        except OSError:
            return None
        if digest_of(data) != digest:
            self.remove(digest)
            return None
        return data

    def sound(self, digest: str) -> bool:
        """Whether the object is there and has its digest; a damaged one is removed."""
        try:
            if digest_file(self.path(digest)) == digest:
                return True
        except OSError:
            return False
        self.remove(digest)
        return False

    def remove(self, digest: str) -> None:
        """Remove an object, if it is there."""
        path = self.path(digest)
        try:
            path.unlink(missing_ok=True)
        except PermissionError:
            path.chmod(stat.S_IWRITE)
            path.unlink(missing_ok=True)

    def all(self) -> Iterator[Path]:
        """Yield every object, by name."""
        yield from sorted(path for path in self.folder.glob("??/*") if len(path.name) == 64)


def write_file(path: str | Path, data: bytes, mode: int = 0o666) -> os.stat_result:
    """Write a file by way of a temporary one beside it; return its state.

    Raises:
        OSError: it cannot be written. What was there still is.
    """
    temporary = _beside(path)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        try:
            descriptor = os.open(temporary, flags, mode)
        except FileNotFoundError:
            os.makedirs(os.path.dirname(temporary), exist_ok=True)
            descriptor = os.open(temporary, flags, mode)
        with open(descriptor, "wb", buffering=0) as file:
            file.write(data)
            state = os.fstat(descriptor)
        os.replace(temporary, path)
    except BaseException:
        _gone(temporary)
        raise
    return state


def place(source: Path, path: Path) -> os.stat_result:
    """Give `path` the content of `source`, sharing its blocks where the file system can.

    A hard link would be cheaper still, and whoever edits the output would edit the source.

    Raises:
        OSError: the source cannot be read or the place not written.
    """
    return _placed(source, path, linked=False)


def link(source: Path, path: Path) -> os.stat_result:
    """Give `path` the content of an object: shared blocks, else a read-only hard link, else a copy.

    Raises:
        OSError: the object cannot be read or the place not written.
    """
    return _placed(source, path, linked=True)


def _placed(source: Path, path: Path, *, linked: bool) -> os.stat_result:
    temporary = _beside(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        if not _clone(source, temporary) and not (linked and _link(source, temporary)):
            shutil.copyfile(source, temporary)
        state = os.stat(temporary)
        os.replace(temporary, path)
    except BaseException:
        _gone(temporary)
        raise
    return state


def _link(source: Path, path: str) -> bool:
    _gone(path)
    try:
        os.link(source, path)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise
        return False
    return True


def _clone(source: Path, path: str) -> bool:
    try:
        import fcntl
    except ImportError:
        return False
    with source.open("rb") as old, open(path, "wb") as new:
        try:
            fcntl.ioctl(new.fileno(), _FICLONE, old.fileno())
        except OSError:
            return False
    return True


_numbers = count()


def _beside(path: str | Path) -> str:
    """Return a name for a temporary file in the folder of a path, used by nobody else."""
    folder, name = os.path.split(path)
    return os.path.join(folder, f".{name[:64]}.{os.getpid()}.{next(_numbers)}.tmp")


def _gone(path: str) -> None:
    with suppress(OSError):
        os.unlink(path)
