"""Whether what players load is within `scene_mb` and `total_mb` of `vn.yaml`'s `delivery`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from comfyvn.engine.action import Context
from comfyvn.model.find import PROJECT_FILE
from comfyvn.plan.clips import lines_of
from comfyvn.plan.delivery import NEVER_AVIF, answers, form_of
from comfyvn.plan.facts import Facts, Item, Selection
from comfyvn.plan.requests import SOUNDS, requests_by_scene
from comfyvn.source.diagnostics import Diagnostics, Span
from comfyvn.source.yaml import Node, load_yaml

MEGABYTE = 1_000_000
_NAMED = 3
"""How many of the largest files a finding names."""
NAMES = {"web": "on the web", "renpy": "in Ren'Py"}
SKELETON = "@skeleton/"


def budgets(facts: Facts) -> list[Item]:
    """Return the targets that have a budget."""
    said = json.loads(facts.read("@delivery"))
    return [
        {"target": target}
        for target in sorted(facts.targets)
        if {"scene_mb", "total_mb"} & said.get(target, {}).keys()
    ]


COLLECTIONS: Mapping[str, Selection] = {
    "budget": Selection(budgets, ("target",), ("target",), ("@delivery",))
}


class Load(NamedTuple):
    """Something that players load.

    Attributes:
        name: what messages call it.
        bytes: what a player loads of it.
        shipped: what it takes in the target, in all formats.
    """

    name: str
    bytes: int
    shipped: int


def budget(context: Context) -> None:
    """Report what is over the budget of a target: scenes, and all together."""
    target = context.params["target"]
    said = json.loads(context.read("@delivery"))
    limits = said[target]
    skeletons = {
        name.removeprefix(SKELETON): json.loads(context.read(name))
        for name in context.inputs
        if name.startswith(SKELETON)
    }
    found = json.loads(context.read("@found"))
    loads = _assets(context, found, form_of(said, target), aac=target not in NEVER_AVIF)
    keys = {(kind, subject, *traits): key for kind, subject, traits, key in found["answers"]}
    report = _Report(context, target)
    voices: dict[str, Load] = {}
    asked = requests_by_scene(json.loads(context.read("@head")), skeletons)
    for scene, requests in asked.items():
        mine = {
            key: loads[key]
            for kind, subject, traits in requests
            if (key := keys.get((kind, subject, *traits))) in loads
        }
        voices[scene] = voice = _voices(context, scene, target)
        if (most := limits.get("scene_mb")) is not None:
            report.scene(scene, [*mine.values(), voice], most)
    if (most := limits.get("total_mb")) is not None:
        report.total([*loads.values(), *voices.values()], most)


def _assets(context: Context, found: Mapping[str, Any], form: str, *, aac: bool) -> dict[str, Load]:
    """Return the pictures and sounds, by key."""
    loads = {}
    for each in answers(found):
        if SOUNDS.isdisjoint(each.kinds):
            shape = context.find(f"@shape/{each.key}-{form}")
            if shape is not None:
                told = json.loads(shape)
                loads[each.key] = Load(each.name, told["bytes"], told["bytes"] + told["avif"])
        else:
            name = f"@sound/{each.key}" if each.path else f"@made/{each.key}"
            if (data := context.find(name)) is not None:
                twin = len(context.find(f"@aac/{each.key}") or b"") if aac else 0
                loads[each.key] = Load(each.name, len(data), len(data) + twin)
    return loads


def _voices(context: Context, scene: str, target: str) -> Load:
    """Return the voices of a scene: a player loads one language, in one codec."""
    codecs = ("opus",) if target in NEVER_AVIF else ("opus", "m4a")
    by_language: dict[str, int] = {}
    shipped = 0
    for line in lines_of(scene, context.find(f"@lines/{scene}") or b"[]"):
        sizes = [len(context.find(f"@voice/{line.key}.{codec}") or b"") for codec in codecs]
        by_language[line.language] = by_language.get(line.language, 0) + sizes[0]
        shipped += sum(sizes)
    return Load(f"the voices of {scene}", max(by_language.values(), default=0), shipped)


class _Report:
    """The findings of one target, at the place of its budget."""

    def __init__(self, context: Context, target: str) -> None:
        self.context = context
        self.target = target
        text = context.read(PROJECT_FILE).decode("utf-8", "replace")
        self.node = load_yaml(text, PROJECT_FILE, Diagnostics()) or Node(
            None, Span.whole_file(PROJECT_FILE)
        )

    def scene(self, scene: str, loads: Iterable[Load], most: float) -> None:
        """Report a scene that loads more than it may."""
        ordered = sorted(loads, key=lambda load: (-load.bytes, load.name))
        size = sum(load.bytes for load in ordered)
        if size > most * MEGABYTE:
            self._report(
                "VN1214",
                "scene_mb",
                f"`{scene}` loads {_mb(size)} {NAMES[self.target]}, and may load {most:g} MB",
                [(load.name, load.bytes) for load in ordered],
            )

    def total(self, loads: Iterable[Load], most: float) -> None:
        """Report a target whose pictures and sounds take more than they may."""
        ordered = sorted(loads, key=lambda load: (-load.shipped, load.name))
        size = sum(load.shipped for load in ordered)
        if size > most * MEGABYTE:
            self._report(
                "VN1215",
                "total_mb",
                f"pictures and sounds take {_mb(size)} {NAMES[self.target]}, and may take "
                f"{most:g} MB",
                [(load.name, load.shipped) for load in ordered],
            )

    def _report(self, code: str, key: str, message: str, sizes: list[tuple[str, int]]) -> None:
        out = Diagnostics()
        largest = ", ".join(f"`{name}` ({_mb(size)})" for name, size in sizes[:_NAMED] if size)
        where = self.node.at("delivery", self.target, key)
        out.warning(code, message, where, help=f"the largest are {largest}")
        for finding in out:
            self.context.report(finding)


def _mb(size: int) -> str:
    return f"{size / MEGABYTE:.1f} MB" if size >= MEGABYTE / 10 else f"{size / 1000:.0f} kB"
