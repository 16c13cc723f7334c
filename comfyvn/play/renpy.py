"""Plays built Ren'Py projects in the real engine, without a screen."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from comfyvn.drivers.renpy_sdk import Renpy, RenpyError, find_renpy, scratch_copy
from comfyvn.play.runtime import Record, Run

HARNESS = Path(__file__).parent / "renpy_harness"
SECONDS_A_RUN = 20
STORY_FILES = ("script", "tl", "characters.rpy", "variables.rpy", "tables.rpy", "script.rpy",
               "images.rpy", "sounds.rpy")  # fmt: skip


class Story(NamedTuple):
    """A project to play, and the runs through it."""

    project: Path
    runs: Sequence[Run]


class RenpyRuntime:
    """A built Ren'Py project as a runtime."""

    def __init__(self, project: Path, renpy: Renpy | None = None) -> None:
        """Take a project's folder.

        Raises:
            RenpyError: Ren'Py is not installed.
        """
        self.project = project
        self.renpy = _installed(renpy)

    def play(self, runs: Sequence[Run]) -> list[list[Record]]:
        """Play each run from a new game with fresh persistent state; return their transcripts.

        Raises:
            RenpyError: the engine or the script failed; the message has its traceback.
        """
        with scratch_copy(self.project) as copy:
            job = {"folder": None, "names": _names(copy), "runs": _runs(runs, _names(copy))}
            return _play(self.renpy, copy, [job], len(runs))


def play_stories(stories: Sequence[Story], renpy: Renpy | None = None) -> list[list[list[Record]]]:
    """Play runs through many projects in one start of the engine.

    The engine starts with the interface files of the first project; each story's own script files
    are loaded into a fork of it. All must have been built by the same version of the target.

    Raises:
        RenpyError: Ren'Py is not installed, or the engine or a script failed.
    """
    if not stories:
        return []
    jobs = []
    for story in stories:
        names = _names(story.project)
        folder = str((story.project / "game").resolve())
        jobs.append({"names": names, "runs": _runs(story.runs, names), "folder": folder})
    with scratch_copy(stories[0].project) as copy:
        for name in STORY_FILES:
            path = copy / "game" / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        (copy / "game" / "zz_start.rpy").write_text("label unused:\n    return\n")
        flat = _play(_installed(renpy), copy, jobs, sum(len(story.runs) for story in stories))
    found = iter(flat)
    return [[next(found) for _ in story.runs] for story in stories]


def _installed(renpy: Renpy | None) -> Renpy:
    renpy = renpy or find_renpy()
    if renpy is None:
        raise RenpyError("Ren'Py is not installed; set COMFYVN_RENPY_SDK to its folder")
    return renpy


def _names(project: Path) -> dict[str, Any]:
    names: dict[str, Any] = json.loads((project / "story-map.json").read_text("utf-8"))
    return names


def _runs(runs: Sequence[Run], names: Mapping[str, Any]) -> list[dict[str, Any]]:
    source = names["language"]
    theirs = {language: name for name, language in names["languages"].items()}
    return [
        {
            "seed": run.seed,
            "answers": list(run.answers),
            "language": None if run.language in (None, source) else theirs.get(run.language),
        }
        for run in runs
    ]


def _play(
    renpy: Renpy, copy: Path, jobs: Sequence[Mapping[str, Any]], count: int
) -> list[list[Record]]:
    shutil.copy(HARNESS / "harness.rpy", copy / "game" / "zz_vn_harness.rpy")
    before, after = copy / "jobs.json", copy / "results.jsonl"
    before.write_text(json.dumps(jobs), encoding="utf-8")
    done = renpy.run(copy, "vn_play", str(before), str(after), timeout=60 + SECONDS_A_RUN * count)
    lines = after.read_text("utf-8").rstrip("\n").split("\n") if after.exists() else []
    if done.returncode or len(lines) != count:
        raise RenpyError(f"{len(lines)} of {count} runs came back\n{done.stdout}{done.stderr}")
    results = [json.loads(line) for line in lines]
    for result in results:
        if isinstance(result, dict):
            raise RenpyError(result["error"])
    return results
