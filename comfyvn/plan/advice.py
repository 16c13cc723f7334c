"""Where a project's jobs are best done: on one's own servers, on rented ones, or on no server.

Advice is all it is: nothing is asked of a server, and nothing is sent or paid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from comfyvn.engine.experience import Experience
from comfyvn.engine.placement import Device, Job
from comfyvn.model.compute import Compute
from comfyvn.plan.devices import devices_of
from comfyvn.plan.prediction import Prediction, by_group, predict

Where = Literal["local", "remote", "cpu"]

_SPARE = 0.5
"""GB that a card needs beyond its models, for what it works on."""
_LONG = 600.0
"""Seconds from which on it is worth to think of renting."""
_SHORT = 0.5
"""Renting is advised where it takes at most this share of the time."""
_CPU: Mapping[str, str] = {
    "image": "the painter draws on this machine's cores: `pictures: {make: painter}`",
    "speech": "the embedded voice speaks on this machine's cores: `speech: {make: hibari}`",
}


class Advice(NamedTuple):
    """What is best for jobs of one rule and model set.

    Attributes:
        rule: the rule's name.
        models: the model set; empty if nobody says.
        jobs: how many there are.
        vram: GB that they need; 0 if nobody says.
        where: where to do them: on one's own servers, on remote ones, or on no server at all.
        reason: why, in words.
        local: how long one's own servers would take; None if they cannot.
        remote: how long it takes with the remote ones too, and what that costs; None if there are
            none, or they cannot.
        change: what to write so that it goes there; empty if it does.
    """

    rule: str
    models: str
    jobs: int
    vram: float
    where: Where
    reason: str
    local: Prediction | None
    remote: Prediction | None
    change: str = ""

    def as_json(self, currency: str) -> dict[str, Any]:
        """Return it as a JSON value."""
        return {
            **self._asdict(),
            "local": self.local.as_json(currency) if self.local else None,
            "remote": self.remote.as_json(currency) if self.remote else None,
        }


def advise(jobs: Sequence[Job], compute: Compute, known: Experience) -> list[Advice]:
    """Return what is best for jobs, by rule and model set.

    Args:
        jobs: what is to be done.
        compute: what `compute.yaml` says; its policy is not looked at, since it may be changed.
        known: how long things took.
    """
    site = _Site(compute, known)
    roles: dict[str, list[Job]] = {}
    for job in jobs:
        roles.setdefault(job.role, []).append(job)
    whole = {role: (site.local(all_of), site.remote(all_of)) for role, all_of in roles.items()}
    return [
        _group(rule, models, group, site, whole[group[0].role])
        for (rule, models), group in by_group(jobs).items()
    ]


class _Site:
    """All servers, one's own and remote ones."""

    def __init__(self, compute: Compute, known: Experience) -> None:
        self.compute, self.known = compute, known
        # What is rented is there to help, whatever its rank.
        self.every = [d._replace(priority=0, hourly=0.0) for d in devices_of(compute)]
        self.own = [device for device in self.every if not compute.servers[device.name].remote]

    def local(self, jobs: Sequence[Job]) -> Prediction | None:
        """Return what one's own servers take; None if they cannot."""
        return self._predicted(jobs, self.own)

    def remote(self, jobs: Sequence[Job]) -> Prediction | None:
        """Return what all servers take; None without remote ones, or if they cannot."""
        return self._predicted(jobs, self.every) if len(self.every) > len(self.own) else None

    def _predicted(self, jobs: Sequence[Job], devices: Sequence[Device]) -> Prediction | None:
        need = max(job.vram for job in jobs)
        able = [
            device
            for device in devices
            if jobs[0].role in device.roles
            and (device.vram is None or not need or need + _SPARE <= device.vram)
        ]
        if not able:
            return None
        found = predict(jobs, able, self.known)
        prices = {name: float(server.hourly) for name, server in self.compute.servers.items()}
        parts = [
            each._replace(cost=each.seconds / 3600 * prices[each.device]) for each in found.parts
        ]
        return found._replace(parts=tuple(parts))


def _group(
    rule: str,
    models: str,
    jobs: Sequence[Job],
    site: _Site,
    whole: tuple[Prediction | None, Prediction | None],
) -> Advice:
    """Return what is best for one group; `whole` is what all jobs of its role take."""
    compute, own, every = site.compute, site.own, site.every
    role, vram = jobs[0].role, max(job.vram for job in jobs)
    local, remote = site.local(jobs), site.remote(jobs)
    allowed = compute.remote != "never"
    change = "" if allowed else "write `remote: ask` in compute.yaml, and build with --remote"

    def said(where: Where, reason: str, change: str = "") -> Advice:
        return Advice(rule, models, len(jobs), vram, where, reason, local, remote, change)

    has_role = [device for device in every if role in device.roles]
    other = _CPU.get(role.partition("/")[0], "")
    if not has_role:
        return said("cpu", f"no server in compute.yaml has the role `{role}`", other)
    if local is None and remote is None:
        most = max(device.vram or 0.0 for device in has_role)
        return said("cpu", f"{vram:g} GB are needed, and no server has more than {most:g}", other)
    if local is None:
        rooms = [device.vram for device in own if role in device.roles and device.vram]
        why = f"your own have {max(rooms):g}" if rooms else "none of your own has the role"
        need = f"{vram:g} GB are needed; " if vram else ""
        return said("remote", f"{need}{why}", change)
    if remote is None:
        return said("local", "no remote server suits, and your own do")
    here, there = whole[0] or local, whole[1] or remote
    if here.seconds < _LONG:
        return said("local", "your own servers are done in a few minutes")
    if there.seconds > _SHORT * here.seconds:
        return said("local", "remote ones would not save half of the time")
    return said("remote", "your own servers alone take more than twice as long", change)
