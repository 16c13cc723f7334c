"""What `comfyvn cache` does with a shared cache: count it, look through it, thin it out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple, TypeVar

from comfyvn.engine.remote.bucket import Bucket, Stored, UnavailableError, event_loop, in_thread
from comfyvn.engine.remote.cache import PACK_LIMIT, RECORD_LIMIT, blob_name
from comfyvn.engine.remote.health import Patience
from comfyvn.engine.remote.record import BLOB_LIMIT, is_digest, read_record
from comfyvn.engine.remote.wire import OVERHEAD, DamagedError, unframe, unframe_blob, unpack
from comfyvn.engine.result import Result

T = TypeVar("T")
Progress = Callable[[int, int], None]

_KINDS = {"ac", "cas", "packs"}

GRACE = 24 * 3600.0
"""Seconds for which an object is kept that nothing refers to: its record may be on its way."""


class CacheStats(NamedTuple):
    """What a shared cache holds."""

    records: int
    packs: int
    blobs: int
    size: int


class Thinned(NamedTuple):
    """What was removed: records and packs, outputs, bytes."""

    records: int
    blobs: int
    size: int


class RemoteUpkeep:
    """Looks after the shared cache at a URL. Every method raises `UnavailableError` if it fails."""

    def __init__(self, url: str, patience: Patience | None = None) -> None:
        self._bucket = Bucket(url, patience or Patience())

    def stats(self) -> CacheStats:
        """Count what is there."""
        stored = self._run(self._bucket.list())
        kinds = [_kind(each) for each in stored]
        return CacheStats(
            kinds.count("ac"),
            kinds.count("packs"),
            kinds.count("cas"),
            sum(each.size for each in stored),
        )

    def verify(self, remove: bool, progress: Progress | None = None) -> list[tuple[str, str]]:
        """Fetch and check every object; return the names of the damaged ones and what is wrong.

        Args:
            remove: whether to remove them.
            progress: told how many objects are done, and of how many.
        """
        return self._run(self._verify(remove, progress))

    def thin(
        self,
        max_size: int | None = None,
        older_than: float | None = None,
        grace: float = GRACE,
        now: float | None = None,
    ) -> Thinned:
        """Remove old records and packs, and outputs that nothing refers to any more.

        Args:
            max_size: remove the oldest records until at most so many bytes are left.
            older_than: remove those written more than so many seconds ago.
            grace: seconds for which outputs without a record stay.
            now: the time (Unix); the machine's if not given.
        """
        return self._run(
            self._thin(max_size, older_than, grace, time.time() if now is None else now)
        )

    def _run(self, work: Awaitable[T]) -> T:
        async def run() -> T:
            return await work

        return asyncio.run_coroutine_threadsafe(run(), event_loop()).result()

    async def _verify(self, remove: bool, progress: Progress | None) -> list[tuple[str, str]]:
        stored = [
            each
            for each in await self._bucket.list()
            if _kind(each) in _KINDS and not each.name.endswith(".tmp")
        ]
        done = 0

        async def look(each: Stored) -> str | None:
            nonlocal done
            try:
                await self._content(each)
                wrong = None
            except DamagedError as error:
                wrong = str(error)
                if remove:
                    await self._bucket.remove(each.name)
            except FileNotFoundError:
                wrong = None  # Somebody else removed it.
            done += 1
            if progress is not None:
                progress(done, len(stored))
            return wrong

        found = await self._each(look, stored)
        return [(each.name, wrong) for each, wrong in zip(stored, found, strict=True) if wrong]

    async def _thin(
        self, max_size: int | None, older_than: float | None, grace: float, now: float
    ) -> Thinned:
        stored = await self._bucket.list()
        blobs = {each.name: each for each in stored if _kind(each) == "cas"}
        roots = sorted(
            (each for each in stored if _kind(each) in {"ac", "packs"}),
            key=lambda each: (-_age(each, now), each.name),
        )
        refers = await self._each(self._refers, roots)
        users: dict[str, int] = {}
        for names in refers:
            for name in names:
                users[name] = users.get(name, 0) + 1
        size = sum(each.size for each in roots)
        size += sum(each.size for each in blobs.values() if each.name in users)
        gone = []
        for each, names in zip(roots, refers, strict=True):
            old = older_than is not None and _age(each, now) > older_than
            # A pack is of use without some of its outputs; not so a record.
            useless = not names <= blobs.keys() and _kind(each) == "ac"
            useless = useless and _age(each, now) > grace
            if not (old or useless or (max_size is not None and size > max_size)):
                continue
            gone.append(each)
            size -= each.size
            for name in names:
                users[name] -= 1
                if not users[name] and name in blobs:
                    size -= blobs[name].size
        unused = [
            each for each in blobs.values() if not users.get(each.name) and _age(each, now) > grace
        ]
        # A record whose outputs are gone is no record, an output without one is harmless.
        await self._each(lambda each: self._bucket.remove(each.name), gone)
        await self._each(lambda each: self._bucket.remove(each.name), unused)
        return Thinned(len(gone), len(unused), sum(each.size for each in [*gone, *unused]))

    async def _refers(self, each: Stored) -> set[str]:
        """Return the names of the outputs that a record or pack refers to."""
        try:
            results, inside = await self._content(each)
        except FileNotFoundError:
            return set()
        except DamagedError:
            return {""}  # Refers to what is not there, and so goes.
        return {
            blob_name(digest, size)
            for result in results
            for _, digest, size in result.outputs
            if digest not in inside
        }

    async def _content(self, each: Stored) -> tuple[Sequence[Result], set[str]]:
        """Return the results an object holds and the digests of the outputs that are in it.

        Raises:
            DamagedError: it is not what its name says.
            FileNotFoundError: it went meanwhile.
        """
        kind, rest = _kind(each), each.name.partition("/")[2]
        name = rest.partition("/")[2]
        digest, _, length = name.partition("-")
        if not is_digest(digest) or rest[:2] != digest[:2]:
            raise DamagedError("it has no name of this cache")
        if kind == "cas":
            if not length.isascii() or not length.isdigit() or int(length) > BLOB_LIMIT:
                raise DamagedError("it has no name of this cache")
            size = int(length)
            data = await self._bucket.get(each.name, size + OVERHEAD)
            await in_thread(partial(unframe_blob, data, digest, size))
            return (), set()
        limit = PACK_LIMIT if kind == "packs" else RECORD_LIMIT
        data = await self._bucket.get(each.name, limit, each.size)
        content = await in_thread(partial(unframe, data, limit, each.name))
        if kind == "packs":
            pack = await in_thread(partial(unpack, content))
            return list(pack.records.values()), set(pack.blobs)
        try:
            return [read_record(content)], set()
        except ValueError as error:
            raise DamagedError(str(error)) from error

    async def _each(
        self, work: Callable[[Stored], Awaitable[T]], stored: Iterable[Stored]
    ) -> list[T]:
        """Do something with many objects, a bounded number at a time; return what it returns."""
        waiting = list(enumerate(stored))[::-1]
        found: dict[int, T] = {}

        async def worker() -> None:
            while waiting:
                index, each = waiting.pop()
                found[index] = await work(each)

        await asyncio.gather(*(worker() for _ in range(self._bucket.patience.parallel)))
        return [found[index] for index in sorted(found)]


def _kind(stored: Stored) -> str:
    """Return `ac`, `cas` or `packs`: the first folder, without a salt."""
    return stored.name.partition("/")[0].partition("-")[0]


def _age(stored: Stored, now: float) -> float:
    """Return how many seconds ago an object was written; 0 where the store does not tell."""
    return now - stored.written if stored.written is not None else 0.0


__all__ = ["GRACE", "CacheStats", "RemoteUpkeep", "Thinned", "UnavailableError"]
