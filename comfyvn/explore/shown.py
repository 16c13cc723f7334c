"""Which pictures and sounds one step of a play-through shows and plays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from comfyvn.story.interpreter import LOOK_KINDS, State, Step, Story
from comfyvn.story.stage import apply_stage

Shown = tuple[str, str, tuple[str, ...]]
"""Kind, subject and traits of an asset, as the plan asks for it: a background with its time and
weather, a sprite with its expression, pose and outfit."""


def shown_by(story: Story, before: State | None, step: Step) -> Iterator[Shown]:
    """Yield what a step shows and plays; of several times, several times.

    `before` is the state that the step began in, None for the first one.
    """
    stage: dict[str, Any] = before["stage"] if before else {"sprites": []}
    looks: dict[str, Mapping[str, str]] = dict(before["looks"]) if before else dict(story.looks())
    for record in step.events:
        if record["t"] == "line":
            op = story.op(record["id"])
            if "look" in op:
                _dress(looks, op["who"], op["look"])
                yield from _sprites(stage, looks, op["who"])
        elif record["t"] == "stage":
            op = {**record, "op": record["do"]}
            if op["op"] == "show" and op["kind"] == "sprite":
                _dress(looks, [op["what"]], op.get("look", {}))
            stage = apply_stage(stage, op)
            yield from _of(op, stage, looks)


def _dress(
    looks: dict[str, Mapping[str, str]], who: Iterable[str], look: Mapping[str, str]
) -> None:
    for name in who:
        if name in looks:
            looks[name] = {**looks[name], **look}


def _of(
    op: Mapping[str, Any], stage: Mapping[str, Any], looks: Mapping[str, Mapping[str, str]]
) -> Iterator[Shown]:
    match op["op"]:
        case "scene" | "time" | "weather":
            if "location" in stage:
                traits = tuple(stage[kind] for kind in ("time", "weather") if kind in stage)
                yield "background", stage["location"], traits
        case "show" if op["kind"] == "sprite":
            yield from _sprites(stage, looks, [op["what"]])
        case "show":
            yield op["kind"], op["what"], ()
        case "picture":
            yield "picture", op["asset"], ()
        case "play":
            yield op["channel"], op["name"], ()
        case "voice":
            yield "voice", op["name"], ()


def _sprites(
    stage: Mapping[str, Any], looks: Mapping[str, Mapping[str, str]], who: Iterable[str]
) -> Iterator[Shown]:
    staged = {each["what"] for each in stage["sprites"] if each["kind"] == "sprite"}
    for name in who:
        if name in staged:
            look = looks.get(name, {})
            yield "sprite", name, tuple(look[kind] for kind, _ in LOOK_KINDS if kind in look)
