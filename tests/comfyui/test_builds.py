"""Whole builds that render on real ComfyUI servers."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from builds.example import build as build_project
from builds.example import did
from comfyui.real import Server, noted, until
from comfyui.rendering import SPRITE

pytestmark = pytest.mark.comfyui

STORY = {
    "vn.yaml": """
format: 1
id: kiln
title: The kiln
version: 1.0.0
authors: [The tests]
language: en
start: start
pictures: {kinds: {sprite: comfyui}, size: {sprite: [64, 64]}}
""",
    "characters/ana.yaml": """
name: Ana
pronouns: she
look:
  base: Woman of 30 with clay on her hands
  expressions: {plain: calm, smile: smiling, cross: frowning}
""",
    "scenes/start.md": """
`show ana plain`

Ana: It is warm.

`show ana smile`

Ana: Still warm.

`show ana cross`

Ana: Now it is cold.

`ending cold "Cold"`
""",
}


def write_story(root: Path, servers: dict[str, str], seconds: float = 0) -> None:
    for path, text in STORY.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text.lstrip(), encoding="utf-8")
    lines = [f"  {name}: {{url: '{url}', stall: 60}}" for name, url in servers.items()]
    (root / "compute.yaml").write_text("\n".join(["servers:", *lines, ""]))
    (root / "workflows").mkdir()
    inputs = {**SPRITE["10"]["inputs"], "label": "story", "seconds": seconds}
    labelled = {**SPRITE, "10": {**SPRITE["10"], "inputs": inputs}}
    (root / "workflows/sprite.json").write_text(json.dumps(labelled))


def test_a_build_renders_what_the_story_shows_once(two: list[Server], tmp_path: Path) -> None:
    write_story(tmp_path, {"north": two[0].url, "south": two[1].url})
    first = build_project(tmp_path, "web")
    assert [each.message for each in first.failures] == []
    assert noted(two, "end", "story") == {"story": 3}
    assert not did(build_project(tmp_path, "web"))
    again = build_project(tmp_path, "web", always=("render",))  # as after a loss of the store
    assert {name.split()[0] for name in did(again)} >= {"render"}
    assert noted(two, "end", "story") == {"story": 3}


COMMAND = [sys.executable, "-m", "comfyvn", "build", "web", "-q"]


def test_a_build_whose_servers_are_all_away_says_it_once(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        write_story(tmp_path, {"attic": f"http://127.0.0.1:{probe.getsockname()[1]}"})
        done = subprocess.run([*COMMAND, "-C", tmp_path], capture_output=True, text=True)
    assert done.returncode == 3
    (said,) = (line for line in done.stderr.splitlines() if "`attic`" in line)
    assert " and 2 more failed: " in said
    assert "Connection refused" in said
    assert "Traceback" not in done.stderr


def test_ctrl_c_takes_the_jobs_of_a_build_off_the_server(two: list[Server], tmp_path: Path) -> None:
    write_story(tmp_path, {"north": two[0].url}, seconds=60)
    with subprocess.Popen([*COMMAND, "-C", tmp_path], stderr=subprocess.DEVNULL) as process:
        try:
            until(lambda: two[0].queued() == 2)  # its slots
            process.send_signal(signal.SIGINT)
            assert process.wait(90) == 130
        finally:
            process.kill()
    until(lambda: two[0].queued() == 0)
    assert list((tmp_path / ".comfyvn/jobs").iterdir()) == []
