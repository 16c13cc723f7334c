"""One ComfyUI server over HTTP: what it is asked, and what can go wrong, as types.

The routes are those of 0.3.75 and 0.33; neither needs a login. No call waits for ever, and none of
them retries: that is for whoever knows what a job is worth.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

import httpx

from comfyvn.drivers.answer import PICTURE, TEXT, TooLongError, answer_to
from comfyvn.drivers.comfyui.graph import Graph
from comfyvn.drivers.comfyui.outcome import Ended, Item, ended_of
from comfyvn.drivers.loopback import is_loopback

CONNECT, READ, CANCEL = 5.0, 30.0, 5.0
"""Seconds to wait for a connection, for each part of an answer, and for one to a cancellation:
whoever pressed Ctrl-C waits for that."""
WHOLE, FILE = 120.0, 600.0
"""Seconds that a whole answer may take, and a file."""
_SHOWN = 300


class ComfyError(Exception):
    """Something a server did."""

    expected = True


class UnreachableError(ComfyError):
    """A server does not answer: nothing listens there, or it takes too long.

    Attributes:
        late: whether it may have got what it was asked.
    """

    def __init__(self, message: str, *, late: bool = False) -> None:
        super().__init__(message)
        self.late = late


class AnswerError(ComfyError):
    """A server answered what is no answer: an error page, or no JSON."""


class LargeError(AnswerError):
    """An answer is larger than any that is of use."""


class RefusedError(ComfyError):
    """A server will not run a workflow; the message says what it has against it."""


class GoneError(ComfyError):
    """A file that a server made is not there any more."""


class Queue(NamedTuple):
    """The ids of the prompts that a server works on, and of those that wait, in their order."""

    running: tuple[str, ...]
    pending: tuple[str, ...]

    @property
    def head(self) -> str:
        """The prompt that is next to end; empty if there is none."""
        return next(iter((*self.running, *self.pending)), "")


class Client:
    """A server.

    It may be used from several threads.
    """

    def __init__(
        self, url: str, *, connect: float = CONNECT, read: float = READ, whole: float = WHOLE
    ) -> None:
        """Say where it is; nothing is asked yet."""
        self._whole = whole
        self.url = url.rstrip("/")
        self.is_here = is_loopback(self.url)
        self._http = httpx.Client(
            base_url=self.url,
            timeout=httpx.Timeout(read, connect=connect),
            trust_env=not self.is_here,
            limits=httpx.Limits(max_keepalive_connections=4),
        )

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def submit(
        self, graph: Graph, prompt_id: str, client_id: str, facts: Mapping[str, Any],
        *, front: bool = False,
    ) -> None:  # fmt: skip
        """Queue a workflow.

        Args:
            graph: what to run.
            prompt_id: a UUID that it is known by; the server does not look whether it is new.
            client_id: the websocket that is told how it goes.
            facts: what is written into the files it makes, under the key `comfyvn`.
            front: whether it goes before all that waits.

        Raises:
            RefusedError: the workflow is wrong, or a part of it.
            UnreachableError: the server does not answer.
            AnswerError: it answers what it should not.
        """
        body = {
            "prompt": graph,
            "prompt_id": prompt_id,
            "client_id": client_id,
            "extra_data": {"extra_pnginfo": {"comfyvn": dict(facts)}},
        }
        answer = self._ask("POST", "/prompt", json={**body, "front": True} if front else body)
        said = _json(answer) if answer.headers.get("content-type", "").startswith("app") else None
        if answer.status_code == 400 and isinstance(said, dict):
            raise RefusedError(_refusal(said, graph))
        if answer.status_code != 200 or not isinstance(said, dict):
            raise AnswerError(f"it answered {_shown(answer)}")
        if said.get("node_errors"):
            # The other outputs are made, and this one silently is not.
            self.cancel(prompt_id)
            raise RefusedError(_refusal(said, graph))
        if said.get("prompt_id") != prompt_id:
            self.cancel(str(said.get("prompt_id", "")))
            raise AnswerError("it gave the job another id than it was asked for")

    def queue(self, timeout: float | None = None) -> Queue:
        """Return what is queued."""
        found = self._get("/queue", timeout)
        try:
            running, pending = found["queue_running"], found["queue_pending"]
            return Queue(
                tuple(str(entry[1]) for entry in running),
                tuple(str(entry[1]) for entry in sorted(pending, key=lambda entry: entry[0])),
            )
        except (KeyError, TypeError, IndexError) as error:
            raise AnswerError("its queue has another form than it should") from error

    def ended(self, prompt_id: str) -> Ended | None:
        """Return how a prompt ended; None if it did not, or is not known."""
        found = self._get(f"/history/{prompt_id}")
        entry = found.get(prompt_id) if isinstance(found, dict) else None
        try:
            return ended_of(entry) if entry else None
        except (KeyError, TypeError, IndexError, ValueError) as error:
            raise AnswerError("its history has another form than it should") from error

    def view(self, item: Item) -> bytes:
        """Return a file that it made.

        Raises:
            GoneError: it is not there.
            LargeError: it is too large.
        """
        asked = {"filename": item.filename, "subfolder": item.subfolder, "type": item.type}
        answer = self._ask("GET", "/view", most=PICTURE, whole=FILE, params=asked)
        if answer.status_code in (400, 403, 404):
            raise GoneError(f"`{item.filename}` is not there any more")
        if answer.status_code != 200:
            raise AnswerError(f"it answered {_shown(answer)}")
        return answer.content

    def upload(self, name: str, data: bytes) -> str:
        """Place a file where nodes load from; return the name that they know it by."""
        answer = self._ask(
            "POST",
            "/upload/image",
            files={"image": (name, data)},
            data={"type": "input", "subfolder": "comfyvn", "overwrite": "true"},
        )
        said = _json(answer)
        if answer.status_code != 200 or not isinstance(said, dict) or "name" not in said:
            raise AnswerError(f"it did not take an upload: {_shown(answer)}")
        return "/".join(part for part in (said.get("subfolder", ""), said["name"]) if part)

    def cancel(self, prompt_id: str) -> None:
        """Take a prompt out of the queue, or interrupt it if it runs; others go on."""
        self._post("/queue", {"delete": [prompt_id]}, CANCEL)
        # It may have begun just now; without its id, whoever runs would be interrupted.
        if prompt_id in self.queue(CANCEL).running:
            self._post("/interrupt", {"prompt_id": prompt_id}, CANCEL)

    def free(self) -> None:
        """Let it unload all models; done when it has nothing else to do."""
        self._post("/free", {"unload_models": True, "free_memory": True})

    def class_info(self, name: str) -> Mapping[str, Any]:
        """Return what it says of a node class; nothing if it does not know it."""
        found = self._get(f"/object_info/{quote(name, safe='')}")
        info = found.get(name) if isinstance(found, dict) else None
        return info if isinstance(info, dict) else {}

    def classes(self) -> list[str]:
        """Return the names of all node classes: a large answer, so ask only to help somebody."""
        found = self._get("/object_info")
        return sorted(found) if isinstance(found, dict) else []

    def system(self) -> Mapping[str, Any]:
        """Return its versions and devices (`/system_stats`)."""
        found = self._get("/system_stats")
        return found if isinstance(found, dict) else {}

    def _get(self, path: str, timeout: float | None = None) -> Any:
        answer = self._ask("GET", path, timeout)
        if answer.status_code != 200:
            raise AnswerError(f"it answered {_shown(answer)} to {path}")
        found = _json(answer)
        if found is None:
            raise AnswerError(f"it answered no JSON to {path}; is it ComfyUI?")
        return found

    def _post(self, path: str, body: Mapping[str, Any], timeout: float | None = None) -> None:
        answer = self._ask("POST", path, timeout, json=dict(body))
        if answer.status_code != 200:
            raise AnswerError(f"it answered {_shown(answer)} to {path}")

    def _ask(
        self, method: str, path: str, timeout: float | None = None, *,
        most: int = TEXT, whole: float | None = None, **more: Any,
    ) -> httpx.Response:  # fmt: skip
        waiting = self._http.timeout if timeout is None else timeout
        seconds = whole or timeout or self._whole
        try:
            return answer_to(
                self._http, method, path, most=most, seconds=seconds, timeout=waiting, **more
            )
        except TooLongError as error:
            raise LargeError(f"{error} to {path}; is it ComfyUI?") from error
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            said = "it does not answer in time" if isinstance(error, httpx.ConnectTimeout) else ""
            raise UnreachableError(said or _plain(error)) from error
        except httpx.TimeoutException as error:
            raise UnreachableError("it does not answer in time", late=True) from error
        except httpx.HTTPError as error:
            raise UnreachableError(_plain(error), late=True) from error


def _plain(error: Exception) -> str:
    """Return what the system said of a connection, without its number."""
    return re.sub(r"^\[Errno -?\d+\] ", "", str(error)) or type(error).__name__


def _json(answer: httpx.Response) -> Any:
    try:
        return json.loads(answer.content)
    except (ValueError, RecursionError):
        return None


def _shown(answer: httpx.Response) -> str:
    text = " ".join(answer.text.split())[:_SHOWN]
    return f"{answer.status_code}: {text}" if text else str(answer.status_code)


def _refusal(said: Mapping[str, Any], graph: Graph) -> str:
    """Return what a server has against a workflow, in one sentence."""
    found = []
    errors = said.get("node_errors")
    for node, entry in sorted(errors.items() if isinstance(errors, dict) else ()):
        kind = entry.get("class_type") or graph.get(node, {}).get("class_type", "")
        for each in entry.get("errors", ()):
            details = str(each.get("details") or each.get("message") or each.get("type"))
            found.append(f"node `{node}` (`{kind}`): {details[:_SHOWN]}")
    error = said.get("error")
    if not found and isinstance(error, dict):
        parts = (str(error.get(key) or "") for key in ("message", "details"))
        found.append(": ".join(part for part in parts if part)[:_SHOWN])
    elif not found:
        found.append(str(error)[:_SHOWN])
    return "; ".join(found)
