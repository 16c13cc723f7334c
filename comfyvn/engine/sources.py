"""The project's sources: which there are, and what they hold, each file read once."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from comfyvn.engine.again import SourceChangedError
from comfyvn.engine.digest import ABSENT, digest_file, digest_of, unread
from comfyvn.engine.manifest import SAFETY, UNSURE, Folders, Look, Manifest, Stamp, scan, settled
from comfyvn.source.files import open_file

_SMALL = 1 << 18
_KEPT = 1 << 26
"""Bytes of sources that are kept from the look at them to the steps that read them."""
_BLOCK = 1 << 16


class UnreadableSourceError(OSError):
    """A source that is there and cannot be read; `filename` is its path in the project."""


class Sources:
    """The files a build may read, as they were when it began.

    Attributes:
        root: the project's folder.
        found: the stamps of all files, as they were seen.
        digests: the digest of each file by path.
        changed: the paths that came, went or differ since the manifest's build.
    """

    def __init__(
        self,
        root: Path,
        folders: Iterable[str],
        files: Iterable[str],
        old: Manifest | None,
        look: Look | None = None,
        overlay: Mapping[str, bytes] | None = None,
    ) -> None:
        """Look at all files; read those whose stamp differs from the manifest's.

        Args:
            root: the project's folder.
            folders: where sources are.
            files: sources in the project's own folder.
            old: the manifest of the last build.
            look: what was just seen of the same project; used if it is of these folders and files.
            overlay: what some files are to hold instead of what they do, by path.

        Raises:
            OSError: a folder cannot be read.
        """
        self.root = root
        self.folders, self.files = list(folders), list(files)
        if look is not None and (look.manifest.folders, look.manifest.files) == (
            self.folders,
            self.files,
        ):
            self._edge, self.found = look.edge, look.found
        else:
            self._edge = time.time_ns() - SAFETY
            self.found = scan(str(root), self.folders, self.files)
        self.digests: dict[str, str] = {}
        self.changed: set[str] = set()
        self._kept: dict[str, bytes] = {}
        self._room = _KEPT
        known = old.digests if old else {}
        stamps: Folders = old.sources if old else {}
        for folder, files_here in self.found.items():
            here = stamps.get(folder, {})
            prefix = f"{folder}/" if folder else ""
            for name, stamp in files_here.items():
                path = prefix + name
                if stamp == here.get(name) and stamp != UNSURE and path in known:
                    self.digests[path] = known[path]
                    continue
                digest, files_here[name] = self._look(path, stamp)
                self.digests[path] = digest
                if known.get(path) != digest:
                    self.changed.add(path)
        for path, data in (overlay or {}).items():
            self._lay_over(path, data, known)
        self.changed |= known.keys() - self.digests.keys()

    def _lay_over(self, path: str, data: bytes, known: Mapping[str, str]) -> None:
        folder, _, name = path.rpartition("/")
        self.found.setdefault(folder, {})[name] = UNSURE
        self.digests[path], self._kept[path] = digest_of(data), data
        self.changed.discard(path)
        if known.get(path) != self.digests[path]:
            self.changed.add(path)

    def _look(self, path: str, stamp: Stamp) -> tuple[str, Stamp]:
        """Return a file's digest, and its stamp if it is the one of what was read."""
        full, size = f"{self.root}/{path}", stamp[1]
        try:
            if size > _SMALL or size > self._room:
                digest = digest_file(full)
            else:
                data = self._kept[path] = _read(full)
                self._room -= len(data)
                digest = digest_of(data)
            return digest, stamp if _stamp(full) == stamp else UNSURE
        except OSError as error:
            # The step that reads it says so.
            return unread(error), UNSURE

    @property
    def stamps(self) -> Folders:
        """The stamps to compare with next time."""
        return settled(self.found, self._edge)

    def paths(self) -> Iterator[str]:
        """Yield the path of every file, sorted."""
        yield from sorted(self.digests)

    def digest(self, path: str) -> str:
        """Return the digest of a file; `ABSENT` if there is none."""
        return self.digests.get(path, ABSENT)

    def kept(self, path: str) -> bytes | None:
        """Return the content of a small file that was read to know its digest; else None."""
        return self._kept.get(path)

    def unchanged(self, path: str) -> bool:
        """Whether a file still has the stamp that it had when the build began."""
        folder, _, name = path.rpartition("/")
        try:
            stamp = _stamp(f"{self.root}/{path}")
        except OSError:
            return False
        return self.found.get(folder, {}).get(name) == stamp

    def refresh(self, path: str) -> None:
        """Look again at a file that the build itself wrote (`vn.lock`)."""
        folder, _, name = path.rpartition("/")
        try:
            stamp = _stamp(f"{self.root}/{path}")
        except OSError:
            return
        digest, stamp = self._look(path, stamp)
        self.found.setdefault(folder, {})[name] = stamp
        if self.digests.get(path) != digest:
            self.digests[path] = digest
            self.changed.add(path)

    def read(self, path: str) -> bytes:
        """Return the content of a file as it was when the build began.

        Raises:
            UnreadableSourceError: it cannot be read.
            SourceChangedError: it is not as it was.
        """
        data = self._kept.get(path)
        if data is None:
            try:
                data = _read(f"{self.root}/{path}")
            except OSError as error:
                raise UnreadableSourceError(error.errno, error.strerror, path) from error
            if digest_of(data) != self.digests.get(path):
                raise SourceChangedError(f"`{path}` was written while it was being built")
        return data

    def release(self) -> None:
        """Forget the contents that were kept for the steps."""
        self._kept.clear()


def _stamp(path: str) -> Stamp:
    state = os.stat(path)
    return state.st_mtime_ns, state.st_size, state.st_ino


def _read(path: str) -> bytes:
    """Return a file's content, three times as fast as `Path.read_bytes` for a small one."""
    descriptor = open_file(path)
    try:
        data = os.read(descriptor, _BLOCK)
        if len(data) == _BLOCK:
            parts = [data]
            while data := os.read(descriptor, _BLOCK):
                parts.append(data)
            return b"".join(parts)
        return data
    finally:
        os.close(descriptor)
