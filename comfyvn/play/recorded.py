"""What playtests showed, on disk: to look at when one failed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from comfyvn.model.playtest_files import Placed
from comfyvn.play.golden import golden
from comfyvn.play.playthrough import Played
from comfyvn.play.runtime import Record
from comfyvn.story.canonical import write_transcript

FOLDER = "test"
"""Within the folder that keeps state."""


def record(
    folder: Path,
    target: str,
    placed: Placed,
    route: str,
    failures: Sequence[str],
    played: Played,
    records: Sequence[Record],
) -> Path:
    """Write what a playtest showed on a target: a story to read, a transcript, its route.

    Args:
        folder: where to.
        target: what played.
        placed: the playtest.
        route: how to play the same again.
        failures: why it failed; none if it passed.
        played: what came of it by the interpreter.
        records: what was shown.

    Returns:
        The file to read.

    Raises:
        OSError: it cannot be written.
    """
    here = folder / target
    here.mkdir(parents=True, exist_ok=True)
    said = [f"{placed.name} ({placed.path}:{placed.span.line}) on {target}", route]
    said += failures or ["passed"]
    head = "".join(f"# {each}\n" for each in said)
    story = here / f"{placed.name}.txt"
    story.write_text(head + golden(records), encoding="utf-8", newline="\n")
    (here / f"{placed.name}.yaml").write_text(_route(played), encoding="utf-8", newline="\n")
    transcript = here / f"{placed.name}.jsonl"
    transcript.write_text(write_transcript(records), encoding="utf-8", newline="\n")
    return story


def _route(played: Played) -> str:
    """Return the route for `comfyvn play --route`, in YAML that is JSON but for the outermost."""
    run = played.run
    values = {"language": run.language, "start": run.start, "given": run.given}
    route: dict[str, Any] = {
        "seed": run.seed,
        **{key: value for key, value in values.items() if value},
    }
    route["choices"] = list(run.answers)
    return "".join(f"{key}: {json.dumps(route[key], ensure_ascii=False)}\n" for key in route)
