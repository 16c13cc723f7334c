"""Where steps run beside the build: worker processes, and threads that wait for child processes.

A limit is a number of cores for all, and a depth for each named pool. Nothing is started before
the first step asks for it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from comfyvn.engine.action import Action
from comfyvn.engine.context import Answer, Artifacts, LocalContext, Parcel, pack, run_parcel
from comfyvn.engine.resolve import resolve
from comfyvn.engine.step import Rule, Step
from comfyvn.source.diagnostics import Diagnostics


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


class Pool:
    """Runs steps of `where: worker`, `command` and `job` on this machine."""

    def __init__(
        self,
        jobs: int,
        depths: Mapping[str, int],
        waiting: Callable[[Rule], Action],
        workers: Executor | None = None,
    ) -> None:
        """Prepare; start nothing.

        Args:
            jobs: how many cores may be kept busy.
            depths: how many steps of each named pool may run at once; a pool without one takes 1.
            waiting: from a rule of `where: command` or `job` to what runs its steps in a thread.
            workers: what runs `where: worker` instead of processes of our own.
        """
        self.jobs = max(1, jobs)
        self.depths = dict(depths)
        self.waiting = waiting
        self._workers = workers
        self._own_workers: ProcessPoolExecutor | None = None
        self._threads: ThreadPoolExecutor | None = None
        self._busy = 0
        self._in_pool: Counter[str] = Counter()

    def free(self, rule: Rule) -> bool:
        """Whether a step of this rule can begin now; a step too large for all runs alone."""
        if rule.pool and self._in_pool[rule.pool] >= self.depths.get(rule.pool, 1):
            return False
        return self._busy == 0 or self._busy + rule.cpu <= self.jobs

    def submit(self, step: Step, rule: Rule, artifacts: Artifacts) -> Future[Answer]:
        """Begin a step.

        Raises:
            OSError: an input cannot be read.
        """
        if rule.where == "worker":
            parcel = pack(step, rule, artifacts)
            try:
                future = self._processes().submit(work, parcel)
            except BrokenProcessPool:
                self._own_workers = None
                future = self._processes().submit(work, parcel)
        else:
            context = LocalContext(step, rule, artifacts)
            if self._threads is None:
                self._threads = ThreadPoolExecutor(max(self.jobs, sum(self.depths.values()), 4))
            future = self._threads.submit(_run, self.waiting(rule), context)
        self._busy += rule.cpu
        self._in_pool[rule.pool] += 1
        future.add_done_callback(lambda _: self._left(rule))
        return future

    def _left(self, rule: Rule) -> None:
        self._busy -= rule.cpu
        self._in_pool[rule.pool] -= 1

    def _processes(self) -> Executor:
        if self._workers is not None:
            return self._workers
        if self._own_workers is None:
            method = (
                "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else None
            )
            self._own_workers = ProcessPoolExecutor(
                self.jobs, multiprocessing.get_context(method), initializer=_leave_to_parent
            )
        return self._own_workers

    def close(self, *, now: bool = False) -> None:
        """Stop the workers; `now` without waiting for what they do."""
        for executor in (self._own_workers, self._threads):
            if executor is not None:
                executor.shutdown(wait=not now, cancel_futures=True)
        if now and self._own_workers is not None:
            for process in list((self._own_workers._processes or {}).values()):
                process.terminate()
        self._own_workers = self._threads = None


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _run(action: Action, context: LocalContext) -> Answer:
    action(context)
    return Answer(context.made, context.findings)


def _leave_to_parent() -> None:
    """Ignore Ctrl-C in a worker: the build hears it too and stops its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
