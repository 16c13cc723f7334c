"""What a rule of `where: job` names to render on the ComfyUI servers of `compute.yaml`.

A step's first input is `@brief/KEY`, JSON `{"workflow": NAME, "inputs": {…}}`; others are the
file `workflows/NAME.json` or `.png`, where there is one `workflows/NAME.yaml`, and the pictures
that the brief names. Its outputs are what the workflow saves, byte for byte, and JSON on its
origin.
"""

from __future__ import annotations

from comfyvn.engine.jobs import Driver, JobError, JobSite
from comfyvn.model.compute import Role


def driver(site: JobSite) -> Driver:
    """Return what renders pictures.

    Raises:
        JobError: the extra `comfyui` is not installed.
    """
    return _driver(site, "image")


def speech_driver(site: JobSite) -> Driver:
    """Return what speaks through workflows.

    Raises:
        JobError: the extra `comfyui` is not installed.
    """
    return _driver(site, "speech")


def _driver(site: JobSite, role: Role) -> Driver:
    try:
        from comfyvn.drivers.comfyui.renderer import Renderer
        from comfyvn.drivers.comfyui.station import Station, Times
    except ModuleNotFoundError as error:
        raise JobError(
            f"ComfyUI is spoken to with `{error.name}`: pip install 'comfyvn[comfyui]'"
        ) from error
    stations = [
        Station(name, server["url"], Times(stall=server["stall"]))
        for name, server in site.compute.get("servers", {}).items()
        if server["kind"] == "comfyui" and role in server["roles"]
    ]
    unused = site.compute.get("unused", {})
    return Renderer(site.state, stations, unused=unused, offline=site.offline)
