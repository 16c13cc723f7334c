"""Builds whose lines a speech server speaks."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from builds.example import build, did
from comfyui.real import until
from speech.speaker import Speaker, speaking
from spoken_story import write

STORY = {
    "vn.yaml": """\
        format: 1
        id: mole
        title: The mole
        version: 1.0.0
        authors: [The tests]
        language: en
        start: start
        speech: {make: openai}
        """,
    "characters/ana.yaml": """\
        name: Ana
        pronouns: she
        voice: {pace: 1.25, names: {openai: kokoro/af_sky}, description: Dry.}
        """,
    "scenes/start.md": """\
        Ana: It is warm.

        Ana (whisper): It was cold.

        `ending cold "Cold"`
        """,
}
WARM, COLD = "It is warm.", "It was cold."


@pytest.fixture
def speaker() -> Iterator[Speaker]:
    with speaking() as server:
        yield server


def write_story(root: Path, url: str) -> None:
    servers = f"servers:\n  booth: {{kind: openai, url: '{url}', roles: [speech], slots: 4}}\n"
    write(root, STORY | {"compute.yaml": servers})


def edit(root: Path, old: str, new: str) -> None:
    path = root / "scenes/start.md"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_each_line_is_asked_for_once(speaker: Speaker, tmp_path: Path) -> None:
    write_story(tmp_path, speaker.url)
    first = build(tmp_path, "web")
    assert [each.message for each in first.failures] == []
    assert [each.code for each in first.findings if each.severity == "error"] == []
    assert speaker.texts == [WARM, COLD]
    assert {(body["model"], body["voice"], body["speed"], body["instructions"])
            for _, body, _ in speaker.asked} == {("kokoro", "af_sky", 1.25, "Dry.")}  # fmt: skip
    assert len(list((tmp_path / "build/web/voice").glob("*.opus"))) == 1
    assert not did(build(tmp_path, "web"))
    edit(tmp_path, WARM, "It is hot.")
    again = build(tmp_path, "web")
    assert {name.split()[0] for name in did(again)} >= {"ask", "master", "web-voice"}
    assert speaker.texts == ["It is hot.", WARM, COLD]
    assert list((tmp_path / ".comfyvn/speech").iterdir()) == []


def test_nothing_is_asked_offline(speaker: Speaker, tmp_path: Path) -> None:
    write_story(tmp_path, speaker.url)
    (said,) = {each.message for each in build(tmp_path, "web", offline=True).failures}
    assert "`--offline` forbids" in said
    assert speaker.asked == []
    # What was spoken before needs no server.
    build(tmp_path, "web")
    edit(tmp_path, WARM, "It is hot.")
    assert len(build(tmp_path, "web", offline=True).failures) == 1
    edit(tmp_path, "It is hot.", WARM)
    assert not build(tmp_path, "web", offline=True).failures
    assert speaker.texts == [WARM, COLD]


def test_a_remote_server_is_asked_only_if_somebody_says_so(
    speaker: Speaker, tmp_path: Path
) -> None:
    write_story(tmp_path, speaker.url)
    text = (tmp_path / "compute.yaml").read_text()
    (tmp_path / "compute.yaml").write_text(
        text.replace("slots: 4", "remote: true") + "remote: ask\n"
    )
    (said,) = {each.message for each in build(tmp_path, "web").failures}
    assert "`booth`: it is remote: build with --remote" in said
    assert speaker.asked == []
    assert not build(tmp_path, "web", remote=True).failures
    assert speaker.texts == [WARM, COLD]


def test_a_server_that_is_away_is_told_once(speaker: Speaker, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        write_story(tmp_path, f"http://127.0.0.1:{probe.getsockname()[1]}")
        done = subprocess.run([*COMMAND, "-C", tmp_path], capture_output=True, text=True)
    assert done.returncode == 3
    (said,) = (line for line in done.stderr.splitlines() if "booth" in line)
    assert "Connection refused" in said
    assert "Traceback" not in done.stderr
    # The rest of the game is there; the next build asks for what is missing.
    write_story(tmp_path, speaker.url)
    speaker.answers = [(400, b'{"error": {"message": "no such voice"}}')]
    (failure,) = build(tmp_path, "web").failures
    assert "400 no such voice" in failure.message
    assert not build(tmp_path, "web").failures
    assert len(speaker.asked) == 3


COMMAND = [sys.executable, "-m", "comfyvn", "build", "web", "-q"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_what_an_interrupted_build_asked_is_asked_anew(
    speaker: Speaker, tmp_path: Path, number: int
) -> None:
    write_story(tmp_path, speaker.url)
    speaker.go.clear()
    with subprocess.Popen([*COMMAND, "-C", tmp_path], stderr=subprocess.DEVNULL) as process:
        try:
            until(lambda: len(speaker.asked) == 2)
            process.send_signal(number)
            process.wait(60)
        finally:
            process.kill()
    speaker.go.set()
    outcome = build(tmp_path, "web")
    assert [each.message for each in outcome.failures] == []
    assert speaker.texts == [WARM, WARM, COLD, COLD]
    assert not did(build(tmp_path, "web"))
