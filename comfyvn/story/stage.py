"""What is to be seen and heard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

STAGE_OPS = frozenset(
    "scene show hide move camera play stop voice pause speed time weather theme picture".split()
)
"""The ops that only change the stage."""

Stage = dict[str, Any]


def apply_stage(stage: Stage, op: Mapping[str, Any]) -> Stage:
    """Return the stage after an op; the given one stays as it is."""
    match op["op"]:
        case "scene":
            kept = {key: value for key, value in stage.items() if key != "picture"}
            given = {key: op[key] for key in ("location", "time", "weather") if key in op}
            return {**kept, **given, "sprites": []}
        case "show":
            return {**stage, "sprites": _shown(stage["sprites"], op)}
        case "hide":
            what = op["what"]
            left = [sprite for sprite in stage["sprites"] if sprite["what"] != what]
            stage = {**stage, "sprites": left}
            if stage.get("picture", {}).get("asset") == what:
                del stage["picture"]
            return stage
        case "move":
            what, at = op["what"], op["at"]
            moved = [
                {**sprite, "at": at} if sprite["what"] == what else sprite
                for sprite in stage["sprites"]
            ]
            return {**stage, "sprites": moved}
        case "camera":
            return _camera(stage, op)
        case "play":
            channel = op["channel"]
            if channel == "sfx" and not op.get("loop"):
                return stage
            return {**stage, channel: {k: op[k] for k in ("name", "volume", "once") if k in op}}
        case "stop":
            return {key: value for key, value in stage.items() if key != op["channel"]}
        case "picture":
            return {**stage, "picture": {key: op[key] for key in ("id", "asset", "alt")}}
        case "speed":
            if op["factor"] == 1:
                return {key: value for key, value in stage.items() if key != "speed"}
            return {**stage, "speed": op["factor"]}
        case "time" | "weather" | "theme" as what:
            return {**stage, what: op["value"]}
    return stage


def _shown(sprites: list[dict[str, Any]], op: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Add or change what is shown; a character's look is not kept here."""
    what, kind = op["what"], op["kind"]
    index = next((i for i, sprite in enumerate(sprites) if sprite["what"] == what), len(sprites))
    old = sprites[index] if index < len(sprites) else {}
    look = op.get("look", old.get("look"))
    sprite = {
        "what": what,
        "kind": kind,
        "at": op.get("at", old.get("at", "center")),
        "z": op.get("z", old.get("z", 0)),
    }
    if kind != "sprite" and look is not None:
        sprite["look"] = look
    return [*sprites[:index], sprite, *sprites[index + 1 :]]


def _camera(stage: Stage, op: Mapping[str, Any]) -> Stage:
    if "zoom" in op or "at" in op:
        old = stage.get("camera", {"zoom": 1, "at": [0.5, 0.5]})
        return {
            **stage,
            "camera": {"zoom": op.get("zoom", old["zoom"]), "at": op.get("at", old["at"])},
        }
    if op.get("with") == "shake":
        return stage
    return {key: value for key, value in stage.items() if key != "camera"}
