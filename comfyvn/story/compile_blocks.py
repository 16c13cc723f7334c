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
    Break,
    Directives,
    Item,
    Jump,
    Line,
    Link,
    Menu,
    Page,
    Pick,
    Picture,
    Section,
    Span,
    Speaker,
    Text,
)
from comfyvn.story.compile_directive import DirectiveLowering
from comfyvn.story.compile_scope import SceneScope
from comfyvn.story.compile_text import SourceSlots, TextLowering
from comfyvn.story.directive_form import DirectiveError, Given
from comfyvn.story.directives import DIRECTIVES, MODIFIERS
from comfyvn.story.directives_logic import MODES
from comfyvn.story.types import Expr, Op

MAX_NESTING = 32
"""How deep `if`s, choices and picks may nest in each other."""

MANNERS = ("whisper", "thought", "off")

_LEAVING = frozenset(["jump", "return", "ending"])
_SHAPES = frozenset(["if", "elif", "else", "end"])


@dataclass(slots=True)
class _If:
    """An `if` that is open: its branches so far, where its op goes, and whether any falls out."""

    at: At
    branches: list[Op]
    outer: list[Op]
    falls: bool = False
    has_else: bool = False
    was_unreachable: bool = False


@dataclass(slots=True)
class SectionFlow:
    """Where control may go from a section: places, places called, and whether it falls out.

    `last` is where it was last sent elsewhere, `end` where the last block stands.
    """

    label: str
    at: At
    last: At
    end: At
    jumps: dict[str, At] = field(default_factory=dict)
    calls: dict[str, At] = field(default_factory=dict)
    falls: bool = True


@dataclass(slots=True)
class Modifiers:
    """The modifiers of a line, jump, choice or outcome, lowered; `spans` is where each stands."""

    fields: Op = field(default_factory=dict)
    mode: str | None = None
    locked: str = ""
    spans: dict[str, At] = field(default_factory=dict)


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
        self.named: dict[str, Op] = {}
        self.depth = 0

    def section(self, section: Section, following: str | None) -> list[Op]:
        """Lower a section's body. `following` is the label after it."""
        end = section.body[-1].at if section.body else section.at
        self.flow = SectionFlow(section.slug, section.at, section.at, end)
        self.flows.append(self.flow)
        self.following = following
        ops, self.flow.falls = self.body(section.body)
        return ops

    # Bodies

    def body(self, blocks: Sequence[Block]) -> tuple[list[Op], bool]:
        """Lower blocks; return the ops and whether control comes out at the end."""
        if self.depth >= MAX_NESTING:
            if blocks:
                self._too_deep(blocks[0].at)
            return [], True
        self.depth += 1
        body = _Body(self)
        for block in blocks:
            body.block(block)
        body.close()
        self.depth -= 1
        return body.ops, body.falls

    def _too_deep(self, at: At) -> None:
        self.scope.report(
            "VN0809",
            f"this nests more than {MAX_NESTING} levels",
            at,
            "move it below a heading of its own and jump there",
        )

    # Lines

    def line(self, line: Line) -> Op | None:
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
            given = self.modifiers(line.modifiers, ("if", "once"), "a line")
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
        return self.directive(span, None)

    def directive(self, span: Span, link: Link | None) -> list[Op] | None:
        """Lower a directive that is not `if`, `elif`, `else` or `end`."""
        return DirectiveLowering(self, span, link).lower()

    # Modifiers

    def modifiers(self, spans: Sequence[Span], allowed: Sequence[str], where: str) -> Modifiers:
        """Lower trailing spans, of which `allowed` may stand at `where`."""
        found = Modifiers()
        for span in spans:
            name = span.source.split(None, 1)[0] if span.source.strip() else ""
            if name not in allowed:
                self._misplaced(name, span, allowed, where)
            elif name in found.spans:
                self.scope.report("VN0806", f"`{name}` is said twice", span.at, "drop one")
            else:
                found.spans[name] = span.at
                self._modifier(name, span, found)
        return found

    def _misplaced(self, name: str, span: Span, allowed: Sequence[str], where: str) -> None:
        if name in MODIFIERS or name in DIRECTIVES:
            message = f"`{name}` cannot follow {where}"
            options = ", ".join(f"`{each}`" for each in allowed)
            help = f"what can is {options}; a directive goes on a line of its own"
        else:
            message = f"there is no modifier `{name}`"
            help = did_you_mean(name, allowed) or ""
        self.scope.report("VN0806", message, span.at, help or None)

    def _modifier(self, name: str, span: Span, found: Modifiers) -> None:
        line, column, _ = span.at
        try:
            given: Given = MODIFIERS[name].read(span.source)
        except DirectiveError as error:
            at = At(line, column + error.start, column + error.end)
            self.scope.report(error.code, error.message, at, error.help)
            return
        if name == "if":
            raw = given.values["expression"]
            expr = self.scope.condition(raw.text, line, column + raw.start)
            if expr is not None:
                found.fields["if"] = expr
        elif name in MODES:
            found.mode = name
        elif name in ("once", "else"):
            found.fields[name] = True
        elif name == "locked":
            word = given.values["text"]
            at = At(line, column + word.start, column + word.end)
            self.text(self.parse(word.text, at), found.fields, "locked", "locked_slots")
            found.locked = word.text
        elif name == "timeout":
            found.fields[name] = given.values["seconds"]
        elif name == "weight":
            found.fields[name] = given.values["weight"]

    def parse(self, source: str, at: At) -> Text:
        """Parse inline text that stands within a directive."""
        return parse_inline(source, self.scope.path, at.line, at.column, self.scope.out)

    # Menus and picks

    def menu(self, menu: Menu) -> tuple[Op, bool]:
        """Lower a menu; return it with whether control comes out of it."""
        choices = []
        falls = False
        timed: At | None = None
        for item in menu.items:
            given = self.modifiers(
                item.modifiers, ("if", "once", "locked", "else", "timeout"), "a choice"
            )
            choice: Op = {"id": self.ids[id(item)]}
            self.text(item.text, choice, "text", "slots")
            choice.update(given.fields)
            if given.locked:
                self.sources[f"{choice['id']}_locked"] = given.locked
            self._check_choice(item, given)
            if "timeout" in given.spans:
                if timed is not None:
                    self.scope.report(
                        "VN0813", "a menu has one `timeout`", given.spans["timeout"], "keep one"
                    )
                timed = given.spans["timeout"]
            body, body_falls = self.body(item.body)
            if item.speaker is not None:
                say: Op = {"op": "say", "id": f"{choice['id']}_s"}
                self.speaker(item.speaker, say)
                say["text"] = choice["text"]
                if "slots" in choice:
                    say["slots"] = choice["slots"]
                body.insert(0, say)
            body_falls = self._jump_after(item, body, body_falls)
            choice["body"] = body
            falls = falls or body_falls
            choices.append(choice)
        if not surely_offers(choices):
            falls = True
            self.scope.report(
                "VN0705",
                "this menu may have nothing to offer, and is then passed over",
                menu.items[0].at,
                "add a choice without `if` and `once`, or `` - [](#heading) `else` ``",
                "warning",
            )
        return {"op": "menu", "id": self.ids[id(menu)], "choices": choices}, falls

    def _check_choice(self, item: Item, given: Modifiers) -> None:
        if "locked" in given.spans and "if" not in given.spans:
            self.scope.report(
                "VN0813",
                "`locked` says why an `if` does not hold, and there is none",
                given.spans["locked"],
                "add `if …`",
            )
        if not item.text and "else" not in given.spans:
            self.scope.report(
                "VN0813", "this choice has no text", item.at, "write what the player chooses"
            )

    def _jump_after(self, item: Item, body: list[Op], falls: bool) -> bool:
        """Add the jump of an item that is a link; return whether control still comes out."""
        if item.link is None:
            return falls
        jump = self.jump_to(item.link)
        if falls:
            body.append(jump)
        return False

    def pick(self, pick: Pick) -> tuple[Op, bool]:
        """Lower a pick; return it with whether control comes out of it."""
        mode = "random"
        items: list[Op] = []
        falls = False
        for i, item in enumerate(pick.items):
            allowed = ("if", "once", "weight", *(MODES if i == 0 else ()))
            given = self.modifiers(item.modifiers, allowed, "an outcome")
            mode = given.mode or mode
            if "weight" in given.spans and mode != "random":
                self.scope.report(
                    "VN0814", f"`weight` means nothing in a `{mode}`", given.spans["weight"]
                )
            lowered: Op = {"id": self.ids[id(item)], **given.fields}
            body, body_falls = self.outcome(item)
            lowered["body"] = body
            falls = falls or body_falls
            items.append(lowered)
        if all("if" in item or "once" in item for item in items):
            falls = True
        return {"op": "pick", "id": self.ids[id(pick)], "mode": mode, "items": items}, falls

    def outcome(self, item: Item) -> tuple[list[Op], bool]:
        """Lower an item of a pick: its text is a line, or a jump."""
        body, falls = self.body(item.body)
        if item.text and item.link is None:
            say: Op = {"op": "say", "id": f"{self.ids[id(item)]}_s"}
            if item.speaker is None:
                say["who"] = []
            else:
                self.speaker(item.speaker, say)
            self.text(item.text, say, "text", "slots", effects=True)
            if item.name is not None:
                self.named[say["id"]] = say
            body.insert(0, say)
        return body, self._jump_after(item, body, falls)

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


class _Body:
    """One run of blocks, in which `if`s open and close."""

    def __init__(self, blocks: BlockLowering) -> None:
        self.lowering = blocks
        self.scope = blocks.scope
        self.ops: list[Op] = []
        self.falls = True
        self.warned = False
        self.open: list[_If] = []

    def block(self, block: Block) -> None:
        lowering = self.lowering
        kind = block.__class__
        if kind is Directives:
            self.directives(block)  # type: ignore[arg-type]
            return
        if not self.falls:
            self.unreachable(block.at)
        if kind is Line:
            self.ops.append(lowering.line(block))  # type: ignore[arg-type]
        elif kind is Menu:
            op, falls = lowering.menu(block)  # type: ignore[arg-type]
            self.add(op, falls, block.at)
        elif kind is Pick:
            op, falls = lowering.pick(block)  # type: ignore[arg-type]
            self.add(op, falls, block.at)
        elif isinstance(block, Jump):
            self.jump(block)
        elif isinstance(block, Page):
            body, falls = lowering.body(block.body)
            self.add({"op": "page", "body": body}, falls, block.at)
        elif kind is Break:
            self.ops.append({"op": "break", "id": lowering.ids[id(block)]})
        elif isinstance(block, Picture):
            id_ = lowering.ids[id(block)]
            self.ops.append({"op": "picture", "id": id_, "asset": block.asset, "alt": block.alt})

    def add(self, op: Op, falls: bool, at: At) -> None:
        self.ops.append(op)
        if not falls:
            self.falls = False
            self.lowering.flow.last = at

    def jump(self, jump: Jump) -> None:
        given = self.lowering.modifiers(jump.modifiers, ("if",), "a jump")
        op = self.lowering.jump_to(jump.link)
        if "if" in given.spans:
            branch = {"if": given.fields.get("if", ["bool", True]), "body": [op]}
            self.ops.append({"op": "if", "branches": [branch]})
        else:
            self.add(op, False, jump.at)

    def directives(self, block: Directives) -> None:
        link = block.link
        for span in block.spans:
            source = span.source
            name = source.split(None, 1)[0] if source.strip() else ""
            if name in _SHAPES:
                self.shape(name, span)
                continue
            if not self.falls:
                self.unreachable(span.at)
            ops = self.lowering.directive(span, link if name == "call" else None)
            if name == "call":
                link = None
            if ops:
                self.ops += ops
            if name in _LEAVING:
                self.falls = False
                self.lowering.flow.last = span.at
        if link is not None:
            self.scope.report(
                "VN0808",
                "only `call` has a link after it",
                link.at,
                "put the link on a line of its own to jump",
            )

    def unreachable(self, at: At) -> None:
        if not self.warned:
            self.scope.report(
                "VN0704",
                "nothing leads here: what stands above always goes elsewhere",
                at,
                "give it a heading, or take it out",
                "warning",
            )
            self.warned = True

    # `if`

    def shape(self, name: str, span: Span) -> None:
        line, column, _ = span.at
        try:
            given = DIRECTIVES[name].read(span.source)
        except DirectiveError as error:
            at = At(line, column + error.start, column + error.end)
            self.scope.report(error.code, error.message, at, error.help)
            given = Given(span.source)
        raw = given.get("expression")
        expr: Expr | None = None
        if name in ("if", "elif"):
            if raw is not None:
                expr = self.scope.condition(raw.text, line, column + raw.start)
            if expr is None:
                expr = ["bool", True]
        if name == "if":
            self.begin(span.at, expr)
        elif not self.open:
            self.scope.report(
                "VN0807",
                f"`{name}` belongs to no `if`",
                span.at,
                "an `if` closes in the item or section that opened it",
            )
        elif name == "end":
            self.end()
        else:
            self.branch(name, span.at, expr)

    def begin(self, at: At, expr: Expr | None) -> None:
        if not self.falls:
            self.unreachable(at)
        frame = _If(at, [], self.ops, was_unreachable=not self.falls)
        self.open.append(frame)
        self.lowering.depth += 1
        if self.lowering.depth == MAX_NESTING:
            self.lowering._too_deep(at)
        self.ops = []
        frame.branches.append({"if": expr, "body": self.ops})
        self.falls = True
        self.warned = frame.was_unreachable

    def branch(self, name: str, at: At, expr: Expr | None) -> None:
        frame = self.open[-1]
        if frame.has_else:
            self.scope.report(
                "VN0807", f"`{name}` after the `else` of the same `if`", at, "put `else` last"
            )
        frame.falls = frame.falls or self.falls
        self.falls = True
        self.warned = frame.was_unreachable
        self.ops = []
        if name == "else":
            frame.has_else = True
            frame.branches.append({"body": self.ops})
        else:
            frame.branches.append({"if": expr, "body": self.ops})

    def end(self) -> None:
        frame = self.open.pop()
        self.lowering.depth -= 1
        falls = frame.falls or self.falls or not frame.has_else
        self.ops = frame.outer
        if self.lowering.depth < MAX_NESTING:
            self.ops.append({"op": "if", "branches": frame.branches})
        self.falls = falls and not frame.was_unreachable
        self.warned = frame.was_unreachable
        if not falls:
            self.lowering.flow.last = frame.at

    def close(self) -> None:
        while self.open:
            self.scope.report(
                "VN0807",
                "this `if` has no `end`",
                self.open[-1].at,
                "write `end` where it is over, in the same item or section",
            )
            self.end()


def _look_name(cue: str) -> str:
    return cue.strip().casefold().replace(" ", "_").replace("-", "_")


def surely_offers(choices: Sequence[Op]) -> bool:
    """Return whether some choice is enabled whenever the menu opens."""
    conditions = [choice.get("if") for choice in choices if "once" not in choice]
    return None in conditions or any(negation(expr) in conditions for expr in conditions if expr)


_OPPOSITES = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def negation(expr: Expr) -> Expr:
    """Return the expression that holds when `expr` does not, in the form that lowering gives."""
    if expr[0] == "not":
        inner: Expr = expr[1]
        return inner
    if expr[0] in _OPPOSITES:
        return [_OPPOSITES[expr[0]], *expr[1:]]
    return ["not", expr]
