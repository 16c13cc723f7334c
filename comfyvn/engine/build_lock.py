"""One build at a time in a project: a lock that the system lets go when its holder dies."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType

FILE = "lock"
_LOCKED_BYTE = 1 << 20
"""Windows keeps others from reading what is locked; so what is locked lies behind the text."""


class BuildLock:
    """Held from entering to leaving; entering waits until another build has ended."""

    def __init__(self, folder: Path, waiting: Callable[[int], None]) -> None:
        """Prepare.

        Args:
            folder: where the lock's file is; it exists.
            waiting: is called with the other build's process id, 0 if it is not known, before
                the wait.
        """
        self._path = folder / FILE
        self._waiting = waiting
        self._descriptor = -1

    def __enter__(self) -> BuildLock:
        """Wait for the lock and take it.

        Raises:
            OSError: the file cannot be written.
        """
        told = False
        while True:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o666)
            try:
                if not _take(descriptor, wait=False):
                    if not told:
                        self._waiting(_holder(descriptor))
                        told = True
                    _take(descriptor, wait=True)
                if self._is_current(descriptor):
                    break
            except BaseException:
                os.close(descriptor)
                raise
            # The folder was removed and made again while we waited.
            os.close(descriptor)
        # Who holds it is only told: on a full disk, `clean` must get it nevertheless.
        with suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.lseek(descriptor, 0, os.SEEK_SET)
            os.write(descriptor, str(os.getpid()).encode())
        self._descriptor = descriptor
        return self

    def _is_current(self, descriptor: int) -> bool:
        with suppress(FileNotFoundError):
            return os.path.samestat(os.fstat(descriptor), self._path.stat())
        return False

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go."""
        os.close(self._descriptor)


def _holder(descriptor: int) -> int:
    os.lseek(descriptor, 0, os.SEEK_SET)
    text = os.read(descriptor, 20)
    return int(text) if text.isdigit() else 0


if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int, *, wait: bool) -> bool:
        while True:
            os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
            try:
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            except OSError:
                if not wait:
                    return False
                time.sleep(0.1)
            else:
                os.lseek(descriptor, 0, os.SEEK_SET)
                return True

else:
    import fcntl

    def _take(descriptor: int, *, wait: bool) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True
