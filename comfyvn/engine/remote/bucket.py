"""Named objects below an fsspec URL, reached over a network that may fail.

Requests run on fsspec's own event loop. Each has a deadline, is tried again after a pause that
grows and varies, and tells `Health` how it went; when that says that the server is of no use, all
that is under way ends. File systems without an asynchronous form (`file://`, `sftp://`) run in
daemon threads, which a server that hangs cannot make us wait for at exit.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import itertools
import logging
import os
import random
import threading
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from comfyvn.engine.remote.health import Health, Patience

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

T = TypeVar("T")

ROOT = "v1"
"""The folder of this layout: another layout gets another folder, and old caches stay readable."""

_PAUSE, _LONGEST_PAUSE = 0.1, 2.0
_LISTING = 600.0
"""Seconds a listing may take: 1,000 objects come in one page of some ten milliseconds."""
_LARGE = 32 << 20
"""Bytes from which only two uploads hold their content in memory at a time."""
_USELESS = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT}

_temporary = itertools.count()


class UnavailableError(Exception):
    """The server gave no usable answer, or the cache is off."""


class _NoFileSystemError(Exception):
    """Nothing installed opens URLs like this one."""


class Stored(NamedTuple):
    """An object as a listing shows it: name below the root, bytes, and when written (Unix time)."""

    name: str
    size: int
    written: float | None


def event_loop() -> asyncio.AbstractEventLoop:
    """Return the event loop that requests run on; its thread is a daemon."""
    from fsspec.asyn import get_loop

    loop: asyncio.AbstractEventLoop = get_loop()
    return loop


async def in_thread(call: Callable[[], T]) -> T:
    """Run something in a daemon thread of its own and return what it returns."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is None:
            future.set_result(result)  # type: ignore[arg-type]
        else:
            future.set_exception(error)

    def run() -> None:
        result, failure = None, None
        try:
            result = call()
        except BaseException as error:
            failure = error
        with contextlib.suppress(RuntimeError):  # The loop ended with the process.
            loop.call_soon_threadsafe(settle, result, failure)

    threading.Thread(target=run, daemon=True, name="comfyvn cache").start()
    return await future


class Bucket:
    """Objects below one URL. Its methods run on `event_loop()` only."""

    def __init__(self, url: str, patience: Patience) -> None:
        self.patience = patience
        self.health = Health(patience)
        self._url = url
        self._opened: asyncio.Future[tuple[AbstractFileSystem, str]] | None = None
        self._running: set[asyncio.Future[Any]] = set()
        self._off = asyncio.Event()
        self._reading = asyncio.Semaphore(patience.parallel)
        self._writing = asyncio.Semaphore(max(1, patience.parallel // 2))
        self._writing_large = asyncio.Semaphore(2)

    async def get(self, name: str, limit: int, expected: int | None = None) -> bytes:
        """Return an object, or its first `limit` + 1 bytes if it is longer.

        Time is given for `expected` bytes, or else for `limit`.

        Raises:
            FileNotFoundError: there is none.
            UnavailableError: the server gave no answer.
        """

        async def read(fs: AbstractFileSystem, path: str) -> bytes:
            try:
                data: bytes = await _ask(fs, "cat_file", path, start=0, end=limit + 1)
            except Exception as error:
                if _is_empty(error):
                    return b""
                raise
            return data

        seconds = self._seconds(limit if expected is None else expected)
        return await self._request(read, name, seconds, self._reading)

    async def size(self, name: str) -> int:
        """Return the stored size of an object.

        Raises:
            FileNotFoundError: there is none.
            UnavailableError: the server gave no answer.
        """

        async def look(fs: AbstractFileSystem, path: str) -> int:
            return int((await _ask(fs, "info", path))["size"])

        return await self._request(look, name, self._seconds(0), self._reading)

    async def put(self, name: str, content: Callable[[], bytes], size: int) -> int:
        """Store an object in place of what is there; return the bytes sent.

        Args:
            name: its name.
            content: called when its turn has come, so that what waits takes no memory.
            size: about how many bytes it gives.

        Raises:
            UnavailableError: the server did not take it.
            OSError: `content` raised it.
        """
        async with (
            self._writing_large if size > _LARGE else contextlib.nullcontext(),
            self._writing,
        ):
            self._check_on()
            data = await in_thread(content)
            await self._request(partial(_write, data), name, self._seconds(len(data)), new=True)
            return len(data)

    async def remove(self, name: str) -> None:
        """Remove an object, if it is there.

        Raises:
            UnavailableError: the server did not do it.
        """

        async def remove(fs: AbstractFileSystem, path: str) -> None:
            await _ask(fs, "rm_file", path)

        with contextlib.suppress(FileNotFoundError):
            await self._request(remove, name, self._seconds(0), self._reading)

    async def list(self) -> list[Stored]:
        """Return all objects, by name.

        Raises:
            UnavailableError: the server gave no answer.
        """

        async def look(fs: AbstractFileSystem, path: str) -> list[Stored]:
            found = await _ask(fs, "find", path, detail=True)
            if not found:
                # `find` passes over folders that cannot be read, `ls` says why they cannot.
                await _ask(fs, "ls", path, detail=True)
            return sorted(
                Stored(name[len(path) :].lstrip("/"), int(info["size"]), _written(info))
                for name, info in found.items()
            )

        try:
            return await self._request(look, "", _LISTING)
        except FileNotFoundError:
            return []

    def _seconds(self, size: int) -> float:
        return self.patience.timeout + size / self.patience.rate

    def _check_on(self) -> None:
        if self.health.off:
            raise UnavailableError(self.health.why)

    async def _request(
        self,
        what: Callable[[AbstractFileSystem, str], Awaitable[T]],
        name: str,
        seconds: float,
        slots: asyncio.Semaphore | None = None,
        new: bool = False,
    ) -> T:
        """Make a request, again if need be.

        That there is no such object is an answer, unless the object is `new`.
        """
        why = ""
        for attempt in range(self.patience.attempts):
            if attempt:
                await self._pause(attempt)
            async with slots or contextlib.nullcontext():
                self._check_on()
                began = time.monotonic()
                ready = self._opened is not None and self._opened.done()
                # Loading what speaks to the server takes a second of a busy machine.
                allowed = seconds if ready else seconds + self.patience.timeout
                task = asyncio.ensure_future(self._run(what, name))
                task.add_done_callback(_look_at_error)
                self._running.add(task)
                try:
                    await asyncio.wait({task}, timeout=allowed)
                finally:
                    self._running.discard(task)
                    if not task.done():
                        task.cancel()
                error: BaseException | None = TimeoutError(f"no answer within {allowed:.0f} s")
                if task.done():
                    if task.cancelled():
                        raise UnavailableError(self.health.why)
                    error = task.exception()
                    if error is None:
                        self.health.worked()
                        return task.result()
                    if isinstance(error, FileNotFoundError) and not new:
                        self.health.worked()
                        raise error
                why = _describe(error)
                self.health.failed(began, time.monotonic(), why)
                if self.health.off or isinstance(error, _NoFileSystemError):
                    self._give_up(why)
                if isinstance(error, OSError) and error.errno in _USELESS:
                    break
        raise UnavailableError(why)

    async def _run(self, what: Callable[[AbstractFileSystem, str], Awaitable[T]], name: str) -> T:
        if self._opened is None:
            self._opened = asyncio.ensure_future(_open(self._url, self.patience))
            self._opened.add_done_callback(_look_at_error)
        opened = self._opened
        try:
            fs, root = await asyncio.shield(opened)
        except _NoFileSystemError:
            raise
        except Exception:
            if self._opened is opened:
                self._opened = None
            raise
        return await what(fs, f"{root}/{name}" if name else root)

    async def _pause(self, attempt: int) -> None:
        """Wait before another attempt: longer each time, and not in step with other clients."""
        longest = min(_PAUSE * 2**attempt, _LONGEST_PAUSE)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._off.wait(), random.uniform(longest / 2, longest))

    def _give_up(self, why: str) -> None:
        self.health.give_up(why)
        self._off.set()
        for task in list(self._running):
            task.cancel()


async def _open(url: str, patience: Patience) -> tuple[AbstractFileSystem, str]:
    fs, root = await in_thread(partial(_connect, url, patience))
    if hasattr(fs, "set_session"):
        await fs.set_session()
    return fs, root


def _connect(url: str, patience: Patience) -> tuple[AbstractFileSystem, str]:
    """Open the file system of a URL; credentials and endpoints are found as fsspec finds them."""
    # gcsfs would ask what kind of bucket it is before each request, over gRPC and with time-outs of
    # its own; and loading that takes 0.3 s.
    os.environ.setdefault("GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT", "false")
    from fsspec.config import conf
    from fsspec.core import url_to_fs

    # Both write tracebacks of what we handle to standard error, unless someone listens.
    for library in ("gcsfs", "s3fs"):
        logging.getLogger(library).addHandler(logging.NullHandler())
    protocol = url.partition("://")[0]
    options: dict[str, Any] = {"skip_instance_cache": True}
    if protocol in {"file", "local"}:
        options["auto_mkdir"] = True
    elif protocol in {"s3", "s3a"}:
        # We try again ourselves; the user's own configuration wins.
        options["config_kwargs"] = {
            "connect_timeout": patience.timeout,
            "read_timeout": patience.timeout,
            "retries": {"total_max_attempts": 1},
            "max_pool_connections": 2 * patience.parallel,
            **conf.get(protocol, {}).get("config_kwargs", {}),
        }
    try:
        fs, path = url_to_fs(url, use_listings_cache=False, **options)
    except (ImportError, ValueError) as error:
        raise _NoFileSystemError(str(error)) from error
    return fs, f"{path.rstrip('/')}/{ROOT}"


async def _ask(fs: AbstractFileSystem, what: str, *args: Any, **options: Any) -> Any:
    if fs.async_impl:
        return await getattr(fs, f"_{what}")(*args, **options)
    return await in_thread(partial(getattr(fs, what), *args, **options))


async def _write(data: bytes, fs: AbstractFileSystem, path: str) -> None:
    from fsspec.implementations.local import LocalFileSystem

    if not isinstance(fs, LocalFileSystem):
        await _ask(fs, "pipe_file", path, data)
        return
    # Stores replace an object whole; a file system does by renaming.
    temporary = f"{path}.{os.getpid()}.{next(_temporary)}.tmp"

    def write() -> None:
        try:
            fs.pipe_file(temporary, data)
            os.replace(temporary, path)  # noqa: PTH105
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)  # noqa: PTH108
            raise

    await in_thread(write)


def _is_empty(error: Exception) -> bool:
    """Whether a server says that an object has none of the bytes asked for."""
    code = getattr(error, "code", None) or getattr(error, "errno", None)
    return str(code) == "416" or code == errno.EINVAL or "InvalidRange" in str(error)


def _describe(error: BaseException | None) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 200 else f"{text[:199]}…"


def _written(info: dict[str, Any]) -> float | None:
    for field in ("LastModified", "updated", "mtime", "created"):
        value = info.get(field)
        if isinstance(value, str):
            with contextlib.suppress(ValueError):
                value = datetime.fromisoformat(value)
        if isinstance(value, datetime):
            return value.timestamp()
        if isinstance(value, (int, float)):
            return float(value)
    return None


def _look_at_error(task: asyncio.Future[Any]) -> None:
    """Look at the error of a request nobody waits for any more, else asyncio prints it."""
    if not task.cancelled():
        task.exception()
