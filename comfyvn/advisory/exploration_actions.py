"""The steps of the advice that explore the story, without its words."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from comfyvn.engine.action import Context
from comfyvn.explore.bare import bare_program, bare_scene, bare_words
from comfyvn.explore.placing import placed as at_its_place
from comfyvn.explore.result import Budget, Finding, Witness
from comfyvn.plan.front_artifacts import cast_of, read, report, write
from comfyvn.plan.readings import READINGS
from comfyvn.source.diagnostics import Diagnostics, Span
from comfyvn.source.syntax import At
from comfyvn.source.text import read_text
from comfyvn.source.yaml import Node, load_yaml
from comfyvn.story.compiler.logic_places import logic_places

BUDGET = Budget(states=5_000, slice_states=20_000, slice_total=60_000, walks=40_000)
"""What is looked at while somebody writes; `comfyvn explore` looks longer."""


def bare(context: Context) -> None:
    """Take the words out of a scene: `@part/SCENE`, `@words/SCENE#*` → `@bare/SCENE`."""
    scene = context.params["scene"]
    words = [json.loads(context.read(name)) for name in context.names(f"@words/{scene}#*")]
    out = {"scene": bare_scene(read(context, f"@part/{scene}")), "words": bare_words(words)}
    write(context, f"@bare/{scene}", out)


def explored(context: Context) -> None:
    """Explore the story: `@head`, `@bare/*` → `@explored`, the findings by id."""
    from comfyvn.explore.explore import odd

    bares = [name for name in context.inputs if name.startswith("@bare/")]
    found = {name.removeprefix("@bare/"): read(context, name) for name in bares}
    scenes = {name: each["scene"] for name, each in found.items() if each["scene"]["id"]}
    head = read(context, "@head")
    if head.get("start") not in scenes:
        write(context, "@explored", [])
        return
    homes = {id: name for name, scene in scenes.items() for id in _ids(scene)}
    words = {name: each["words"] for name, each in found.items()}
    findings = odd(bare_program(head, scenes, words), BUDGET)
    write(
        context,
        "@explored",
        [
            {**each._asdict(), "scene": homes.get(each.id, "")}
            for each in findings
            if each.verdict != "bounded"
        ],
    )


def _ids(value: Any) -> list[str]:
    if isinstance(value, list):
        return [id for each in value for id in _ids(each)]
    if not isinstance(value, dict):
        return []
    own = [value["id"]] if isinstance(value.get("id"), str) else []
    return own + [id for each in value.values() for id in _ids(each)]


def placed(context: Context) -> None:
    """Report what the exploration found at its places: `@explored`, `@places/*`, sources."""
    out = Diagnostics()
    for told in read(context, "@explored"):
        scene, witness = told.pop("scene"), told.pop("witness")
        shown = Witness(witness[0], tuple(witness[1])) if witness is not None else None
        finding = Finding(**told, witness=shown)
        out.append(at_its_place(finding, partial(_span, context, scene)))
    report(context, out)


def _span(context: Context, scene: str, id: str, spot: str) -> Span:
    if id.startswith("variable "):
        return _variable(context, id.removeprefix("variable "))
    path = f"scenes/{scene}.md"
    if spot and (found := _written(context, scene).get(spot)) is not None:
        return Span.on_line(path, *found)
    places = read(context, f"@places/{scene}")
    at = places.get(id)
    if at is None:
        return Span.whole_file(path)
    return Span.on_line(path, at[0], at[1], at[1] + 1)


def _written(context: Context, scene: str) -> dict[str, At]:
    """Return where the conditions and assignments of a scene stand."""
    path, cast = f"scenes/{scene}.md", cast_of(context.read("@cast"))
    reading, _ = READINGS.read(path, scene, cast, context.read, last=True)
    return {} if reading is None else logic_places(reading.tree)


def _variable(context: Context, name: str) -> Span:
    """Return where a variable is declared."""
    scene, _, parameter = name.partition("#")
    if parameter:
        return Span.whole_file(f"scenes/{scene}.md")
    owner, _, stat = name.rpartition(".")
    if owner:
        return _key(context, f"characters/{owner}.yaml", "stats", stat)
    return _key(context, "state.yaml", name)


def _key(context: Context, path: str, *steps: str) -> Span:
    try:
        text = read_text(path, context.read, Diagnostics())
    except KeyError:
        return Span.whole_file(path)
    node: Node | None = None if text is None else load_yaml(text, path, Diagnostics())
    return Span.whole_file(path) if node is None else node.key_at(*steps)
