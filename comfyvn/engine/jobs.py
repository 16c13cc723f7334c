"""Jobs: steps that take long, run outside the build and outlive it.

A driver starts a job and looks after it; the engine owns the table of all jobs, by the key of what
they make. A build that is killed leaves its jobs running; the next one finds them in the table and
adopts them. How the executor uses this:

1. `Jobs.action(rule, driver)` gives an action that submits or adopts, waits, and writes the outputs
   through its context. It blocks, so it runs in a thread; the depth of the rule's pool limits how
   many do.
2. When the result is in the store for good, `Jobs.settle()` frees what finished jobs still hold.
   A build killed before that finds them finished, and collects them again.
3. When a build is interrupted, `Jobs.stop()` ends the waiting. The jobs go on, or end with the
   build where their driver says so. Those of a build that is killed go on in any case.
4. `Jobs.sweep(outputs)` cancels the jobs whose step there is no more.

A job for a device (`comfyvn.engine.placement`) finds its name in `context.place`; the driver notes
it as `device` in the handle, so that the next build knows what is where (`Jobs.devices`). When a
device is gone, the driver raises `DeviceLostError`; the step is then given to another one.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol

from comfyvn.engine.action import Action, Context
from comfyvn.engine.clean_folder import CommandError, input_names
from comfyvn.engine.digest import step_key
from comfyvn.engine.step import Rule, canonical
from comfyvn.engine.store_file import DAMAGE

FILE = "jobs.db"
FIRST_WAIT, LONGEST_WAIT = 0.02, 1.0
"""Seconds between two looks at a job: each wait is half as long again as the one before."""
GRACE = 10.0
"""Seconds in which jobs that end with their build must be cancelled."""

Handle = Mapping[str, Any]
"""What a driver knows its job by: a JSON value, kept in the table.

`device` in it is the name of the device that has the job.
"""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS job(
    key TEXT PRIMARY KEY, rule TEXT, output TEXT, handle TEXT, since REAL, done INTEGER DEFAULT 0
) WITHOUT ROWID;
"""


class Status(NamedTuple):
    """How a job stands.

    Attributes:
        state: `done` when all outputs are there; `lost` when nobody works on it any more.
        message: when it failed or was lost, why; when it is running, how far it is, if known.
        outputs: when it is done, the file of each output.
    """

    state: Literal["running", "done", "failed", "lost"]
    message: str = ""
    outputs: Mapping[str, Path] = {}


class Driver(Protocol):
    """What runs one kind of job.

    A driver is asked from several threads. Whatever it raises fails the step, but for
    `DeviceLostError`, which any of `submit`, `adopt` and `poll` may raise.

    Attributes:
        ends_with_build: whether a build that is interrupted cancels its jobs; else they go on.
    """

    ends_with_build: bool

    @property
    def notes(self) -> Sequence[str]:
        """What the user should know of how jobs went, such as a server to be restarted."""

    def submit(self, key: str, context: Context, timeout: float) -> Handle:
        """Start a job and return at once. `key` tells it from all others, on any machine.

        Where rules have devices, `context.place` says on which one, whether it goes before all
        that waits there, and whether other models must be let go of first.
        """

    def adopt(self, key: str, handle: Handle | None) -> Handle | None:
        """Return the handle of the job that was submitted under a key; None if there is none.

        `handle` is what `submit` returned, or None when the build was killed before it was noted.
        """

    def poll(self, handle: Handle) -> Status:
        """Return how a job stands."""

    def cancel(self, handle: Handle) -> None:
        """Stop a job; nothing if it has ended."""

    def free(self, handle: Handle) -> None:
        """Let go of what an ended job still holds."""

    def close(self) -> None:
        """End what is open, but no job."""


class JobSite(NamedTuple):
    """Where jobs are run from.

    Attributes:
        root: the project's folder.
        state: its folder `.comfyvn`.
        compute: what `compute.yaml` says, checked; empty without it.
        offline: whether nothing may be asked of the network.
    """

    root: Path
    state: Path
    compute: Mapping[str, Any]
    offline: bool


class JobError(CommandError):
    """A job failed."""


class DeviceLostError(Exception):
    """A device does not answer or does no work any more; what it had is for others to do.

    Attributes:
        device: its name.
    """

    expected = True

    def __init__(self, device: str, message: str) -> None:
        super().__init__(message)
        self.device = device


class Jobs:
    """The table of a project's jobs, and the threads that wait for them."""

    def __init__(
        self,
        state: Path,
        driver_of: Callable[[str], Driver],
        moved: Callable[[str, str], None] = lambda output, said: None,
    ) -> None:
        """Open the table.

        Args:
            state: the folder `.comfyvn`.
            driver_of: from a rule's name, as the table has it, to its driver; raises KeyError if
                there is no such rule any more.
            moved: is told of a step's first output how far its job is, in words.

        Raises:
            OSError: the table cannot be opened.
        """
        self.driver_of = driver_of
        self._moved = moved
        self._guard = threading.Lock()
        self._stopped = threading.Event()
        self._ending: set[threading.Thread] = set()
        self._used: list[Driver] = []
        try:
            state.mkdir(exist_ok=True)
            self._db = _opened(state / FILE)
        except sqlite3.Error as error:
            raise OSError(f"{state / FILE}: {error}") from error

    def action(self, rule: Rule, driver: Driver) -> Action:
        """Return what runs the steps of a rule as jobs."""
        if driver not in self._used:
            self._used.append(driver)

        def act(context: Context) -> None:
            self.run(context, rule, driver)

        return act

    def run(self, context: Context, rule: Rule, driver: Driver) -> None:
        """Submit or adopt the job of a step, wait for it, and write its outputs.

        Raises:
            JobError: it failed, took longer than the rule allows, or the build was stopped.
            DeviceLostError: its device is gone, and the table has forgotten the job.
        """
        key = key_of(rule, context)
        output = context.outputs[0] if context.outputs else key
        self._supersede(key, rule.name, output)
        if driver.ends_with_build:
            self._ending.add(threading.current_thread())
        try:
            handle, since, adopted = self._begin(key, rule, output, context, driver)
            status = self._waited(key, output, handle, rule, since, driver)
        except DeviceLostError:
            self._execute("DELETE FROM job WHERE key = ?", key)
            raise
        finally:
            self._ending.discard(threading.current_thread())
        if status.state == "lost" and adopted:
            self._drop(key, handle, driver)
            self.run(context, rule, driver)
            return
        if status.state != "done":
            self._drop(key, handle, driver)
            raise JobError(status.message)
        for name, path in status.outputs.items():
            context.write(name, path.read_bytes())
        self._execute("UPDATE job SET done = 1 WHERE key = ?", key)

    def _waited(
        self, key: str, output: str, handle: Handle, rule: Rule, since: float, driver: Driver
    ) -> Status:
        """Wait for a job to end; return how it stands then."""
        wait = FIRST_WAIT
        while (status := driver.poll(handle)).state == "running":
            if status.message:
                self._moved(output, status.message)
            if rule.timeout and time.time() - since > rule.timeout:
                driver.cancel(handle)
                self._drop(key, handle, driver)
                raise JobError(f"it took longer than {rule.timeout:g} seconds, its rule's timeout")
            if self._stopped.wait(wait):
                if driver.ends_with_build:
                    driver.cancel(handle)
                    self._drop(key, handle, driver)
                    raise JobError("the build was interrupted, and the job with it")
                raise JobError("the build was interrupted; the job goes on, and is waited for next")
            wait = min(wait * 1.5, LONGEST_WAIT)
        return status

    def stop(self) -> None:
        """End all waiting, and the jobs that end with their build; the others go on."""
        self._stopped.set()
        until = time.monotonic() + GRACE
        while self._ending and time.monotonic() < until:
            time.sleep(0.01)

    def settle(self) -> None:
        """Free the jobs whose outputs were collected; call it when the store holds those."""
        for key, rule, handle in self._rows("SELECT key, rule, handle FROM job WHERE done = 1"):
            self._forget(key, rule, handle, cancel=False)

    def sweep(self, outputs: Iterable[str]) -> None:
        """Cancel the jobs none of whose first outputs is among `outputs`."""
        known = set(outputs)
        for key, rule, handle, output in self._rows("SELECT key, rule, handle, output FROM job"):
            if output not in known:
                self._forget(key, rule, handle, cancel=True)

    def running(self) -> list[tuple[str, str]]:
        """Return the rule and the first output of each job that was not settled."""
        rows = self._rows("SELECT rule, output FROM job WHERE done = 0 ORDER BY rule, output")
        return [(rule, output) for rule, output in rows]

    def devices(self) -> dict[str, str]:
        """Return the device of each job that has one and was not settled, by its first output."""
        found = {}
        for output, noted in self._rows("SELECT output, handle FROM job"):
            device = json.loads(noted).get("device") if noted else None
            if isinstance(device, str):
                found[output] = device
        return found

    def close(self) -> None:
        """Close the table, and the drivers that were used."""
        for driver in self._used:
            driver.close()
        with self._guard:
            self._db.close()

    def _begin(
        self, key: str, rule: Rule, output: str, context: Context, driver: Driver
    ) -> tuple[Handle, float, bool]:
        """Return a job's handle, when it was submitted, and whether an earlier build did that."""
        rows = self._rows("SELECT handle, since FROM job WHERE key = ?", key)
        if rows:
            noted: Handle | None = json.loads(rows[0][0]) if rows[0][0] else None
            handle = driver.adopt(key, noted)
            if handle is not None:
                self._note(key, handle)
                return handle, float(rows[0][1]), True
        # The row comes first: a job that the table does not know could not be adopted.
        since = time.time()
        self._execute(
            "INSERT OR REPLACE INTO job(key, rule, output, handle, since) VALUES(?, ?, ?, '', ?)",
            key, rule.name, output, since,
        )  # fmt: skip
        try:
            handle = driver.submit(key, context, rule.timeout)
        except BaseException:
            self._execute("DELETE FROM job WHERE key = ?", key)
            raise
        self._note(key, handle)
        return handle, since, False

    def _supersede(self, key: str, rule: str, output: str) -> None:
        """Cancel the job for the same output whose inputs are of yesterday."""
        query = "SELECT key, rule, handle FROM job WHERE rule = ? AND output = ? AND key != ?"
        for other, _, handle in self._rows(query, rule, output, key):
            self._forget(other, rule, handle, cancel=True)

    def _forget(self, key: str, rule: str, noted: str, *, cancel: bool) -> None:
        try:
            driver = self.driver_of(rule)
        except KeyError:
            self._execute("DELETE FROM job WHERE key = ?", key)
            return
        handle = json.loads(noted) if noted else driver.adopt(key, None)
        if handle is not None and cancel:
            driver.cancel(handle)
        self._drop(key, handle, driver)

    def _drop(self, key: str, handle: Handle | None, driver: Driver) -> None:
        if handle is not None:
            driver.free(handle)
        self._execute("DELETE FROM job WHERE key = ?", key)

    def _note(self, key: str, handle: Handle) -> None:
        self._execute("UPDATE job SET handle = ? WHERE key = ?", canonical(dict(handle)), key)

    def _execute(self, statement: str, *values: object) -> None:
        with self._guard:
            self._db.execute(statement, values)

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._guard:
            return self._db.execute(query, values).fetchall()


def key_of(rule: Rule, context: Context) -> str:
    """Return what tells the job of a step from all others: what is run, on what, for what."""
    facts = (rule.name, rule.version, rule.action, canonical(context.params), *context.outputs)
    return step_key(facts, [(name, context.digest(name)) for name in input_names(context)])


def _opened(path: Path) -> sqlite3.Connection:
    """Open the table; one that is damaged is begun anew, and its jobs are on their own."""
    for attempt in (1, 2):
        db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        try:
            db.execute("PRAGMA journal_mode=WAL")
            db.executescript(_SCHEMA)
            db.execute("SELECT key, rule, output, handle, since, done FROM job").fetchall()
        except DAMAGE:
            db.close()
            if attempt == 2:
                raise
            for name in (path, path.with_name(f"{FILE}-wal"), path.with_name(f"{FILE}-shm")):
                name.unlink(missing_ok=True)
        else:
            return db
    raise AssertionError
