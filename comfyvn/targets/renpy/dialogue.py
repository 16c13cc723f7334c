"""Lines of text: `say` statements with their effects, pages, and their translations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from comfyvn.targets.renpy.context import Context, Lines
from comfyvn.targets.renpy.expressions import literal, number
from comfyvn.targets.renpy.facts import Op
from comfyvn.targets.renpy.stage import write_stage
from comfyvn.targets.renpy.text import Slots, Temporaries, escape, quoted

Part = tuple[str, Sequence[Op]]
"""Text, and the ops that run after it before the text goes on."""


def write_say(context: Context, op: Op, lines: Lines, *, page: bool) -> None:
    """Write one beat."""
    conditions = []
    if "if" in op:
        conditions.append(context.expressions.condition(op["if"]))
    if op.get("once"):
        conditions.append(f"vn.first({literal(op['id'])})")
    if conditions:
        with lines.block(f"if {' and '.join(conditions)}:"):
            _beat(context, op, lines, page)
    else:
        _beat(context, op, lines, page)


def _beat(context: Context, op: Op, lines: Lines, page: bool) -> None:
    id = op["id"]
    translations = context.translations(id)
    temporaries = Temporaries()
    texts = [op["text"], *(entry["text"] for entry in translations.values())]
    slots = Slots(context.expressions, op.get("slots", ()), temporaries, texts)
    head, tail = _frame(context, op, lines, page)
    kept = temporaries.count
    parts = split(op["text"], slots, context.language)
    if len(translations) < len(context.scope.languages) and id in context.marked:
        # Ren'Py would show the translation of an equal caption.
        parts[0] = (f"{parts[0][0]}{{#{id}}}", parts[0][1])
    lines.add(*temporaries.lines)
    if op.get("count") and not op.get("once"):
        lines.add(f"$ vn.count({literal(id)})")
    # Ren'Py takes a `voice` directly above a line for a part of it, which a translation replaces.
    above = lines.lines[-1].strip() if lines.lines else ""
    voice = above if above.startswith("voice ") else ""
    _write_parts(context, parts, lines, id, head, tail)
    for language, entry in translations.items():
        _translate(context, op, (language, entry), slots, kept, (voice, head, tail))


def _frame(context: Context, op: Op, lines: Lines, page: bool) -> tuple[str, str]:
    """Return what stands before the string and after it; the look of several people apart."""
    who = op.get("who", ())
    speaker = context.names.speaker(who, page=page)
    head = f"{speaker} " if speaker else ""
    known = [one for one in who if one in context.scope.staged]
    look = op.get("look") or {}
    if look and len(who) == 1 and known:
        head += "".join(f"{word} " for word in context.names.attributes(who[0], look))
    elif look:
        for one in known:
            words = "".join(f", {literal(w)}" for w in context.names.attributes(one, look))
            lines.add(f"$ vn.look({literal(context.names.tags[one])}{words})")
    arguments = []
    if "as" in op:
        arguments.append(f"name={literal(escape(op['as']))}")
        arguments.append("dynamic=False")
    if "manner" in op:
        arguments.append(f"show_manner={literal(op['manner'])}")
    return head, f" ({', '.join(arguments)})" if arguments else ""


def split(text: Any, slots: Slots, language: str) -> list[Part]:
    """Return the parts of a text between its effects; waits and speeds become text tags."""
    parts: list[Part] = []
    current, speed = "", None
    for fragment in text:
        if isinstance(fragment, str) or "fx" not in fragment:
            current += slots.render([fragment], language)
            continue
        waiting: list[Op] = []
        for op in fragment["fx"]:
            if op["op"] == "pause" and not waiting:
                current += f"{{w={number(op['seconds'])}}}" if "seconds" in op else "{w}"
            elif op["op"] == "speed" and not waiting:
                current += "{/cps}" if speed else ""
                speed = f"{{cps=*{number(op['factor'])}}}"
                current += speed
            elif op["op"] in ("pause", "speed"):
                parts.append((current + ("{/cps}" if speed else ""), waiting))
                current, waiting = speed or "", []
                if op["op"] == "pause":
                    current += f"{{w={number(op['seconds'])}}}" if "seconds" in op else "{w}"
                else:
                    current += "{/cps}" if speed else ""
                    speed = f"{{cps=*{number(op['factor'])}}}"
                    current += speed
            else:
                waiting.append(op)
        if waiting:
            parts.append((current + ("{/cps}" if speed else ""), waiting))
            current = speed or ""
    return [*parts, (current + ("{/cps}" if speed else ""), ())]


def part_id(id: str, number: int) -> str:
    """Return the id of a line's part: `x`, `x_b`, `x_c`…"""
    if number == 0:
        return id
    letters = "bcdefghijklmnopqrtuvwxyz"  # `_s` is the line that a choice says
    return f"{id}_{letters[number - 1]}" if number <= len(letters) else f"{id}_{number + 1}"


def _write_parts(
    context: Context, parts: Sequence[Part], lines: Lines, id: str, head: str, tail: str
) -> None:
    for index, (text, effects) in enumerate(parts):
        shown = quoted(text + ("{nw}" if effects else ""))
        if index:
            lines.add(f"extend {shown} id {part_id(id, index)}")
        else:
            lines.add(f"{head}{shown}{tail} id {id}")
        for effect in effects:
            write_stage(context, effect, lines)


def _translate(
    context: Context,
    op: Op,
    translation: tuple[str, Mapping[str, Any]],
    slots: Slots,
    kept: int,
    frame: tuple[str, str, str],
) -> None:
    """Write the `translate` blocks of one line, one for each part.

    The effects between them are the source's: the compiler holds translations to them.
    """
    language, entry = translation
    voice, head, tail = frame
    temporaries = Temporaries(count=kept)
    own = slots.with_extra(entry.get("extra", ()), temporaries)
    parts = split(entry["text"], own, language)
    block = context.dialogue.setdefault(language, Lines())
    for index, (text, effects) in enumerate(parts):
        block.add("")
        with block.block(f"translate {language_name(language)} {part_id(op['id'], index)}:"):
            if index == 0:
                block.add(*temporaries.lines)
                if voice:
                    block.add(voice)
            shown = quoted(text + ("{nw}" if effects else ""))
            block.add(f"{head}{shown}{tail}" if index == 0 else f"extend {shown}")


def language_name(language: str) -> str:
    """Return a language's name in Ren'Py: `pt-BR` is `pt_br`."""
    return language.replace("-", "_").lower()
