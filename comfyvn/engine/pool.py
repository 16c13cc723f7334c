"""Where steps run beside the build: worker processes, and threads that wait for child processes.

A limit is a number of cores for all, and a depth for each named pool; where a pool has devices,
what they hold is the limit. Nothing is started before the first step asks for it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from threading import Lock, Thread
from typing import Protocol

from comfyvn.engine.action import Action
from comfyvn.engine.context import Answer, Artifacts, LocalContext, Parcel, pack, run_parcel
from comfyvn.engine.devices import Devices
from comfyvn.engine.resolve import resolve
from comfyvn.engine.step import Rule, Step
from comfyvn.source.diagnostics import Diagnostics

_SPARE = 4
"""Threads beyond those that steps can be seen to need: one more costs nothing."""


class ActionError(Exception):
    """An action could not be found, or said in its own words that it failed."""

    expected = True


def action_of(rule: Rule) -> Action:
    """Return what runs the steps of a rule.

    Raises:
        ActionError: there is nothing.
    """
    out = Diagnostics()
    found: Action | None = resolve(rule, out)
    if found is None:
        raise ActionError(out[0].message)
    return found


def work(parcel: Parcel) -> Answer:
    """Run a step in a worker process."""
    return run_parcel(parcel, action_of)


class Processes:
    """Worker processes of this build; the first step starts them."""

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self._executor: ProcessPoolExecutor | None = None

    def submit(self, parcel: Parcel) -> Future[Answer]:
        """Begin a step."""
        try:
            return self._running().submit(work, parcel)
        except BrokenProcessPool:
            self._executor = None
            return self._running().submit(work, parcel)

    def _running(self) -> ProcessPoolExecutor:
        if self._executor is None:
            method = (
                "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else None
            )
            context = multiprocessing.get_context(method)
            context.set_forkserver_preload(["comfyvn.engine.worker_start"])
            self._executor = ProcessPoolExecutor(self.jobs, context, initializer=_follow_parent)
        return self._executor

    def close(self, *, now: bool = False) -> None:
        """Stop them; `now` without waiting for what they do."""
        executor, self._executor = self._executor, None
        if executor is not None:
            executor.shutdown(wait=not now, cancel_futures=True)
            if now:
                for process in list((executor._processes or {}).values()):
                    process.terminate()


class Workers(Protocol):
    """Processes elsewhere that run the steps of `where: worker`.

    Attributes:
        room: how many steps they may have at once.
    """

    room: int

    def submit(self, parcel: Parcel) -> Future[Answer]:
        """Begin a step."""

    def close(self, *, now: bool = False) -> None:
        """End; `now` without waiting for what is under way."""


class Pool:
    """Runs steps of `where: worker`, `command` and `job`."""

    def __init__(
        self,
        jobs: int,
        devices: Devices,
        waiting: Callable[[Rule], Action],
        workers: Workers | None = None,
    ) -> None:
        """Prepare; start nothing.

        Args:
            jobs: how many cores may be kept busy.
            devices: what steps of named pools go to, and how many steps the other pools take.
            waiting: from a rule of `where: command` or `job` to what runs its steps in a thread.
            workers: what runs `where: worker` instead of processes of our own.
        """
        self.jobs = max(1, jobs)
        self.devices = devices
        self.waiting = waiting
        self._workers = workers
        self._sent = 0
        self._processes = Processes(self.jobs)
        self._threads: ThreadPoolExecutor | None = None
        self._lock = Lock()
        self._busy = 0
        self._in_pool: Counter[str] = Counter()

    def free(self, rule: Rule) -> bool:
        """Whether a step of this rule, which needs no device, can begin now.

        A step too large for all cores runs alone.
        """
        if rule.pool and self._in_pool[rule.pool] >= self.devices.depth(rule.pool):
            return False
        if rule.where == "worker" and self._workers is not None:
            return self._sent < self._workers.room
        return self._busy == 0 or self._busy + rule.cpu <= self.jobs

    def submit(self, step: Step, rule: Rule, artifacts: Artifacts) -> Future[Answer]:
        """Begin a step.

        Raises:
            OSError: an input cannot be read.
            NoDeviceError: it needs a device, and there is none for it.
        """
        placed = self.devices.serves(rule)
        away = rule.where == "worker" and self._workers is not None
        if rule.where == "worker":
            parcel = pack(step, rule, artifacts)
            future = (self._workers or self._processes).submit(parcel)
        else:
            place = self.devices.place(step.name) if placed else None
            context = LocalContext(step, rule, artifacts, place)
            future = self._waiters().submit(_run, self.waiting(rule), context)
        if placed:
            return future  # Waiting for another machine keeps no core busy.
        self._count(rule, 1, away)
        future.add_done_callback(lambda _: self._count(rule, -1, away))
        return future

    def _waiters(self) -> ThreadPoolExecutor:
        if self._threads is None:
            # As many as can ever begin: a pool without a limit begins one for each core.
            self._threads = ThreadPoolExecutor(self.jobs + self.devices.most + _SPARE)
        return self._threads

    def _count(self, rule: Rule, one: int, away: bool) -> None:
        with self._lock:
            self._in_pool[rule.pool] += one
            if away:
                self._sent += one
            else:
                self._busy += one * rule.cpu

    def close(self, *, now: bool = False) -> None:
        """Stop the workers; `now` without waiting for what they do."""
        if self._workers is not None:
            self._workers.close(now=now)
        self._processes.close(now=now)
        self.devices.close()
        if self._threads is not None:
            self._threads.shutdown(wait=not now, cancel_futures=True)
            self._threads = None


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _run(action: Action, context: LocalContext) -> Answer:
    action(context)
    return Answer(context.made, context.findings)


def _follow_parent() -> None:
    """Make a worker leave Ctrl-C to the build, which stops it, and end when the build is killed.

    Workers wait on a pipe that they hold open themselves, so its end tells them nothing.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def _end_after(parent: int) -> None:
    wait([parent])
    os._exit(1)
