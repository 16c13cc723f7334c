"""Sidecars of the hand-made files: which there are, and reading them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from pathlib import Path, PurePosixPath

from comfyvn.engine.action import Context
from comfyvn.engine.step import canonical
from comfyvn.model.listing import SIDECAR, file_beside, is_sidecar
from comfyvn.plan.acted import acted_in
from comfyvn.source.diagnostics import Diagnostics, Span
from comfyvn.source.files import read_file
from comfyvn.source.nearest import nearest
from comfyvn.source.text import Read, read_text

RATINGS = ("everyone", "teen", "mature", "adult")
"""From the youngest audience to the oldest: `comfyvn.model.base.Rating`."""


def nearest_file(path: str, files: Iterable[str]) -> str:
    """Return the file of the same folder that an orphan sidecar most likely belongs to, or ""."""
    folder = PurePosixPath(path).parent
    beside = (PurePosixPath(file) for file in files if not file.endswith(SIDECAR))
    names = [file.name for file in beside if file.parent == folder]
    return nearest(PurePosixPath(file_beside(path)).name, names) or ""


def check_sidecars(root: Path, files: Collection[str], out: Diagnostics) -> None:
    """Report what is wrong with the sidecars among the files of a project, by their paths."""

    def read(path: str) -> bytes:
        return read_file(root / path)

    for path in filter(is_sidecar, files):
        near = "" if file_beside(path) in files else nearest_file(path, files)
        check_sidecar(path, file_beside(path) in files, near, read, out)


def check_sidecar(path: str, beside: bool, near: str, read: Read, out: Diagnostics) -> str | None:
    """Read one sidecar, reporting what is wrong.

    Args:
        path: the sidecar.
        beside: whether its file is there.
        near: the file that it may be meant for, if not.
        read: reads a file of the project.
        out: where findings go.

    Returns:
        What it says, as canonical JSON; None if that is unknown.
    """
    # What types sources takes long to import, and planning asks for the names alone.
    from comfyvn.model.sidecar import read_sidecar

    if not beside:
        out.error(
            "VN1201",
            f"there is no `{PurePosixPath(file_beside(path)).name}` that this sidecar tells of",
            Span.whole_file(path),
            help=f"rename it to `{near}{SIDECAR}`"
            if near
            else "rename it after its file, whose ending is part of the name, or remove it",
        )
    text = read_text(path, read, out)
    sidecar = read_sidecar(text, path, out) if text is not None else None
    return None if sidecar is None else canonical(sidecar.model_dump(exclude_unset=True))


def fits(context: Context) -> None:
    """Compare a sidecar with the story that uses its file: `@sidecar/KEY`, `@globals`, `@found`,
    `@acted`."""
    said, everything, found = map(context.find, context.inputs[:3])
    if said is None or everything is None or found is None:
        return
    key, path = context.params["key"], context.params["path"]
    rating = json.loads(said).get("rating")
    allowed = json.loads(everything)["project"].get("rating", RATINGS[0])
    acted = file_beside(path) in acted_in(context)
    used = acted or key in json.loads(found)["assets"]
    out = Diagnostics()
    if used and rating is not None and RATINGS.index(rating) > RATINGS.index(allowed):
        out.warning(
            "VN1213",
            f"`{file_beside(path)}` is rated `{rating}`, and the story `{allowed}`",
            Span.whole_file(path),
            help=f"write `rating: {rating}` in `vn.yaml`, or use another file",
        )
    if acted and "sfw_variant" in json.loads(said):
        out.warning(
            "VN1905",
            f"`{file_beside(path)}` is a recording of a line, and those have no `sfw_variant`",
            Span.whole_file(path),
            help="remove it: where the recording is left out, its line is silent",
        )
    for finding in out:
        context.report(finding)


def sidecar(context: Context) -> None:
    """Read a sidecar → `@sidecar/KEY`, by the key of its file; absent if it cannot be read."""
    (path,) = context.inputs
    out = Diagnostics()
    beside = context.params["beside"] == "yes"
    found = check_sidecar(path, beside, context.params["near"], context.read, out)
    for finding in out:
        context.report(finding)
    if found is not None:
        context.write(context.outputs[0], found.encode())
