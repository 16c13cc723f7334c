"""Lowering of menus and picks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from comfyvn.source.syntax import At, Item, Menu, Pick
from comfyvn.story.compiler.expressions import draws
from comfyvn.story.compiler.modifiers import Modifiers, lower_modifiers
from comfyvn.story.directives_logic import MODES
from comfyvn.story.types import Expr, Op

if TYPE_CHECKING:
    from comfyvn.story.compiler.blocks import BlockLowering


def lower_menu(lowering: BlockLowering, menu: Menu) -> tuple[Op, bool]:
    """Lower a menu; return it with whether control comes out of it."""
    choices = []
    falls = False
    timed: At | None = None
    for item in menu.items:
        given = lower_modifiers(
            lowering,
            item.modifiers,
            ("if", "once", "locked", "else", "timeout", "rated"),
            "a choice",
        )
        choice: Op = {"id": lowering.ids[id(item)]}
        lowering.text(item.text, choice, "text", "slots")
        choice.update(given.fields)
        if given.locked:
            lowering.sources[f"{choice['id']}_locked"] = given.locked
        _check_choice(lowering, given)
        if "timeout" in given.spans:
            if timed is not None:
                lowering.scope.report(
                    "VN0813", "a menu has one `timeout`", given.spans["timeout"], "keep one"
                )
            timed = given.spans["timeout"]
        body, body_falls = lowering.body(item.body)
        if item.speaker is not None:
            say: Op = {"op": "say", "id": f"{choice['id']}_s"}
            lowering.speaker(item.speaker, say)
            say["text"] = choice["text"]
            if "slots" in choice:
                say["slots"] = choice["slots"]
            body.insert(0, say)
        body_falls = _jump_after(lowering, item, body, body_falls)
        choice["body"] = body
        falls = falls or body_falls
        choices.append(choice)
    _check_else(lowering, menu, choices)
    if not surely_offers(choices):
        falls = True
        lowering.scope.report(
            "VN0705",
            "this menu may have nothing to offer, and is then passed over",
            menu.items[0].at,
            "add a choice without `if` and `once`, or `` - [](#heading) `else` ``",
            "warning",
        )
    return {"op": "menu", "id": lowering.ids[id(menu)], "choices": choices}, falls


def _check_choice(lowering: BlockLowering, given: Modifiers) -> None:
    if "locked" in given.spans and "if" not in given.spans:
        lowering.scope.report(
            "VN0813",
            "`locked` says why an `if` does not hold, and there is none",
            given.spans["locked"],
            "add `if …`",
        )


def _check_else(lowering: BlockLowering, menu: Menu, choices: Sequence[Op]) -> None:
    """Report an `else` without a text that could come to be shown."""
    alone = sum("else" in choice for choice in choices) == 1
    for item, choice in zip(menu.items, choices, strict=True):
        if item.link is None or item.source.strip() or "else" not in choice:
            continue
        if not alone or "locked" in choice or "timeout" in choice:
            lowering.scope.report(
                "VN0813",
                "an `else` without a text is taken unseen, and this one would be seen",
                item.at,
                "give it a text"
                if alone
                else "give every `else` of this menu a text, or keep only this one",
            )


def _jump_after(lowering: BlockLowering, item: Item, body: list[Op], falls: bool) -> bool:
    """Add the jump of an item that is a link; return whether control still comes out."""
    if item.link is None:
        return falls
    jump = lowering.jump_to(item.link)
    if falls:
        body.append(jump)
    return False


def lower_pick(lowering: BlockLowering, pick: Pick) -> tuple[Op, bool]:
    """Lower a pick; return it with whether control comes out of it."""
    mode = "random"
    items: list[Op] = []
    falls = False
    for i, item in enumerate(pick.items):
        allowed = ("if", "once", "weight", "rated", *(MODES if i == 0 else ()))
        given = lower_modifiers(lowering, item.modifiers, allowed, "an outcome")
        mode = given.mode or mode
        if "weight" in given.spans and mode != "random":
            lowering.scope.report(
                "VN0814",
                f"`weight` means nothing in a `{mode}`",
                given.spans["weight"],
                f"drop it, or `{mode}`",
            )
        lowered: Op = {"id": lowering.ids[id(item)], **given.fields}
        body, body_falls = _outcome(lowering, item)
        lowered["body"] = body
        falls = falls or body_falls
        items.append(lowered)
    if all("if" in item or "once" in item for item in items):
        falls = True
    return {"op": "pick", "id": lowering.ids[id(pick)], "mode": mode, "items": items}, falls


def _outcome(lowering: BlockLowering, item: Item) -> tuple[list[Op], bool]:
    """Lower an item of a pick: its text is a line, or a jump."""
    body, falls = lowering.body(item.body)
    if item.text and item.link is None:
        say: Op = {"op": "say", "id": f"{lowering.ids[id(item)]}_s"}
        if item.speaker is None:
            say["who"] = []
        else:
            lowering.speaker(item.speaker, say)
        lowering.text(item.text, say, "text", "slots", effects=True)
        if item.name is not None:
            lowering.named[say["id"]] = say
        body.insert(0, say)
    return body, _jump_after(lowering, item, body, falls)


def surely_offers(choices: Sequence[Op]) -> bool:
    """Return whether some choice is enabled whenever the menu opens."""
    conditions = [choice.get("if") for choice in choices if "once" not in choice]
    known = {repr(expr) for expr in conditions}
    return None in conditions or any(
        repr(negation(expr)) in known for expr in conditions if expr and not draws(expr)
    )


_OPPOSITES = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def negation(expr: Expr) -> Expr:
    """Return the expression that holds when `expr` does not, in the form that lowering gives."""
    if expr[0] == "not":
        inner: Expr = expr[1]
        return inner
    if expr[0] in _OPPOSITES:
        return [_OPPOSITES[expr[0]], *expr[1:]]
    return ["not", expr]
