"""The shared cache: results that one machine made, for every other.

Two maps after Bazel's remote cache: `cas/<2>/<digest>-<size>` holds outputs, `ac/<2>/<key>` the
record of a step. Outputs are written first, the record last. A bucket checks nothing, so what
arrives is checked here, and a record whose outputs are missing is no record.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from collections.abc import Callable, Coroutine, Iterable, Mapping
from functools import partial
from typing import Any, Literal, TypeVar

from comfyvn.engine.digest import digest_of
from comfyvn.engine.remote.bucket import Bucket, Stored, UnavailableError, event_loop, in_thread
from comfyvn.engine.remote.health import Patience
from comfyvn.engine.remote.record import BLOB_LIMIT, is_digest, read_record, write_record
from comfyvn.engine.remote.wire import (
    OVERHEAD,
    DamagedError,
    Pack,
    frame,
    pack,
    unframe,
    unframe_blob,
    unpack,
)
from comfyvn.engine.result import Result
from comfyvn.source.address import shown
from comfyvn.source.diagnostics import Diagnostic, Span

T = TypeVar("T")
Mode = Literal["read", "write"]
Progress = Callable[[int, int], None]
"""Told how many uploads are done, and of how many."""

RECORD_LIMIT = 16 << 20
PACK_LIMIT = 512 << 20
_IN_HAND = 256 << 20
"""Bytes of blobs that are asked for ahead of the one that is kept."""
_WORTH_ASKING = 64 << 10
"""Bytes from which asking whether a blob is there takes less time than sending it."""


class Traffic:
    """What a build had of the shared cache."""

    def __init__(self) -> None:
        self.hits = 0
        self.misses = 0
        self.published = 0
        self.received = 0
        self.sent = 0
        self.damaged: list[str] = []


class SharedCache:
    """A shared cache. Nothing is asked of the network before the first call.

    All methods may be called from any thread and none raises when the cache fails: a result is then
    not there, an upload does not happen, and `findings` says so once.
    """

    def __init__(
        self, url: str, mode: Mode = "read", salt: str = "", patience: Patience | None = None
    ) -> None:
        self.url = url
        self.mode = mode
        self.traffic = Traffic()
        self._suffix = f"-{digest_of(salt.encode())[:16]}" if salt else ""
        self._patience = patience or Patience()
        self._bucket: Bucket | None = None
        self._lock = threading.Lock()
        self._uploads: set[concurrent.futures.Future[None]] = set()
        self._asked = 0
        self._there: set[str] = set()
        self._wrong: set[str] = set()
        self._unsent: list[str] = []

    def fetch(self, key: str) -> Result | None:
        """Return what a step of this key made, without its outputs; None if nobody made it."""
        return self._run(self._fetch(key))

    def fetch_many(self, keys: Iterable[str]) -> dict[str, Result]:
        """Return what the steps of these keys made, as far as it is there."""
        names = list(dict.fromkeys(keys))
        found = self._run(self._gather(self._fetch(key) for key in names)) or []
        return {
            key: result for key, result in zip(names, found, strict=False) if result is not None
        }

    def fetch_blobs(
        self, wanted: Mapping[str, int], keep: Callable[[str, bytes], object]
    ) -> set[str]:
        """Fetch outputs, each checked; return the digests of those that did not come.

        Args:
            wanted: sizes by digest.
            keep: called here with each digest and its bytes, in any order.

        Raises:
            OSError: `keep` raised it.
        """
        waiting = list(wanted.items())[::-1]
        missing = set()
        under_way: dict[concurrent.futures.Future[bytes | None], tuple[str, int]] = {}
        while waiting or under_way:
            in_hand = sum(size for _, size in under_way.values())
            while waiting and len(under_way) < self._patience.parallel:
                if under_way and in_hand + waiting[-1][1] > _IN_HAND:
                    break
                digest, size = waiting.pop()
                in_hand += size
                under_way[self._start(self._fetch_blob(digest, size))] = (digest, size)
            done, _ = concurrent.futures.wait(
                under_way, return_when=concurrent.futures.FIRST_COMPLETED
            )
            for future in done:
                digest, _ = under_way.pop(future)
                data = future.result()
                if data is None:
                    missing.add(digest)
                else:
                    keep(digest, data)
        return missing

    def publish(self, key: str, result: Result, blobs: Mapping[str, Callable[[], bytes]]) -> None:
        """Upload what a step made, in the background: its outputs, then its record.

        Args:
            key: the step's key.
            result: what it made.
            blobs: for each digest among the outputs, what gives its bytes when their turn comes.
        """
        if self.mode == "write":
            self._upload(self._publish(key, result, blobs))

    def get_pack(self, name: str) -> Pack | None:
        """Return the pack of this name (a digest), checked whole; None if there is none."""
        return self._run(self._get_pack(name))

    def put_pack(
        self, name: str, content: Pack, blobs: Mapping[str, Callable[[], bytes]] | None = None
    ) -> None:
        """Upload a pack in the background, after those outputs of its records that go singly."""
        if self.mode == "write":
            self._upload(self._put_pack(name, content, blobs or {}))

    def keys(self) -> list[str]:
        """Return the keys of all records.

        Raises:
            UnavailableError: the cache fails.
        """
        return [each.name.rpartition("/")[2] for each in self._listed("ac")]

    def newest_pack(self) -> str | None:
        """Return the name of the pack that was written last.

        Raises:
            UnavailableError: the cache fails.
        """
        packs = sorted(self._listed("packs"), key=lambda each: (each.written or 0.0, each.name))
        return packs[-1].name.rpartition("/")[2] if packs else None

    def close(self, progress: Progress | None = None) -> None:
        """Wait for uploads; they end by themselves, done or given up."""
        while self._uploads:
            concurrent.futures.wait(self._uploads, timeout=0.2)
            self._uploads = {upload for upload in self._uploads if not upload.done()}
            if progress is not None:
                progress(self._asked - len(self._uploads), self._asked)

    def abandon(self) -> None:
        """Drop uploads that are not done: the user interrupted the build."""
        for upload in self._uploads:
            upload.cancel()
        self._uploads.clear()

    @property
    def off(self) -> bool:
        """Whether the cache failed so often that it is not asked any more in this build."""
        return self._bucket is not None and self._bucket.health.off

    @property
    def findings(self) -> list[Diagnostic]:
        """What went wrong so far, to be said once at the end of the build."""
        found = []
        span = Span.whole_file("vn.yaml")
        where = shown(self.url)
        if self.off and self._bucket is not None:
            health = self._bucket.health
            found.append(
                Diagnostic(
                    "VN1120",
                    "warning",
                    f"the shared cache `{where}` is off for the rest of this build after "
                    f"{health.failures} failures and {health.lost:.1f} s: {health.why}",
                    span,
                    help="the build goes on without it; `comfyvn cache stats` says whether it "
                    "answers again",
                )
            )
        elif self._unsent:
            found.append(
                Diagnostic(
                    "VN1122",
                    "warning",
                    f"{len(self._unsent)} results did not get into the shared cache `{where}`: "
                    f"{self._unsent[0]}",
                    span,
                    help="`comfyvn cache push` uploads what is missing",
                )
            )
        if self.traffic.damaged:
            names = self.traffic.damaged
            mend = "it is replaced" if self.mode == "write" else "a build that may write mends it"
            found.append(
                Diagnostic(
                    "VN1121",
                    "warning",
                    f"{len(names)} damaged objects in the shared cache `{where}`, the first "
                    f"`{names[0]}`",
                    span,
                    help=f"what they held is made again here, and {mend}; "
                    "`comfyvn cache verify` looks at all of them",
                )
            )
        return found

    def _listed(self, kind: str) -> list[Stored]:
        stored = self._run(self._open().list())
        return [
            each
            for each in stored
            if each.name.startswith(f"{kind}{self._suffix}/")
            and is_digest(each.name.rpartition("/")[2])
        ]

    # Between the caller's thread and the event loop

    def _open(self) -> Bucket:
        with self._lock:
            if self._bucket is None:
                self._bucket = Bucket(self.url, self._patience)
            return self._bucket

    def _start(self, work: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        return asyncio.run_coroutine_threadsafe(work, event_loop())

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        future = self._start(work)
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def _upload(self, work: Coroutine[Any, Any, None]) -> None:
        upload = self._start(work)
        with self._lock:
            self._asked += 1
            self._uploads.add(upload)

    # On the event loop

    async def _fetch(self, key: str) -> Result | None:
        name = self._name("ac", key)
        data = await self._read(name, RECORD_LIMIT, expected=0)
        if data is None:
            self.traffic.misses += 1
            return None
        try:
            result = read_record(unframe(data, RECORD_LIMIT, name))
        except ValueError:
            self._damaged(name)
            self.traffic.misses += 1
            return None
        self.traffic.hits += 1
        return result

    async def _fetch_blob(self, digest: str, size: int) -> bytes | None:
        if size > BLOB_LIMIT:
            return None
        name = blob_name(digest, size)
        self._there.discard(name)
        data = await self._read(name, size + OVERHEAD)
        if data is None:
            return None
        try:
            content = await _aside(partial(unframe_blob, data, digest, size), size)
        except DamagedError:
            self._damaged(name)
            return None
        self._there.add(name)
        return content

    async def _get_pack(self, name: str) -> Pack | None:
        path = self._name("packs", name)
        try:
            size = await self._open().size(path)
        except (FileNotFoundError, UnavailableError):
            return None
        data = await self._read(path, min(size, PACK_LIMIT))
        if data is None:
            return None
        try:
            return await in_thread(lambda: unpack(unframe(data, PACK_LIMIT, path)))
        except DamagedError:
            self._damaged(path)
            return None

    async def _read(self, name: str, limit: int, expected: int | None = None) -> bytes | None:
        try:
            data = await self._open().get(name, limit, expected)
        except (FileNotFoundError, UnavailableError):
            return None
        self.traffic.received += len(data)
        return data

    async def _publish(
        self, key: str, result: Result, blobs: Mapping[str, Callable[[], bytes]]
    ) -> None:
        name = self._name("ac", key)
        await self._put_all(name, partial(write_record, result), 0, [result], blobs)

    async def _put_pack(
        self, name: str, content: Pack, blobs: Mapping[str, Callable[[], bytes]]
    ) -> None:
        size = sum(map(len, content.blobs.values()))
        if size <= PACK_LIMIT:
            path = self._name("packs", name)
            results = content.records.values()
            await self._put_all(path, partial(pack, content), size, results, blobs)

    async def _put_all(
        self,
        name: str,
        content: Callable[[], bytes],
        size: int,
        results: Iterable[Result],
        blobs: Mapping[str, Callable[[], bytes]],
    ) -> None:
        """Upload outputs, and only when all of them are there what refers to them."""
        wanted = {
            digest: size
            for result in results
            for _, digest, size in result.outputs
            if digest in blobs
        }
        if any(size > BLOB_LIMIT for size in wanted.values()):
            return
        try:
            await self._gather(
                self._put_blob(digest, size, blobs[digest]) for digest, size in wanted.items()
            )
            sent = await self._open().put(name, lambda: frame(content(), name), size)
        except (UnavailableError, OSError) as error:
            self._unsent.append(str(error))
        else:
            self.traffic.sent += sent
            self.traffic.published += 1

    async def _put_blob(self, digest: str, size: int, content: Callable[[], bytes]) -> None:
        name = blob_name(digest, size)
        if name in self._there:
            return
        if name not in self._wrong and size >= _WORTH_ASKING and await self._is_there(name):
            return

        def framed() -> bytes:
            data = content()
            if len(data) != size or digest_of(data) != digest:
                raise OSError(f"the output {digest} is not as it was made")
            return frame(data)

        sent = await self._open().put(name, framed, size)
        self.traffic.sent += sent
        self._there.add(name)
        self._wrong.discard(name)

    async def _is_there(self, name: str) -> bool:
        try:
            await self._open().size(name)
        except FileNotFoundError:
            return False
        return True

    def _name(self, kind: str, key: str) -> str:
        """Return an object's name; a salt puts every record and pack elsewhere."""
        if not is_digest(key):
            raise ValueError(f"no digest: {key!r}")
        return f"{kind}{self._suffix}/{key[:2]}/{key}"

    def _damaged(self, name: str) -> None:
        self._wrong.add(name)
        self.traffic.damaged.append(name)

    async def _gather(self, work: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
        return await asyncio.gather(*work)


def blob_name(digest: str, size: int) -> str:
    """Return the name of a blob below the cache's root."""
    return f"cas/{digest[:2]}/{digest}-{size}"


async def _aside(call: Callable[[], T], size: int) -> T:
    """Call what takes long for large objects: these in a thread, so that others still travel."""
    return await in_thread(call) if size > _WORTH_ASKING else call()
