"""How the servers of `compute.yaml` are, asked just now."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from comfyvn.drivers.loopback import is_loopback
from comfyvn.model.compute import Server

CONNECT, READ = 3.0, 5.0
"""Seconds to wait for a connection, and for each answer."""
_GB = 1 << 30


class Health(NamedTuple):
    """How a server is.

    Attributes:
        answers: whether it answers as it should.
        problem: what is wrong, if it does not.
        version: what it calls itself; empty if it does not say.
        device: the name of its graphics card, or `cpu`.
        vram_gb: the memory that it has for models, and `vram_free_gb` that is free.
        running: how many jobs it is at, anybody's; None if it does not say.
        waiting: how many wait there.
    """

    answers: bool
    problem: str = ""
    version: str = ""
    device: str = ""
    vram_gb: float | None = None
    vram_free_gb: float | None = None
    running: int | None = None
    waiting: int | None = None


def look_at(servers: Mapping[str, Server]) -> dict[str, Health]:
    """Ask servers, all at once; a few seconds at most."""
    if not servers:
        return {}
    with ThreadPoolExecutor(len(servers)) as threads:
        return dict(zip(servers, threads.map(_look, servers.values()), strict=True))


def _look(server: Server) -> Health:
    try:
        import httpx  # noqa: F401
    except ModuleNotFoundError:
        missing = "`httpx` is not installed: run `pip install 'comfyvn[comfyui]'`"
        return Health(answers=False, problem=missing)
    return _comfyui(server.url) if server.kind == "comfyui" else _openai(server.url)


def _comfyui(url: str) -> Health:
    from comfyvn.drivers.comfyui.client import Client, ComfyError

    client = Client(url, connect=CONNECT, read=READ)
    try:
        said, queue = client.system(), client.queue()
    except ComfyError as error:
        return Health(answers=False, problem=str(error))
    finally:
        client.close()
    devices = said.get("devices") if isinstance(said.get("devices"), list) else []
    card = _mapping(devices[0] if devices else None)
    return Health(
        answers=True,
        version=f"ComfyUI {_mapping(said.get('system')).get('comfyui_version', '?')}",
        device=str(card.get("name", "")).split(" : ")[0],
        vram_gb=_gigabytes(card.get("vram_total")),
        vram_free_gb=_gigabytes(card.get("vram_free")),
        running=len(queue.running),
        waiting=len(queue.pending),
    )


def _openai(url: str) -> Health:
    import httpx

    from comfyvn.drivers.speech.openai import KEY

    secret = os.environ.get(KEY)
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    try:
        answer = httpx.get(
            f"{url.rstrip('/')}/v1/models",
            headers=headers,
            timeout=httpx.Timeout(READ, connect=CONNECT),
            trust_env=not is_loopback(url),
        )
    except httpx.TimeoutException:
        return Health(answers=False, problem="it does not answer in time")
    except httpx.HTTPError as error:
        # What the system says of a connection begins with its number.
        said = re.sub(r"^\[Errno -?\d+\] ", "", str(error)) or type(error).__name__
        return Health(answers=False, problem=said)
    # Many servers have speech and no list of models: that they say so is an answer, too.
    if answer.status_code in (401, 403):
        return Health(answers=False, problem=f"it wants a key: set the variable `{KEY}`")
    if answer.status_code >= 500:
        return Health(answers=False, problem=f"it answered {answer.status_code}")
    return Health(answers=True, version=answer.headers.get("server", ""))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _gigabytes(count: object) -> float | None:
    return round(count / _GB, 1) if isinstance(count, (int, float)) and count > 0 else None
