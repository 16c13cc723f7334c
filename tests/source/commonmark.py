"""A scene's skeleton, as markdown-it-py reads it and as our parser does."""

from __future__ import annotations

import re
import unicodedata
from typing import Any
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, paragraph
from markdown_it.token import Token

from comfyvn.source import syntax
from comfyvn.source.syntax import (
    Break,
    Directives,
    Forms,
    Item,
    Jump,
    Line,
    Menu,
    Page,
    Pick,
    Picture,
    Ruby,
    Span,
    Styled,
    Value,
    Wordings,
)

_STYLES = {"em": "em", "strong": "strong", "s": "del"}
_ALONE = re.compile(r"[A-Z][a-z]+ ?(?:\([a-z, ]*\))?:")  # a speaker of the lines below
# Spaces at a line's end, which the language ignores; behind a single backslash they are no join.
_TRAILING = re.compile(r"(?<![\\ \t\n])[ \t]+(?=\n|\Z)|(?<!\\)((?:\\\\)+)[ \t]+(?=\n|\Z)")
_MARKDOWN = MarkdownIt("commonmark", {"maxNesting": 200}).enable("strikethrough")


def _paragraph(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a paragraph; of its ends only spaces and tabs go (CommonMark 4.8), not other spaces."""
    paragraph(state, start, end, silent)
    whole = state.getLines(start, state.line, state.blkIndent, False)
    state.tokens[-2].content = whole.strip(" \t\n")
    return True


_MARKDOWN.block.ruler.at("paragraph", _paragraph)

Skeleton = list[Any]


def skeleton_of_markdown(text: str) -> Skeleton:
    """Blocks as nested lists; a line of a paragraph is `("line", number, events)`."""
    # Two spaces at a line's end are a break in Markdown; scenes leave them out of account.
    tokens = _MARKDOWN.parse(_TRAILING.sub(r"\1", text))
    root: Skeleton = []
    stack = [root]
    for token in tokens:
        kind = token.type
        if kind in ("blockquote_open", "bullet_list_open", "ordered_list_open", "list_item_open"):
            node: Skeleton = [kind.removesuffix("_open")]
            stack[-1].append(node)
            stack.append(node)
        elif kind in (
            "blockquote_close",
            "bullet_list_close",
            "ordered_list_close",
            "list_item_close",
        ):
            stack.pop()
        elif kind == "heading_open":
            root.append(("heading", int(token.tag[1]), token.map[0] + 1))
        elif kind == "inline":
            heading = root[-1] if root and isinstance(root[-1], tuple) else ()
            if heading[:1] != ("heading",) or heading[2] != token.map[0] + 1:
                stack[-1].extend(_lines(token))
        elif kind == "fence":
            for offset, row in enumerate(token.content.split("\n")):
                line = re.sub(r"(?:^|[ \t])#.*", "", row).strip(" \t")
                if line:
                    stack[-1].append(("line", token.map[0] + 2 + offset, [("code", line)]))
        elif kind == "hr":
            stack[-1].append(("hr", token.map[0] + 1))
        elif kind in ("paragraph_open", "paragraph_close", "heading_close", "html_block"):
            pass
        else:
            stack[-1].append((kind,))
    return root


def _lines(inline: Token) -> Skeleton:
    number = inline.map[0] + 1
    lines: Skeleton = []
    events: list[tuple[str, str]] = []
    begun = number
    for child in inline.children or []:
        kind = child.type
        if kind == "softbreak":
            lines.append(("line", begun, events))
            number += 1
            events, begun = [], number
        elif kind == "hardbreak":
            number += 1
            events.append(("break", ""))
        elif kind in ("text", "text_special"):
            events.append(("text", child.content))
        elif kind == "code_inline":
            events.append(("code", child.content.strip()))
        elif kind == "link_open":
            events.append(("link", unicodedata.normalize("NFC", unquote(child.attrs["href"]))))
        elif kind == "link_close":
            pass
        elif kind == "image":
            events.append(("image", unicodedata.normalize("NFC", unquote(child.attrs["src"]))))
        elif kind == "html_inline":
            events.append(("html", child.content))
        elif kind.endswith("_open") and kind[:-5] in _STYLES:
            events.append(("open", _STYLES[kind[:-5]]))
        elif kind.endswith("_close") and kind[:-6] in _STYLES:
            events.append(("close", _STYLES[kind[:-6]]))
        else:
            events.append((kind, ""))
    lines.append(("line", begun, events))
    return [line for line in lines if not _ALONE.fullmatch("".join(text for _, text in line[2]))]


def skeleton_of_scene(scene: syntax.Scene) -> Skeleton:
    root: Skeleton = []
    for section in scene.sections:
        if section.level:
            root.append(("heading", section.level, section.at.line))
        _blocks(section.body, root)
    return root


def _blocks(blocks: list[syntax.Block], into: Skeleton) -> None:
    for block in blocks:
        if isinstance(block, Menu | Pick):
            node: Skeleton = ["bullet_list" if isinstance(block, Menu) else "ordered_list"]
            for item in block.items:
                node.append(_item(item))
            into.append(node)
        elif isinstance(block, Page):
            node = ["blockquote"]
            _blocks(block.body, node)
            into.append(node)
        elif isinstance(block, Break):
            into.append(("hr", block.at.line))
        elif isinstance(block, Line):
            plain = block.speaker is None and block.name is None
            events = _text(block.text) + [("code", span.source) for span in block.modifiers]
            into.append(("line", block.at.line, events, plain))
        elif isinstance(block, Directives):
            events = [("code", span.source) for span in block.spans]
            if block.link is not None:
                events.append(("link", _target(block.link)))
            into.append(("line", block.at.line, events, False))
        elif isinstance(block, Jump):
            events = [("link", _target(block.link))]
            events += [("code", span.source) for span in block.modifiers]
            into.append(("line", block.at.line, events, False))
        elif isinstance(block, Picture):
            into.append(("line", block.at.line, [("image", block.asset)], False))


def _item(item: Item) -> Skeleton:
    node: Skeleton = ["list_item"]
    events: list[tuple[str, str]] = []
    if item.link is not None:
        events.append(("link", _target(item.link)))
    events += _text(item.text)
    body = list(item.body)
    first = body[0] if body and not item.text else None
    if isinstance(first, Directives | Jump | Picture) and first.at.line == item.at.line:
        inner: Skeleton = []
        _blocks([body.pop(0)], inner)
        events += inner[0][2]
    events += [("code", span.source) for span in item.modifiers]
    plain = item.speaker is None and item.name is None and len(body) == len(item.body)
    if events or item.speaker is not None:
        node.append(("line", item.at.line, events, plain))
    _blocks(body, node)
    return node


def _target(link: syntax.Link) -> str:
    return f"{link.path}#{link.label}" if link.label else link.path


def _text(text: syntax.Text) -> list[tuple[str, str]]:
    events: list[tuple[str, str]] = []
    for piece in text:
        if isinstance(piece, str):
            for index, line in enumerate(piece.split("\n")):
                if index:
                    events.append(("break", ""))
                if line:
                    events.append(("text", line))
        elif isinstance(piece, Styled):
            events += [("open", piece.style), *_text(piece.text), ("close", piece.style)]
        elif isinstance(piece, Span):
            events.append(("code", piece.source))
        elif isinstance(piece, Value | Wordings | Forms):
            events.append(("brace", ""))
        elif isinstance(piece, Ruby):
            events.append(("html", ""))
    return events


def comparable(markdown: Skeleton, scene: Skeleton) -> tuple[Skeleton, Skeleton]:
    """Take off what the two sides tell in different ways: names, values, notes."""
    plain: dict[int, bool] = {}

    def find(node: Any) -> None:
        if isinstance(node, list):
            for child in node:
                find(child)
        elif node[0] == "line":
            events = node[2]
            plain[node[1]] = node[3] and not any(kind in ("brace", "html") for kind, _ in events)

    def find_html(node: Any) -> None:
        if isinstance(node, list):
            for child in node:
                find_html(child)
        elif node[0] == "line" and any(kind == "html" for kind, _ in node[2]):
            plain[node[1]] = False

    find(scene)
    find_html(markdown)

    def walk(node: Any) -> Any:
        if isinstance(node, list):
            return [child if isinstance(child, str) else walk(child) for child in node]
        if node[0] == "line":
            return ("line", node[1], _normal(node[2], plain.get(node[1], False)))
        return node

    return walk(markdown), walk(scene)


def _normal(events: list[tuple[str, str]], with_text: bool) -> list[tuple[str, str]]:
    result: list[tuple[str, str]] = []
    styles: list[str] = []

    def put(kind: str, value: str) -> None:
        if kind == "close" and result and result[-1] == ("open", value):
            result.pop()
        elif kind == "text" and result and result[-1][0] == "text":
            result[-1] = ("text", result[-1][1] + value)
        else:
            result.append((kind, value))

    for kind, value in events:
        if kind in ("brace", "html"):
            put("text", "·")  # keeps a style around it from looking empty
        elif kind == "open":
            styles.append(value)
            put(kind, value)
        elif kind == "close":
            styles.pop()
            put(kind, value)
        elif kind == "code":
            for style in reversed(styles):
                put("close", style)
            put(kind, value)
            for style in styles:
                put("open", style)
        elif kind == "text" and not value.strip() and not result:
            continue
        else:
            put(kind, value)
    if with_text:
        cleaned = [
            (kind, value.strip() if kind == "text" else value)
            for kind, value in result
            if kind != "text" or value.strip()
        ]
    else:
        cleaned = [(kind, value) for kind, value in result if kind != "text"]
    return cleaned
