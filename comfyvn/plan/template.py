"""Texts of a rule with `{field}` in them, and what they become for each item.

Expansion works on whole columns (all values of a field) because a rule has ten thousand items at
times; a text with one field then costs one concatenation an item.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from json.encoder import encode_basestring
from typing import Any

from comfyvn.engine.step import canonical

_BRACE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")

Columns = Callable[[str], Sequence[str]]
"""The values of a field, one for each item."""


def split(text: str) -> tuple[list[str], list[str]]:
    """Return the literal pieces of a text and the fields between them, one fewer.

    Raises:
        ValueError: a brace stands alone; the message is for the rule's author.
    """
    if "\0" in text:
        raise ValueError("a name cannot hold the character NUL")
    pieces, fields, at = [""], [], 0
    for brace in _BRACE.finditer(text):
        pieces[-1] += text[at : brace.start()]
        at = brace.end()
        if brace[0] in ("{{", "}}"):
            pieces[-1] += brace[0][0]
        elif brace[1]:
            fields.append(brace[1])
            pieces.append("")
        else:
            raise ValueError(f"`{brace[0]}` stands alone; a brace that is meant is written twice")
    pieces[-1] += text[at:]
    return pieces, fields


def expand(text: str, columns: Columns, count: int) -> list[str]:
    """Return what a text becomes for each of `count` items."""
    pieces, fields = split(text)
    return _fill(pieces, [columns(name) for name in fields], count)


def expand_params(params: Mapping[str, Any], columns: Columns, count: int) -> list[str]:
    """Return the canonical JSON of parameters for each item."""
    # The JSON is made once with NULs round each field, where the escaped values then go.
    pieces: list[str] = []
    fields: list[str] = []
    marked = canonical(_mark(params))
    for index, part in enumerate(marked.split("\\u0000")):
        (fields if index % 2 else pieces).append(part)
    values = {name: [encode_basestring(v)[1:-1] for v in columns(name)] for name in set(fields)}
    return _fill(pieces, [values[name] for name in fields], count)


def texts(value: Any) -> list[str]:
    """Return every text in a JSON value that may hold fields."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for inner in value.values() for text in texts(inner)]
    return [text for inner in value for text in texts(inner)] if isinstance(value, list) else []


def loose(text: str) -> str:
    """Return the pattern of all names that a text can become."""
    pieces, _ = split(text)
    return ("*" if text.startswith("@") else "**").join(pieces)


def _mark(value: Any) -> Any:
    if isinstance(value, str):
        pieces, fields = split(value)
        marked = [piece + f"\0{name}\0" for piece, name in zip(pieces, fields, strict=False)]
        return "".join(marked) + pieces[-1]
    if isinstance(value, Mapping):
        return {key: _mark(inner) for key, inner in value.items()}
    return [_mark(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def _fill(pieces: list[str], columns: list[Sequence[str]], count: int) -> list[str]:
    if not columns:
        return pieces * count
    if len(columns) == 1:
        before, after = pieces
        return [before + value + after for value in columns[0]]
    form = "%s".join(piece.replace("%", "%%") for piece in pieces)
    return [form % values for values in zip(*columns, strict=True)]
