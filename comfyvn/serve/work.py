"""Builds in a thread of its own, one build at a time, whatever happens meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Condition, Event
from typing import NamedTuple

from comfyvn.serve.builds import Builds, Built
from comfyvn.serve.watch import watch_sources
from comfyvn.source.lock import LOCK_FILE

PATIENCE = 2.0
"""Seconds after which the first build begins though the sources may not be watched yet."""

Stat = tuple[int, int, int]


class Turn(NamedTuple):
    """A build that is over, and how long it took."""

    built: Built
    seconds: float


class Worker:
    """Builds when sources change. Changes during a build give one more build after it.

    Its threads end with the process: a build can be cut off at any moment, and the next one is
    right.
    """

    def __init__(
        self,
        builds: Builds,
        done: Callable[[Turn], None],
        scenes: Callable[[], tuple[str, ...]] = tuple,
    ) -> None:
        """Prepare.

        Args:
            builds: what builds.
            done: is told of each build that is over.
            scenes: returns the scenes that are being played.
        """
        self.builds, self.done, self.scenes = builds, done, scenes
        self._changed: set[str] = set()
        self._change = Condition()
        self._stop = Event()
        self._watching = Event()
        self._written: Stat | None = None

    def start(self) -> None:
        """Build, and watch and build from now on."""
        for target in (self._watch, self._work):
            threading.Thread(target=target, daemon=True).start()

    def stop(self) -> None:
        """Stop watching."""
        self._stop.set()

    def _watch(self) -> None:
        for paths in watch_sources(self.builds.root, self._stop):
            self._watching.set()
            with self._change:
                self._changed |= paths
                self._change.notify()

    def _work(self) -> None:
        self._watching.wait(PATIENCE)  # else it would miss what is edited while it begins
        self._build()
        while not self._stop.is_set():
            with self._change:
                self._change.wait_for(lambda: bool(self._changed))
                paths, self._changed = self._changed, set()
            if not self._ours(paths):
                self._build()

    def _build(self) -> None:
        started = time.monotonic()
        try:
            built = self.builds.build(self.scenes())
        except Exception as error:  # it must not end the server: the next edit may mend it
            built = Built([], False, f"the build failed: {type(error).__name__}: {error}")
        self._written = _stat(self.builds.root / LOCK_FILE)
        self.done(Turn(built, time.monotonic() - started))

    def _ours(self, paths: Iterable[str]) -> bool:
        """Return whether all that changed is what a build itself writes: the lock."""
        lock = (self.builds.root / LOCK_FILE).resolve()
        return all(Path(path) == lock for path in paths) and _stat(lock) == self._written


def _stat(path: Path) -> Stat | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
