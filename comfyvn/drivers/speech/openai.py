"""Speech from a server that offers `/v1/audio/speech` as OpenAI's does; many local ones do.

A request is answered with the sound itself, so there is nothing to come back to: a build that is
interrupted ends its requests. The server is one that `compute.yaml` names; without that file,
nothing is asked.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple

from comfyvn.drivers.answer import SOUND, TooLongError, answer_to
from comfyvn.drivers.audio.clip import mono
from comfyvn.drivers.loopback import is_loopback
from comfyvn.drivers.speech.maker import Origin, SpeechError, brief_of
from comfyvn.drivers.speech.words import sayable
from comfyvn.engine.action import Context
from comfyvn.engine.jobs import DeviceLostError, Driver, Handle, JobError, JobSite, Status
from comfyvn.engine.objects import write_file
from comfyvn.engine.step import canonical

if TYPE_CHECKING:
    import httpx

PATH = "/v1/audio/speech"
KEY = "COMFYVN_SPEECH_KEY"
"""The environment variable whose value is sent as a bearer token, if there is one."""
MODEL, VOICE = "tts-1", "alloy"
"""What is asked for where a character names none: names that such servers know as aliases."""
SECONDS, WHOLE = 120.0, 600.0
"""How long each part of a line may take, and all of it."""
BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers that another try may better."""
TRIES = 3
LONGEST_PAUSE = 30.0
"""Seconds that a server may ask for before it is asked again."""


class Server(NamedTuple):
    """A server that speaks."""

    name: str
    url: str


def driver(site: JobSite) -> Driver:
    """Return what asks the servers of `compute.yaml` that are of `kind: openai` for speech.

    Raises:
        JobError: the extra `speech` is not installed.
    """
    try:
        import httpx  # noqa: F401
    except ModuleNotFoundError as error:
        raise JobError("`httpx` is not installed: run `pip install 'comfyvn[speech]'`") from error
    servers = [
        Server(name, each["url"].rstrip("/"))
        for name, each in site.compute.get("servers", {}).items()
        if each.get("kind") == "openai" and "speech" in each.get("roles", ())
    ]
    unused = site.compute.get("unused", {})
    return OpenAI(site.state / "speech", servers, unused=unused, offline=site.offline)


class OpenAI:
    """Requests under way, by the key of what they make."""

    ends_with_build = True

    def __init__(
        self,
        folder: Path,
        servers: Sequence[Server],
        *,
        unused: Mapping[str, str],
        offline: bool,
    ) -> None:
        """Prepare; ask nothing.

        Args:
            folder: for answers until they are in the store.
            servers: those that may be asked.
            unused: of servers that may not be used, why.
            offline: whether none may.
        """
        self._folder = folder
        self._servers = {server.name: server for server in servers}
        self._unused = unused
        self._offline = offline
        self._clients: dict[str, httpx.Client] = {}
        self._asked: dict[str, tuple[Future[tuple[bytes, ...]], tuple[str, ...]]] = {}

    @property
    def notes(self) -> Sequence[str]:
        """Nothing that its findings do not say."""
        return ()

    def submit(self, key: str, context: Context, timeout: float) -> Handle:
        """Ask the server that was chosen, or the first.

        Raises:
            JobError: there is none, or the brief cannot be spoken.
        """
        import httpx

        if self._offline:
            raise JobError("`--offline` forbids to ask a speech server")
        if not self._servers:
            why = "".join(f"; `{name}`: {said}" for name, said in self._unused.items())
            raise JobError(f"compute.yaml names no speech server that may be used{why}")
        name = context.place.device or next(iter(self._servers))
        server = self._servers.get(name)
        if server is None:
            raise JobError(f"the server `{name}` is of another kind than `openai`")
        if name not in self._clients:
            here = is_loopback(server.url)
            self._clients[name] = httpx.Client(timeout=SECONDS, trust_env=not here)
        body = request(json.loads(context.read(context.inputs[0])))
        answer: Future[tuple[bytes, ...]] = Future()
        self._asked[key] = answer, context.outputs
        # A build that is interrupted waits for nobody's answer.
        Thread(target=_ask, args=(answer, self._clients[name], server, body), daemon=True).start()
        return {"key": key, "device": name}

    def adopt(self, key: str, handle: Handle | None) -> Handle | None:
        """Return nothing, unless it is this build's own: an answer comes to who asked."""
        return handle if key in self._asked else None

    def poll(self, handle: Handle) -> Status:
        """Return whether the answer has come.

        Raises:
            DeviceLostError: the server does not answer.
        """
        key = handle["key"]
        if key not in self._asked:
            return Status("lost", "the build that asked for it was ended")
        answer, outputs = self._asked[key]
        if not answer.done():
            return Status("running")
        try:
            contents = answer.result()
        except SpeechError as error:
            return Status("failed", str(error))
        files = {name: self._folder / key / str(i) for i, name in enumerate(outputs)}
        for path, content in zip(files.values(), contents, strict=True):
            write_file(path, content)
        return Status("done", outputs=files)

    def cancel(self, handle: Handle) -> None:
        """Forget a request; an answer that still comes is thrown away."""
        self._asked.pop(handle["key"], None)

    def free(self, handle: Handle) -> None:
        """Remove what was kept of an answer."""
        self._asked.pop(handle["key"], None)
        shutil.rmtree(self._folder / handle["key"], ignore_errors=True)

    def close(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            client.close()


def request(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a server is sent for a `@say/KEY`.

    A voice is named as `VOICE`, or `MODEL/VOICE`. Its description goes along as `instructions`;
    of the numbers only the pace is known to such servers.

    Raises:
        JobError: there is nothing to say.
    """
    brief = brief_of(said)
    text = sayable(brief.text, brief.language)
    if not text:
        raise JobError(f"there is nothing to say in `{brief.text}`")
    model, _, voice = brief.voice.name.rpartition("/")
    body: dict[str, Any] = {
        "model": model or MODEL,
        "voice": voice or VOICE,
        "input": text,
        "response_format": "wav",
        "speed": brief.voice.pace,
    }
    description = (said.get("voice") or {}).get("description")
    if description:
        body["instructions"] = description
    return body


def _ask(
    answer: Future[tuple[bytes, ...]],
    client: httpx.Client,
    server: Server,
    body: Mapping[str, Any],
) -> None:
    try:
        answer.set_result(_spoken(client, server, body))
    except Exception as error:  # for whoever waits for it
        answer.set_exception(error)


def _spoken(client: httpx.Client, server: Server, body: Mapping[str, Any]) -> tuple[bytes, ...]:
    """Ask, and return the clip, its timing and its origin."""
    from comfyvn.drivers.audio.decode import AudioError, decode
    from comfyvn.drivers.audio.encode import encode
    from comfyvn.drivers.audio.level import sounding

    data = _answer(client, server, body)
    try:
        clip = mono(decode(data))
    except AudioError as error:
        raise SpeechError(f"`{server.name}` answered with no sound: {error}") from error
    if sounding(clip) == (0, 0):
        raise SpeechError(f"`{server.name}` answered `{body['input']}` with silence")
    origin = Origin("openai", "", f"{body['model']}/{body['voice']}")
    facts = {**origin._asdict(), "draft": False, "server": server.name}
    return (
        encode(clip, "flac"),
        canonical({"sounds": [], "words": []}).encode(),
        canonical(facts).encode(),
    )


def _answer(client: httpx.Client, server: Server, body: Mapping[str, Any]) -> bytes:
    """Return what a server answers.

    Raises:
        SpeechError: it refuses, or answers with more than a line.
        DeviceLostError: it does not answer, or is overwhelmed.
    """
    import httpx

    token = os.environ.get(KEY)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    said, how = "", "does not answer"
    for number in range(TRIES):
        try:
            answer = answer_to(
                client, "POST", f"{server.url}{PATH}",
                most=SOUND, seconds=WHOLE, json=dict(body), headers=headers,
            )  # fmt: skip
        except TooLongError as error:
            raise SpeechError(f"`{server.name}` speaks no line: {error}") from error
        except httpx.HTTPError as error:
            # What the system says of a connection begins with its number.
            said = re.sub(r"^\[Errno -?\d+\] ", "", str(error)) or type(error).__name__
            how = "does not answer"
            continue
        if answer.is_success:
            return answer.content
        said = f"{answer.status_code} {_reason(answer)}".strip()
        if answer.status_code not in BUSY:
            raise SpeechError(f"`{server.name}` refused a line: {said}")
        how = "is busy or ill"
        if number < TRIES - 1:
            time.sleep(_pause(answer, number))
    raise DeviceLostError(server.name, f"the speech server `{server.name}` {how}: {said}")


def _pause(answer: httpx.Response, number: int) -> float:
    """Return the seconds until a server may be asked again: as it says, or longer each time."""
    asked = answer.headers.get("retry-after", "")
    return min(float(asked), LONGEST_PAUSE) if asked.isdecimal() else 0.25 * 2**number


def _reason(answer: httpx.Response) -> str:
    """Return what a server says is wrong, in one line: OpenAI's way, FastAPI's, or as it stands."""
    try:
        said = answer.json()
    except ValueError:
        said = answer.text
    if isinstance(said, dict):
        said = said.get("error", said.get("detail", said))
    if isinstance(said, dict):
        said = said.get("message", said)
    return " ".join(str(said).split())[:200]
