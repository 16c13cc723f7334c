"""From `compute.yaml` to the devices that a build may use, and what drivers are told of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from comfyvn.engine.placement import Device
from comfyvn.model.compute import Compute, Role, Server
from comfyvn.model.compute_checks import FILE, read_compute
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.files import read_file


class Site(NamedTuple):
    """What a build may use.

    Attributes:
        compute: what `compute.yaml` says, with the servers that may be used alone.
        devices: these servers.
        why: of each server that may not be used, why.
    """

    compute: Compute
    devices: tuple[Device, ...]
    why: Mapping[str, str]

    @property
    def told(self) -> dict[str, Any]:
        """What job drivers are told (`comfyvn.engine.jobs.JobSite`).

        That is the file with the servers that may be used, and in `unused` why the others may not.
        """
        return {**self.compute.model_dump(mode="json"), "unused": dict(self.why)}


def site_of(compute: Compute, *, offline: bool = False, remote: bool = False) -> Site:
    """Return what may be used.

    Args:
        compute: what the file says.
        offline: whether nothing may be asked of any server.
        remote: whether the user allowed remote servers, where `compute.yaml` asks.
    """
    allowed = compute.remote == "always" or (compute.remote == "ask" and remote)
    why: dict[str, str] = {}
    devices: list[Device] = []
    for name, server in compute.servers.items():
        roles: list[Role] = list(server.roles)
        if compute.policy == "manual":
            roles = [role for role in roles if name in compute.use.get(role, ())]
        if offline:
            why[name] = "`--offline` forbids it"
        elif server.remote and not allowed:
            asked = "build with --remote" if compute.remote == "ask" else "write `remote: always`"
            why[name] = f"it is remote: {asked} to use it"
        elif not roles:
            why[name] = "the policy is `manual`, and `use` does not name it"
        else:
            devices.append(_device(name, server, roles))
    used = {device.name for device in devices}
    servers = {name: each for name, each in compute.servers.items() if name in used}
    return Site(compute.model_copy(update={"servers": servers}), tuple(devices), why)


def devices_of(compute: Compute) -> list[Device]:
    """Return all servers, whatever the policy says of them."""
    return [_device(name, server, server.roles) for name, server in compute.servers.items()]


def _device(name: str, server: Server, roles: Sequence[Role]) -> Device:
    return Device(
        name,
        # A rule asks for a role, or for a role of a kind of server.
        frozenset({*roles, *(f"{role}/{server.kind}" for role in roles)}),
        float(server.speed),
        None if server.vram_gb is None else float(server.vram_gb),
        server.slots,
        server.priority,
        float(server.hourly),
    )


def read_site(root: Path, *, offline: bool = False, remote: bool = False) -> Site:
    """Return what a project's file lets a build use; what is wrong in it, a step reports."""
    return site_of(compute_at(root, Diagnostics()), offline=offline, remote=remote)


def compute_at(root: Path, out: Diagnostics) -> Compute:
    """Return what the `compute.yaml` of a project says; if there is none, that there are none."""
    if not (root / FILE).exists():
        return Compute()
    return read_compute(_reader(root), out)


def _reader(root: Path) -> Callable[[str], bytes]:
    return lambda path: read_file(root / path)
