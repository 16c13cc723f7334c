"""Canonical JSON: what transcripts are written in and compared by."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from json.encoder import encode_basestring
from typing import Any

from comfyvn.story.numbers import print_number

# What is packed are trees, in which no cycle need be looked for.
_encode = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False
).encode


def canonical(value: Any) -> str:
    """Return JSON with sorted keys, no spaces, and numbers printed without exponent."""
    match value:
        case str():
            return encode_basestring(value)
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return print_number(value)
        case dict():
            pairs = (f"{encode_basestring(key)}:{canonical(value[key])}" for key in sorted(value))
            return "{" + ",".join(pairs) + "}"
        case list() | tuple():
            return "[" + ",".join(map(canonical, value)) + "]"
    raise TypeError(f"no JSON value: {value!r}")


def packed(value: Any) -> str:
    """Return compact JSON, keys in the order in which they were made."""
    return _encode(value)


def write_transcript(records: Iterable[Mapping[str, Any]]) -> str:
    """Return a transcript: one record a line."""
    return "".join(canonical(record) + "\n" for record in records)
