"""How the servers of `compute.yaml` are, asked just now."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Mapping
from concurrent.futures import Future
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple

from comfyvn.drivers.loopback import is_loopback
from comfyvn.model.compute import Server
from comfyvn.source.address import shown

if TYPE_CHECKING:
    import httpx

CONNECT, READ, TOGETHER = 3.0, 5.0, 8.0
"""Seconds to wait for a connection, for each answer, and for all servers."""
BUSY = 429
_UNKNOWN = frozenset({404, 405, 501})
"""Answers of who does not know what it is asked."""
_SHOWN = 200
_GB = 1 << 30


class Health(NamedTuple):
    """How a server is.

    Attributes:
        answers: whether it answers as it should.
        silent: whether it does not answer at all.
        problem: what is wrong, if it does not.
        version: what it calls itself; empty if it does not say.
        device: the name of its graphics card, or `cpu`.
        vram_gb: the memory that it has for models, and `vram_free_gb` that is free.
        running: how many jobs it is at, anybody's; None if it does not say.
        waiting: how many wait there.
    """

    answers: bool
    silent: bool = False
    problem: str = ""
    version: str = ""
    device: str = ""
    vram_gb: float | None = None
    vram_free_gb: float | None = None
    running: int | None = None
    waiting: int | None = None


def look_at(servers: Mapping[str, Server]) -> dict[str, Health]:
    """Ask servers, all at once; a few seconds at most."""
    asked = {name: _begun(server) for name, server in servers.items()}
    until = time.monotonic() + TOGETHER
    return {name: _ended(answer, until - time.monotonic()) for name, answer in asked.items()}


def _begun(server: Server) -> Future[Health]:
    answer: Future[Health] = Future()

    def ask() -> None:
        try:
            answer.set_result(_look(server))
        except Exception as error:  # for whoever waits for it
            answer.set_exception(error)

    # A thread that is not waited for: looking up a name has no limit of time.
    Thread(target=ask, daemon=True).start()
    return answer


def _ended(answer: Future[Health], seconds: float) -> Health:
    try:
        return answer.result(max(0.0, seconds))
    except TimeoutError:
        return Health(answers=False, silent=True, problem="it does not answer in time")


def _look(server: Server) -> Health:
    try:
        import httpx  # noqa: F401
    except ModuleNotFoundError:
        missing = "`httpx` is not installed: run `pip install 'comfyvn[comfyui]'`"
        return Health(answers=False, problem=missing)
    return _comfyui(server.url) if server.kind == "comfyui" else _openai(server.url)


def _comfyui(url: str) -> Health:
    from comfyvn.drivers.comfyui.client import Client, ComfyError, UnreachableError

    client = Client(url, connect=CONNECT, read=READ, whole=READ)
    try:
        said, queue = client.system(), client.queue()
    except ComfyError as error:
        silent = isinstance(error, UnreachableError)
        return Health(answers=False, silent=silent, problem=str(error))
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

    from comfyvn.drivers.answer import TEXT, TooLongError, answer_to
    from comfyvn.drivers.speech.openai import KEY, PATH

    secret = os.environ.get(KEY)
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    base = url.rstrip("/")
    waiting = httpx.Timeout(READ, connect=CONNECT)
    try:
        with httpx.Client(headers=headers, timeout=waiting, trust_env=not is_loopback(url)) as http:
            answer = answer_to(http, "GET", f"{base}/v1/models", most=TEXT, seconds=READ)
            # Many servers speak and list no models: what they say to a line without words tells.
            if answer.status_code in _UNKNOWN:
                asked = f"{base}{PATH}"
                answer = answer_to(http, "POST", asked, most=TEXT, seconds=READ, json={})
                problem = _no_speech(answer, KEY)
            else:
                problem = _no_models(answer, KEY)
    except TooLongError as error:
        return Health(answers=False, problem=f"{error}; does it speak?")
    except httpx.TimeoutException:
        return Health(answers=False, silent=True, problem="it does not answer in time")
    except httpx.HTTPError as error:
        # What the system says of a connection begins with its number.
        said = re.sub(r"^\[Errno -?\d+\] ", "", str(error)) or type(error).__name__
        return Health(answers=False, silent=True, problem=said)
    if problem:
        return Health(answers=False, problem=problem)
    return Health(answers=True, version=answer.headers.get("server", ""))


def _no_models(answer: httpx.Response, key: str) -> str:
    """Return what is wrong with an answer that should list models; empty if nothing is."""
    if problem := _refused(answer, key):
        return problem
    if answer.status_code == BUSY:
        return ""
    try:
        said = answer.json() if answer.is_success else None
    except (ValueError, RecursionError):
        said = None
    if isinstance(said, (dict, list)):
        return ""
    return f"it answered {answer.status_code} and no list of models to /v1/models; does it speak?"


def _no_speech(answer: httpx.Response, key: str) -> str:
    """Return what is wrong with an answer to a request to speak nothing; empty if nothing is."""
    if problem := _refused(answer, key):
        return problem
    page = "html" in answer.headers.get("content-type", "")
    if page or answer.status_code in _UNKNOWN:
        return "it has neither /v1/models nor /v1/audio/speech; does it speak?"
    return ""


def _refused(answer: httpx.Response, key: str) -> str:
    if answer.status_code in (401, 403):
        return f"it wants a key: set the variable `{key}`"
    if answer.has_redirect_location:
        to = shown(answer.headers["location"])[:_SHOWN]
        return f"it answered {answer.status_code} and leads to {to}: is that its address?"
    if answer.status_code >= 500 and answer.status_code not in _UNKNOWN:
        return f"it answered {answer.status_code}"
    return ""


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _gigabytes(count: object) -> float | None:
    return round(count / _GB, 1) if isinstance(count, (int, float)) and count > 0 else None
