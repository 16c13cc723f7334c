"""The local store with the shared cache behind it: what a run of a plan asks and offers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

from comfyvn.engine.digest import digest_of
from comfyvn.engine.remote.cache import Progress, SharedCache
from comfyvn.engine.remote.wire import Pack
from comfyvn.engine.result import Result
from comfyvn.engine.store import SMALL, Store
from comfyvn.source.diagnostics import Diagnostic

_AT_ONCE = 256
"""Records that are fetched before their outputs are."""


class StoreCache:
    """Moves results between a store and a shared cache, `cache`.

    Its methods are called from the thread that the store belongs to.
    """

    def __init__(self, store: Store, cache: SharedCache) -> None:
        self._store = store
        self.cache = cache
        self._came: set[str] = set()

    def fetch(self, key: str, wanted: Callable[[str], bool]) -> list[Result]:
        """Return what a step of this key made elsewhere, its outputs put into the store.

        A result that writes what is not `wanted`, or of which an output does not come, is none.

        Raises:
            OSError: the store cannot be written.
        """
        result = self.cache.fetch(key)
        if result is None or not all(wanted(name) for name, _, _ in result.outputs):
            return []
        return [result] if self._bring(_blobs([result])) else []

    def came(self, key: str) -> bool:
        """Whether results of a key are in the store since they were pulled."""
        return key in self._came

    def publish(self, key: str, result: Result) -> None:
        """Offer what a step made; returns at once."""
        if self.cache.mode != "write":
            return
        readers = self._readers(_blobs([result]))
        if all(digest in readers for _, digest, _ in result.outputs):
            self.cache.publish(key, result, readers)

    def pull(self, name: str, sources: Mapping[str, Path] | None = None) -> int:
        """Put the results that a build elsewhere made into the store; return how many.

        Args:
            name: the digest under which `push` put them.
            sources: files that are here, by digest: outputs that only copy one are not fetched.

        Raises:
            OSError: the store cannot be written.
        """
        pack = self.cache.get_pack(name)
        if pack is None:
            return 0
        wanted = _blobs(pack.records.values())
        for digest in wanted:
            if digest in pack.blobs and not self._store.has(digest):
                self._store.put(pack.blobs[digest])
            elif sources and digest in sources and not self._store.has(digest):
                self._store.put(sources[digest].read_bytes())
        return self._take(pack.records)

    def pull_all(self) -> int:
        """Put all there is for this salt into the store; return how many results that is.

        Raises:
            UnavailableError: the cache fails.
            OSError: the store cannot be written.
        """
        keys = self.cache.keys()
        taken = sum(
            self._take(self.cache.fetch_many(keys[start : start + _AT_ONCE]))
            for start in range(0, len(keys), _AT_ONCE)
        )
        newest = self.cache.newest_pack()
        return taken + (self.pull(newest) if newest else 0)

    def push(
        self, name: str, steps: Iterable[str], root: Path, sources: Mapping[str, Path] | None = None
    ) -> None:
        """Offer the last results of steps as one object; what is large in them goes singly.

        Args:
            name: a digest of what the build depends on.
            steps: names of steps.
            root: the project, where outputs are that the store does not hold.
            sources: files whose content need not travel, by digest.

        Raises:
            OSError: the store cannot be written.
        """
        if self.cache.mode != "write":
            return
        self._store.flush()
        records: dict[str, Result] = {}
        small: dict[str, bytes] = {}
        large: dict[str, Callable[[], bytes]] = {}
        for step in steps:
            made = self._store.made(step)
            if made is None or not made.key:
                continue
            found: dict[str, Callable[[], bytes] | bytes] = {}
            for output, digest, size in made.result.outputs:
                if digest in small or digest in large or (sources and digest in sources):
                    continue
                content = self._content(output, digest, size, root)
                if content is None:
                    break
                found[digest] = content
            else:
                records[made.key] = made.result
                small |= {d: data for d, data in found.items() if isinstance(data, bytes)}
                large |= {d: read for d, read in found.items() if not isinstance(read, bytes)}
        self.cache.put_pack(name, Pack(records, small), large)

    def close(self, progress: Progress | None = None) -> list[Diagnostic]:
        """Wait for what is being uploaded; return what went wrong."""
        self.cache.close(progress)
        return self.cache.findings

    def abandon(self) -> None:
        """Drop what is not uploaded yet."""
        self.cache.abandon()

    def _content(
        self, name: str, digest: str, size: int, root: Path
    ) -> Callable[[], bytes] | bytes | None:
        """Return what is small at once, and what reads the rest; None if it is not here."""
        path = self._store.objects.path(digest)
        if size > SMALL:
            if path.exists():
                return path.read_bytes
            return (root / name).read_bytes if name[0] != "@" else None
        data = self._store.get(digest)
        if data is None and name[0] != "@":
            try:
                data = (root / name).read_bytes()
            except OSError:
                return None
        return data if data is not None and digest_of(data) == digest else None

    def _readers(self, blobs: Mapping[str, int]) -> dict[str, Callable[[], bytes]]:
        """Return what gives the bytes of outputs in another thread, which the store is not for."""
        readers: dict[str, Callable[[], bytes]] = {}
        for digest in blobs:
            path = self._store.objects.path(digest)
            if path.exists():
                readers[digest] = path.read_bytes
            elif (data := self._store.get(digest)) is not None:
                readers[digest] = partial(bytes, data)
        return readers

    def _take(self, results: Mapping[str, Result]) -> int:
        """Keep results whose outputs are here or come; return how many."""
        wanted = self._absent(_blobs(results.values()))
        missing = self.cache.fetch_blobs(wanted, self._keep)
        self._came |= {key for key in results if next(self._store.records(key), None) is None}
        taken = 0
        for key, result in results.items():
            if not missing.intersection(digest for _, digest, _ in result.outputs):
                self._store.add_record(key, result)
                taken += 1
        self._store.flush()
        return taken

    def _bring(self, blobs: Mapping[str, int]) -> bool:
        return not self.cache.fetch_blobs(self._absent(blobs), self._keep)

    def _absent(self, blobs: Mapping[str, int]) -> dict[str, int]:
        return {d: size for d, size in blobs.items() if not self._store.has(d)}

    def _keep(self, digest: str, data: bytes) -> None:
        self._store.put(data)


def _blobs(results: Iterable[Result]) -> dict[str, int]:
    return {digest: size for result in results for _, digest, size in result.outputs}
