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

    def __init__(self, folder: Path, temporary: Path | None = None) -> None:
        """Name the folder, and the one where objects are written before they are complete."""
        self.folder = folder
        self.temporary = temporary

    def path(self, digest: str) -> Path:
        """Return where the object of a digest is, or would be."""
        return self.folder / digest[:2] / digest

    def put(self, digest: str, data: bytes) -> None:
        """Keep bytes; a damaged object in their place is mended.

        Raises:
            OSError: they cannot be written.
        """
        if not self.sound(digest):
            write_file(self.path(digest), data, 0o444, self.temporary)

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


def write_file(
    path: str | Path, data: bytes, mode: int = 0o666, temporary: Path | None = None
) -> os.stat_result:
    """Write a file by way of a temporary one; return its state.

    Args:
        path: the file; its folder is made if need be.
        data: what it holds afterwards.
        mode: its permissions, if the umask grants them.
        temporary: the folder for the temporary file, on the same file system; without it the
            file's own.

    Raises:
        OSError: it cannot be written. What was there still is.
    """
    written = _beside(path) if temporary is None else _within(temporary)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        try:
            descriptor = os.open(written, flags, mode)
        except FileNotFoundError:
            os.makedirs(os.path.dirname(written), exist_ok=True)
            descriptor = os.open(written, flags, mode)
        try:
            # What a call does not write, on a disk nearly full, the next one says why.
            done = os.write(descriptor, data)
            while done < len(data):
                done += os.write(descriptor, memoryview(data)[done:])
            state = os.fstat(descriptor)
        finally:
            os.close(descriptor)
        _replace(written, path)
    except OSError as error:
        _gone(written)
        if error.errno == errno.EXDEV and temporary is not None:
            return write_file(path, data, mode)
        raise OSError(error.errno, error.strerror, str(path)) from error
    except BaseException:
        _gone(written)
        raise
    return state


def update_file(path: Path, data: bytes, temporary: Path | None = None) -> None:
    """Write a file as `write_file` does, unless it holds the same already.

    A symbolic link stays one: what it points to is written.

    Raises:
        OSError: it cannot be written. What was there still is.
    """
    try:
        if path.read_bytes() == data:
            return
    except FileNotFoundError:
        pass
    write_file(path.resolve() if path.is_symlink() else path, data, temporary=temporary)


def place(source: Path, path: Path, temporary: Path | None = None) -> os.stat_result:
    """Give `path` the content of `source`, sharing its blocks where the file system can.

    A hard link would be cheaper still, and whoever edits the output would edit the source. What
    `temporary` is, `write_file` says.

    Raises:
        OSError: the source cannot be read or the place not written.
    """
    return _placed(source, path, temporary, linked=False)


def link(source: Path, path: Path, temporary: Path | None = None) -> os.stat_result:
    """Give `path` the content of an object: shared blocks, else a read-only hard link, else a copy.

    Raises:
        OSError: the object cannot be read or the place not written.
    """
    return _placed(source, path, temporary, linked=True)


def _placed(source: Path, path: Path, temporary: Path | None, *, linked: bool) -> os.stat_result:
    if temporary is None:
        path.parent.mkdir(parents=True, exist_ok=True)
    written = _beside(path) if temporary is None else _within(temporary)
    try:
        if not _clone(source, written) and not (linked and _link(source, written)):
            shutil.copyfile(source, written)
        state = os.stat(written)
        _replace(written, path)
    except OSError as error:
        _gone(written)
        if error.errno == errno.EXDEV and temporary is not None:
            return _placed(source, path, None, linked=linked)
        raise
    except BaseException:
        _gone(written)
        raise
    return state


def _replace(temporary: str, path: str | Path) -> None:
    try:
        os.replace(temporary, path)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.replace(temporary, path)
    except PermissionError:
        # Windows replaces no read-only file, which an object that was linked is.
        if os.name != "nt":
            raise
        os.chmod(path, stat.S_IWRITE)
        os.replace(temporary, path)


def _link(source: Path, path: str) -> bool:
    _gone(path)
    try:
        os.link(source, path)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise
        return False
    return True


_cannot_clone: set[int] = set()
"""The devices of which a file could not be cloned."""


def _clone(source: Path, path: str) -> bool:
    try:
        import fcntl
    except ImportError:
        return False
    with open(source, "rb") as old:
        device = os.fstat(old.fileno()).st_dev
        if device in _cannot_clone:
            return False
        with open(path, "wb") as new:
            try:
                fcntl.ioctl(new.fileno(), _FICLONE, old.fileno())
            except OSError:
                _cannot_clone.add(device)
                return False
    return True


_numbers = count()


def _beside(path: str | Path) -> str:
    """Return a name for a temporary file in the folder of a path, used by nobody else."""
    folder, name = os.path.split(path)
    return os.path.join(folder, f".{name[:64]}.{os.getpid()}.{next(_numbers)}.tmp")


def _within(folder: Path) -> str:
    """Return a name for a temporary file in a folder, used by nobody else."""
    return f"{folder}/{os.getpid()}.{next(_numbers)}"


def _gone(path: str) -> None:
    with suppress(OSError):
        os.unlink(path)
