"""Steps of the assets: what is asked for, what answers."""

from __future__ import annotations

import json
from functools import partial

from comfyvn.engine.action import Context
from comfyvn.engine.step import canonical
from comfyvn.plan.assets import answer
from comfyvn.plan.content_actions import variant_requests
from comfyvn.plan.first_use import FirstUse
from comfyvn.plan.rendering_checks import check_pins
from comfyvn.plan.requests import AssetRequest, backdrop, gallery, moments_of, requests_of
from comfyvn.plan.variation_actions import value_at
from comfyvn.plan.workflows import FOLDER, Workflows
from comfyvn.source.diagnostics import Diagnostics

SKELETON = "@skeleton/"


def requests(context: Context) -> None:
    """Follow the story: `@head`, `@skeleton/*`, `@marks` → `@requests`, `@pictures`."""
    head = json.loads(context.read("@head"))
    names = [name for name in context.inputs if name.startswith(SKELETON)]
    # Thousands of small texts: parsed as one, they cost half.
    parsed = json.loads(b"[" + b",".join(map(context.read, names)) + b"]")
    scenes = dict(zip((name.removeprefix(SKELETON) for name in names), parsed, strict=True))
    wanted = requests_of(head, scenes)
    marks = json.loads(context.read("@marks"))
    if marks["variants"] or marks["files"]:
        shown = variant_requests(marks, wanted, json.loads(context.read("@assets")))
        wanted = sorted({*wanted, *shown})
    start = scenes.get(head["start"])  # what `vn.yaml` says may be no scene: told of elsewhere
    first = None if start is None else backdrop(start)
    pictures = {"gallery": gallery(scenes), "backdrop": first, "moments": moments_of(scenes)}
    context.write("@requests", canonical(wanted).encode())
    context.write("@pictures", canonical(pictures).encode())


def resolve(context: Context) -> None:
    """Find what answers → `@found`, `@brief/KEY`, `@painted`.

    Reads `@head`, `@globals`, `@requests`, `@pictures`, `@assets`, `@takes`, `@models`,
    `@hears`, the workflows; of `music/`, scenes and worlds what a finding is about.
    """
    out = Diagnostics()
    requests = [
        AssetRequest(kind, subject, tuple(traits))
        for kind, subject, traits in json.loads(context.read("@requests"))
    ]
    takes = json.loads(context.read("@takes"))
    said = json.loads(context.read("@globals"))
    pictures = json.loads(context.read("@pictures"))
    found = answer(
        json.loads(context.read("@head")),
        said,
        dict(pictures["gallery"]),
        requests,
        json.loads(context.read("@assets")),
        out,
        takes,
        Workflows(
            (name for name in context.inputs if name.startswith(FOLDER)),
            context.read,
            out,
            json.loads(context.read("@models")),
        ),
        json.loads(context.read("@hears")),
        moments={asset: AssetRequest(*moment) for asset, moment in pictures["moments"].items()},
        place=partial(value_at, context),
        used_at=FirstUse(context, said["worlds"]),
    )
    check_pins(takes, requests, out)
    for finding in out:
        context.report(finding)
    answers = [[*request, key] for request, key in found.answers.items()]
    told = {
        "assets": found.assets,
        "made": found.made,
        "answers": answers,
        "rendered": found.rendered,
        "sources": found.sources,
    }
    context.write("@found", canonical(told).encode())
    for key, brief in found.briefs.items():
        context.write(f"@brief/{key}", canonical(brief).encode())
    painted = said["project"].get("pictures", {}).get("painted", "draft")
    context.write("@painted", canonical(painted).encode())
