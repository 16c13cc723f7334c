"""A scene's skeleton: its flow and its stage without a word of its text.

It is what the pictures and sounds of a story follow from, so that an edit of words leaves it as it
was. `docs/engine.md` has its shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NotRequired, TypedDict

Op = Mapping[str, Any]
Bone = dict[str, Any]
"""An op of a skeleton."""

KEPT = {
    "scene": ("location", "time", "weather"),
    "time": ("value",),
    "weather": ("value",),
    "show": ("what", "kind", "look"),
    "hide": ("what",),
    "picture": ("asset", "alt"),
    "play": ("channel", "name"),
    "voice": ("name",),
    "call": ("to",),
    "return": (),
    "ending": (),
}
"""The ops that stay as they are, with those of their fields that stay."""


class Part(TypedDict):
    """A section of a skeleton."""

    label: str
    body: list[Bone]


class Skeleton(TypedDict):
    """A scene's skeleton."""

    enter: NotRequired[list[Bone]]
    sections: list[Part]
    next: NotRequired[str]


def skeleton(scene: Mapping[str, Any]) -> Skeleton:
    """Return the skeleton of a scene of the Program."""
    bare: Skeleton = {
        "sections": [
            {"label": section.get("label", ""), "body": _bones(section.get("body", ()))}
            for section in scene["sections"]
        ]
    }
    if enter := _bones(scene.get("enter", ())):
        bare["enter"] = enter
    if scene.get("next"):
        bare["next"] = scene["next"]
    return bare


def _bones(body: Iterable[Op]) -> list[Bone]:
    bones: list[Bone] = []
    for op in body:
        kind = op["op"]
        if kind == "say":
            bones += _say(op)
        elif kind in KEPT:
            bones.append({"op": kind} | {name: op[name] for name in KEPT[kind] if name in op})
        elif kind == "menu":
            bones += _fork(op["choices"], falls=True)
        elif kind == "pick":
            bones += _fork(op["items"], falls=True)
        elif kind == "if":
            falls = all("if" in branch for branch in op["branches"])
            bones += _fork(op["branches"], falls=falls)
        elif kind == "page":
            if inside := _bones(op.get("body", ())):
                bones.append({"op": "page", "body": inside})
        elif kind == "jump":
            bones.append(_jump(op))
    return bones


def _say(op: Op) -> list[Bone]:
    """Return the change of look and the effects of a line; most lines have neither."""
    bones: list[Bone] = []
    if op.get("look"):
        bones.append({"op": "look", "who": op["who"], "look": op["look"]})
    for fragment in op["text"]:
        if isinstance(fragment, dict) and "fx" in fragment:
            bones += _bones(fragment["fx"])
    if bones and ("if" in op or op.get("once")):
        return [{"op": "fork", "bodies": [bones], "falls": True}]
    return bones


def _fork(branches: Sequence[Mapping[str, Any]], *, falls: bool) -> list[Bone]:
    """Return a fork of control; `falls` says that it may also pass all bodies by.

    A body in which nothing happens is such a passing by.
    """
    bodies = [bones for branch in branches if (bones := _bones(branch.get("body", ())))]
    if not bodies:
        return []
    return [{"op": "fork", "bodies": bodies, "falls": falls or len(bodies) < len(branches)}]


def _jump(op: Op) -> Bone:
    """Return a jump with every place it can go to: those it names, and those of its variables."""
    if "to" in op:
        return {"op": "jump", "to": [op["to"]]}
    named = set(_named(op["value"]))
    return {
        "op": "jump",
        "to": sorted(name for kind, name in named if kind == "label"),
        "variables": sorted(name for kind, name in named if kind == "var"),
    }


def _named(expression: Any) -> Iterator[tuple[str, str]]:
    """Yield the places and the variables in an expression of type label."""
    if not isinstance(expression, list) or not expression:
        return
    if expression[0] in {"label", "var"}:
        yield expression[0], expression[1]
    else:
        for part in expression[1:]:
            yield from _named(part)
