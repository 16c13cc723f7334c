"""Speech from a server: a small one of ours answers as OpenAI's does."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from speech.speaker import Speaker, speaking

from comfyvn.drivers.audio.clip import Clip
from comfyvn.drivers.audio.decode import decode
from comfyvn.drivers.audio.encode import encode
from comfyvn.drivers.speech.openai import KEY, Server, _answer, driver
from comfyvn.engine.jobs import DeviceLostError, JobError, JobSite, Status
from comfyvn.engine.placement import Place

SILENCE = encode(Clip(np.zeros((9_000, 1), np.float32), 24_000), "flac")
OUTPUTS = ("@spoken/k", "@timing/k", "@origin/k")
SAY = {
    "make": "openai",
    "text": "Noooo… “who” is there?",
    "language": "en",
    "voice": {
        "pitch": 0,
        "pace": 1.1,
        "formants": 1,
        "name": "kokoro/af_sky",
        "description": "Dry.",
    },
    "manner": "",
    "seed": 4,
}


@pytest.fixture
def speaker() -> Iterator[Speaker]:
    with speaking() as server:
        yield server


class Step:
    """A step of a build, by hand."""

    def __init__(self, said: dict[str, Any], device: str = "") -> None:
        self.said, self.place = said, Place(device)
        self.inputs, self.outputs = ("@say/k",), OUTPUTS

    def read(self, name: str) -> bytes:
        return json.dumps(self.said).encode()


def site(folder: Path, url: str, *, offline: bool = False) -> JobSite:
    server = {"kind": "openai", "url": f"{url}/", "roles": ["speech"]}
    other = {"kind": "comfyui", "url": "http://127.0.0.1:9", "roles": ["speech"]}
    servers = {"pictures": other, "speaker": server} if url else {"pictures": other}
    return JobSite(folder, folder, {"servers": servers}, offline)


def waited(made: Any, said: dict[str, Any] = SAY, device: str = "") -> Status:
    handle = made.submit("key", Step(said, device), 0)
    assert handle["device"] == "speaker"
    until = time.monotonic() + 20
    while (status := made.poll(handle)).state == "running" and time.monotonic() < until:
        time.sleep(0.01)
    return status  # type: ignore[no-any-return]


def test_a_line_is_asked_for_and_kept(
    speaker: Speaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY, "open sesame")
    # No proxy is asked for a server on this machine.
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    made = driver(site(tmp_path, speaker.url))
    status = waited(made, device="speaker")
    assert status.state == "done", status
    assert speaker.asked == [
        (
            "/v1/audio/speech",
            {
                "model": "kokoro",
                "voice": "af_sky",
                "input": "Noo, who is there?",
                "response_format": "wav",
                "speed": 1.1,
                "instructions": "Dry.",
            },
            "Bearer open sesame",
        )
    ]
    clip = decode(status.outputs["@spoken/k"])
    assert (clip.rate, len(clip.samples)) == (24_000, 18_000)
    origin = json.loads(status.outputs["@origin/k"].read_text())
    assert (origin["maker"], origin["model"], origin["server"]) == (
        "openai",
        "kokoro/af_sky",
        "speaker",
    )
    made.free({"key": "key"})
    assert not any((tmp_path / "speech").iterdir())
    made.close()


def test_a_server_that_is_busy_is_asked_again(speaker: Speaker, tmp_path: Path) -> None:
    speaker.answers = [(503, b"loading"), (429, b"{}")]
    assert waited(driver(site(tmp_path, speaker.url))).state == "done"
    assert len(speaker.asked) == 3


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((400, b'{"error": {"message": "no such voice"}}'), "400 no such voice"),
        ((422, b'{"detail": "speed"}'), "422 speed"),
        ((200, b"<html>hello</html>"), "answered with no sound"),
        ((200, b""), "answered with no sound: it is empty"),
        ((200, SILENCE), "answered `Noo, who is there?` with silence"),
    ],
)
def test_an_answer_that_is_no_speech_fails_in_words(
    speaker: Speaker, tmp_path: Path, answer: tuple[int, bytes], said: str
) -> None:
    speaker.answers = [answer]
    status = waited(driver(site(tmp_path, speaker.url)))
    assert status.state == "failed"
    assert said in status.message
    assert "`speaker`" in status.message
    assert len(speaker.asked) == 1


def test_an_answer_larger_than_any_line_is_left(
    speaker: Speaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comfyvn.drivers.speech.openai.SOUND", 1 << 20)
    speaker.answers = [(200, bytes(3 << 20))]
    status = waited(driver(site(tmp_path, speaker.url)))
    assert status == Status("failed", "`speaker` speaks no line: it answered with more than 1 MB")


def test_a_server_that_is_gone_is_lost_for_others_to_stand_in(
    speaker: Speaker, tmp_path: Path
) -> None:
    made = driver(site(tmp_path, "http://127.0.0.1:9"))
    with pytest.raises(DeviceLostError, match="`speaker` does not answer") as caught:
        waited(made)
    assert caught.value.device == "speaker"
    assert "Errno" not in str(caught.value)
    speaker.answers = [(500, b"")] * 3
    with pytest.raises(DeviceLostError, match="is busy or ill: 500"):
        waited(driver(site(tmp_path, speaker.url)))


def test_a_busy_server_is_asked_again_when_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("comfyvn.drivers.speech.openai.time.sleep", slept.append)
    waits = iter(["7", "Mon, 23 Nov 2026 10:00:00 GMT", "900"])

    def busy(_: httpx.Request) -> httpx.Response:
        return httpx.Response(429, headers={"retry-after": next(waits)})

    server = Server("speaker", "http://127.0.0.1:9")
    with (
        httpx.Client(transport=httpx.MockTransport(busy)) as client,
        pytest.raises(DeviceLostError, match="429"),
    ):
        _answer(client, server, {})
    assert slept == [7.0, 0.5]


def test_nothing_is_asked_without_a_server_or_offline(speaker: Speaker, tmp_path: Path) -> None:
    with pytest.raises(JobError, match="names no speech server that may be used"):
        driver(site(tmp_path, "")).submit("key", Step(SAY), 0)  # type: ignore[arg-type]
    with pytest.raises(JobError, match="--offline"):
        driver(site(tmp_path, speaker.url, offline=True)).submit("k", Step(SAY), 0)  # type: ignore[arg-type]
    assert speaker.asked == []


def test_a_request_of_a_build_that_ended_is_asked_anew(tmp_path: Path) -> None:
    made = driver(site(tmp_path, "http://127.0.0.1:9"))
    assert made.adopt("key", {"key": "key", "device": "speaker"}) is None
    assert made.poll({"key": "key"}).state == "lost"
