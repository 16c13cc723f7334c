"""Which job goes to which device next.

A device does one job after another and may hold a few more, so that it never waits for the next. A
job needs a set of models; loading one costs as long as several jobs. So jobs are given out by model
set, a set to as few devices as the end of all work allows, the ends of all devices close together.

Nothing here reads a clock, a file or a network: times come in as arguments, in seconds.
"""

from __future__ import annotations

from typing import NamedTuple


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
