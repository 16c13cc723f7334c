"""Menus and picks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from comfyvn.targets.renpy.context import Context, Lines
from comfyvn.targets.renpy.expressions import literal, number
from comfyvn.targets.renpy.facts import Op
from comfyvn.targets.renpy.text import Slots, Temporaries, Text, draws, quoted

WriteBody = Callable[[Sequence[Op], Lines], None]
Choice = Mapping[str, Any]


class MenuWriter:
    """Writes one menu.

    Conditions stand at their items where that means the same; otherwise they are computed first,
    once and in order, as are texts with values. A menu that can be empty stands under an `if`.
    """

    def __init__(self, context: Context, op: Op, lines: Lines, body: WriteBody) -> None:
        self.context = context
        self.op = op
        self.lines = lines
        self.body = body
        self.choices: Sequence[Choice] = op["choices"]
        self.temporaries = Temporaries()
        self.unseen = [c for c in self.choices if c.get("else") and not c["text"]]
        self.items = [c for c in self.choices if c not in self.unseen]

    def write(self) -> None:
        """Write the menu."""
        lines = self.lines
        plain = [c for c in self.items if not (c.get("if") or c.get("once") or c.get("else"))]
        ordered = (
            any(c.get("else") for c in self.choices)
            or any(draws(c.get("if")) for c in self.choices)
            or not plain
        )
        lines.add("")
        self.enabled = {c["id"]: self._condition(c, keep=ordered) for c in self.choices}
        if any(c.get("else") for c in self.choices):
            self._drop_else()
        lines.add(*self.temporaries.lines)
        self.temporaries.lines.clear()
        if plain and not self.unseen:
            self._menu()
        else:
            self._guarded()
        lines.add("")

    def _guarded(self) -> None:
        lines = self.lines
        if self.items:
            anything = " or ".join(self._test(c["id"]) for c in self.items)
            with lines.block(f"if {anything}:"):
                self._menu()
        word = "elif" if self.items else "if"
        for choice in self.unseen:
            test = self.enabled[choice["id"]]
            with lines.block("else:" if test is None and word == "elif" else f"{word} {test}:"):
                lines.add(f"$ vn.take({literal(choice['id'])}, {literal(self.op['id'])})")
                self.body(choice["body"], lines)
            word = "elif"

    def _test(self, id: str) -> str:
        return self.enabled[id] or "True"

    def _condition(self, choice: Choice, *, keep: bool) -> str | None:
        parts = []
        if choice.get("if"):
            parts.append(self.context.expressions.condition(choice["if"]))
        if choice.get("once"):
            parts.append(f"vn.untaken({literal(choice['id'])})")
        if not parts:
            return None
        code = " and ".join(parts)
        simple = len(parts) == 1 and not draws(choice.get("if")) and " " not in code
        if keep and not simple:
            return self.temporaries.add(code)
        return code

    def _drop_else(self) -> None:
        others = [self._test(c["id"]) for c in self.items if not c.get("else")]
        for choice in self.items:
            if not choice.get("else") or not others:
                continue
            none = f"not ({' or '.join(others)})"
            mine = self.enabled[choice["id"]]
            code = f"{mine} and {none}" if mine else none
            self.enabled[choice["id"]] = self.temporaries.add(code)

    def _menu(self) -> None:
        lines = self.lines
        once = {choice["id"] for choice in self.choices if choice.get("once")}
        captions = [self._caption(choice) for choice in self.items]
        arguments = [f"id={literal(self.op['id'])}"]
        for choice in self.items:
            if "timeout" in choice:
                arguments.append(f"timeout={number(choice['timeout'])}")
                arguments.append(f"on_timeout={literal(choice['id'])}")
        with lines.block(f"menu ({', '.join(arguments)}):"):
            for choice, (caption, reason) in zip(self.items, captions, strict=True):
                enabled = self.enabled[choice["id"]]
                condition = f" if {enabled}" if enabled else ""
                lines.add("")
                head = f"{caption} (id={literal(choice['id'])}{reason}){condition}:"
                with lines.block(head):
                    counted = [
                        id
                        for id in (choice["id"], self.op["id"])
                        if id in self.context.scope.asked or id in once
                    ]
                    if counted:
                        lines.add(f"$ vn.count({', '.join(literal(id) for id in counted)})")
                    self.body(choice["body"], lines)

    def _caption(self, choice: Choice) -> tuple[str, str]:
        """Return a choice's caption and the argument that gives its reason."""
        id = choice["id"]
        offered = None
        if choice.get("once"):
            offered = f"vn.untaken({literal(id)})"
        if not choice.get("locked") and self.enabled[id]:
            offered = self.enabled[id]
        caption = self._text(id, choice["text"], choice.get("slots", ()), offered)
        if "locked" not in choice:
            return quoted(caption), ""
        locked = (
            f"not {self.enabled[id]}"
            if " " not in self._test(id)
            else (f"not ({self.enabled[id]})")
        )
        if offered:
            locked = f"{offered} and {locked}"
        reason = literal(
            self._text(f"{id}_locked", choice["locked"], choice.get("locked_slots", ()), locked)
        )
        if choice.get("once"):
            return quoted(caption), f", reason={reason} if {offered} else None"
        return quoted(caption), f", reason={reason}"

    def _text(self, id: str, text: Text, slots: Sequence[Any], when: str | None) -> str:
        context = self.context
        made, temporaries = caption_of(context, id, text, slots, self.temporaries.count)
        self.temporaries.count = temporaries.count
        if temporaries.lines and when and any(draws(slot) for slot in slots):
            with self.lines.block(f"if {when}:"):
                self.lines.add(*temporaries.lines)
        else:
            self.lines.add(*temporaries.lines)
        return made


def caption_of(
    context: Context, id: str, text: Text, slots: Sequence[Any], count: int = 0
) -> tuple[str, Temporaries]:
    """Return a caption in Ren'Py's notation and what computes its values.

    Its translations are kept as translated strings; equal captions are told apart by an
    invisible `{#id}`.
    """
    translations = context.translations(id)
    temporaries = Temporaries(count=count)
    texts = [text, *(entry["text"] for entry in translations.values())]
    values = Slots(context.expressions, slots, temporaries, texts)
    made = values.render(text, context.language)
    if id in context.marked:
        made += f"{{#{id}}}"
    for language, entry in translations.items():
        own = values.with_extra(entry.get("extra", ()), temporaries)
        translated = own.render(entry["text"], language)
        context.strings.setdefault(language, {})[made] = translated
    return made, temporaries


def write_pick(context: Context, op: Op, lines: Lines, body: WriteBody) -> None:
    """Write one pick: a function of `game/vn` draws, an `if` plays what it took."""
    items = []
    for item in op["items"]:
        share = number(item.get("weight", 1)) if op["mode"] == "random" else "True"
        parts = []
        if "if" in item:
            alone = not item.get("once")
            parts.append(context.expressions.condition(item["if"], whole=alone))
        if item.get("once"):
            parts.append(f"vn.untaken({literal(item['id'])})")
        condition = " and ".join(parts)
        if condition and op["mode"] == "random":
            share = f"{share} if {condition} else None"
        items.append(f"{item['id']}={condition if condition and share == 'True' else share}")
    function = {"random": "weighted", "shuffle": "shuffled", "cycle": "cycled"}.get(
        op["mode"], "sequenced"
    )
    lines.add("")
    lines.add(f"$ taken = vn.{function}({literal(op['id'])}, {', '.join(items)})")
    word = "if"
    for item in op["items"]:
        if item.get("body"):
            with lines.block(f"{word} taken == {literal(item['id'])}:"):
                body(item["body"], lines)
            word = "elif"
    lines.add("")
