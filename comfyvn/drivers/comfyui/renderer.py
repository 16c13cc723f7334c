"""Render jobs on ComfyUI servers.

A step's job is one prompt on one server. Its id follows from what is rendered, so whoever asks for
the same finds it there: a build after one that was killed, or a step that wants an equal picture.
Polling decides how a job is. What a server lost is sent again, under another id and file name.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from comfyvn.drivers.comfyui.choice import Load, choose
from comfyvn.drivers.comfyui.client import (
    AnswerError,
    ComfyError,
    GoneError,
    LargeError,
    RefusedError,
    UnreachableError,
)
from comfyvn.drivers.comfyui.graph import Graph
from comfyvn.drivers.comfyui.job import Job, kept_job
from comfyvn.drivers.comfyui.order import Order, read_order, told
from comfyvn.drivers.comfyui.outcome import Ended, Item
from comfyvn.drivers.comfyui.picture import facts_in, problem_of
from comfyvn.drivers.comfyui.station import Station
from comfyvn.engine.action import Context
from comfyvn.engine.clean_folder import remove
from comfyvn.engine.jobs import DeviceLostError, Handle, JobError, Status
from comfyvn.engine.placement import Place
from comfyvn.source.diagnostics import Diagnostics

ATTEMPTS = 4
"""How often a job is sent before it is given up, when servers lose it or what it made."""
_SLOW = 4
"""A job may be silent for so many times as long as its workflow says that it takes."""
_RUNNING = Status("running")


class _NoServerError(JobError):
    """No server answers and works just now."""


class Renderer:
    """The driver of render jobs (`comfyvn.engine.jobs.Driver`).

    Attributes:
        ends_with_build: an interrupted build takes its jobs off the servers.
    """

    ends_with_build = True

    def __init__(
        self,
        state: Path,
        stations: Iterable[Station],
        *,
        unused: Mapping[str, str] | None = None,
        offline: bool = False,
    ) -> None:
        """Prepare; ask nothing.

        Args:
            state: the folder `.comfyvn`.
            stations: the servers to render on.
            unused: of servers that may not be used, why.
            offline: whether none may be asked.
        """
        self.folder = state.resolve() / "jobs"
        self.stations = {station.name: station for station in stations}
        self.unused = unused or {}
        self.offline = offline
        self._jobs: dict[Path, Job] = {}
        self._guard = threading.Lock()
        self._ordering: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._begun: dict[str, int] = {}
        self._loaded: dict[str, tuple[str, ...]] = {}
        self._stuck: dict[str, str] = {}

    @property
    def notes(self) -> list[str]:
        """What the user should know of the servers."""
        return [self._stuck[name] for name in sorted(self._stuck)]

    def close(self) -> None:
        """Hang up on all servers."""
        for station in self.stations.values():
            station.close()

    # The driver's protocol

    def submit(self, key: str, context: Context, timeout: float) -> Handle:
        """Send a step's job to a server, or find it there.

        Raises:
            JobError: it cannot be rendered: no server answers, or none can run the workflow.
            DeviceLostError: the server that it was given does not work.
        """
        if self.offline:
            raise JobError("it is rendered on a server, and `--offline` forbids to ask one")
        if not self.stations:
            why = "".join(f"; `{name}`: {said}" for name, said in self.unused.items())
            raise JobError(f"compute.yaml names no server for it that may be used{why}")
        folder = self.folder / key
        remove(folder)
        job = Job(folder, read_order(context, folder), placed=bool(context.place.device))
        try:
            with self._turn(job.order.key):
                self._begin(job, context.place)
        except BaseException:
            remove(folder)
            raise
        with self._guard:
            self._jobs[folder] = job
        return self._handle(job)

    def adopt(self, key: str, handle: Handle | None) -> Handle | None:
        """Return the job that was sent under a key; one whose server is away is none."""
        job = self._job(self.folder / key) if handle is not None else None
        station = self.stations.get(job.device) if job is not None else None
        if job is None or station is None:
            return None
        if not (job.is_made or station.is_ready()):
            self._drop(job)
            return None
        return self._handle(job)

    def poll(self, handle: Handle) -> Status:
        """Return how a job stands; what a server lost is sent again.

        Raises:
            DeviceLostError: the server that it was given does not work any more.
        """
        job = self._job(Path(handle["place"]))
        if job is None:
            return Status("lost", "its folder was removed")
        with job.guard:
            if job.is_made:
                return job.made()
            station = self.stations[job.device]
            try:
                status = self._look(job, station)
            except (UnreachableError, AnswerError) as error:
                if not station.is_gone:
                    return _RUNNING
                return self._lost(job, station, f"{station} does not answer any more: {error}")
            except JobError as error:
                return Status("failed", str(error))
            if station.is_stuck and status.state == "running":
                self._stuck[station.name] = f"{station}: {station.trouble}"
                self._take_back(job, station)
                return self._lost(job, station, f"{station}: {station.trouble}")
            return status

    def cancel(self, handle: Handle) -> None:
        """Take a job off its server, unless another one waits for the same."""
        job = self._job(Path(handle["place"]))
        station = self.stations.get(job.device) if job is not None else None
        if job is None or station is None or job.is_made:
            return
        # Of two that wait for the same, one has to be the last.
        with self._guard:
            self._jobs.pop(job.folder, None)
            others = any(each.prompt_id == job.prompt_id for each in self._jobs.values())
        if not others:
            self._take_back(job, station)

    def free(self, handle: Handle) -> None:
        """Remove a job's folder."""
        folder = Path(handle["place"])
        with self._guard:
            self._jobs.pop(folder, None)
        remove(folder)

    # Where a job goes

    def _begin(self, job: Job, place: Place) -> None:
        """Find a job on a server, or send it to one; one that is being restarted is waited for."""
        named = self.stations.get(place.device)
        begun = time.monotonic()
        while True:
            try:
                self._place(job, place, named)
            except (_NoServerError, DeviceLostError):
                waited = time.monotonic() - begun
                for station in [named] if named is not None else self.stations.values():
                    if station.may_return and waited < station.times.patience:
                        time.sleep(station.times.retry)
                        break
                else:
                    raise
            else:
                return

    def _place(self, job: Job, place: Place, named: Station | None) -> None:
        order = job.order
        job.attempt = self._begun.get(order.key, 0)
        ready = [each for each in self.stations.values() if each.is_ready()]
        if named is not None and named not in ready:
            raise DeviceLostError(named.name, f"{named} does no work: {named.trouble}")
        if self._found(job, ready):
            return
        job.first = job.attempt
        problems = Diagnostics()
        while station := self._next(ready, order, named):
            ready.remove(station)
            found = Diagnostics()
            try:
                graph = station.fitted(order, found)
                if not found.has_errors:
                    if place.free:
                        station.ask(station.client.free)
                    self._send(job, station, graph, front=place.front)
                    return
            except (UnreachableError, AnswerError) as error:
                if station is named:
                    raise DeviceLostError(station.name, f"{station}: {error}") from error
            problems = problems or found
            named = None
        if problems.has_errors:
            raise JobError(told(problems))
        away = "; ".join(f"{each}: {each.trouble}" for each in self.stations.values())
        raise _NoServerError(f"no server works: {away}")

    def _next(self, ready: list[Station], order: Order, named: Station | None) -> Station | None:
        """Return where a job goes: the server it was given, or the one that is soonest free.

        A server that has stopped answering since it was asked is taken out of `ready`.
        """
        if named is not None:
            return named
        loads = []
        for station in list(ready):
            try:
                queue = station.look().queue
            except (UnreachableError, AnswerError):
                ready.remove(station)
                continue
            waiting = len(queue.running) + len(queue.pending)
            loads.append(Load(station.name, waiting, self._loaded.get(station.name, ())))
        return self.stations[choose(loads, tuple(order.models))] if loads else None

    def _found(self, job: Job, ready: Iterable[Station], start: int = 0) -> bool:
        """Whether a server has an attempt at a job, or the result of one; the last counts."""
        order = job.order
        for station in ready:
            found = None
            try:
                for attempt in count(start):
                    # The queue comes first: a job that ends just now is missed the other way round.
                    queue = station.look(0).queue
                    prompt = order.prompt_id(attempt)
                    if prompt in (*queue.running, *queue.pending):
                        found = attempt
                        continue
                    ended = station.ask(partial(station.client.ended, prompt))
                    if ended is None:
                        break
                    job.attempt = max(job.attempt, attempt + 1)
                    found = attempt if ended.how == "done" else None
            except (UnreachableError, AnswerError):
                continue
            if found is not None:
                job.device, job.attempt, job.missed = station.name, found, 0.0
                job.keep()
                return True
        return False

    def _send(self, job: Job, station: Station, graph: Graph, *, front: bool = False) -> None:
        """Upload what a job needs and queue it.

        Raises:
            JobError: the server refuses it.
            UnreachableError: it does not answer.
        """
        order = job.order
        uploaded = {
            file: station.upload(file, (job.folder / "in" / file).read_bytes)
            for _, _, file in order.uploads
        }
        job.device, job.missed, job.later = station.name, 0.0, 0.0
        job.keep()
        self._begun[order.key] = job.attempt + 1
        self._loaded[station.name] = tuple(order.models)
        if order.seconds:
            station.slow[job.prompt_id] = _SLOW * order.seconds
        facts = {"key": order.key, "attempt": job.attempt}
        sent = order.sent(graph, uploaded, job.attempt)
        listener = station.listener.client_id
        try:
            station.client.submit(sent, job.prompt_id, listener, facts, front=front)
        except RefusedError as error:
            raise JobError(f"{station} refuses {order.workflow}: {error}") from error
        except AnswerError as error:
            raise JobError(f"{station} cannot run {order.workflow}: {error}") from error
        except UnreachableError as error:
            if not error.late:  # else it may have come there, and polling tells
                raise

    def _again(self, job: Job, station: Station, why: str) -> Status:
        """Send a job once more to where it was lost."""
        if job.attempt - job.first + 1 >= ATTEMPTS:
            return Status("failed", f"{station} lost it {ATTEMPTS} times: {why}")
        found = Diagnostics()
        graph = station.fitted(job.order, found)
        if found.has_errors:
            return Status("failed", told(found))
        with self._turn(job.order.key):
            job.attempt += 1
            try:
                if not self._found(job, [station], start=job.attempt):
                    self._send(job, station, graph)
            except UnreachableError:
                job.attempt -= 1  # it was not sent, so nothing was lost
                raise
        return _RUNNING

    def _lost(self, job: Job, station: Station, why: str) -> Status:
        """Give a job to another server, or back to whoever gave it to this one."""
        self._begun[job.order.key] = job.attempt + 1
        if job.placed:
            self._drop(job)
            raise DeviceLostError(station.name, why)
        try:
            with self._turn(job.order.key):
                self._begin(job, Place())
        except JobError as error:
            return Status("failed", str(error))
        return _RUNNING

    def _take_back(self, job: Job, station: Station) -> None:
        try:
            station.ask(partial(station.client.cancel, job.prompt_id))
        except ComfyError:
            return  # whoever restarts the server ends it

    # How a job stands

    def _look(self, job: Job, station: Station) -> Status:
        if job.later:
            return _RUNNING if time.monotonic() < job.later else self._retry(job, station)
        look = station.look()
        prompt = job.prompt_id
        if prompt in look.queue.running or prompt in look.queue.pending:
            job.missed = 0.0
            step = station.listener.step(prompt) if prompt in look.queue.running else None
            return Status("running", f"step {step[0]} of {step[1]}") if step else _RUNNING
        ended = station.ask(partial(station.client.ended, prompt))
        if ended is None:
            return self._missing(job, station, look.at)
        if ended.how == "interrupted":
            return Status("failed", f"it was interrupted on {station}; build again to render it")
        if ended.fault is not None:
            return self._failed(job, station, ended)
        items = ended.items.get(job.order.output, ())
        if not items:
            return Status(
                "failed", f"node `{job.order.output}` of {job.order.workflow} saved nothing"
            )
        try:
            data = _viewed(station, items[0])
        except GoneError as error:
            return self._again(job, station, str(error))
        except LargeError as error:
            return Status("failed", f"`{items[0].filename}` of {station}: {error}")
        if problem := problem_of(data):
            return self._again(job, station, f"`{items[0].filename}`: {problem}")
        return self._finish(job, station, data, ended)

    def _retry(self, job: Job, station: Station) -> Status:
        status = self._again(job, station, "it ran out of memory")
        job.later = 0.0
        return status

    def _missing(self, job: Job, station: Station, at: float) -> Status:
        """Find a job neither queued nor ended: the second time it is lost."""
        if not job.missed or at == job.missed:
            job.missed = job.missed or at
            return _RUNNING
        # The server was restarted, and what it had may have changed.
        station.forget()
        if data := self._left_behind(job, station):
            return self._finish(job, station, data, None)
        return self._again(job, station, "it was restarted")

    def _left_behind(self, job: Job, station: Station) -> bytes | None:
        """Return what a job had saved before its server forgot it, if that is proved to be it."""
        item = Item(f"{job.order.prefix(job.attempt)}_00001_.png", "", "output")
        try:
            data = _viewed(station, item)
        except (GoneError, LargeError):
            return None
        wanted = {"key": job.order.key, "attempt": job.attempt}
        return data if not problem_of(data) and facts_in(data) == wanted else None

    def _failed(self, job: Job, station: Station, ended: Ended) -> Status:
        fault = ended.fault
        assert fault is not None
        node = f"node `{fault.node}` (`{fault.kind}`) of {job.order.workflow}"
        if not fault.memory:
            return Status("failed", f"{node} failed on {station}: {fault.said}")
        if job.starved:
            said = "needs more memory (VRAM) than there is, also after everything else was unloaded"
            return Status("failed", f"{node} {said}, on {station}: {fault.said}")
        with suppress(AnswerError):  # it is tried once more even so
            station.ask(station.client.free)
        job.starved = True
        job.keep()
        job.later = time.monotonic() + station.times.relax
        return _RUNNING

    def _finish(self, job: Job, station: Station, data: bytes, ended: Ended | None) -> Status:
        """Keep what was made, and what it is."""
        order = job.order
        try:
            facts = station.facts(order.graph)
        except (UnreachableError, AnswerError):  # it was just killed, and the picture is here
            facts = {"server": station.name}
        origin: dict[str, Any] = {
            "maker": "comfyui",
            **facts,
            "workflow": order.workflow,
            "models": order.models,
            **{name: value for name, value in order.values.items() if name != "reference"},
            "prompt_id": job.prompt_id,
            "attempt": job.attempt,
        }
        if ended is not None:
            origin |= {"seconds": ended.seconds, "cached": list(ended.cached)}
        job.set_made(data, origin)
        return job.made()

    # The jobs of this process

    def _turn(self, key: str) -> threading.Lock:
        """Return the lock under which one content is ordered: the next one finds it."""
        with self._guard:
            return self._ordering[key]

    def _job(self, folder: Path) -> Job | None:
        with self._guard:
            job = self._jobs.get(folder) or kept_job(folder)
            if job is not None:
                self._jobs[folder] = job
            return job

    def _drop(self, job: Job) -> None:
        with self._guard:
            self._jobs.pop(job.folder, None)
        remove(job.folder)

    @staticmethod
    def _handle(job: Job) -> Handle:
        return {"place": str(job.folder), "device": job.device, "prompt": job.prompt_id}


def _viewed(station: Station, item: Item) -> bytes:
    return station.ask(partial(station.client.view, item))
