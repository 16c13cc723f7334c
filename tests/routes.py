"""Routes through a story, found by playing it at random on the interpreter."""

from __future__ import annotations

import random
from typing import Any

from comfyvn.play.interpreter import InterpreterRuntime
from comfyvn.play.runtime import Record, Run

MOST_ANSWERS = 120


def random_runs(seed: int, count: int, language: str | None = None) -> list[Run]:
    """Return runs that answer everything at random."""
    rng = random.Random(seed)
    return [
        Run(
            rng.randrange(2**53),
            tuple(rng.randrange(60) for _ in range(MOST_ANSWERS)),
            language,
        )
        for _ in range(count)
    ]


def ending_of(records: list[Record]) -> str | None:
    """Return the name of the ending that a transcript reaches."""
    return next((r["name"] for r in records if r["t"] == "ending"), None)


def routes_to_endings(program: Any, tries: int = 3000) -> dict[str, tuple[Run, list[Record]]]:
    """Return a run to each ending of the program and its transcript.

    Raises:
        AssertionError: random play found no way to one of them.
    """
    wanted = {ending["name"] for ending in program["endings"]}
    runtime = InterpreterRuntime(program)
    found: dict[str, tuple[Run, list[Record]]] = {}
    for run in random_runs(7, tries):
        if wanted <= found.keys():
            break
        records = runtime.play([run])[0]
        name = ending_of(records)
        if name is not None:
            found.setdefault(name, (run, records))
    assert wanted <= found.keys(), f"no way found to {sorted(wanted - found.keys())}"
    return found
