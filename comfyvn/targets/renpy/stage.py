"""Stage ops as `scene`, `show`, `hide`, `play`… statements."""

from __future__ import annotations

from comfyvn.targets.renpy.context import Context, Lines
from comfyvn.targets.renpy.expressions import literal, number
from comfyvn.targets.renpy.facts import Op
from comfyvn.targets.renpy.media import CHANNELS
from comfyvn.targets.renpy.names import PICTURE, SCENERY
from comfyvn.targets.renpy.text import Slots, Temporaries, escape, quoted

STAGE = frozenset(
    "scene show hide move camera play stop voice pause speed time weather theme picture".split()
)


def write_stage(context: Context, op: Op, lines: Lines) -> None:
    """Write one stage op."""
    names = context.names
    match op["op"]:
        case "scene":
            attributes = names.scenery(op["location"], op.get("time"), op.get("weather"))
            _staged(f"scene {SCENERY} {' '.join(attributes)}", op, lines)
        case "show":
            _staged(f"show {_image(context, op)}{_placed(op)}", op, lines)
        case "move":
            tag = names.tags[op["what"]]
            lines.add(f"show {tag}{_placed(op)}")
            _transition(f"vn.move({_seconds(op)})", op, lines)
        case "hide":
            tag = names.tags.get(op["what"]) or f"{PICTURE} {names.pictures[op['what']]}"
            _staged(f"hide {tag}", op, lines)
        case "picture":
            lines.add(f"show {PICTURE} {names.pictures[op['asset']]} zorder 100")
            # Ren'Py's own character for what only self-voicing reads.
            lines.add(f"alt {quoted(escape(op['alt']))} id {op['id']}")
        case "camera":
            _camera(op, lines)
        case "play":
            _play(context, op, lines)
        case "stop":
            fade = f" fadeout {number(op['fade'])}" if "fade" in op else ""
            lines.add(f"stop {CHANNELS[op['channel']]}{fade}")
        case "voice":
            sound = f"voice {op['name']}"
            lines.add(f"voice {names.sounds[sound]}")
        case "pause":
            lines.add(f"pause {number(op['seconds'])}" if "seconds" in op else "pause")
        case "speed":
            lines.add(f"$ vn.set_speed({number(op['factor'])})")
        case "time" | "weather" as kind:
            attribute = names.looks[SCENERY][kind][op["value"]]
            lines.add(f"$ vn.set_{kind}({literal(attribute)})")
        case "theme":
            lines.add(f"$ vn.set_theme({literal(op['value'])})")


def write_notify(context: Context, op: Op, lines: Lines) -> None:
    """Write a toast."""
    temporaries = Temporaries()
    slots = Slots(context.expressions, op.get("slots", ()), temporaries, [op["text"]])
    text = literal(slots.render(op["text"], context.language))
    lines.add(*temporaries.lines, f"$ vn.notify({text})")


def _image(context: Context, op: Op) -> str:
    names = context.names
    return " ".join([names.tags[op["what"]], *names.attributes(op["what"], op.get("look", {}))])


def _placed(op: Op) -> str:
    at, z = op.get("at"), op.get("z")
    if isinstance(at, str):
        placed = f" at {at}"
    else:
        placed = f" at place({number(at[0])}, {number(at[1])})" if at else ""
    return placed + (f" zorder {z}" if z is not None else "")


def _seconds(op: Op) -> str:
    return number(op.get("seconds", 0))


def _staged(statement: str, op: Op, lines: Lines) -> None:
    """Add a statement and its transition: `with` waits, `vn.over` runs alongside."""
    kind = op.get("with")
    if kind is None:
        lines.add(statement)
    elif kind == "cut":
        lines.add(f"{statement} with None")
    else:
        code = f"vn.{kind}({_seconds(op)})"
        if op.get("wait"):
            lines.add(f"{statement} with {code}")
        else:
            lines.add(statement, f"$ vn.over({code})")


def _transition(code: str, op: Op, lines: Lines) -> None:
    lines.add(f"with {code}" if op.get("wait") else f"$ vn.over({code})")


def _camera(op: Op, lines: Lines) -> None:
    parts = []
    if "zoom" in op:
        parts.append(f"zoom={number(op['zoom'])}")
    if "at" in op:
        parts.append(f"at=({number(op['at'][0])}, {number(op['at'][1])})")
    for key in ("with", "seconds", "wait"):
        if key in op:
            value = op[key]
            shown = (
                literal(value)
                if isinstance(value, str)
                else (str(value) if isinstance(value, bool) else number(value))
            )
            parts.append(f"{'effect' if key == 'with' else key}={shown}")
    lines.add(f"$ vn.camera({', '.join(parts)})")


def _play(context: Context, op: Op, lines: Lines) -> None:
    channel = op["channel"]
    words = ["play", CHANNELS[channel], context.names.sounds[f"{channel} {op['name']}"]]
    if "fade" in op:
        words += ["fadein", number(op["fade"])]
    if op.get("once"):
        words.append("noloop")
    if op.get("loop"):
        words.append("loop")
    if "volume" in op:
        words += ["volume", number(op["volume"])]
    lines.add(" ".join(words))
