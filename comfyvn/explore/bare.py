"""A story without its words: what an exploration reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from comfyvn.explore.flow import operands
from comfyvn.story.stage import STAGE_OPS

Json = dict[str, Any]
_WORDLESS = frozenset({"text", "prompt", "locked"})
_SHOWN = frozenset({"look", "manner", "gap", "rating", "as"})


def bare_scene(scene: Mapping[str, Any]) -> Json:
    """Return a scene of the Program without its texts and its stage.

    Slots stay, as what they draw shifts what the story draws, and titles, which conditions may
    ask for. A text that is empty stays so: such a choice is taken unseen.
    """
    kept = {key: value for key, value in scene.items() if key not in ("enter", "title", "rating")}
    if "title" in scene:
        kept["title"] = scene["title"]
    kept["sections"] = [{**each, "body": _bare(each["body"])} for each in scene["sections"]]
    return kept


def bare_words(words: Iterable[Mapping[str, Any]]) -> Json:
    """Return translations of a scene without their texts: the values that they ask for."""
    found: list[Any] = []
    for each in words:
        for said in each.values():
            found += [list(e) for e in said.get("extra", ()) if any(True for _ in operands(e))]
    return {"words": {"extra": found}} if found else {}


def bare_program(
    head: Mapping[str, Any], scenes: Mapping[str, Json], words: Mapping[str, Json]
) -> Json:
    """Return the Program that bare scenes make."""
    return {
        **{key: head[key] for key in ("language", "start") if key in head},
        "variables": head.get("variables", {}),
        "characters": {name: {} for name in head.get("characters", {})},
        "scenes": dict(scenes),
        "translations": {f"of {name}": each for name, each in words.items() if each},
    }


def _bare(body: Iterable[Mapping[str, Any]]) -> list[Json]:
    return [_op(op) for op in body if op["op"] == "picture" or op["op"] not in STAGE_OPS]


def _op(op: Mapping[str, Any]) -> Json:
    if op["op"] == "picture":
        return {"op": "picture", "id": op["id"], "asset": "", "alt": ""}
    return _part(op)


def _part(part: Mapping[str, Any]) -> Json:
    kept: Json = {}
    for key, value in part.items():
        if key in _WORDLESS:
            kept[key] = [""] if value else []
        elif key == "body":
            kept[key] = _bare(value)
        elif key in ("choices", "items", "branches"):
            kept[key] = [_part(each) for each in value]
        elif key == "title":
            kept[key] = ""
        elif key == "as":
            kept[key] = "?"
        elif key not in _SHOWN:
            kept[key] = value
    return kept
