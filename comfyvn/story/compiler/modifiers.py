"""Lowering of the modifiers that trail a line, a jump, a choice or an outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from comfyvn.source.nearest import did_you_mean
from comfyvn.source.syntax import At, Span
from comfyvn.story.directive_form import DirectiveError
from comfyvn.story.directives import DIRECTIVES, MODIFIERS
from comfyvn.story.directives_logic import MODES
from comfyvn.story.types import Op

if TYPE_CHECKING:
    from comfyvn.story.compiler.blocks import BlockLowering


@dataclass(slots=True)
class Modifiers:
    """The modifiers of a line, jump, choice or outcome, lowered; `spans` is where each stands."""

    fields: Op = field(default_factory=dict)
    mode: str | None = None
    locked: str = ""
    spans: dict[str, At] = field(default_factory=dict)


def lower_modifiers(
    lowering: BlockLowering, spans: Sequence[Span], allowed: Sequence[str], where: str
) -> Modifiers:
    """Lower trailing spans, of which `allowed` may stand at `where`."""
    found = Modifiers()
    for span in spans:
        name = span.source.split(None, 1)[0] if span.source.strip() else ""
        if name not in allowed:
            _misplaced(lowering, name, span, allowed, where)
        elif name in found.spans:
            help = "join the conditions by `and`" if name == "if" else "drop one"
            lowering.scope.report("VN0806", f"`{name}` is said twice", span.at, help)
        else:
            found.spans[name] = span.at
            _modifier(lowering, name, span, found)
    return found


def _misplaced(
    lowering: BlockLowering, name: str, span: Span, allowed: Sequence[str], where: str
) -> None:
    if name in MODIFIERS or name in DIRECTIVES:
        message = f"`{name}` cannot follow {where}"
        options = ", ".join(f"`{each}`" for each in allowed)
        help = f"{where} may have {options}"
        if name == "once" and allowed == ("if",):
            help = 'for a jump that is made once write `if not visited("#heading")`'
        elif name not in MODIFIERS:
            help += "; a directive goes on a line of its own"
    else:
        message = f"there is no modifier `{name}`"
        help = did_you_mean(name, allowed) or ""
    lowering.scope.report("VN0806", message, span.at, help or None)


def _modifier(lowering: BlockLowering, name: str, span: Span, found: Modifiers) -> None:
    line, column, _ = span.at
    try:
        given = MODIFIERS[name].read(span.source)
    except DirectiveError as error:
        at = At(line, column + error.start, column + error.end)
        lowering.scope.report(error.code, error.message, at, error.help)
        return
    if name == "if":
        raw = given.values["expression"]
        expr = lowering.scope.condition(raw.text, line, column + raw.start)
        if expr is not None:
            found.fields["if"] = expr
    elif name in MODES:
        found.mode = name
    elif name in ("once", "else"):
        found.fields[name] = True
    elif name == "locked":
        word = given.values["text"]
        at = At(line, column + word.start, column + word.end)
        # As written: `\"` is an escape of inline text too, and must not be undone twice.
        raw = span.source[word.start : word.end]
        lowering.text(lowering.parse(raw, at), found.fields, "locked", "locked_slots")
        found.locked = raw
    elif name == "timeout":
        found.fields[name] = given.values["seconds"]
    elif name == "weight":
        found.fields[name] = given.values["weight"]
    elif name == "rated":
        (found.fields["rating"],) = given.values.values()
