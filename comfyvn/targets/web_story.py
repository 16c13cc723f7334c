"""The story as a site serves it: an index, and fragments of scenes with their words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

FRAGMENT_BYTES = 24_000
"""How large a fragment may grow before the next one begins: about 6 KB as it travels."""


class Story(NamedTuple):
    """The files by path; which is the index, and which hold the start scene."""

    files: dict[str, bytes]
    index_file: str
    first: list[str]


def digest(data: bytes) -> str:
    """Return the digest that names a file by its content."""
    return hashlib.sha256(data).hexdigest()[:12]


def pack_story(program: Mapping[str, Any], assets: Mapping[str, str], most_files: int) -> Story:
    """Cut the Program into files, at most `most_files` of them.

    The start scene has a fragment of its own, so that it comes alone and soon; the others are
    packed in the order of their names, so that an edit changes few files.
    """
    files: dict[str, bytes] = {}
    translations: Mapping[str, Mapping[str, Any]] = program.get("translations", {})
    languages = [name for name in translations if translations[name]]
    groups = _groups(program, max(1, most_files // (1 + len(languages)) - 2))
    left = {name: dict(translations[name]) for name in languages}
    fragments = []
    for group in groups:
        scenes = {name: program["scenes"][name] for name in group}
        entry: dict[str, Any] = {"file": _add(files, "scenes", scenes)}
        ids = list(_ids(scenes))
        for language in languages:
            words = {key: left[language].pop(key) for key in ids if key in left[language]}
            if words:
                entry.setdefault("words", {})[language] = _add(files, language, words)
        fragments.append(entry)
    index = {
        "program": {k: v for k, v in program.items() if k not in {"scenes", "translations"}},
        "scenes": {name: i for i, group in enumerate(groups) for name in group},
        "fragments": fragments,
        "words": {name: _add(files, name, rest) for name, rest in left.items() if rest},
        "assets": dict(sorted(assets.items())),
        "gallery": _gallery(program),
    }
    first = fragments[0]["file"]
    return Story(files, _add(files, "index", index), [first])


def _add(files: dict[str, bytes], kind: str, value: object) -> str:
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    name = f"story/{kind}-{digest(data)}.json"
    files[name] = data
    return name


def _groups(program: Mapping[str, Any], most: int) -> list[list[str]]:
    start = program["start"]
    names = sorted(name for name in program["scenes"] if name != start)
    sizes = {name: len(json.dumps(program["scenes"][name])) for name in names}
    limit = max(FRAGMENT_BYTES, 2 * sum(sizes.values()) // max(1, most - 1))
    groups = [[start]]
    room = 0
    for name in names:
        if room < sizes[name]:
            groups.append([])
            room = limit
        groups[-1].append(name)
        room -= sizes[name]
    return groups


def _ids(value: object) -> Iterator[str]:
    """Yield the ids below a value, and those derived from them."""
    if isinstance(value, dict):
        if isinstance(name := value.get("id"), str):
            yield from (name, f"{name}_s", f"{name}_locked")
        for part in value.values():
            yield from _ids(part)
    elif isinstance(value, list):
        for part in value:
            yield from _ids(part)


def _gallery(program: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the full-screen pictures, in the order of the story's files, with their alt texts."""
    found: dict[str, str] = {}
    stack: list[Any] = list(reversed(program["scenes"].values()))
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            if value.get("op") == "picture":
                found.setdefault(value["asset"], value["alt"])
            stack.extend(reversed(value.values()))
        elif isinstance(value, list):
            stack.extend(reversed(value))
    return list(found.items())
