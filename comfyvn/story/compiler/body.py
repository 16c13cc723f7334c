"""One run of blocks: a section, an item or a page, in which `if`s open and close."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from comfyvn.source.syntax import (
    At,
    Block,
    Break,
    Directives,
    Jump,
    Line,
    Menu,
    Page,
    Pick,
    Picture,
    Span,
)
from comfyvn.story.compiler.menus import lower_menu, lower_pick
from comfyvn.story.compiler.modifiers import lower_modifiers
from comfyvn.story.directive_form import DirectiveError, Given
from comfyvn.story.directives import DIRECTIVES
from comfyvn.story.resolve import asset_problem
from comfyvn.story.types import Expr, Op

if TYPE_CHECKING:
    from comfyvn.story.compiler.blocks import BlockLowering

MAX_NESTING = 32
"""How deep `if`s, choices and picks may nest in each other."""

_LEAVING = frozenset(["jump", "return", "ending"])
_SHAPES = frozenset(["if", "elif", "else", "end"])


@dataclass(slots=True)
class _If:
    """An `if` that is open: its branches so far, where its op goes, and whether any falls out.

    `trailing` says that it stands last on its line, behind other directives; `inner` is the last
    `if` in it that an `end` closed.
    """

    at: At
    branches: list[Op]
    outer: list[Op]
    falls: bool = False
    has_else: bool = False
    was_unreachable: bool = False
    trailing: bool = False
    inner: At | None = None


class Body:
    """One run of blocks, in which `if`s open and close."""

    def __init__(self, blocks: BlockLowering) -> None:
        self.lowering = blocks
        self.scope = blocks.scope
        self.ops: list[Op] = []
        self.falls = True
        self.warned = False
        self.open: list[_If] = []

    def block(self, block: Block) -> None:
        """Lower the next block."""
        lowering = self.lowering
        if isinstance(block, Directives):
            self.directives(block)
            return
        if not self.falls:
            self.unreachable(block.at)
        if isinstance(block, Line):
            self.ops.append(lowering.line(block))
        elif isinstance(block, Menu):
            op, falls = lower_menu(lowering, block)
            self.add(op, falls, block.at)
        elif isinstance(block, Pick):
            op, falls = lower_pick(lowering, block)
            self.add(op, falls, block.at)
        elif isinstance(block, Jump):
            self.jump(block)
        elif isinstance(block, Page):
            body, falls = lowering.body(block.body)
            self.add({"op": "page", "body": body}, falls, block.at)
        elif isinstance(block, Break):
            self.ops.append({"op": "break", "id": lowering.ids[id(block)]})
        elif isinstance(block, Picture):
            id_ = lowering.ids[id(block)]
            self.ops.append({"op": "picture", "id": id_, "asset": block.asset, "alt": block.alt})
            if problem := asset_problem(block.asset):
                self.scope.report(problem.code, problem.message, block.at, problem.help)

    def add(self, op: Op, falls: bool, at: At) -> None:
        """Append an op out of which control comes, or not."""
        self.ops.append(op)
        if not falls:
            self.falls = False
            self.lowering.flow.last = at

    def jump(self, jump: Jump) -> None:
        """Lower a line that is a link."""
        given = lower_modifiers(self.lowering, jump.modifiers, ("if",), "a jump")
        op = self.lowering.jump_to(jump.link)
        if "if" in given.spans:
            branch = {"if": given.fields.get("if", ["bool", True]), "body": [op]}
            self.ops.append({"op": "if", "branches": [branch]})
        else:
            self.add(op, False, jump.at)

    def directives(self, block: Directives) -> None:
        """Lower a line of code spans."""
        link = block.link
        for span in block.spans:
            source = span.source
            name = source.split(None, 1)[0] if source.strip() else ""
            if name in _SHAPES:
                self.shape(name, span)
                if name == "if" and span is block.spans[-1] and span is not block.spans[0]:
                    self.open[-1].trailing = True
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
                if name == "return":
                    self.lowering.flow.returns = self.lowering.flow.returns or span.at
        if link is not None:
            self.scope.report(
                "VN0808",
                "only `call` has a link after it",
                link.at,
                "put the link on a line of its own to jump",
            )

    def unreachable(self, at: At) -> None:
        """Warn, once in a row, of what nothing leads to."""
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
        """Lower `if`, `elif`, `else` or `end`."""
        line, column, _ = span.at
        if name != "if" and not self.open:
            self.scope.report(
                "VN0807",
                f"`{name}` belongs to no `if`",
                span.at,
                "an `if` closes in the item or section that opened it",
            )
            return
        try:
            given = DIRECTIVES[name].read(span.source)
        except DirectiveError as error:
            at = At(line, column + error.start, column + error.end)
            help = "write `elif …`" if span.source.startswith("else if") else error.help
            self.scope.report(error.code, error.message, at, help)
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
        elif name == "end":
            closed = self.open[-1].at
            self.end()
            if self.open:
                self.open[-1].inner = closed
        else:
            self.branch(name, span.at, expr)

    def begin(self, at: At, expr: Expr | None) -> None:
        """Open an `if`."""
        if not self.falls:
            self.unreachable(at)
        frame = _If(at, [], self.ops, was_unreachable=not self.falls)
        self.open.append(frame)
        self.lowering.depth += 1
        if self.lowering.depth == MAX_NESTING:
            self.lowering.too_deep(at)
        self.ops = []
        frame.branches.append({"if": expr, "body": self.ops})
        self.falls = True
        self.warned = frame.was_unreachable

    def branch(self, name: str, at: At, expr: Expr | None) -> None:
        """Begin another branch of the `if` that is open."""
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
        """Close the `if` that is open."""
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
        """End the run; report `if`s that are still open."""
        unclosed = bool(self.open)
        while self.open:
            frame = self.open[-1]
            help = "write `end` where it is over, in the same item or section"
            if frame.trailing:
                help = "an `if` goes on the line above what it is about, and `end` below it"
            elif frame.inner is not None:
                help += f"; the last `end` in it closes the `if` in line {frame.inner.line}"
            self.scope.report("VN0807", "this `if` has no `end`", frame.at, help)
            self.end()
        if unclosed:
            # Where it was to end is not known, so nothing is said of what comes after it.
            self.falls = False
