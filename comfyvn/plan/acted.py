"""The recordings that the story uses: which lines each is heard for, and who it is for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from comfyvn.engine.action import Context
from comfyvn.engine.step import canonical
from comfyvn.plan.assets import key_of
from comfyvn.plan.speech import says

ACTED = "@acted"
"""The ids of the lines that each recording is heard for, by its path; absent without any."""
Acted = Mapping[str, Sequence[str]]


def acted(context: Context) -> None:
    """Find which recordings a scene uses: `@part/SCENE`, `@recorded/SCENE` → `@acted/SCENE`.

    A line that the story gives a voice of its own, `voice NAME`, uses none.
    """
    scene = context.params["scene"]
    recorded = context.find(f"@recorded/{scene}")
    if recorded is None:
        return
    spoken = {
        op["id"].removesuffix("_s") for op in says(json.loads(context.read(f"@part/{scene}")))
    }
    found: dict[str, list[str]] = {}
    for lines in json.loads(recorded).values():
        for line, path in lines.items():
            if line in spoken:
                found.setdefault(path, []).append(line)
    context.write(context.outputs[0], canonical(found).encode())


def gather(context: Context) -> None:
    """Gather the recordings that are used: `@acted/*` → `@acted`."""
    found: dict[str, list[str]] = {}
    for name in context.inputs:
        for path, lines in json.loads(context.find(name) or b"{}").items():
            found.setdefault(path, []).extend(lines)
    context.write(ACTED, canonical(found).encode())


def acted_in(context: Context) -> Acted:
    """Return the recordings that the story uses, by `@acted`."""
    found: Acted = json.loads(context.find(ACTED) or b"{}")
    return found


def asset_names(acted: Acted) -> set[str]:
    """Return what decisions call recordings: `voice b9iezj9y`."""
    return {f"voice {line}" for lines in acted.values() for line in lines}


def recording_ratings(marks: Mapping[str, Any], acted: Acted) -> dict[str, str]:
    """Return who the recordings are for of which somebody says so, by their paths.

    Args:
        marks: `@marks`; a decision about `voice LINE` wins over a sidecar.
        acted: those that are used.
    """
    found = {}
    for path, lines in acted.items():
        said = marks["files"].get(key_of("asset", path), {}).get("rating")
        for line in lines:
            said = marks["ratings"].get(f"voice {line}", said)
        if said is not None:
            found[path] = said
    return found
