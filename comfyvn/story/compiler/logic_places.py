"""Where the conditions and assignments of a scene stand, which have no ids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from comfyvn.source.syntax import At, Block, Directives, Jump, Menu, Page, Pick, Scene, Span

_WRITTEN = {"if": "if", "elif": "if", "set": "set"}


def logic_places(scene: Scene) -> dict[str, At]:
    """Return where each `if` or `elif` of a scene and each `set` stands.

    They are `if 0`, `if 1`, …, `set 0`, … in the order that they are written in, without the
    conditions of lines, choices and outcomes, which have ids.
    """
    spans = (span for section in scene.sections for span in _spans(section.body))
    counted: Counter[str] = Counter()
    found = {}
    for span in spans:
        kind = _WRITTEN.get(span.source.split(None, 1)[0] if span.source.strip() else "")
        if kind is not None:
            found[f"{kind} {counted[kind]}"] = span.at
            counted[kind] += 1
    return found


def logic_names(scene: Mapping[str, Any]) -> dict[tuple[int, int], str]:
    """Return the names that `logic_places` gives, of a lowered scene: by the identity of the
    op and the number of the branch."""
    counted: Counter[str] = Counter()
    found: dict[tuple[int, int], str] = {}

    def look(body: Sequence[Mapping[str, Any]]) -> None:
        for op in body:
            kind = op["op"]
            if kind == "set":
                name(op, 0, kind)
            for part, each in enumerate(op.get("branches", ())):
                if "if" in each:
                    name(op, part, "if")
                look(each["body"])
            for each in (*op.get("choices", ()), *op.get("items", ())):
                look(each["body"])
            look(op.get("body", ()))

    def name(op: Mapping[str, Any], part: int, kind: str) -> None:
        found[id(op), part] = f"{kind} {counted[kind]}"
        counted[kind] += 1

    for section in scene["sections"]:
        look(section["body"])
    return found


def _spans(body: Sequence[Block]) -> Iterator[Span]:
    for block in body:
        if isinstance(block, Directives):
            yield from block.spans
        elif isinstance(block, Jump):
            yield from block.modifiers
        elif isinstance(block, (Menu, Pick)):
            for item in block.items:
                yield from _spans(item.body)
        elif isinstance(block, Page):
            yield from _spans(block.body)
