"""The block structure of a scene: a strict subset of CommonMark's.

What CommonMark would read otherwise than its writer means is reported here, and then read as the
writer meant it, so that one mistake gives one diagnostic. Whenever nothing is reported, the
structure is exactly what CommonMark says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from comfyvn.source import traps
from comfyvn.source.blocks import (
    Block,
    Comment,
    Fence,
    Heading,
    ListBlock,
    ListItem,
    Paragraph,
    Quote,
    Rule,
)
from comfyvn.source.indents import Indents
from comfyvn.source.lists import check_number, join_list
from comfyvn.source.report import Report
from comfyvn.source.syntax import At

MAX_DEPTH = 16
"""How many lists and quotes may stand inside each other."""


@dataclass(slots=True)
class _Frame:
    """An open container. `width` is an item's indent; 0 for the document and for quotes."""

    children: list[Block]
    quote: bool = False
    width: int = 0
    reported: bool = False
    unclosed: dict[str, int] = field(default_factory=dict)


_STRUCTURAL = frozenset(" \t#>-*+_=`~<|:0123456789")
_RULE = re.compile(r"(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})\Z")
_UNDERLINE = re.compile(r"(?:=+|-+)[ \t]*\Z")
_HEADING = re.compile(r"(#{1,6})(?:[ \t]+|\Z)")
_FENCE = re.compile(r"(`{3,})([^`]*)\Z|(~{3,})(.*)\Z", re.DOTALL)
_MARKER = re.compile(r"(?:([-*+])|([0-9]{1,9})([.)]))([ \t]+|\Z)")
_HTML = re.compile(r"<[A-Za-z/!?]")
_INLINE_RUBY = re.compile(r"<ruby>(?=\S)")


def parse_blocks(lines: Sequence[str], first: int, report: Report) -> list[Block]:
    """Parse the lines from index `first` on. Never raises; takes linear time."""
    return _Parser(lines, first, report).parse()


class _Parser:
    def __init__(self, lines: Sequence[str], first: int, report: Report) -> None:
        self.lines = lines
        self.report = report
        self.index = first
        self.document: list[Block] = []
        self.stack = [_Frame(self.document)]
        self.paragraph: Paragraph | None = None
        self.leaf: Fence | Comment | None = None
        self.fence = ""
        self.leaf_index = 0
        self.blanks = 0
        self.indents = Indents(report)
        self.base = 0  # where the innermost container's text begins on the current line
        self.too_deep = False

    def parse(self) -> list[Block]:
        lines, count, stack = self.lines, len(self.lines), self.stack
        while True:
            while self.index < count:
                line = lines[self.index]
                self.index += 1
                if len(stack) > 1 or self.leaf is not None:
                    self.line(line)
                elif not line:
                    self.blanks += 1
                    self.paragraph = None
                elif line[0] in _STRUCTURAL:
                    self.line(line)
                else:
                    self.text(line, 1)
            if self.leaf is None:
                return self.document
            self.give_up_leaf()

    @property
    def in_page(self) -> bool:
        return any(frame.quote for frame in self.stack)

    # One line

    def line(self, line: str) -> None:
        if "\t" in line:
            line = self.indents.without_tabs(line, self.index, self.leaf is None)
        stack = self.stack
        length = len(line)
        position = 0
        depth = 1
        blank = not line.strip(" \t")
        indent = 0
        short = False
        while True:
            indent = length - position - len(line[position:].lstrip(" "))
            if depth == len(stack):
                break
            frame = stack[depth]
            if frame.quote:
                if indent > 3 or line[position + indent : position + indent + 1] != ">":
                    break
                if indent and self.leaf is None:
                    self.indents.report(self.index, position, indent)
                position += indent + 1
                if line[position : position + 1] == " ":
                    position += 1
                blank = not line[position:].strip(" \t")
            elif blank:
                if not frame.children:
                    break
                position = min(length, position + frame.width)
            elif indent >= frame.width:
                position += frame.width
            elif indent and not short and self.belongs(line, position, indent, depth):
                # Too little of an indent: read as what it was meant for.
                if self.leaf is not None:
                    break
                self.indents.report(self.index, position, indent, frame.width)
                position += indent
                short = True
            else:
                break
            depth += 1

        if self.leaf is not None:
            if depth == len(stack):
                self.leaf_line(line, position, indent, blank)
            else:
                self.give_up_leaf()
            return
        if blank:
            self.paragraph = None
            del stack[depth:]
            self.blanks += 1
            return
        rest = line[position + indent :]
        if depth < len(stack):
            if self.paragraph is not None and not self.starts_block(rest):
                start = position + indent + 1
                at = At(self.index, start, start + len(rest.rstrip()))
                traps.lazy(self.report, at, self.in_page)
            self.paragraph = None
            del stack[depth:]
        if indent and not short:
            self.indents.report(self.index, position, indent)
        self.base = position
        self.open(rest, position + indent + 1)
        self.blanks = 0

    def belongs(self, line: str, position: int, indent: int, depth: int) -> bool:
        """Whether an under-indented line was meant for the item at `depth`."""
        rest = line[position + indent :]
        if (match := _MARKER.match(rest)) is None:
            return True
        siblings = self.stack[depth - 1].children[-1]
        same = isinstance(siblings, ListBlock) and siblings.marker == (match[1] or match[3])
        return not (same and indent < 2)

    def starts_block(self, rest: str) -> bool:
        """Whether `rest` would end a paragraph of an enclosing container."""
        return bool(
            rest[0] == ">"
            or _HEADING.match(rest)
            or _RULE.match(rest)
            or _FENCE.match(rest)
            or (_MARKER.match(rest) and not _UNDERLINE.match(rest))
            or rest.startswith("<!--")
        )

    def open(self, rest: str, column: int) -> None:
        """Start or continue what begins with `rest` in the innermost open container."""
        number = self.index
        while True:
            char = rest[0]
            if char not in _STRUCTURAL:
                break
            if char == ">":
                after = self.open_quote(rest, number, column)
            elif char in "-=" and self.paragraph is not None and _UNDERLINE.match(rest):
                self.underline(rest, number, column)
                return
            elif char in "-*_" and _RULE.match(rest):
                self.rule(rest, number, column)
                return
            elif char == "#":
                if self.heading(rest, number, column):
                    return
                break
            elif char in "`~":
                if self.open_fence(rest, number, column):
                    return
                break
            elif char == "<":
                if not _HTML.match(rest) or _INLINE_RUBY.match(rest):
                    break
                tail = self.html(rest, number, column)
                if tail is None:
                    return
                rest, column = tail
                break
            elif char in "|:-" and self.paragraph is not None and _is_table_row(rest):
                traps.table(self.report, At(number, column, column + len(rest)))
                return
            elif (match := _MARKER.match(rest)) is not None:
                after = self.open_item(match, rest, number, column)
            else:
                break
            if after is None:
                break
            width, rest = after
            column += width
            self.base = column - 1
            if not rest:
                return
            if spaces := len(rest) - len(rest.lstrip(" \t")):
                self.indents.last = -1
                self.indents.report(self.index, column - 1, spaces)
                rest = rest[spaces:]
                column += spaces
                if not rest:
                    return
        self.text(rest, column)

    def text(self, text: str, column: int) -> None:
        paragraph = self.paragraph
        if paragraph is not None:
            paragraph.rows.append((self.index, column, text))
            return
        self.paragraph = paragraph = Paragraph([(self.index, column, text)], self.blanks > 0)
        self.stack[-1].children.append(paragraph)
        self.blanks = 0

    # Containers

    def open_quote(self, rest: str, number: int, column: int) -> tuple[int, str] | None:
        after = 2 if rest[1:2] == " " else 1
        if self.in_page:
            if not self.stack[-1].reported:
                self.stack[-1].reported = True
                traps.in_page(self.report, At(number, column, column + 1), "another page")
            return after, rest[after:].lstrip(" ") or ""
        if self.deep(number, column):
            return None
        quote = Quote([], At(number, column, column + 1))
        self.stack[-1].children.append(quote)
        self.stack.append(_Frame(quote.children, quote=True))
        self.paragraph = None
        return after, rest[after:].rstrip(" \t") and rest[after:]

    def open_item(
        self, match: re.Match[str], rest: str, number: int, column: int
    ) -> tuple[int, str] | None:
        """Open a list item; None when the marker is text after all."""
        bullet, digits, delimiter, gap = match.groups()
        empty = match.end() == len(rest)
        if self.paragraph is not None and (empty or (digits and digits.lstrip("0") != "1")):
            return None
        frame = self.stack[-1]
        if self.in_page:
            if not frame.reported:
                frame.reported = True
                end = column + len(rest[: match.end()].rstrip())
                traps.in_page(self.report, At(number, column, end), "a menu or a pick")
            return None
        if self.deep(number, column):
            return None
        self.paragraph = None
        marker_end = match.end() - len(gap)
        width = marker_end + 1 if empty or len(gap) > 4 else match.end()
        at = At(number, column, column + marker_end)
        siblings = join_list(frame.children, bullet or delimiter, at, self.blanks, self.report)
        item = ListItem(int(digits) if digits else None, [], at)
        siblings.items.append(item)
        check_number(siblings, self.report)
        self.stack.append(_Frame(item.children, width=width + column - 1 - self.base))
        return (width, "") if empty else (width, rest[width:])

    def deep(self, number: int, column: int) -> bool:
        if len(self.stack) <= MAX_DEPTH:
            return False
        if not self.too_deep:
            self.too_deep = True
            traps.too_deep(self.report, At(number, column, column + 1), MAX_DEPTH)
        return True

    # Leaves

    def underline(self, rest: str, number: int, column: int) -> None:
        text = rest.rstrip(" \t")
        at = At(number, column, column + len(text))
        rule = len(text) > 2 and text[0] == "-"
        traps.underline(self.report, at, text, rule)
        self.paragraph = None
        if rule:
            self.stack[-1].children.append(Rule(at))

    def rule(self, rest: str, number: int, column: int) -> None:
        self.paragraph = None
        at = At(number, column, column + len(rest.rstrip()))
        if self.in_page:
            traps.in_page(self.report, at, "a scene break")
            return
        self.stack[-1].children.append(Rule(at))

    def heading(self, rest: str, number: int, column: int) -> bool:
        match = _HEADING.match(rest)
        if match is None:
            if rest.startswith("##"):
                hashes = len(rest) - len(rest.lstrip("#"))
                at = At(number, column, column + hashes)
                shown = rest[: hashes + 12].partition(" ")[0]
                traps.almost_label(self.report, at, shown)
            return False
        self.paragraph = None
        title = rest[match.end() :].rstrip(" \t")
        before = title.rstrip("#")
        if not before or before[-1] in " \t":
            title = before.rstrip(" \t")
        at = At(number, column, column + len(rest.rstrip(" \t")))
        if len(self.stack) > 1:
            if self.in_page:
                traps.in_page(self.report, at, "a label")
            else:
                traps.label_in_item(self.report, at)
        row = (number, column + match.end(), title)
        # One inside a container stands above it, so that what follows it stays where it is.
        place = len(self.document) - (len(self.stack) > 1)
        self.document.insert(place, Heading(len(match[1]), row, at))
        return True

    def html(self, rest: str, number: int, column: int) -> tuple[str, int] | None:
        """Read a comment, or report other HTML. Return the text that goes on behind it."""
        if not rest.startswith("<!--"):
            end = rest.find(">") + 1 or len(rest)
            traps.html(self.report, At(number, column, column + end))
            self.paragraph = None
            return None
        self.paragraph = None
        end = rest.find("-->", 2)
        at = At(number, column, column + len(rest.rstrip()))
        if end < 0:
            self.begin_leaf(Comment(rest[4:], at), "<!--", 0)
            return None
        self.stack[-1].children.append(Comment(rest[4:end].strip() if end > 4 else "", at))
        return self.after_comment(rest, end + 3, column)

    def after_comment(self, text: str, end: int, column: int) -> tuple[str, int] | None:
        after = text[end:]
        stripped = after.strip(" \t")
        if not stripped:
            return None
        start = column + end + len(after) - len(after.lstrip(" \t"))
        traps.behind_comment(self.report, At(self.index, start, start + len(stripped)))
        return stripped, start

    def open_fence(self, rest: str, number: int, column: int) -> bool:
        match = _FENCE.match(rest)
        if match is None:
            return False
        self.paragraph = None
        fence = match[1] or match[3]
        info = (match[2] if match[1] else match[4]).strip(" \t")
        fenced = Fence(info, [], At(number, column, column + len(rest.rstrip())))
        self.begin_leaf(fenced, fence[0], len(fence))
        self.fence = fence
        return True

    def begin_leaf(self, leaf: Fence | Comment, kind: str, size: int) -> None:
        """Open a leaf, unless it is known that the innermost container does not close it."""
        frame = self.stack[-1]
        known = frame.unclosed.get(kind)
        if known is not None and size >= known:
            return
        frame.children.append(leaf)
        self.leaf = leaf
        self.leaf_index = self.index

    def leaf_line(self, line: str, position: int, indent: int, blank: bool) -> None:
        leaf = self.leaf
        if isinstance(leaf, Fence):
            rest = line[position + indent :].rstrip(" \t")
            fence = self.fence
            if indent < 4 and len(rest) >= len(fence) and not rest.strip(fence[0]) and not blank:
                self.leaf = None
                self.blanks = 0
                return
            leaf.rows.append((self.index, position + 1, line[position:]))
        elif leaf is not None:
            text = line[position:]
            end = text.find("-->")
            if end < 0:
                leaf.text += "\n" + text
                return
            leaf.text = (leaf.text + "\n" + text[:end]).strip()
            self.leaf = None
            self.blanks = 0
            tail = self.after_comment(text, end + 3, position + 1)
            if tail is not None:
                self.text(*tail)

    def give_up_leaf(self) -> None:
        """Report the open leaf as unclosed and read what it swallowed again."""
        leaf = self.leaf
        assert leaf is not None
        frame = self.stack[-1]
        kind, size = (self.fence[0], len(self.fence)) if isinstance(leaf, Fence) else ("<!--", 0)
        if kind not in frame.unclosed:
            traps.unclosed(self.report, leaf, self.fence)
        frame.unclosed[kind] = size
        frame.children.pop()
        self.leaf = None
        self.index = self.leaf_index
        self.blanks = 0


def _is_table_row(rest: str) -> bool:
    """Whether a line parts the head of a table from its rows."""
    return "|" in rest and "-" in rest and not rest.strip("|:- \t")
