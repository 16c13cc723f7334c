"""The files that steps write: whether they are as they were left, and how they come to be."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from stat import S_ISLNK

from comfyvn.engine.digest import digest_file
from comfyvn.engine.manifest import Stamp
from comfyvn.engine.objects import link, place, write_file
from comfyvn.engine.store import SMALL, Store


class Outputs:
    """The output files of a project during one run.

    Attributes:
        known: the stamps that files were left with by the build before.
        stamps: those of the files that were looked at or written, by path.
        announce: is told the path of a file that is not known before it is written, so that it
            can be known even if nothing else of this run is kept.
    """

    def __init__(
        self,
        root: Path,
        store: Store,
        known: Mapping[str, Stamp],
        announce: Callable[[str], None],
    ) -> None:
        self.root = root
        self.announce = announce
        self.stamps: dict[str, Stamp] = {}
        self._store = store
        self.known = known
        self._digests: dict[str, str] = {}

    def is_there(self, name: str, digest: str, left: str | None) -> bool:
        """Whether a file has a content.

        Args:
            name: its path.
            digest: of the content.
            left: of what the build before left there; its stamp saves reading it.
        """
        path = f"{self.root}/{name}"
        try:
            state = os.lstat(path)
            stamp = (state.st_mtime_ns, state.st_size, state.st_ino)
            if stamp == self.stamps.get(name):
                return self._digests[name] == digest
            if (left != digest or self.known.get(name) != stamp) and (
                S_ISLNK(state.st_mode) or digest_file(path) != digest
            ):
                return False
        except OSError:
            return False
        self._set(name, digest, stamp)
        return True

    def put(self, name: str, digest: str, data: bytes) -> None:
        """Write a file.

        Raises:
            OSError: it cannot be written.
        """
        self._begin(name)
        stored = self._store.objects.path(digest)
        if len(data) > SMALL and stored.exists():
            state = link(stored, self.root / name, self._store.temporary)
        else:
            state = write_file(f"{self.root}/{name}", data, temporary=self._store.temporary)
        self._set(name, digest, (state.st_mtime_ns, state.st_size, state.st_ino))

    def copy(self, name: str, digest: str, source: Path) -> None:
        """Make a file of the content of another, which somebody may write again.

        Raises:
            OSError: the one cannot be read or the other not written.
        """
        self._begin(name)
        state = place(source, self.root / name, self._store.temporary)
        self._set(name, digest, (state.st_mtime_ns, state.st_size, state.st_ino))

    def _begin(self, name: str) -> None:
        self.forget(name)
        if name not in self.known:
            self.announce(name)

    def forget(self, name: str) -> None:
        """Forget what is known of a file, which may be anything by now."""
        self.stamps.pop(name, None)

    def _set(self, name: str, digest: str, stamp: Stamp) -> None:
        self.stamps[name] = stamp
        self._digests[name] = digest
