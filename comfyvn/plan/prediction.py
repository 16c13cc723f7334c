"""How long the servers of `compute.yaml` would be at work, and what that costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from comfyvn.engine.experience import Experience, job_of
from comfyvn.engine.placement import Device, Job, Placement
from comfyvn.engine.simulation import Simulation
from comfyvn.engine.step import Rule, Step

_ONE_BY_ONE = 5000
"""Jobs above this are not played through; as many are, and the rest takes as long again."""


class Part(NamedTuple):
    """What one server would do.

    Attributes:
        device: its name.
        jobs: how many jobs.
        loads: how often it would load models.
        seconds: how long it would be at work.
        cost: what that costs, in the currency of `compute.yaml`.
    """

    device: str
    jobs: int
    loads: int
    seconds: float
    cost: float


class Prediction(NamedTuple):
    """What the servers would do.

    Attributes:
        seconds: until the last one is done.
        parts: what each that has something to do does, those with most of it first.
        guessed: for how many jobs nothing like them was done before.
        hopeless: the jobs that no server can do, and why.
    """

    seconds: float
    parts: tuple[Part, ...]
    guessed: int
    hopeless: Mapping[str, str]

    @property
    def cost(self) -> float:
        """What all of it costs."""
        return sum(part.cost for part in self.parts)

    def as_json(self, currency: str) -> dict[str, Any]:
        """Return it as a JSON value."""
        return {
            "seconds": round(self.seconds, 3),
            "cost": round(self.cost, 4),
            "currency": currency,
            "guessed": self.guessed,
            "servers": [
                {
                    **part._asdict(),
                    "seconds": round(part.seconds, 3),
                    "cost": round(part.cost, 4),
                }
                for part in self.parts
            ],
            "hopeless": dict(self.hopeless),
        }


def jobs_of(steps: Iterable[Step], rules: Mapping[str, Rule], known: Experience) -> list[Job]:
    """Return the jobs for servers among steps."""
    return [
        job_of(step, rule, known)
        for step in steps
        if (rule := rules[step.rule]).where == "job" and rule.pool
    ]


def predict(
    jobs: Sequence[Job], devices: Sequence[Device], known: Experience, *, sticky: bool = False
) -> Prediction:
    """Return what devices would do if they were given jobs now.

    Args:
        jobs: the jobs.
        devices: the devices.
        known: how long loading takes; what jobs take, they say.
        sticky: whether all jobs of a model set go to one device.
    """
    placement = Placement(devices, sticky=sticky, load=known.load)
    for job in jobs:
        placement.offer(job)
    hopeless = placement.hopeless()
    able = [job for job in jobs if job.key not in hopeless]
    few = able[:: max(1, -(-len(able) // _ONE_BY_ONE))]
    times = len(able) / len(few) if few else 1.0
    simulation = Simulation(
        devices, Placement(devices, sticky=sticky, load=known.load), load=known.load
    )
    done = simulation.run(few)
    parts = []
    for device in devices:
        mine = [each for each in done if each.device == device.name]
        if mine:
            took = sum(each.ended - each.began for each in mine) * times
            parts.append(
                Part(
                    device.name,
                    round(len(mine) * times),
                    sum(each.loaded for each in mine),
                    took,
                    took / 3600 * device.hourly,
                )
            )
    parts.sort(key=lambda part: (-part.seconds, part.device))
    guessed = sum(not known.knows(job.key.partition(" ")[0], job.models) for job in able)
    return Prediction(simulation.now * times, tuple(parts), guessed, hopeless)


def by_group(jobs: Iterable[Job]) -> dict[tuple[str, str], list[Job]]:
    """Return jobs by rule and model set, in the order in which these first come."""
    groups: dict[tuple[str, str], list[Job]] = {}
    for job in jobs:
        groups.setdefault((job.key.partition(" ")[0], job.models), []).append(job)
    return groups
