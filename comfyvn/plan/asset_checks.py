"""Whether the hand-made files below `assets/` are the pictures and sounds that they are used as."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from comfyvn.engine.action import Context
from comfyvn.engine.step import canonical
from comfyvn.plan.library import PICTURE_ENDINGS, Library, files_below
from comfyvn.plan.picture_checks import check_picture
from comfyvn.plan.requests import AssetRequest
from comfyvn.plan.sound_checks import check_sound
from comfyvn.plan.sounds import ambience_of, can_hear
from comfyvn.source.diagnostics import Diagnostics


def find_assets(
    root: Path, requests: Iterable[AssetRequest], out: Diagnostics
) -> dict[AssetRequest, Path]:
    """Return the hand-made file of each request that has one; builds look into sounds closer.

    Reports sounds without one, requests with two, and what is wrong with the files.
    """
    requests = list(requests)
    made = [each for each in requests if can_hear() and ambience_of(each)]
    found = Library(files_below(root)).answers(requests, out, made)
    kinds: dict[str, set[str]] = {}
    for request, name in found.items():
        kinds.setdefault(name, set()).add(request.kind)
    for name in sorted(kinds):
        check_asset(root / name, name, kinds[name], out)
    return {request: root / name for request, name in found.items()}


def check_asset(
    path: Path, name: str, kinds: Collection[str], out: Diagnostics, *, listen: bool = False
) -> Mapping[str, Any] | None:
    """Look into a hand-made file; report what is wrong with it.

    Args:
        path: the file.
        name: what messages call it: its path in the project.
        kinds: the kinds of requests that it answers.
        out: where findings go: an error if no target can show or play it.
        listen: whether a sound is decoded, or only its beginning looked at.

    Returns:
        What it is, as JSON; None if no target can show or play it.
    """
    if PurePosixPath(name).suffix.lower() in PICTURE_ENDINGS:
        facts = check_picture(path, name, kinds, out)
        return None if facts is None else facts._asdict()
    return check_sound(path, name, out, listen=listen)


def check(context: Context) -> None:
    """Look into a file below `assets/` → `@checked/KEY`: what it is; absent if it is of no use."""
    name = context.inputs[0]
    out = Diagnostics()
    found = check_asset(
        context.path(name),
        name,
        context.params["kinds"].split(),
        out,
        listen=json.loads(context.read("@hears")),
    )
    for finding in out:
        context.report(finding)
    if found is not None:
        facts = {"digest": context.digest(name), **found}
        context.write(context.outputs[0], canonical(facts).encode())
