"""Lowering of a scene's blocks to ops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from comfyvn.source.inline import parse_inline
from comfyvn.source.nearest import did_you_mean
from comfyvn.source.syntax import (
    At,
    Block,
    Line,
    Link,
    Section,
    Span,
    Speaker,
    Text,
)
from comfyvn.story.compiler.body import MAX_NESTING, Body
from comfyvn.story.compiler.directive import DirectiveLowering
from comfyvn.story.compiler.modifiers import lower_modifiers
from comfyvn.story.compiler.scope import SceneScope
from comfyvn.story.compiler.text import SourceSlots, TextLowering
from comfyvn.story.directive_form import PLACES
from comfyvn.story.directives import DIRECTIVES, MODIFIERS
from comfyvn.story.types import Op

MANNERS = ("whisper", "thought", "off")


@dataclass(slots=True)
class SectionFlow:
    """Where control may go from a section: places, places called, and whether it falls out.

    `returns` is its first `return`, `last` where it was last sent elsewhere, `end` where the last
    block stands.
    """

    label: str
    at: At
    last: At
    end: At
    empty: bool
    jumps: dict[str, At] = field(default_factory=dict)
    calls: dict[str, At] = field(default_factory=dict)
    returns: At | None = None
    falls: bool = True


class BlockLowering:
    """Lowers the sections of one scene. `ids` are the lock's, by the identity of the node."""

    def __init__(self, scope: SceneScope, ids: dict[int, str]) -> None:
        self.scope = scope
        self.ids = ids
        self.names = scope.names
        self.language = scope.language
        self.sources: dict[str, str] = {}
        self.flows: list[SectionFlow] = []
        self.endings: list[tuple[str, str, str, At]] = []
        self.unlocks: dict[str, None] = {}
        self.named: dict[str, Op] = {}
        self.depth = 0

    def section(self, section: Section, following: str | None) -> list[Op]:
        """Lower a section's body. `following` is the label after it."""
        end = section.body[-1].at if section.body else section.at
        self.flow = SectionFlow(section.slug, section.at, section.at, end, not section.body)
        self.flows.append(self.flow)
        self.following = following
        ops, self.flow.falls = self.body(section.body)
        return ops

    # Bodies

    def body(self, blocks: Sequence[Block]) -> tuple[list[Op], bool]:
        """Lower blocks; return the ops and whether control comes out at the end."""
        if self.depth >= MAX_NESTING:
            if blocks:
                self.too_deep(blocks[0].at)
            return [], True
        self.depth += 1
        body = Body(self)
        for block in blocks:
            body.block(block)
        body.close()
        self.depth -= 1
        return body.ops, body.falls

    def too_deep(self, at: At) -> None:
        """Report nesting that is too deep."""
        self.scope.report(
            "VN0809",
            f"this nests more than {MAX_NESTING} levels",
            at,
            "move it below a heading of its own and jump there",
        )

    # Lines

    def line(self, line: Line) -> Op:
        """Lower one beat."""
        op: Op = {"op": "say", "id": self.ids[id(line)]}
        if line.speaker is None:
            op["who"] = []
        else:
            self.speaker(line.speaker, op)
        self.text(line.text, op, "text", "slots", effects=True)
        if line.gap:
            op["gap"] = True
        if line.name is not None:
            self.named[op["id"]] = op
        if line.modifiers:
            given = lower_modifiers(self, line.modifiers, ("if", "once", "rated"), "a line")
            op.update(given.fields)
            if "once" in given.fields:
                op["count"] = True
        return op

    def speaker(self, speaker: Speaker, op: Op) -> None:
        """Fill in who speaks, how they look and in what manner."""
        speakers = self.names.speakers
        who = ["???" if name == "???" else speakers[name][0] for name in speaker.names]
        op["who"] = who
        if speaker.alias is not None:
            op["as"] = speaker.alias
        if speaker.cues:
            look: dict[str, str] = {}
            for cue, at in speaker.cues:
                self._cue(cue, at, who, op, look)
            if look:
                op["look"] = look

    def _cue(self, cue: str, at: At, who: list[str], op: Op, look: dict[str, str]) -> None:
        name = cue if cue in MANNERS else _look_name(cue)
        if name in MANNERS:
            if "manner" in op:
                self.scope.report("VN0614", "a line has one manner", at, "keep one of the two")
            op["manner"] = name
            return
        for character in who:
            found = self.look_of(character, cue, at)
            if found is None:
                return
            kind, value = found
            if look.setdefault(kind, value) != value:
                self.scope.report(
                    "VN0614", f"`{look[kind]}` and `{value}` are both {kind}s", at, "keep one"
                )

    def look_of(self, character: str, cue: str, at: At) -> tuple[str, str] | None:
        """Return what a cue means for a character, or None when it was reported."""
        cues = self.names.cues.get(character, {})
        found = cues.get(_look_name(cue))
        if found is None and f"characters/{character}.yaml" not in self.names.unread:
            help = did_you_mean(_look_name(cue), [*cues, *MANNERS])
            message = f"`{character}` has no look `{cue}`"
            if cue in PLACES:
                help = f"write `at {cue}`: a place"
            if character == "???":
                message, help = "the unknown speaker has no looks", "use the character's own name"
            self.scope.report("VN0613", message, at, help)
        return found

    def text(self, text: Text, op: Op, key: str, slots_key: str, *, effects: bool = False) -> None:
        """Lower a text into `op[key]`, its slots into `op[slots_key]`."""
        if len(text) == 1 and text[0].__class__ is str:
            op[key] = text
            return
        slots = SourceSlots()
        op[key] = TextLowering(self, slots, effects=effects).lower(text)
        if slots.exprs:
            op[slots_key] = slots.exprs

    def printed(self, source: str, at: At) -> Any:
        """Lower an expression in text."""
        return self.scope.printed(source, at)

    def report(self, code: str, message: str, at: At, help: str | None = None) -> None:
        """Report an error."""
        self.scope.report(code, message, at, help)

    # Directives

    def effect(self, span: Span) -> list[Op] | None:
        """Lower an effect inside text."""
        source = span.source
        name = source.split(None, 1)[0] if source.strip() else ""
        known = DIRECTIVES.get(name)
        if name in ("if", "once"):
            self.scope.report(
                "VN0806",
                f"`{name}` stands within the line",
                span.at,
                "put it at the end, behind all text and effects; it is about the whole line",
            )
            return None
        if known is not None and (
            known.inline is None or not f"{source} ".startswith(f"{known.inline} ")
        ):
            allowed = ", ".join(f"`{each.inline}`" for each in DIRECTIVES.values() if each.inline)
            self.scope.report(
                "VN0805",
                f"`{name}` cannot stand inside text",
                span.at,
                f"put it on a line of its own; inside text go {allowed}",
            )
            return None
        if name in MODIFIERS and known is None:
            self.scope.report(
                "VN0806",
                f"`{name}` has no meaning in this line",
                span.at,
                f"it is for another place: {MODIFIERS[name].example}",
            )
            return None
        return self.directive(span, None)

    def directive(self, span: Span, link: Link | None) -> list[Op] | None:
        """Lower a directive that is not `if`, `elif`, `else` or `end`."""
        return DirectiveLowering(self, span, link).lower()

    def parse(self, source: str, at: At) -> Text:
        """Parse inline text that stands within a directive."""
        return parse_inline(source, self.scope.path, at.line, at.column, self.scope.out)

    # Jumps

    def jump_to(self, link: Link) -> Op:
        """Lower a link; one that leads nowhere was reported and has an empty place."""
        if link.label == "next" and not link.path:
            names = self.names.scenes[self.scope.scene]
            if "next" not in names.section_ids and self.following is not None:
                return {"op": "jump", "to": f"{self.scope.scene}#{self.following}"}
        place = self.scope.link(link)
        if place is not None:
            self.flow.jumps.setdefault(place, link.at)
        return {"op": "jump", "to": place or ""}


def _look_name(cue: str) -> str:
    return cue.strip().casefold().replace(" ", "_").replace("-", "_")
