"""The devices of a build: which step goes to which, as `placement` decides, in real time.

All of it is asked from the thread that runs the build.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from comfyvn.engine.experience import Experience, job_of
from comfyvn.engine.jobs import DeviceLostError
from comfyvn.engine.placement import Device, Place, Placement
from comfyvn.engine.step import Rule, Step

_TRIES = 3
"""How often a device that did something in this build, and is gone, is tried again."""
_PAUSE = 5.0
"""Seconds until the first time; each next one comes after twice as long."""
_MOVES = 3
"""To how many devices a step is given in turn, each lost with it."""


class NoDeviceError(Exception):
    """No device can do a step."""

    expected = True


class Opened(NamedTuple):
    """What there is for a build.

    Attributes:
        devices: those that may be used.
        sticky: whether all jobs of a model set go to one of them.
        depths: how many steps at once the pools have that have no devices.
        known: how long jobs took.
        held: the device that a job of an earlier build is on, by the first output of its step.
    """

    devices: Collection[Device]
    sticky: bool
    depths: Mapping[str, int]
    known: Experience
    held: Mapping[str, str] = {}


class Devices:
    """The devices of one build, opened when the first step asks for one."""

    def __init__(
        self, open: Callable[[], Opened] | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Prepare.

        Args:
            open: returns what there is; without it there is nothing.
            clock: seconds from any beginning.
        """
        self._open, self._clock = open, clock
        self._opened: Opened | None = None
        self._places: dict[str, Place] = {}
        self._rules: dict[str, str] = {}
        self._hopeless: dict[str, str] = {}
        self._doubtful = False
        """Whether there may be steps that no device can do."""
        self._moves: dict[str, int] = {}
        self._losses: dict[str, int] = {}
        self._worked: set[str] = set()
        self._again: dict[str, float] = {}

    def serves(self, rule: Rule) -> bool:
        """Whether the steps of a rule go to devices."""
        if rule.where != "job" or not rule.pool or self._open is None:
            return False
        return any(rule.pool in device.roles for device in self._there().devices)

    def depth(self, pool: str) -> int:
        """Return how many steps of a pool without devices run at once."""
        if self._open is None:
            return 1
        return self._there().depths.get(pool, 1)

    @property
    def most(self) -> int:
        """How many jobs all devices can hold at once."""
        return sum(device.slots + 1 for device in self._there().devices) if self._open else 0

    def offer(self, step: Step, rule: Rule, waiting: int, *, urgent: bool) -> None:
        """Let a step wait for a device.

        Args:
            step: the step.
            rule: its rule.
            waiting: how many steps wait for it in turn.
            urgent: whether somebody waits for what it makes, or for what that is needed for.
        """
        there = self._there()
        held = there.held.get(step.outputs[0], "") if step.outputs else ""
        self._rules[step.name] = rule.name
        self._doubtful = True
        self._placement.offer(
            job_of(step, rule, there.known, weight=waiting, urgent=urgent, held_by=held)
        )

    def next(self) -> str | None:
        """Return the name of the step to begin now; its place is `place`'s to say."""
        if self._opened is None or not self._placement.waiting:
            return None
        now = self._clock()
        for name in [name for name, when in self._again.items() if when <= now]:
            del self._again[name]
            self._placement.find(name)
        if self._doubtful:
            for key, why in self._placement.hopeless().items():
                self._placement.withdraw(key)
                self._hopeless[key] = why
                return key
            self._doubtful = False
        chosen = self._placement.next(now)
        if chosen is None:
            return None
        self._places[chosen.job.key] = chosen.place
        return chosen.job.key

    def place(self, name: str) -> Place:
        """Return where a step is to be done that `next` named.

        Raises:
            NoDeviceError: no device can do it.
        """
        why = self._hopeless.pop(name, None)
        if why is not None:
            raise NoDeviceError(f"there is no server for it: {why}")
        place = self._places.get(name)
        if place is None:
            self._placement.withdraw(name)
            raise NoDeviceError("there is no server for it")
        return place

    def given(self, name: str) -> Place | None:
        """Return where a step is that has begun; None if it is on no device."""
        return self._places.get(name)

    def ended(self, name: str, error: BaseException | None) -> bool:
        """Take note that a step is no longer on its device; return whether it must be done again.

        Args:
            name: the step's.
            error: what went wrong, if anything did.
        """
        place = self._places.pop(name, None)
        if place is None:
            return False
        now = self._clock()
        worked = self._placement.ended(name, now, failed=error is not None)
        if not isinstance(error, DeviceLostError):
            if error is None:
                self._worked.add(place.device)
                if worked is not None:
                    self._there().known.learn(self._rules[name], worked)
            return False
        device = error.device if error.device in self._names else place.device
        moves = self._moves[name] = self._moves.get(name, 0) + 1
        if device not in self._again and not self._placement.is_gone(device):
            losses = self._losses[device] = self._losses.get(device, 0) + 1
            # One that never did anything is likely not to be there at all.
            again = device in self._worked and losses <= _TRIES
            self._doubtful = True
            self._placement.lose(device, str(error), for_good=not again)
            if again:
                self._again[device] = now + _PAUSE * 2 ** (losses - 1)
        # What brings one device down after another is not given to the next.
        return moves < _MOVES

    def pause(self) -> float | None:
        """Return in how many seconds something may be possible that is not now; None: never."""
        if self._opened is None or not self._placement.waiting or not self._again:
            return None
        return max(min(self._again.values()) - self._clock(), 0.0)

    def close(self) -> None:
        """Keep what was learned."""
        if self._opened is not None:
            self._opened.known.save()

    @property
    def _names(self) -> set[str]:
        return {device.name for device in self._there().devices}

    def _there(self) -> Opened:
        if self._opened is None:
            assert self._open is not None
            self._opened = self._open()
            self._placement = Placement(
                self._opened.devices, sticky=self._opened.sticky, load=self._opened.known.load
            )
        return self._opened
