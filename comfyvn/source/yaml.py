"""YAML 1.2 with positions.

libyaml gives the events; what a plain scalar means is settled here by the core schema of YAML
1.2.2 (chapter 10.3), since libraries still read `no`, `1_000` and dates as YAML 1.1 did. Anchors,
aliases and tags are refused: a source has no use for them, and they are how a small file becomes
a huge one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, NoReturn

from _ruamel_yaml import CParser  # type: ignore[import-not-found,unused-ignore]
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from comfyvn.source.diagnostics import Diagnostics, Related, Span

MAX_DEPTH = 32
"""How deep collections may nest; no kind of source needs more than eight."""

MAX_LENGTH = 500_000
"""How many characters a YAML source may have."""

MAX_INTEGER = 2**53
"""The end of the exact integers, on every target."""

Scalar = None | bool | int | float | str

_INTEGER = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
# What YAML forbids, and the line breaks of YAML 1.1 that 1.2 and every editor take for text.
_UNREADABLE = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


@dataclass(slots=True)
class Node:
    """One value with the place where it stands.

    `keys` are the places of a mapping's keys. Keys are always text, as written.
    """

    value: Scalar | list[Node] | dict[str, Node]
    span: Span
    keys: dict[str, Span] = field(default_factory=dict)

    def plain(self) -> Any:
        """Return the value as plain Python data."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def find(self, *steps: str | int) -> Node | None:
        """Return the node that `steps` of keys and indices lead to."""
        node: Node | None = self
        for step in steps:
            value = node.value if node else None
            if isinstance(value, dict) and isinstance(step, str):
                node = value.get(step)
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                node = value[step]
            else:
                return None
        return node

    def at(self, *steps: str | int) -> Span:
        """Return where the value that `steps` lead to stands, else the nearest one around it."""
        node = self
        for step in steps:
            inner = node.find(step)
            if inner is None:
                break
            node = inner
        return node.span

    def key_at(self, *steps: str | int) -> Span:
        """Return where the key that ends `steps` stands, else the nearest place around it."""
        holder = self.find(*steps[:-1]) if steps else None
        if holder is not None and isinstance(steps[-1], str) and steps[-1] in holder.keys:
            return holder.keys[steps[-1]]
        return self.at(*steps)


def load_yaml(text: str, path: str, out: Diagnostics, first_line: int = 1) -> Node | None:
    """Read one YAML document; never raises.

    `first_line` is the line of `path` that `text` begins on. Returns None when the text could not
    be read as a whole; an empty document is a node whose value is None.
    """
    if len(text) > MAX_LENGTH:
        out.error(
            "VN0154",
            f"the file is longer than {MAX_LENGTH:,} characters",
            Span.whole_file(path),
            help="split it into several files",
        )
        return None
    if bad := _UNREADABLE.search(text):
        line = text.count("\n", 0, bad.start())
        column = bad.start() - text.rfind("\n", 0, bad.start())
        code = f"U+{ord(bad[0]):04X}"
        out.error(
            "VN0201",
            f"the character {code} cannot stand in YAML",
            Span.on_line(path, first_line + line, column, column + 1),
            help=f'delete it, or write it as an escape in quotes: `"\\u{ord(bad[0]):04x}"`'
            if ord(bad[0]) < 0xD800
            else "delete it",
        )
        return None
    return _Reader(text, path, out, first_line).read()


def resolve_plain(text: str) -> Scalar:
    """Return what an unquoted scalar means in the core schema.

    Raises ValueError with a message for writers when it is a number that a source cannot hold.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "0123456789+-.":
        return text
    number: int | float
    if _INTEGER.fullmatch(text):
        digits = text.lstrip("+-").lstrip("0")
        number = int(text) if len(digits) < 20 else MAX_INTEGER + 1
    elif _OCTAL.fullmatch(text):
        number = int(text[2:], 8)
    elif _HEXADECIMAL.fullmatch(text):
        number = int(text[2:], 16)
    elif _FLOAT.fullmatch(text):
        number = float(text)
    elif _NOT_FINITE.fullmatch(text):
        raise ValueError(f"`{text}` is not a number a story can hold")
    else:
        return text
    if abs(number) > MAX_INTEGER:
        raise ValueError("numbers go from -2^53 to 2^53")
    return number


class _RefusedError(Exception):
    """Reading stops; the diagnostic is already out."""


class _Reader:
    """Builds nodes from libyaml's events without recursion."""

    def __init__(self, text: str, path: str, out: Diagnostics, first_line: int) -> None:
        self.text = text
        self.lines = text.split("\n")
        self.path = path
        self.out = out
        self.first_line = first_line

    def read(self) -> Node | None:
        try:
            return self._document(CParser(self.text))
        except _RefusedError:
            return None
        except MarkedYAMLError as error:
            self._syntax_error(error)
            return None
        except (YAMLError, UnicodeError) as error:
            self.out.error("VN0201", f"not valid YAML: {error}", Span.whole_file(self.path))
            return None

    def _document(self, parser: Any) -> Node:
        root: Node | None = None
        sound = True
        documents = 0
        stack: list[Node] = []  # the open collections
        waiting: list[str | None] = []  # for each of them, the key whose value comes next
        while (event := parser.get_event()) is not None:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._refuse(
                        "VN0206",
                        "a second YAML document begins here",
                        self._span(event),
                        "one file holds one document: delete the line `---`",
                    )
            elif isinstance(event, (SequenceEndEvent, MappingEndEvent)):
                self._close(stack.pop(), event)
                waiting.pop()
            elif isinstance(event, NodeEvent):
                sound &= self._bare(event)
                if stack and isinstance(stack[-1].value, dict) and waiting[-1] is None:
                    waiting[-1] = self._key(event, stack[-1])
                    continue
                node = self._node(event)
                if not stack:
                    root = node
                elif isinstance(stack[-1].value, list):
                    stack[-1].value.append(node)
                elif isinstance(stack[-1].value, dict):
                    # The first of two equal keys stays; the second is reported already.
                    stack[-1].value.setdefault(str(waiting[-1]), node)
                    waiting[-1] = None
                if isinstance(node.value, (list, dict)):
                    if len(stack) == MAX_DEPTH:
                        self._refuse(
                            "VN0204",
                            f"collections nest deeper than {MAX_DEPTH} levels",
                            self._span(event),
                            "no source needs this depth",
                        )
                    stack.append(node)
                    waiting.append(None)
        if not sound:
            raise _RefusedError
        return root or Node(None, Span.whole_file(self.path))

    def _bare(self, event: Any) -> bool:
        """Report an anchor, alias or tag; return whether there is none."""
        if isinstance(event, AliasEvent):
            found = f"the alias `*{event.anchor}`"
        elif event.anchor is not None:
            found = f"the anchor `&{event.anchor}`"
        elif event.tag is not None:
            found = f"the tag `{event.tag}`"
        else:
            return True
        self.out.error(
            "VN0203",
            f"{found} cannot stand in a source",
            self._span(event),
            help="write the value out; text that begins with `*`, `&` or `!` wants quotes",
        )
        return False

    def _key(self, event: Any, holder: Node) -> str:
        if not isinstance(event, ScalarEvent) or not event.value:
            self._refuse(
                "VN0207",
                "a key must be text",
                self._span(event),
                "write `key: value`; text that begins with `?`, `{` or `[` wants quotes",
            )
        key: str = event.value
        span = self._span(event)
        if key in holder.keys:
            self.out.error(
                "VN0202",
                f"the key `{key}` stands twice",
                span,
                help="keep one of the two",
                related=[Related(holder.keys[key], "it stands here first")],
            )
        else:
            holder.keys[key] = span
        return key

    def _node(self, event: Any) -> Node:
        span = self._span(event)
        if isinstance(event, SequenceStartEvent):
            return Node([], span)
        if isinstance(event, MappingStartEvent):
            return Node({}, span)
        if not isinstance(event, ScalarEvent):
            return Node(None, span)
        if not event.implicit[0]:  # quoted, or a block
            return Node(event.value, span)
        try:
            return Node(resolve_plain(event.value), span)
        except ValueError as error:
            self.out.error("VN0205", str(error), span, help="for text, put it in quotes")
            return Node(0, span)

    def _close(self, node: Node, event: Any) -> None:
        """Let a collection end where its last value or its closing bracket does."""
        ends = event.end_mark
        if event.start_mark.index != ends.index:
            line, column = self._place(ends)
        elif isinstance(node.value, dict) and node.value:
            last = next(reversed(node.value.values()))
            line, column = last.span.end_line, last.span.end_column
        elif isinstance(node.value, list) and node.value:
            line, column = node.value[-1].span.end_line, node.value[-1].span.end_column
        else:
            return
        node.span = node.span._replace(end_line=line, end_column=column)

    def _place(self, mark: Any) -> tuple[int, int]:
        return mark.line + self.first_line, mark.column + 1

    def _span(self, event: Any) -> Span:
        start, end = self._place(event.start_mark), self._place(event.end_mark)
        if end[1] == 1 and end[0] > start[0]:
            # A block scalar ends at the start of the line after it.
            end = end[0] - 1, len(self.lines[end[0] - 1 - self.first_line]) + 1
        if end <= start:
            # A missing value, or a pair in brackets, begins where it has no character of its own.
            end = start[0], start[1] + 1
        return Span(self.path, *start, *end)

    def _refuse(self, code: str, message: str, span: Span, help: str) -> NoReturn:
        self.out.error(code, message, span, help=help)
        raise _RefusedError

    def _syntax_error(self, error: MarkedYAMLError) -> None:
        mark = error.problem_mark or error.context_mark
        if mark is None:
            self.out.error("VN0201", f"not valid YAML: {error}", Span.whole_file(self.path))
            return
        rows = max(1, len(self.text.rstrip("\n").split("\n")))
        row, here = min(mark.line, rows - 1), self.lines[min(mark.line, rows - 1)]
        column = mark.column if mark.line < rows else len(here)  # past the end: what is missing
        at = row + self.first_line, column + 1
        span = Span.on_line(self.path, *at, at[1] + 1)
        context = error.context_mark
        related = []
        if context is not None and (context.line, context.column) != (mark.line, mark.column):
            begun = self._place(context)
            related = [Related(Span.on_line(self.path, *begun, begun[1] + 1), str(error.context))]
        self.out.error(
            "VN0201",
            f"not valid YAML: {error.problem or error.context}",
            span,
            help=_advice(here, column, str(error.context)),
            related=related,
        )


def _advice(line: str, column: int, context: str) -> str | None:
    """Return the mend of the mistakes that people make most; `context` is what was being read."""
    before, here = line[:column], line[column : column + 1]
    if "\t" in line[: len(line) - len(line.lstrip())] or here == "\t":
        return "indent with spaces, not tabs"
    if "quoted scalar" in context:
        return "close the quotation mark on its line"
    if re.search(r"(^|[:,\[{-]\s+)'[^']*'$", before) and here.isalpha():
        return "within single quotes `'` is written twice; or take double quotes"
    if here and not before.strip() and "block" in context:
        return "begin it as far right as the keys that it stands among"
    if here == ":" or ": " in before:
        return "text that holds `: ` wants quotes around all of it"
    if here and here in "@`%*&!|>{}[],":
        return f"text that begins with `{here}` wants quotes"
    return None
