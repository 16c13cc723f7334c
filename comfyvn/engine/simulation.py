"""What placement would do with jobs and devices, played through without a clock.

A device here does what it holds one after another, loads models that it does not have, and keeps
as many as its memory has room for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from comfyvn.engine.placement import LOAD, Device, Job, Placement, load


class Done(NamedTuple):
    """A job that came to its end.

    Attributes:
        job: which one.
        device: where.
        chosen: when it was given to the device, in seconds since the beginning.
        began: when the device began it.
        ended: when it was done.
        loaded: whether its models were loaded for it.
    """

    job: Job
    device: str
    chosen: float
    began: float
    ended: float
    loaded: bool


@dataclass
class _Machine:
    """A device at work: what it does, what waits for it, what its memory holds."""

    device: Device
    now: Done | None = None
    queue: list[tuple[Job, float]] = field(default_factory=list)
    memory: dict[str, float] = field(default_factory=dict)


Event = tuple[float, Callable[["Simulation"], None]]
"""A time, and what happens then."""


class Simulation:
    """Jobs done by devices in a time of their own.

    Attributes:
        now: seconds since the beginning.
        done: the jobs that are done, in the order in which they ended.
    """

    def __init__(
        self,
        devices: Sequence[Device],
        placement: Placement,
        *,
        load: Callable[[str], float] = lambda models: LOAD,
        takes: Callable[[Job, Device], float] = lambda job, device: job.seconds / device.speed,
        events: Iterable[Event] = (),
    ) -> None:
        """Prepare.

        Args:
            devices: all there are.
            placement: decides; it knows the same devices.
            load: how many seconds loading a set of models really takes.
            takes: how many seconds a job really takes on a device.
            events: what happens meanwhile.
        """
        self.now = 0.0
        self.done: list[Done] = []
        self.placement = placement
        self._machines = {device.name: _Machine(device) for device in devices}
        self._load, self._takes = load, takes
        self._events = sorted(events, key=lambda event: event[0])

    def run(self, jobs: Iterable[Job]) -> list[Done]:
        """Let jobs be done; return all that were."""
        for job in jobs:
            self.placement.offer(job)
        while True:
            while (chosen := self.placement.next(self.now)) is not None:
                self.give(chosen.job, chosen.place.device, front=chosen.place.front)
            ends = [each.now.ended for each in self._machines.values() if each.now is not None]
            times = ends + [when for when, _ in self._events[:1]]
            if not times:
                return self.done
            self.now = max(self.now, min(times))
            while self._events and self._events[0][0] <= self.now:
                self._events.pop(0)[1](self)
            for machine in self._machines.values():
                if machine.now is not None and machine.now.ended <= self.now:
                    self.done.append(machine.now)
                    machine.now = None
                    self.placement.ended(self.done[-1].job.key, self.now)
                    self._go_on(machine)

    def held(self) -> dict[str, list[str]]:
        """Return the jobs that each device has."""
        return {
            name: [
                *([machine.now.job.key] if machine.now else []),
                *(j.key for j, _ in machine.queue),
            ]
            for name, machine in self._machines.items()
        }

    def lose(self, name: str, *, for_good: bool = True) -> None:
        """Let a device be gone: what it had waits again."""
        machine = self._machines[name]
        lost = [job for job, _ in machine.queue]
        if machine.now is not None:
            lost.insert(0, machine.now.job)
        machine.now, machine.queue, machine.memory = None, [], {}
        self.placement.lose(name, "it is gone", for_good=for_good)
        for job in lost:
            self.placement.ended(job.key, self.now, failed=True)
            self.placement.offer(job)

    def give(self, job: Job, device: str, *, front: bool) -> None:
        """Give a job to a device."""
        machine = self._machines[device]
        machine.queue.insert(0 if front else len(machine.queue), (job, self.now))
        self._go_on(machine)

    def _go_on(self, machine: _Machine) -> None:
        if machine.now is None and machine.queue:
            job, chosen = machine.queue.pop(0)
            new = load(machine.memory, job, machine.device.vram)
            took = self._takes(job, machine.device) + (self._load(job.models) if new else 0.0)
            machine.now = Done(job, machine.device.name, chosen, self.now, self.now + took, new)
