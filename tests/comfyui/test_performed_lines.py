"""Whole builds whose lines a workflow speaks on real ComfyUI servers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from builds.example import build as build_project
from builds.example import did
from comfyui.real import Server, noted
from comfyui.rendering import node
from spoken_story import tone, write

from comfyvn.cli.common import compile_at
from comfyvn.cli.main import main
from comfyvn.drivers.audio.decode import decode
from comfyvn.drivers.audio.encode import encode
from comfyvn.engine.store_view import StoreView
from comfyvn.plan.outcome import Outcome
from comfyvn.plan.registry import registry
from comfyvn.source.diagnostics import Diagnostics

pytestmark = [pytest.mark.comfyui, pytest.mark.espeak]

STORY = {
    "vn.yaml": """\
        format: 1
        id: mole
        title: The mole
        version: 1.0.0
        authors: [The tests]
        language: en
        languages: [en, es]
        start: start
        speech: {make: comfyui, languages: {es: none}, narrator: bo, workflows: {en: booth}}
        """,
    "characters/ana.yaml": """\
        name: Ana
        pronouns: she
        voice: {pace: 1.25, names: {comfyui: f2}}
        """,
    "characters/bo.yaml": "name: Bo\npronouns: he\n",
    "scenes/start.md": """\
        Ana: The mole is long.

        Bo (whisper): The mole is “wet”…

        `ending home "Home"`
        """,
}
BOOTH = {
    "1": node("ComfyVNSpeaks", text="nothing", voice="m1", language="de", speed=1.0, seed=7),
    "2": node("SaveAudio", audio=["1", 0], filename_prefix="line"),
}
NOTES = """\
inputs: {text: 1.text, voice: 1.voice, language: 1.language, speed: 1}
seconds: 1
"""
LONG, WET = "The mole is long.", "The mole is wet."


def write_story(root: Path, servers: dict[str, str]) -> None:
    write(root, STORY)
    lines = [f"  {name}: {{url: '{url}', roles: [speech]}}" for name, url in servers.items()]
    (root / "compute.yaml").write_text("\n".join(["servers:", *lines, ""]))
    write_workflow(root, BOOTH)


def write_workflow(root: Path, workflow: Any) -> None:
    (root / "workflows").mkdir(exist_ok=True)
    (root / "workflows/booth.json").write_text(json.dumps(workflow))
    (root / "workflows/booth.yaml").write_text(NOTES)


def edit(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text()
    assert old in text
    (root / path).write_text(text.replace(old, new))


def states(root: Path) -> dict[str, str]:
    """Return how each line of the registry stands, by its text."""
    out = Diagnostics()
    found, loaded, compiled = compile_at(root, out)
    assert loaded is not None
    assert compiled is not None
    rows = registry(found, loaded, compiled.program, out)
    return {row.text: row.state for row in rows if row.kind == "voice line"}


def spoken(root: Path, outcome: Outcome) -> dict[str, tuple[Any, bytes]]:
    """Return the origin and the clip of each line that was spoken in a build, by its text."""
    store = StoreView(root / ".comfyvn")
    found = {}
    try:
        for step in (each for each in did(outcome) if each.startswith("perform ")):
            made = store.made(step)
            told = store.made(step.replace("perform", "unpack", 1))
            assert made is not None
            assert told is not None
            outputs = [*made.result.outputs, *told.result.outputs]
            values = {name.split("/")[0]: store.get(digest) or b"" for name, digest, _ in outputs}
            facts = json.loads(values["@origin"])
            found[facts["text"]] = facts, values["@spoken"]
    finally:
        store.close()
    return found


def test_each_line_is_spoken_once_and_a_changed_one_alone_again(
    two: list[Server], tmp_path: Path
) -> None:
    write_story(tmp_path, {"north": two[0].url, "south": two[1].url})
    first = build_project(tmp_path, "web")
    assert [each.message for each in first.failures] == []
    assert noted(two, "end", "The mole") == {LONG: 1, WET: 1}
    made = spoken(tmp_path, first)
    origin, clip = made[LONG]
    assert (origin["maker"], origin["voice"], origin["language"]) == ("comfyui", "f2", "en")
    assert (origin["speed"], origin["workflow"]) == (1.25, "workflows/booth.json")
    assert made[WET][0].get("voice") is None, "the workflow's own"
    assert decode(clip).samples.shape[1] == 1
    (index,) = (tmp_path / "build/web/voice").glob("*.json")
    assert len(json.loads(index.read_text())["en"]["clips"]) == 2
    assert not did(build_project(tmp_path, "web"))
    assert states(tmp_path) == {LONG: "generated", "The mole is “wet”…": "generated"}

    edit(tmp_path, "scenes/start.md", "is long", "is very long")
    again = build_project(tmp_path, "web")
    assert {each.partition(" ")[0] for each in did(again)} >= {"perform", "unpack", "web-voice"}
    assert noted(two, "end", "The mole") == {LONG: 1, WET: 1, "The mole is very long.": 1}
    # How it is said is done to the clip that is there, and what the workflow does not take is no
    # part of it.
    edit(tmp_path, "scenes/start.md", "(whisper)", "(off)")
    edit(tmp_path, "characters/bo.yaml", "he\n", "he\nvoice: {pitch: 3}\n")
    assert not {each for each in did(build_project(tmp_path, "web")) if each.startswith("perform")}
    edit(tmp_path, "characters/bo.yaml", "pitch: 3", "pace: 1.5")
    (alone,) = (each for each in did(build_project(tmp_path, "web")) if each.startswith("perform"))
    assert alone.startswith("perform start ")
    assert noted(two, "end", "The mole")[WET] == 2


def test_a_sample_of_a_voice_goes_to_who_has_one(two: list[Server], tmp_path: Path) -> None:
    write_story(tmp_path, {"north": two[0].url})
    sample = node("LoadAudio", "@reference", audio="")
    speaks = node("ComfyVNSpeaks", "@text", text="", voice="", language="en", speed=1.0, seed=0,
                  sample=["3", 0])  # fmt: skip
    write_workflow(tmp_path, {**BOOTH, "1": speaks, "3": sample})
    edit(tmp_path, "scenes/start.md", "Bo (whisper): The mole", "Ana: The pier")
    edit(tmp_path, "scenes/start.md", "The mole", "The bank")
    (tmp_path / "workflows/reference").mkdir()
    (tmp_path / "workflows/reference/ana.flac").write_bytes(encode(tone(440, 3.0), "flac"))
    (tmp_path / "workflows/reference/ana.avif").write_bytes(b"what she looks like")
    outcome = build_project(tmp_path, "web")
    assert [each.message for each in outcome.failures] == []
    for _, clip in spoken(tmp_path, outcome).values():
        assert decode(clip).seconds > 3.5


def test_faults_of_a_workflow_are_found_before_anything_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_story(tmp_path, {"attic": "http://127.0.0.1:9"})
    write_workflow(tmp_path, BOOTH | {"1": {**BOOTH["1"], "_meta": {"title": "@voice"}}})
    (tmp_path / "workflows/booth.yaml").unlink()
    said = [(each.code, each.message) for each in build_project(tmp_path, "web").findings]
    assert ("VN1405", "the workflow does not say where the text goes") in said
    assert main(["check", "-C", str(tmp_path)]) == 1
    assert "where the text goes" in capsys.readouterr().out
    (tmp_path / "workflows/booth.json").rename(tmp_path / "workflows/boot.json")
    (found,) = (each for each in build_project(tmp_path, "web").findings if each.code == "VN1410")
    assert found.message == "there is no workflow `booth`, which is to speak the lines in `en`"
    assert found.span.path == "vn.yaml"
    assert found.span.line == 9


def test_without_a_server_the_lines_stay_silent(tmp_path: Path) -> None:
    write_story(tmp_path, {"attic": "http://127.0.0.1:9"})
    edit(tmp_path, "compute.yaml", "speech", "image")
    outcome = build_project(tmp_path, "web")
    assert not outcome.failures
    (found,) = (each for each in outcome.findings if each.code == "VN1303")
    assert "names no server of the kind `comfyui` that speaks" in found.message
    edit(tmp_path, "compute.yaml", "image", "speech")
    (said,) = {each.message for each in build_project(tmp_path, "web", offline=True).failures}
    assert "`--offline` forbids" in said
