"""Whether the hand-made files below `assets/` are the pictures and sounds that they are used as."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from comfyvn.engine.action import Context
from comfyvn.engine.step import canonical
from comfyvn.plan.library import PICTURE_ENDINGS, Library, files_below
from comfyvn.plan.picture_checks import check_picture
from comfyvn.plan.requests import AssetRequest
from comfyvn.plan.sniff import is_sound
from comfyvn.source.diagnostics import Diagnostics, Span


def find_assets(
    root: Path, requests: Iterable[AssetRequest], out: Diagnostics
) -> dict[AssetRequest, Path]:
    """Return the hand-made file of each request that has one.

    Reports sounds without one, requests with two, and what is wrong with the files.
    """
    found = Library(files_below(root)).answers(requests, out)
    kinds: dict[str, set[str]] = {}
    for request, name in found.items():
        kinds.setdefault(name, set()).add(request.kind)
    for name in sorted(kinds):
        check_asset(root / name, name, kinds[name], out)
    return {request: root / name for request, name in found.items()}


def check_asset(
    path: Path, name: str, kinds: Collection[str], out: Diagnostics
) -> Mapping[str, Any] | None:
    """Look into a hand-made file; report what is wrong with it.

    Args:
        path: the file.
        name: what messages call it: its path in the project.
        kinds: the kinds of requests that it answers.
        out: where findings go: an error if no target can show or play it.

    Returns:
        What it is, as JSON; None if no target can show or play it.
    """
    if PurePosixPath(name).suffix.lower() in PICTURE_ENDINGS:
        facts = check_picture(path, name, kinds, out)
        return None if facts is None else facts._asdict()
    return check_sound(path, name, out)


def check_sound(path: Path, name: str, out: Diagnostics) -> Mapping[str, Any] | None:
    """Look at how a sound begins; report a file that holds none."""
    whole = Span.whole_file(name)
    try:
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError as error:
        out.error("VN0151", f"cannot be read: {error.strerror}", whole)
        return None
    if is_sound(start):
        return {}
    pointer = start.startswith(b"version https://git-lfs")
    out.error(
        "VN1003",
        f"`{name}` holds no sound" + (": it is empty" if not start else ""),
        whole,
        help="it only points to the file: run `git lfs pull`"
        if pointer
        else "replace it, or remove it to have silence",
    )
    return None


def check(context: Context) -> None:
    """Look into a file below `assets/` → `@checked/KEY`: what it is; absent if it is of no use."""
    name = context.inputs[0]
    out = Diagnostics()
    found = check_asset(context.path(name), name, context.params["kinds"].split(), out)
    for finding in out:
        context.report(finding)
    if found is not None:
        facts = {"digest": context.digest(name), **found}
        context.write(context.outputs[0], canonical(facts).encode())
