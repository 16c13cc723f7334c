"""The canonical form of a scene: a formatter that cannot change what a scene says.

Only what Markdown and the directives leave free is settled: markers, blank lines, trailing spaces,
spacing inside directives, the order of front matter. The text of a line is never touched, so that
no translation becomes stale. What comes out is parsed again and must give the same tree.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.scene import parse_scene
from comfyvn.source.syntax import (
    At,
    Block,
    Break,
    Directives,
    Item,
    Jump,
    Line,
    Menu,
    Page,
    Pick,
    Scene,
    Span,
)

_QUOTED = re.compile(r'("(?:[^"\\]|\\.)*")')
_ASSIGNMENT = re.compile(r"^(set [^\s=+-]+)\s*(\+=|-=|=)(?!=)\s*")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$")
_FENCE = re.compile(r"^([ ]*(?:>[ ]?)*)(`{3,}|~{3,})[ \t]*stage[ \t]*$")
_FENCE_END = re.compile(r"^([ ]*(?:>[ ]?)*)(`{3,}|~{3,})[ \t]*$")

Edits = list[tuple[int, int, int, str]]
"""Replacements within one line each: line, column, end column, text."""


def format_scene(
    text: str, path: str, scene_id: str, speakers: Collection[str], keys: Sequence[str]
) -> str | None:
    """Return the canonical form of a scene, or None when it has errors.

    `keys` is the order of the front matter's keys. A scene whose canonical form would say something
    else, as when lists of different markers would become one, comes back as it is.
    """
    before = _parsed(text, path, scene_id, speakers)
    if before is None:
        return None
    above = _head_length(text.split("\n"))
    lines = _edited(text.split("\n"), before)
    head, body = lines[:above], lines[above:]
    body = _spaced(_fences([line.rstrip(" \t") for line in body]))
    while body and not body[0]:
        body.pop(0)
    if not head and body and body[0] == "---":
        body[0] = "***"  # at the top of a file `---` begins front matter
    if head:
        head = ["---", *_front_matter(head[1:-1], keys), "---", ""]
    made = "\n".join([*head, *body]).strip("\n") + "\n"
    after = _parsed(made, path, scene_id, speakers)
    if after is None or _comparable(before) != _comparable(after):
        return text
    return made if _comments(text) == _comments(made) else text


def _parsed(text: str, path: str, scene_id: str, speakers: Collection[str]) -> Scene | None:
    out = Diagnostics()
    scene = parse_scene(text, path, scene_id, speakers, out)
    return None if out.has_errors else scene


def _comparable(value: Any) -> Any:
    """Return a tree without places and without what the formatter may change."""
    if isinstance(value, At):
        return None
    if isinstance(value, Span):
        return ("span", tidy(value.source))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        free = ("at", "header_at", "values_at", "number")
        fields = [field.name for field in dataclasses.fields(value) if field.name not in free]
        return (type(value).__name__, *(_comparable(getattr(value, name)) for name in fields))
    if isinstance(value, dict):
        return {key: _comparable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_comparable(item) for item in value]
    return value


def _comments(text: str) -> list[str]:
    return [re.sub(r"\s+", " ", found) for found in _COMMENT.findall(text)]


def tidy(source: str) -> str:
    """Return a directive with single spaces, outside of quotes, and spaces around `=`."""
    parts = _QUOTED.split(source.strip())
    parts[::2] = [re.sub(r"\s+", " ", part) for part in parts[::2]]
    return _ASSIGNMENT.sub(r"\1 \2 ", "".join(parts)).strip()


def _edited(lines: list[str], scene: Scene) -> list[str]:
    """Make the changes that need the tree: markers, directives, breaks, headings."""
    edits: Edits = []
    for section in scene.sections:
        number = section.at.line
        if section.level and (found := _HEADING.match(lines[number - 1])):
            whole = len(lines[number - 1]) + 1
            edits.append((number, 1, whole, f"{found[1]} {found[2]}".rstrip()))
        edits += _block_edits(section.body, lines)
    for line, start, end, new in sorted(edits, reverse=True):
        old = lines[line - 1]
        lines[line - 1] = old[: start - 1] + new + old[end - 1 :]
    return lines


def _block_edits(
    blocks: Sequence[Block], lines: Sequence[str]
) -> Iterator[tuple[int, int, int, str]]:
    for block in blocks:
        if isinstance(block, Directives):
            yield from _span_edits(block.spans)
        elif isinstance(block, (Line, Jump)):
            yield from _span_edits(block.modifiers)
        elif isinstance(block, Page):
            yield from _block_edits(block.body, lines)
        elif isinstance(block, Break):
            yield (block.at.line, block.at.column, block.at.end_column, "---")
        elif isinstance(block, (Menu, Pick)):
            for i, item in enumerate(block.items):
                yield from _marker_edits(block, item, i, lines)
                yield from _span_edits(item.modifiers)
                yield from _block_edits(item.body, lines)


def _span_edits(spans: Sequence[Span]) -> Iterator[tuple[int, int, int, str]]:
    for span in spans:
        at = span.at
        if at.end_column - at.column == len(span.source):
            yield (at.line, at.column, at.end_column, tidy(span.source))


def _marker_edits(
    block: Menu | Pick, item: Item, i: int, lines: Sequence[str]
) -> Iterator[tuple[int, int, int, str]]:
    line, start = item.at.line, item.at.column
    found = re.match(r"[-*+]|(\d+)[.)]", lines[line - 1][start - 1 :])
    if found is None:
        return
    marker = "-" if isinstance(block, Menu) else f"{i + 1}."
    if len(marker) == len(found[0]):  # else the body would have to be indented anew
        yield (line, start, start + len(marker), marker)


def _head_length(lines: Sequence[str]) -> int:
    """Return how many lines the front matter has, with its fences."""
    if lines[0].rstrip() == "---":
        for i, line in enumerate(lines[1:], 2):
            if line.rstrip() == "---":
                return i
    return 0


def _front_matter(lines: Sequence[str], keys: Sequence[str]) -> list[str]:
    """Return the keys in order; a comment stays above the key it stands above."""
    chunks: list[tuple[int, list[str]]] = []
    above: list[str] = []
    for line in lines:
        stripped = line.rstrip(" \t")
        found = re.match(r"([A-Za-z_][\w-]*):", stripped)
        if found:
            rank = keys.index(found[1]) if found[1] in keys else len(keys)
            chunks.append((rank, [*above, stripped]))
            above = []
        elif stripped.startswith("#") or (not stripped and not chunks):
            above += [stripped] if stripped else []
        elif chunks and not above:
            chunks[-1][1].append(stripped)
        else:
            above.append(stripped)
    ordered = [line for _, chunk in sorted(chunks, key=lambda item: item[0]) for line in chunk]
    return ordered + above


def _fences(lines: list[str]) -> list[str]:
    """Write all stage fences with three backticks."""
    made = []
    open_fence = ""
    for line in lines:
        opened = None if open_fence else _FENCE.match(line)
        closed = _FENCE_END.match(line) if open_fence else None
        if opened:
            open_fence = opened[2]
            made.append(f"{opened[1]}```stage")
        elif closed and closed[2][0] == open_fence[0] and len(closed[2]) >= len(open_fence):
            open_fence = ""
            made.append(f"{closed[1]}```")
        else:
            made.append(line)
    return made


def _spaced(lines: list[str]) -> list[str]:
    """Part blocks by single empty lines, with one around headings, breaks and fences."""
    made: list[str] = []
    inside = False
    apart = False  # the line before wants an empty one below it
    for line in lines:
        bare = line.strip()
        fence = bare.startswith("```")
        alone = not inside and (bool(_HEADING.match(line)) or bare == "---")
        if bare and made and made[-1] and (apart or alone or (fence and not inside)):
            made.append("")
        if bare or (made and made[-1]) or inside:
            made.append(line)
        if fence:
            inside = not inside
        apart = alone or (fence and not inside)
    return made
