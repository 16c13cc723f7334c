"""Steps on other machines: a Dask scheduler hands them to its workers.

A step travels with its inputs, so a worker needs nothing but the same ComfyVN; inputs too large
for that go by the shared cache. What a worker had when it died Dask hands to another one, and what
no worker can do any more is done here: a build is never worse off for its cluster.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from comfyvn.engine.context import Answer, Parcel
from comfyvn.engine.digest import digest_of
from comfyvn.engine.pool import Processes, work
from comfyvn.engine.remote.cache import SharedCache
from comfyvn.engine.result import Result
from comfyvn.engine.tool import tool_digest

PATIENCE = 10.0
"""Seconds for the scheduler to answer, for a first worker to be there, and without any after."""
BY_VALUE = 32 << 20
"""Bytes of files that a step may take along."""
_BEAT = 1.0


class ClusterError(OSError):
    """The cluster cannot be used; the message is for the user."""


class _LostInputError(Exception):
    """An input did not come out of the shared cache."""


class Sent(NamedTuple):
    """A step on its way to another machine.

    Attributes:
        parcel: the step, without files.
        tool: the digest of the ComfyVN that sends it.
        large: digest and size of the inputs to be had from the shared cache.
        cache: its URL.
    """

    parcel: Parcel
    tool: str
    large: Mapping[str, tuple[str, int]]
    cache: str


def work_away(sent: Sent) -> Answer:
    """Run a step on a worker of a cluster.

    Raises:
        ClusterError: the worker has another ComfyVN.
    """
    _check_tool(sent.tool)
    if sent.large:
        found: dict[str, bytes] = {}
        _cache(sent.cache).fetch_blobs(dict(sent.large.values()), found.__setitem__)
        for name, (digest, _) in sent.large.items():
            if digest not in found:
                raise _LostInputError(name)
            sent.parcel.contents[name] = found[digest]
    return work(sent.parcel)


def probe(tool: str) -> str:
    """Return on a worker what `work_away` would raise; empty if nothing."""
    try:
        _check_tool(tool)
    except ClusterError as error:
        return str(error)
    return ""


def _check_tool(tool: str) -> None:
    here = tool_digest()
    if here != tool:
        from distributed import get_worker

        raise ClusterError(
            f"the worker at {get_worker().address} has another ComfyVN ({here[:12]}) than this "
            f"machine ({tool[:12]}); install the same one on both, then restart the worker"
        )


@lru_cache(maxsize=1)
def _cache(url: str) -> SharedCache:
    return SharedCache(url, "read")


class Cluster:
    """The workers of a Dask scheduler.

    Attributes:
        room: how many steps they may have at once.
        notes: what the user should know at the end.
    """

    def __init__(self, address: str, jobs: int, cache: SharedCache | None = None) -> None:
        """Connect.

        Args:
            address: of the scheduler (`tcp://10.0.0.5:8786`).
            jobs: how many steps run here at once, should the cluster fail.
            cache: the shared cache, for inputs larger than `BY_VALUE`.

        Raises:
            ClusterError: there is no scheduler, no worker, or another ComfyVN on the workers.
        """
        self.address, self.patience = address, PATIENCE
        self.notes: list[str] = []
        self._cache = cache
        self._here = Processes(jobs)
        self._lock = threading.Lock()
        self._under_way: dict[Future[Answer], tuple[Any, Parcel]] = {}
        self._left = False
        self._closing = threading.Event()
        self._tool = tool_digest()
        self._client = self._connected()
        try:
            self.room = 2 * sum(self._first_workers().values())
        except BaseException:
            self._client.close(timeout=1)
            raise
        threading.Thread(target=self._watch, daemon=True).start()

    def _connected(self) -> Any:
        try:
            from distributed import Client as Connected
        except ImportError as error:
            raise ClusterError(
                "`--cluster` needs Dask: `pip install 'comfyvn[cluster]'`"
            ) from error
        # What Dask has to say of lost connections, `notes` say once; `asyncio` says what Dask
        # waited for in vain.
        for name in ("", ".client", ".core", ".comm"):
            logging.getLogger(f"distributed{name}").setLevel(logging.CRITICAL + 1)
        logging.getLogger("asyncio").setLevel(logging.CRITICAL + 1)
        try:
            connect: Callable[..., Any] = Connected
            return connect(self.address, timeout=self.patience, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise ClusterError(
                f"there is no Dask scheduler at `{self.address}`; start one with `dask scheduler`, "
                "and name the address that it prints"
            ) from error

    def _first_workers(self) -> Mapping[str, int]:
        """Return the threads of each worker, when there is one and it has this ComfyVN."""
        with suppress(TimeoutError):
            self._client.wait_for_workers(1, timeout=self.patience)
        workers = self._workers()
        if not workers:
            raise ClusterError(
                f"the scheduler at `{self.address}` has no workers; start some with "
                f"`dask worker {self.address}`"
            )
        try:
            said = self._client.submit(probe, self._tool, pure=False).result(self.patience)
        except Exception as error:
            raise ClusterError(
                f"the workers of `{self.address}` cannot run ComfyVN ({error or 'no answer'}); "
                "install the same version there, with `comfyvn[cluster]`"
            ) from error
        if said:
            raise ClusterError(said)
        return workers

    def _workers(self) -> dict[str, int]:
        """Return the threads of each worker; none if the scheduler does not answer."""
        try:
            found: dict[str, int] = self._client.sync(
                self._client.scheduler.ncores, callback_timeout=self.patience / 2
            )
        except Exception:
            return {}
        return found

    def submit(self, parcel: Parcel) -> Future[Answer]:
        """Begin a step."""
        future: Future[Answer] = Future()
        future.set_running_or_notify_cancel()
        sent = None if self._left else self._packed(parcel)
        if sent is None:
            self._begin_here(future, parcel)
            return future
        try:
            task = self._client.submit(work_away, sent, pure=False, key=None)
        except Exception:
            self._begin_here(future, parcel)
            return future
        with self._lock:
            self._under_way[future] = task, parcel
        task.add_done_callback(lambda _: self._take(future))
        return future

    def _packed(self, parcel: Parcel) -> Sent | None:
        """Return a step with its files; None if they are too large to be sent."""
        sizes = {name: Path(path).stat().st_size for name, path in parcel.files.items()}
        contents, large, room = dict(parcel.contents), {}, BY_VALUE
        for name, size in sorted(sizes.items(), key=lambda each: each[1]):
            if size <= room:
                room -= size
                contents[name] = Path(parcel.files[name]).read_bytes()
            else:
                large[name] = parcel.digests[name], size
        url = ""
        if large:
            if self._cache is None or self._cache.mode != "write":
                return None
            url = self._cache.url
            for name, (digest, size) in large.items():
                # A record of its own keeps the object from being swept away as nobody's.
                self._cache.publish(
                    digest_of(f"input {digest}".encode()),
                    Result(((name, digest, size),)),
                    {digest: Path(parcel.files[name]).read_bytes},
                )
            self._cache.close()
        return Sent(parcel._replace(contents=contents, files={}), self._tool, large, url)

    def _take(self, future: Future[Answer]) -> None:
        """Pass on what became of a step."""
        with self._lock:
            found = self._under_way.pop(future, None)
        if found is None:
            return
        task, parcel = found
        if task.status == "finished":
            try:
                answer = task.result(timeout=self.patience)
            except Exception:
                self._begin_here(future, parcel)
            else:
                future.set_result(answer)
            return
        error = task.exception() if task.status == "error" else None
        if error is None or isinstance(error, _LostInputError) or _is_of_dask(error):
            self._begin_here(future, parcel)
        else:
            future.set_exception(error)

    def _begin_here(self, future: Future[Answer], parcel: Parcel) -> None:
        """Run a step on this machine after all."""

        def done(inner: Future[Answer]) -> None:
            if inner.cancelled():
                future.set_exception(ClusterError("the build was stopped"))
            elif (error := inner.exception()) is not None:
                future.set_exception(error)
            else:
                future.set_result(inner.result())

        with self._lock:
            self._here.submit(parcel).add_done_callback(done)

    def _watch(self) -> None:
        """Leave the cluster when it has had no worker for too long."""
        seen = time.monotonic()
        while not self._closing.wait(_BEAT):
            if self._workers():
                seen = time.monotonic()
            elif time.monotonic() - seen >= self.patience:
                self._leave()
                return

    def _leave(self) -> None:
        with self._lock:
            self._left = True
            lost, self._under_way = self._under_way, {}
        self.notes.append(
            f"the cluster at `{self.address}` has no workers any more; the rest was built here"
        )
        for future, (_, parcel) in lost.items():
            self._begin_here(future, parcel)

    def close(self, *, now: bool = False) -> None:
        """End; `now` without waiting for what is under way."""
        self._closing.set()
        with self._lock:
            lost, self._under_way = self._under_way, {}
        for task, _ in lost.values():
            with suppress(Exception):
                task.cancel()
        self._here.close(now=now)
        with suppress(Exception):
            self._client.close(timeout=2)


def _is_of_dask(error: BaseException) -> bool:
    """Whether it was not the step that failed but what should have run it."""
    return type(error).__module__.partition(".")[0] in ("distributed", "dask")
