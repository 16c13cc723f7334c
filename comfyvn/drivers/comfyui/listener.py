"""What a server tells on its websocket: a hint that it is at work, never the word on how a job is.

Messages come late, twice or not at all, and those of small jobs before the answer to the request
that began them. So little is taken from them: which prompt made progress, when, and at which step a
sampler is.
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from comfyvn.drivers.answer import TEXT

AGAIN = 2.0
"""Seconds before another connection is made; longer every time, up to a minute."""
_MOST = 1_000_000
"""Steps that nothing has."""
_TELLING = frozenset(
    {"execution_start", "execution_cached", "executing", "executed", "progress", "progress_state",
     "execution_success", "execution_error", "execution_interrupted"}
)  # fmt: skip


class Listener:
    """One websocket to one server, in a thread of its own."""

    def __init__(self, url: str, *, here: bool) -> None:
        """Prepare; `here` when the server is on this machine, so that no proxy is asked."""
        self._url = f"ws{url.removeprefix('http')}/ws"
        self._here = here
        self._heard: dict[str, float] = {}
        self._steps: dict[str, tuple[int, int]] = {}
        self._client_id = str(uuid.uuid4())
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self._socket: Any = None

    @property
    def client_id(self) -> str:
        """The id that prompts are sent with, for their messages to come here."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._listen, daemon=True)
            self._thread.start()
        return self._client_id

    def heard(self, prompt_id: str) -> float:
        """Return when a prompt last made progress, by `time.monotonic`; 0 if nobody said so."""
        return self._heard.get(prompt_id, 0.0)

    def step(self, prompt_id: str) -> tuple[int, int] | None:
        """Return at which step of how many a prompt's node was last; None if it has no steps."""
        return self._steps.get(prompt_id)

    def close(self) -> None:
        """Hang up."""
        self._ended.set()
        if self._socket is not None:
            with suppress(Exception):
                self._socket.close()

    def _listen(self) -> None:
        from websockets.sync.client import connect

        wait = AGAIN
        while not self._ended.is_set():
            # Errors of jobs hold tensors as text, and a server that loads a model says nothing.
            with (
                suppress(Exception),
                connect(
                    f"{self._url}?clientId={self._client_id}",
                    max_size=TEXT,
                    open_timeout=5,
                    ping_interval=60,
                    ping_timeout=300,
                    proxy=None if self._here else True,
                ) as socket,
            ):
                self._socket, wait = socket, AGAIN
                for message in socket:
                    self._note(message)
                    if self._ended.is_set():
                        return
            self._socket = None
            # A server mixes up two sockets of one id, of which the older is about to close.
            self._client_id = str(uuid.uuid4())
            self._ended.wait(wait)
            wait = min(wait * 2, 60)

    def _note(self, message: str | bytes) -> None:
        if isinstance(message, bytes):  # a preview
            return
        said = json.loads(message)
        if isinstance(said, dict) and said.get("type") in _TELLING:
            data = said.get("data") or {}
            prompt = data.get("prompt_id")
            if isinstance(prompt, str):
                self._heard[prompt] = time.monotonic()
                if step := _step(said["type"], data):
                    self._steps[prompt] = step


def _step(kind: str, data: Mapping[str, Any]) -> tuple[int, int] | None:
    """Return at which step of how many a node is; most have one, which is worth no word."""
    told = [data] if kind == "progress" else []
    if kind == "progress_state" and isinstance(data.get("nodes"), dict):
        nodes = [node for node in data["nodes"].values() if isinstance(node, dict)]
        told = [node for node in nodes if node.get("state") == "running"]
    for each in told:
        value, most = each.get("value"), each.get("max")
        if isinstance(value, int | float) and isinstance(most, int | float) and 1 < most < _MOST:
            return int(min(max(value, 0), most)), int(most)
    return None
