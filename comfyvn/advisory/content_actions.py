"""The step of the advice that looks at what is left of the story in each target."""

from __future__ import annotations

import json
from typing import Any

from comfyvn.advisory.content import Fault, asset_faults, explored_faults, faults_of
from comfyvn.engine.action import Context
from comfyvn.plan.content_actions import kept_of, rated_assets
from comfyvn.plan.front_artifacts import read, report
from comfyvn.plan.requests import AssetRequest
from comfyvn.source.diagnostics import Diagnostics, Span
from comfyvn.story.content import cut_of


def proof(context: Context) -> None:
    """Prove that the story works in each target that goes without something.

    Reads `@globals`, `@marks`, `@head`, `@scenes`, `@found`; the scenes, `@part/*`, only if there
    is such a target.
    """
    said = read(context, "@globals")["project"]
    cuts: dict[str, list[str]] = {}
    for target, mode in sorted(said.get("content", {}).items()):
        if mode.get("mode") == "sfw" and target in said.get("targets", ["renpy", "web"]):
            cuts.setdefault(mode.get("rating", "teen"), []).append(f"`{target}`")
    if not cuts:
        return
    out = Diagnostics()
    head = read(context, "@head")
    parts = {name: read(context, f"@part/{name}") for name in read(context, "@scenes")}
    answers = read(context, "@found")["answers"]
    rated = rated_assets(read(context, "@marks"), answers)
    program: dict[str, Any] = {**head, "scenes": parts}
    for most, targets in cuts.items():
        which = targets[0] if len(targets) == 1 else f"each of {' and '.join(targets)}"
        cut = cut_of(parts, most, *rated)
        left = kept_of(head, parts, cut, answers).answers
        shown = [f"{kind} {AssetRequest(kind, s, tuple(t)).name}" for kind, s, t, _ in left]
        found = list(faults_of(program, cut))
        found += explored_faults(program, cut, {fault.id for fault in found})
        for fault in (*found, *asset_faults(cut, rated.ratings, shown)):
            message = f"{which} {fault.message}"
            out.warning(fault.code, message, _place(context, fault), help=fault.help)
    report(context, out)


def _place(context: Context, fault: Fault) -> Span:
    if not fault.scene:
        return Span.whole_file("vn.yaml")
    path = f"scenes/{fault.scene}.md"
    found = context.find(f"@places/{fault.scene}")
    at = None if found is None else json.loads(found).get(fault.id)
    return Span.on_line(path, at[0], at[1], at[1] + 1) if at else Span.whole_file(path)
