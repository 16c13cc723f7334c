"""Which job goes to which device next.

A device does one job after another and may hold a few more, so that it never waits for the next. A
job needs a set of models; loading one costs as long as several jobs. So jobs are given out by model
set, a set to as few devices as the end of all work allows, the ends of all devices close together.

Nothing here reads a clock, a file or a network: times come in as arguments, in seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from comfyvn.engine.fill import Bin, Family, Share, distribute

LOAD = 15.0
"""Seconds that loading a set of models is taken to last while nobody knows better."""
_WORTH = 0.8
"""A device of a lower rank is used if with it the end comes before this share of the time."""
_AGAIN = 0.9
"""A distribution is made anew when no more than this share is left of what it distributed."""
_SURE = 60.0
"""Seconds of work after which the speed that a device showed counts as much as the one told."""


class Device(NamedTuple):
    """Something that does jobs, one at a time.

    Attributes:
        name: unique.
        roles: what it is used for (`image`, `speech`): the pools whose jobs it takes.
        speed: how fast it is; 2 takes half the time.
        vram: its memory for models, in GB; None if nobody says.
        slots: how many jobs it holds at once, the one under way among them.
        priority: higher ones are used first.
        hourly: what an hour of it costs; of two alike the cheaper one is used first.
    """

    name: str
    roles: frozenset[str]
    speed: float = 1.0
    vram: float | None = None
    slots: int = 2
    priority: int = 0
    hourly: float = 0.0


class Job(NamedTuple):
    """Something to do that needs a device.

    Attributes:
        key: unique.
        role: the role a device must have.
        models: the set of models it needs; the same text for the same set.
        vram: the memory that they take, in GB; 0 if nobody says.
        seconds: how long it takes on a device of speed 1, predicted.
        weight: how many steps wait for it; of two alike the weightier one comes first.
        urgent: whether somebody waits for it: it goes before all that has not begun.
        held_by: the device that has it already, from a build before; empty if none.
    """

    key: str
    role: str = "image"
    models: str = ""
    vram: float = 0.0
    seconds: float = 1.0
    weight: float = 0.0
    urgent: bool = False
    held_by: str = ""


class Place(NamedTuple):
    """Where a job is to be done.

    Attributes:
        device: the name of the device (of a server in `compute.yaml`); empty where none is named.
        front: whether it goes before all that waits there.
        free: whether what is loaded there for another role must be let go of first (`/free`).
        loads: whether its models have to be loaded, as far as is known.
        reason: why there, in words.
    """

    device: str = ""
    front: bool = False
    free: bool = False
    loads: bool = False
    reason: str = ""


class Worked(NamedTuple):
    """What a job took.

    Attributes:
        job: which one.
        device: where it was.
        seconds: how long the device was at it.
        speed: how fast the device is.
        loads: whether its models had to be loaded for it.
    """

    job: Job
    device: str
    seconds: float
    speed: float
    loads: bool


class Chosen(NamedTuple):
    """A job that is to begin now, and where."""

    job: Job
    place: Place


@dataclass
class _Held:
    """A job that a device holds.

    Attributes:
        job: which one.
        seconds: how long it is to take there, by what is known of the device.
        told: how long by what was said of it.
        loads: whether its models are to be loaded for it.
    """

    job: Job
    seconds: float
    told: float
    loads: bool


@dataclass
class _State:
    """A device during one build.

    Attributes:
        held: the jobs that it has, in the order in which it does them.
        since: when it began the first of these.
        loaded: the sets of models in its memory, the one used last at the end, with their size.
        role: of the job that it was given last.
        away: why it cannot be used now; empty if it can.
        gone: whether it will not come back.
        told: seconds that finished jobs were to take, and `took`: that they took.
        plan: the jobs that it is to do next, in order.
    """

    device: Device
    held: dict[str, _Held] = field(default_factory=dict)
    since: float = 0.0
    loaded: dict[str, float] = field(default_factory=dict)
    role: str = ""
    away: str = ""
    gone: bool = False
    told: float = 0.0
    took: float = 0.0
    plan: list[Job] = field(default_factory=list)

    @property
    def speed(self) -> float:
        """How fast it is: what was said of it, corrected by what it showed."""
        return self.device.speed * (self.told + _SURE) / (self.took + _SURE)

    def busy(self, now: float) -> float:
        """Return how many seconds what it holds will still take."""
        ends = [each.seconds for each in self.held.values()]
        if not ends:
            return 0.0
        return max(self.since + ends[0] - now, 0.0) + sum(ends[1:])

    def suits(self, job: Job) -> bool:
        """Whether it is for such jobs, here or not."""
        room = self.device.vram
        return job.role in self.device.roles and (room is None or job.vram <= room)


def load(loaded: dict[str, float], job: Job, room: float | None) -> bool:
    """Take note that a job's models are loaded; return whether they were not.

    Args:
        loaded: the sets in a device's memory, the one used last at the end, with their size; those
            that go for want of room are removed. Where sizes are not known, one set fills all.
        job: the job.
        room: the device's memory.
    """
    if not job.models:
        return False
    new = loaded.pop(job.models, None) is None
    while new and loaded:
        if room is not None and job.vram and sum(loaded.values()) + job.vram <= room:
            break
        del loaded[next(iter(loaded))]
    loaded[job.models] = job.vram
    return new


class Placement:
    """The jobs of a build and the devices for them."""

    def __init__(
        self,
        devices: Iterable[Device],
        *,
        sticky: bool = False,
        load: Callable[[str], float] = lambda models: LOAD,
    ) -> None:
        """Begin with idle devices.

        Args:
            devices: all there are.
            sticky: whether all jobs of a model set go to one device.
            load: how many seconds loading a set of models takes.
        """
        self._states = {device.name: _State(device) for device in devices}
        self._sticky, self._load = sticky, load
        self._waiting: dict[str, Job] = {}
        self._bound: dict[tuple[str, str], str] = {}
        """With `sticky`, the device of each role and model set."""
        self._known = 0
        """How many jobs waited when the plans were made."""
        self._stale = False
        self._end = 0.0

    # What happens

    def offer(self, job: Job) -> None:
        """Let a job wait for a device."""
        self._waiting[job.key] = job
        self._stale = True

    def withdraw(self, key: str) -> None:
        """Forget a job that waits."""
        self._waiting.pop(key, None)

    def ended(self, key: str, now: float, *, failed: bool = False) -> Worked | None:
        """Take note that a job is done, or `failed`; return what it took, if that tells anything.

        A device does one job after another: one that ends before those that it was to follow was
        not where it was thought to be.
        """
        for name, state in self._states.items():
            if key not in state.held:
                continue
            first = next(iter(state.held)) == key
            held = state.held.pop(key)
            took = max(now - state.since, 0.0)
            if first:
                state.since = now
            if failed or not first:
                return None
            state.told += held.told
            state.took += took
            return Worked(held.job, name, took, state.device.speed, held.loads)
        return None

    def lose(self, name: str, why: str, *, for_good: bool) -> None:
        """Use a device no more, until `find`; what it holds ends when somebody says so."""
        state = self._states[name]
        state.away, state.gone = why or "it is gone", for_good
        state.loaded.clear()
        state.plan.clear()
        self._bound = {group: to for group, to in self._bound.items() if to != name}
        self._stale = True

    def find(self, name: str) -> None:
        """Use a device again."""
        state = self._states[name]
        state.away, state.gone = "", False
        self._stale = True

    # What is asked

    @property
    def waiting(self) -> int:
        """How many jobs wait."""
        return len(self._waiting)

    def is_gone(self, name: str) -> bool:
        """Whether a device will not come back, or was never there."""
        return name not in self._states or self._states[name].gone

    def hopeless(self) -> dict[str, str]:
        """Return the jobs that no device can do any more, and why."""
        found: dict[str, str] = {}
        for job in self._waiting.values():
            able = [state for state in self._states.values() if state.suits(job)]
            if all(state.gone for state in able):
                found[job.key] = self._why_not(job, able)
        return found

    def seconds(self, now: float) -> float:
        """Return how long it will be until all is done, as far as is known."""
        self._make_plans(now)
        busy = [state.busy(now) for state in self._states.values() if not state.away]
        return max([self._end, *busy])

    def next(self, now: float) -> Chosen | None:
        """Return the job to begin next and where; None if no device can take one now."""
        for job in [job for job in self._waiting.values() if job.held_by or job.urgent]:
            chosen = self._at_once(job, now)
            if chosen is not None:
                return chosen
        free = [
            state
            for state in self._states.values()
            if not state.away and len(state.held) < state.device.slots
        ]
        if not free or not self._waiting:
            return None
        free.sort(key=lambda state: (len(state.held), state.busy(now), -state.speed))
        for state in free:
            planned = self._planned(state)
            if planned is None or planned.models not in state.loaded:
                self._renew(now)
                planned = self._planned(state)
            if planned is not None:
                return self._begin(state, planned, now, self._reason(state, planned))
        return None

    # Choosing

    def _at_once(self, job: Job, now: float) -> Chosen | None:
        """Begin a job that need not wait its turn, or may not."""
        state = self._states.get(job.held_by)
        if state is not None and not state.away and job.role in state.device.roles:
            return self._begin(state, job, now, "an earlier build began it there")
        if not job.urgent:
            return None
        able = [
            state
            for state in self._able(job)
            if len(state.held) < state.device.slots
            or not any(held.job.urgent for held in state.held.values())
        ]
        if not able:
            return None

        def end(state: _State) -> tuple[float, str]:
            first = next(iter(state.held.values()), None)
            wait = max(state.since + first.seconds - now, 0.0) if first is not None else 0.0
            return wait + self._cost(state, job), state.device.name

        return self._begin(min(able, key=end), job, now, "somebody waits for it: soonest there")

    def _planned(self, state: _State) -> Job | None:
        while state.plan:
            job = state.plan[0]
            if self._waiting.get(job.key) is job:
                return job
            del state.plan[0]
        return None

    def _reason(self, state: _State, job: Job) -> str:
        able = list(self._able(job))
        if job.models in state.loaded and job.models:
            return "its models are loaded there"
        if len(able) == 1:
            return "no other suits"
        others = [each.device.name for each in able if job.models in each.loaded]
        if job.models and others:
            return f"the work of `{min(others)}` is shared, so that all ends sooner"
        return "all ends soonest so"

    def _begin(self, state: _State, job: Job, now: float, reason: str) -> Chosen:
        del self._waiting[job.key]
        if self._sticky:
            self._bound[job.role, job.models] = state.device.name
        front = job.urgent and bool(state.held)
        free = bool(state.loaded) and state.role not in ("", job.role)
        if free:
            state.loaded.clear()
        cost = self._cost(state, job)
        told = self._before(state, job) + job.seconds / state.device.speed
        if not state.held:
            state.since = now
        held = list(state.held.items())
        # What somebody waits for is done after what is under way, and before all else.
        at = 1 if front else len(held)
        loads = load(state.loaded, job, state.device.vram)
        state.held = dict([*held[:at], (job.key, _Held(job, cost, told, loads)), *held[at:]])
        state.role = job.role
        return Chosen(job, Place(state.device.name, front, free, loads, reason))

    def _able(self, job: Job) -> Iterator[_State]:
        bound = self._bound.get((job.role, job.models))
        for name, state in self._states.items():
            if not state.away and state.suits(job) and bound in (None, name):
                yield state

    def _cost(self, state: _State, job: Job) -> float:
        return self._before(state, job) + job.seconds / state.speed

    def _before(self, state: _State, job: Job) -> float:
        return 0.0 if job.models in state.loaded else self._loading(job.models)

    def _loading(self, models: str) -> float:
        return self._load(models) if models else 0.0

    def _why_not(self, job: Job, able: list[_State]) -> str:
        if able:
            return "; ".join(f"`{state.device.name}`: {state.away}" for state in able)
        rooms = [
            state.device.vram
            for state in self._states.values()
            if job.role in state.device.roles and state.device.vram is not None
        ]
        if not rooms:
            role, _, kind = job.role.partition("/")
            return f"no server{f' of kind `{kind}`' if kind else ''} has the role `{role}`"
        return f"it needs {job.vram:g} GB of memory, and no server has more than {max(rooms):g}"

    # Planning

    def _renew(self, now: float) -> None:
        """Make the plans anew if they would be others than they are."""
        if self._stale or len(self._waiting) <= _AGAIN * self._known:
            self._make_plans(now)

    def _make_plans(self, now: float) -> None:
        for state in self._states.values():
            state.plan = []
        groups: dict[tuple[str, str, float], list[Job]] = {}
        for job in self._waiting.values():
            groups.setdefault((job.role, job.models, job.vram), []).append(job)
        for jobs in groups.values():
            jobs.sort(key=lambda job: -job.seconds)
        there = [state for state in self._states.values() if not state.away]
        able = {group: list(self._able(jobs[0])) for group, jobs in groups.items()}
        groups = {group: jobs for group, jobs in groups.items() if able[group]}
        self._known, self._stale = len(self._waiting), False
        end, chosen, shares = 0.0, there, list[Share]()
        for used in _ranks(there):
            found, parts = self._distributed(now, used, groups, able)
            if not shares or found <= _WORTH * end:
                end, chosen, shares = found, used, parts
        self._end = end
        listed = list(groups.values())
        mine: dict[str, list[list[Job]]] = {}
        for share in shares:
            jobs = [listed[share.family][i] for i in share.jobs]
            mine.setdefault(chosen[share.bin].device.name, []).append(jobs)
        for name, parts_of in mine.items():
            self._states[name].plan = self._ordered(self._states[name], parts_of)

    def _distributed(
        self,
        now: float,
        states: list[_State],
        groups: dict[tuple[str, str, float], list[Job]],
        able: dict[tuple[str, str, float], list[_State]],
    ) -> tuple[float, list[Share]]:
        at = {id(state): i for i, state in enumerate(states)}
        families = [
            Family(
                [job.seconds for job in jobs],
                self._loading(group[1]),
                [at[id(state)] for state in able[group] if id(state) in at],
                self._sticky,
            )
            for group, jobs in groups.items()
        ]
        models = [group[1] for group in groups]
        bins = [
            Bin(
                state.busy(now),
                state.speed,
                frozenset(i for i, each in enumerate(models) if not each or each in state.loaded),
            )
            for state in states
        ]
        return distribute(bins, families)

    def _ordered(self, state: _State, parts: list[list[Job]]) -> list[Job]:
        """Put what a device is to do in order: what is loaded, then what frees most soonest."""

        def rank(jobs: list[Job]) -> tuple[bool, float, float]:
            # Smith's rule: weight per second (W. E. Smith 1956).
            took = sum(job.seconds for job in jobs)
            cost = took / state.speed + self._loading(jobs[0].models)
            return (
                jobs[0].models not in state.loaded,
                -sum(job.weight for job in jobs) / cost,
                -took,
            )

        return [
            job
            for jobs in sorted(parts, key=rank)
            for job in sorted(jobs, key=lambda job: (-job.weight, -job.seconds))
        ]


def _ranks(states: list[_State]) -> Iterator[list[_State]]:
    """Yield the devices of the highest rank, then these with those of the next, and so on."""
    ranks = sorted({(-each.device.priority, each.device.hourly) for each in states})
    for last in ranks:
        yield [each for each in states if (-each.device.priority, each.device.hourly) <= last]
