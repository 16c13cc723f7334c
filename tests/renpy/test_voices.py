"""Ren'Py says each line with the clip of its language, in the real engine."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from builds.example import build
from spoken_story import write_story

from comfyvn.drivers.renpy_sdk import find_renpy, scratch_copy
from comfyvn.play.renpy import RenpyRuntime
from comfyvn.play.runtime import Run

pytestmark = pytest.mark.renpy


def heard(project: Path, language: str, folder: Path) -> list[list[str | None]]:
    """Read a story to its end; return what the voice channel was told, by line."""
    sdk = find_renpy()
    assert sdk is not None
    told = folder / f"heard-{language}.json"
    with scratch_copy(project) as copy:
        shutil.copy(Path(__file__).parent / "listener.rpy", copy / "game" / "zz_listener.rpy")
        variables = {"VN_HEARD": str(told), "VN_LANGUAGE": language}
        done = sdk.on_display(copy, "run", timeout=300, environment=variables)
    assert told.exists(), done.stdout + done.stderr
    found: list[list[str | None]] = json.loads(told.read_text())
    return found


@pytest.mark.xvfb
def test_each_line_has_its_voice(tmp_path: Path) -> None:
    root = tmp_path / "pier"
    ids = write_story(root)
    assert not build(root, "renpy").failures
    project = root / "build/renpy"
    sdk = find_renpy()
    assert sdk is not None
    assert sdk.lint(project) == []
    for language, folder in (("", "en"), ("es", "es")):

        def clip(name: str, folder: str = folder) -> list[str | None]:
            return [ids[name], f"voice/{folder}/{ids[name]}.opus"]

        assert heard(project, language, tmp_path) == [
            clip("quiet"),
            clip("came"),  # and it goes on behind the bell
            clip("mood"),
            [ids["named"], "sound/voice/far_call.ogg"],
            clip("taken"),
            [ids["silence"], None],
            clip("coins"),
            [None, None],
            clip("light"),
            [ids["richer"], None],  # there are four by now
            clip("rain"),
            clip("night"),
            [None, None],
        ]


def test_voices_change_no_transcript(tmp_path: Path) -> None:
    played = []
    for name in ("spoken", "silent"):
        write_story(tmp_path / name, speech=name == "spoken")
        assert not build(tmp_path / name, "renpy").failures
        runs = [Run(1, (0,) * 20, language) for language in (None, "es")]
        played.append(RenpyRuntime(tmp_path / name / "build/renpy").play(runs))
    assert played[0] == played[1]
