"""Opening the files of a project, which need not be what they should be."""

from __future__ import annotations

import errno
import os

# A null build that looks into a touched source has no time for `typing` or `pathlib`.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)


def open_file(path: str | Path) -> int:
    """Open a file to read it; return its descriptor.

    Raises:
        OSError: it cannot be opened, or is no regular file: a pipe may never say anything.
    """
    descriptor = os.open(path, _READ)
    if os.fstat(descriptor).st_mode & 0o170000 != 0o100000:
        os.close(descriptor)
        raise OSError(errno.EINVAL, "it is not a regular file", str(path))
    return descriptor


def read_file(path: str | Path) -> bytes:
    """Return the content of a file.

    Raises:
        OSError: it cannot be read, or is no regular file.
    """
    with open(open_file(path), "rb") as file:
        return file.read()


def decoded(name: str) -> str:
    """Return a name of a file as text; what is not UTF-8 in it is U+FFFD, and it cannot be opened.

    The system gives such bytes as surrogates (PEP 383), which nothing can print, store or digest.
    """
    return name if name.isascii() else os.fsencode(name).decode(errors="replace")
