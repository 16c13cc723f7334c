"""What a YAML source may say at a place: the schema that holds there, found by indentation.

The source may be broken, as it is while somebody writes; only the lines above are looked at.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from comfyvn.data import data_folder

Schema = Mapping[str, Any]

_KINDS = {
    "characters": "character", "worlds": "world", "themes": "theme", "props": "prop",
    "timelines": "timeline", "music": "music", "rules": "rules", "playtests": "playtests",
}  # fmt: skip
_FILES = {
    "vn.yaml": "vn", "state.yaml": "state", "compute.yaml": "compute",
    "waivers.yaml": "waivers", "policy/ratings.yaml": "ratings",
}  # fmt: skip
_KEY = re.compile(
    r"""(\s*)((?:-\s+)*)("[^"]*"|'[^']*'|[^\s#:"'{\[](?:[^:#]|(?<!\s)#)*?)\s*:(\s+|$)(.*)"""
)


class Where(NamedTuple):
    """A place in a YAML source.

    Attributes:
        steps: the keys that lead to the mapping there, `*` for an item of a list.
        key: the key whose value is being written; empty where a key itself is.
        taken: the keys that the mapping has already.
    """

    steps: tuple[str, ...]
    key: str
    taken: frozenset[str]


def schema_of(path: str) -> str | None:
    """Return the name of the schema of a source; None if it has none."""
    if path in _FILES:
        return _FILES[path]
    if path.startswith("assets/") and path.endswith(".asset.yaml"):
        return "asset"
    return _KINDS.get(path.partition("/")[0])


@cache
def load_schema(name: str) -> Schema | None:
    """Return a shipped schema."""
    file = data_folder("schemas") / f"{name}.schema.json"
    if not file.is_file():
        return None
    found: Schema = json.loads(file.read_text(encoding="utf-8"))
    return found


def where(lines: Sequence[str], line: int, column: int) -> Where:
    """Return what stands around a place that counts from 1."""
    before = lines[line - 1][: column - 1] if line <= len(lines) else ""
    here = _KEY.fullmatch(before)
    key = _bare(here[3]) if here else ""
    dash, begin = _columns(before)
    steps: list[str] = []
    limit, equal = begin, False
    if dash is not None:
        # A list may stand in the column of the key that it belongs to.
        steps.append("*")
        limit, equal = dash, True
    for text in reversed(lines[: line - 1]):
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        match = _KEY.fullmatch(text)
        dash, column = _columns(text)
        if dash is not None and column == limit and not equal:
            steps.append("*")
            limit, equal = dash, True
        elif match is not None and (column < limit or (column == limit and equal and dash is None)):
            steps.append(_bare(match[3]))
            limit, equal = column, False
            if dash is not None:
                steps.append("*")
                limit, equal = dash, True
    return Where(tuple(reversed(steps)), key, _siblings(lines, line, begin))


def _columns(text: str) -> tuple[int | None, int]:
    """Return where the first dash of a list stands in a line, if there is one, and the rest."""
    match = re.match(r"(\s*)((?:-\s+)*)", text)
    assert match is not None  # it matches nothing too
    return (match.end(1) if match[2] else None), match.end()


def _siblings(lines: Sequence[str], line: int, indent: int) -> frozenset[str]:
    """Return the keys of the mapping that a line is in."""
    found = set()
    for step in (-1, 1):
        number = line - 1 + step
        while 0 <= number < len(lines):
            text = lines[number]
            number += step
            if not text.strip():
                continue
            match = _KEY.fullmatch(text)
            begins = len(match[1]) + len(match[2]) if match else len(text) - len(text.lstrip())
            if begins < indent:
                break
            if match and begins == indent:
                found.add(_bare(match[3]))
                if match[2]:
                    break
    return frozenset(found)


def _bare(key: str) -> str:
    return key.strip("\"'")


def schema_at(root: Schema, steps: Sequence[str]) -> Schema | None:
    """Return the schema of what `steps` lead to; None if nothing is known of it."""
    found: list[Schema] = list(_parts(root, root))
    for step in steps:
        inner: list[Schema] = []
        for each in found:
            if step == "*":
                child = each.get("items")
            else:
                child = each.get("properties", {}).get(step)
                if child is None and isinstance(each.get("additionalProperties"), dict):
                    child = each["additionalProperties"]
                if child is None and (patterns := each.get("patternProperties")):
                    child = next(iter(patterns.values()))
            if isinstance(child, dict):
                inner += _parts(child, root)
        found = inner
    if not found:
        return None
    merged: dict[str, Any] = {}
    for each in found:
        for name, value in each.items():
            if name == "properties":
                merged["properties"] = {**merged.get("properties", {}), **value}
            elif name == "enum":
                merged["enum"] = [*merged.get("enum", []), *value]
            else:
                merged.setdefault(name, value)
    return merged


def _parts(schema: Schema, root: Schema) -> Iterator[Schema]:
    """Yield what a schema may be, references followed."""
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference.startswith("#/"):
        found: Any = root
        for step in reference[2:].split("/"):
            found = found.get(step, {})
        yield {**found, **{key: each for key, each in schema.items() if key != "$ref"}}
        return
    options = [*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())]
    for option in options:
        yield from _parts(option, root)
    if "const" in schema:
        yield {**schema, "enum": [schema["const"]]}
    else:
        yield {key: each for key, each in schema.items() if key not in ("anyOf", "oneOf", "allOf")}
