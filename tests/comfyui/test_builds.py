"""Whole builds that render on real ComfyUI servers."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from builds.example import EXAMPLE, Cache, copy_project, did
from builds.example import build as build_project
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
    write_servers(root, servers)
    write_workflow(root, label="story", seconds=seconds)


def write_servers(root: Path, servers: dict[str, str]) -> None:
    lines = [f"  {name}: {{url: '{url}', stall: 60}}" for name, url in servers.items()]
    (root / "compute.yaml").write_text("\n".join(["servers:", *lines, ""]))


def write_workflow(root: Path, **inputs: object) -> None:
    """Write a workflow for sprites whose node that notes them has these inputs."""
    watched = {**SPRITE["10"], "inputs": {**SPRITE["10"]["inputs"], **inputs}}
    (root / "workflows").mkdir(exist_ok=True)
    (root / "workflows/sprite.json").write_text(json.dumps({**SPRITE, "10": watched}))


def test_a_build_renders_what_the_story_shows_once(two: list[Server], tmp_path: Path) -> None:
    write_story(tmp_path, {"north": two[0].url, "south": two[1].url})
    first = build_project(tmp_path, "web")
    assert [each.message for each in first.failures] == []
    assert noted(two, "end", "story") == {"story": 3}
    assert not did(build_project(tmp_path, "web"))
    again = build_project(tmp_path, "web", always=("render",))  # as after a loss of the store
    assert {name.split()[0] for name in did(again)} >= {"render"}
    assert noted(two, "end", "story") == {"story": 3}


def test_the_sprites_of_the_example_survive_a_server_that_is_killed(
    two: list[Server], drawings: Cache, tmp_path: Path
) -> None:
    root = copy_project(EXAMPLE, tmp_path / "example")
    settings = (root / "vn.yaml").read_text(encoding="utf-8")
    asked = "\npictures:\n  kinds: {sprite: comfyui}\n  size: {sprite: [64, 64]}\n"
    assert "\npictures:\n" in settings
    settings = settings.replace("\npictures:\n", asked)
    (root / "vn.yaml").write_text(settings, encoding="utf-8")
    write_workflow(root, label="example")
    write_servers(root, {"north": two[0].url, "south": two[1].url})
    with ThreadPoolExecutor(1) as pool:
        building = pool.submit(build_project, root, "web", **drawings.reading())
        until(lambda: two[1].noted("end")["example"] >= 6)
        two[1].kill()
        try:
            outcome = building.result(300)
        finally:
            two[1].start().wait()
    assert [each.message for each in outcome.failures] == []
    rendered = {name for name in did(outcome) if name.startswith("render ")}
    assert len(rendered) > 10
    # What it had just done, and nobody had fetched, is all that may come again.
    assert len(rendered) <= noted(two, "end", "example").total() <= len(rendered) + 3
    assert not did(build_project(root, "web"))


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
