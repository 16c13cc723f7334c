"""Takes of spoken lines, and what a build makes of a pinned one."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from pathlib import Path

import pytest
from builds.example import build, did
from spoken_story import write, write_story

from comfyvn.cli.main import main
from comfyvn.model.voice import TAKE_PITCH, retaken
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.lock import read_lock


def packs(root: Path) -> set[str]:
    return {path.name for path in (root / "build/web/voice").iterdir()}


@pytest.mark.espeak
def test_takes_are_spoken_once_and_a_pinned_one_is_heard(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "pier"
    ids = write_story(root)
    assert not build(root).failures
    first, name = packs(root), f"voice line {ids['mood']} en"
    review = ["assets", "review", "-C", str(root), "-q", ids["mood"], "en"]
    assert main([*review, "--takes", "3", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["name"], told["pinned"]) == (name, 1)
    assert [each["made"] for each in told["takes"]] == [True] * 3

    page = Path(told["page"]).read_text(encoding="utf-8")
    clips = re.findall(r'src="data:audio/ogg;base64,([^"]*)"', page)
    assert page.count("<audio ") == len(set(clips)) == 6, "the line has two texts"
    assert page.count('type="audio/mp4"') == 6
    assert all(b64decode(clip).startswith(b"OggS") for clip in clips)
    assert page.count("in use</i>") == 1
    assert not re.search(r'(?:src|href)="(?!data:)', page)

    assert main([*review, "--pin", "3"]) == 0
    assert read_lock(root, Diagnostics()).pins == {name: 3}
    outcome = build(root)
    assert not outcome.failures
    assert not [step for step in did(outcome) if step.startswith(("speak", "master"))]
    assert packs(root) != first
    capsys.readouterr()
    assert main(["assets", "-C", str(root), "--json"]) == 0
    rows = {each["name"]: each for each in json.loads(capsys.readouterr().out)["assets"]}
    for text in ("", " 2"):
        assert rows[f"{ids['mood']} en{text}"]["state"] == "generated"

    assert main([*review, "--pin", "1"]) == 0
    assert not [step for step in did(build(root)) if step.startswith(("speak", "master"))]
    assert packs(root) == first


def test_what_has_no_takes_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ids = write_story(tmp_path)

    def says(*words: str) -> tuple[int, str]:
        code = main(["assets", "review", "-C", str(tmp_path), *words])
        return code, capsys.readouterr().err

    code, text = says(ids["taken"])
    assert (code, f"`voice line {ids['taken']} en` is recorded: " in text) == (1, True)
    code, text = says(ids["came"])
    assert (code, f"voice line {ids['came']} es" in text) == (2, True)
    code, text = says(ids["silence"])
    assert (code, "the story asks for no" in text) == (2, True)
    node = {"class_type": "Speak", "inputs": {"text": ""}, "_meta": {"title": "@text"}}
    saves = {"class_type": "SaveAudio", "inputs": {"audio": ["1", 0]}}
    write(tmp_path, {"workflows/speech.json": json.dumps({"1": node, "2": saves})})
    lines = (tmp_path / "vn.yaml").read_text().replace("espeak", "comfyui")
    (tmp_path / "vn.yaml").write_text(lines)
    code, text = says(ids["came"], "en", "--pin", "2")
    assert (code, "takes no `@seed`" in text) == (1, True)
    assert read_lock(tmp_path, Diagnostics()).pins == {}


def test_takes_lie_around_the_voice() -> None:
    voice = {"pitch": 2.5, "pace": 1.1, "formants": 1.05, "name": ""}
    assert retaken(voice, 1) == voice
    heard = [retaken(voice, take) for take in range(1, 13)]
    assert all(each["formants"] == 1.05 for each in heard)
    assert all(abs(each["pitch"] - 2.5) <= TAKE_PITCH for each in heard)
    places = [(each["pitch"] / TAKE_PITCH, each["pace"] / 1.1 / 0.08) for each in heard]
    nearest = min(
        abs(one - other) + abs(here - there)
        for at, (one, here) in enumerate(places)
        for other, there in places[:at]
    )
    assert nearest > 0.3
