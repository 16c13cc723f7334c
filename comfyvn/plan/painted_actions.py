"""Steps of the painter: a picture, and how many pictures are drafts."""

from __future__ import annotations

import json

from comfyvn.drivers import painter
from comfyvn.engine.action import Context
from comfyvn.source.diagnostics import Diagnostic, Span

DRAFTS = "VN1220"
"""The finding that pictures are drafts."""
NAMED = 3
"""How many drafts are named."""


def draw(context: Context) -> None:
    """Paint a picture: `@brief/KEY` → `@made/KEY`, WebP."""
    (brief,) = context.inputs
    context.write(context.outputs[0], painter.draw(json.loads(context.read(brief))))


def drafts(context: Context) -> None:
    """Report that pictures are drafts, all in one finding; reads `@found`, `@painted`."""
    finding = drafts_among(context.read("@found"), context.read("@painted"))
    if finding is not None:
        context.report(finding)


def drafts_among(found: bytes, painted: bytes) -> Diagnostic | None:
    """Return the finding that pictures are drafts, by `@found` and `@painted`; None if none is."""
    if json.loads(painted) == "final":
        return None
    told = json.loads(found)
    names = [
        " ".join((subject, *traits))
        for _, subject, traits, key in sorted(told["answers"])
        if told["made"].get(key) == "painter"
    ]
    if not names:
        return None
    count = "1 picture is a draft" if len(names) == 1 else f"{len(names)} pictures are drafts"
    listed = ", ".join(f"`{name}`" for name in names[:NAMED])
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return Diagnostic(
        DRAFTS,
        "warning",
        f"{count} of the painter: {listed}{more}",
        Span.whole_file("vn.yaml"),
        help="add files below `assets/`, or write `pictures: {painted: final}` to keep them",
    )
