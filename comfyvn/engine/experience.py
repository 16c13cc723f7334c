"""What jobs on devices took so far, kept so that the next build can foretell it.

All times are in seconds at speed 1. The file is a JSON object; without it, or when it is damaged,
defaults stand in.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from comfyvn.engine.objects import write_file
from comfyvn.engine.placement import LOAD, Job, Worked
from comfyvn.engine.step import Rule, Step, canonical

FILE = "devices.json"
USUAL = {"image": 20.0, "speech": 4.0}
"""Seconds of a job of a role of which nothing is known yet; `_ELSE` for others."""
_ELSE = 10.0
_WEIGHT = 0.2
"""What a new observation counts, beside all before it."""


class Experience:
    """What is known of how long jobs take, by rule and model set, and how long loading does."""

    def __init__(self, state: Path) -> None:
        """Read what is known in the folder `.comfyvn`."""
        self._path = state / FILE
        self._jobs: dict[str, float] = {}
        self._loads: dict[str, float] = {}
        self._new = False
        with suppress(OSError, ValueError, AttributeError, TypeError):
            found = json.loads(self._path.read_bytes())
            self._jobs = {str(name): float(value) for name, value in found["jobs"].items()}
            self._loads = {str(name): float(value) for name, value in found["loads"].items()}

    def load(self, models: str) -> float:
        """Return how long loading a set of models takes."""
        return self._loads.get(models, LOAD)

    def knows(self, rule: str, models: str) -> bool:
        """Whether a job of a rule with a set of models was done before."""
        return f"{rule} {models}" in self._jobs

    def seconds(self, rule: Rule, needs: Needs) -> float:
        """Return how long a job takes: as before, as the rule says, or as is usual."""
        known = self._jobs.get(f"{rule.name} {needs.models}")
        if known is not None:
            return known
        return needs.seconds or USUAL.get(rule.pool, _ELSE)

    def learn(self, rule: str, worked: Worked) -> None:
        """Take note of how long a job took."""
        models = worked.job.models
        name = f"{rule} {models}"
        took = worked.seconds * worked.speed
        if worked.loads:
            # Both are in the time: what the job takes without is known, or loading is guessed.
            if name in self._jobs:
                load = max(worked.seconds - self._jobs[name] / worked.speed, 0.0)
                _mix(self._loads, models, load)
            took = max((worked.seconds - self.load(models)) * worked.speed, took / 4)
        if not worked.loads or name not in self._jobs:
            _mix(self._jobs, name, took)
        self._new = True

    def save(self) -> None:
        """Keep what is new, if it can be written: it only helps to foretell."""
        if self._new:
            text = canonical({"jobs": _rounded(self._jobs), "loads": _rounded(self._loads)})
            with suppress(OSError):
                write_file(self._path, text.encode(), temporary=self._path.parent / "tmp")
            self._new = False


class Needs(NamedTuple):
    """What a step takes of a device.

    Attributes:
        models: the set of models that it loads.
        vram: the memory that they take, in GB; 0 if nobody says.
        seconds: how long it takes at speed 1, as its rule says; 0 if it does not.
        kind: the kind of server that it needs; empty for any.
    """

    models: str = ""
    vram: float = 0.0
    seconds: float = 0.0
    kind: str = ""


def needs_of(step: Step) -> Needs:
    """Return what a step takes of a device; amounts that are no numbers count as not given."""
    said: dict[str, Any] = json.loads(step.resources) if step.resources else {}
    return Needs(
        str(said.get("models", "")),
        _number(said.get("vram_gb")),
        _number(said.get("seconds")),
        str(said.get("kind", "")),
    )


def job_of(
    step: Step, rule: Rule, known: Experience, *, weight: float = 0.0, urgent: bool = False,
    held_by: str = "",
) -> Job:  # fmt: skip
    """Return a step as a job for a device."""
    needs = needs_of(step)
    role = f"{rule.pool}/{needs.kind}" if needs.kind else rule.pool
    seconds = known.seconds(rule, needs)
    return Job(step.name, role, needs.models, needs.vram, seconds, weight, urgent, held_by)


def _number(value: object) -> float:
    try:
        return max(float(str(value)), 0.0) if value is not None else 0.0
    except ValueError:
        return 0.0


def _mix(known: dict[str, float], name: str, value: float) -> None:
    before = known.get(name, value)
    known[name] = before + _WEIGHT * (value - before)


def _rounded(known: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in known.items()}
