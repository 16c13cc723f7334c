"""The story as a site serves it: an index, and fragments of scenes with their words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from comfyvn.engine.digest import digest_of
from comfyvn.engine.step import canonical

MOST_FILES = 900
"""Files in a site: hosts that take a zip stop at 1,000."""
OTHER_FILES = 100
"""What of these is left for code, fonts, icons and pages."""
FEWEST_GROUPS = 16
"""How many groups of scenes there may be even where assets alone are too many files."""
LONGEST_GROUP = 4
"""How many times its usual size a group may grow before it is cut anyway."""

NO_AVIF: Mapping[str, str] = MappingProxyType({})
PROBE = (
    "data:image/avif;base64,AAAAHGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZgAAAOltZXRhAAAAAAAAACFoZGxyAAA"
    "AAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAAA5waXRtAAAAAAABAAAAHmlsb2MAAAAARAAAAQABAAAAAQAAAQ0AAAAaA"
    "AAAKGlpbmYAAAAAAAEAAAAaaW5mZQIAAAAAAQAAYXYwMUNvbG9yAAAAAGhpcHJwAAAASWlwY28AAAAUaXNwZQAAAAA"
    "AAAABAAAAAQAAAA5waXhpAAAAAAEIAAAADGF2MUOBABwAAAAAE2NvbHJuY2x4AAEADQAGgAAAABdpcG1hAAAAAAAAA"
    "AEAAQQBAoMEAAAAIm1kYXQSAAoHGAAGmAhoNTINH/UV3/4s/JA1kW5ccA=="
)
"""A pixel as AVIF: who can decode it is given the others."""


class Fragment(NamedTuple):
    """Some scenes as they are served.

    Attributes:
        scenes: their names.
        file: where they are.
        words: where their texts are, by language.
        voice: where the index of their clips is; empty if nothing of them is spoken.
    """

    scenes: list[str]
    file: str
    words: dict[str, str]
    voice: str = ""


def digest(data: bytes) -> str:
    """Return the digest that names a file by its content."""
    return digest_of(data)[:12]


def group_scenes(
    scenes: Iterable[str], start: str, *, languages: int, assets: int, voices: int = 0
) -> list[tuple[str, list[str]]]:
    """Return the scenes in groups, each a key and its scenes; one group becomes one fragment.

    The start scene is alone, so that it comes soon. Another scene has a group of its own too, until
    that would be too many files: then groups are runs of neighbouring names. Where a run begins
    hangs on the names alone, so that a scene that comes, goes or grows leaves all other groups as
    they were; only when there are twice as many scenes are the runs twice as long.

    Args:
        scenes: the names of all scenes.
        start: the name of the first.
        languages: into how many languages the story is translated.
        assets: how many files of pictures and sounds there are.
        voices: how many files of spoken lines each group has.
    """
    each = 1 + languages + voices
    room = max(FEWEST_GROUPS, (MOST_FILES - OTHER_FILES - assets) // each)
    names = sorted({*scenes} - {start})
    marks = [int(digest(name.encode()), 16) for name in names]
    size = 1
    groups = _runs(names, marks, size)
    while len(groups) >= room:
        size *= 2
        groups = _runs(names, marks, size)
    return [(digest(group[0].encode()), group) for group in ([start], *groups)]


def _runs(names: Sequence[str], marks: Sequence[int], size: int) -> list[list[str]]:
    groups: list[list[str]] = []
    for name, mark in zip(names, marks, strict=True):
        if not groups or mark % size == 0 or len(groups[-1]) >= LONGEST_GROUP * size:
            groups.append([])
        groups[-1].append(name)
    return groups


def pack_fragment(
    key: str, scenes: Mapping[str, bytes], words: Mapping[str, Sequence[bytes]]
) -> tuple[Fragment, dict[str, bytes]]:
    """Return a fragment and its files.

    Args:
        key: the key of the group.
        scenes: the scenes as they are in the Program, packed.
        words: by language the translations of their texts: packed objects, by id.
    """
    data = _object(_quoted(name) + b":" + part for name, part in scenes.items())
    fragment = Fragment(list(scenes), f"story/scenes-{key}-{digest(data)}.json", {})
    files = {fragment.file: data}
    for language, parts in words.items():
        data = _object(part[1:-1] for part in parts if part != b"{}")
        if data != b"{}":
            file = f"story/words-{key}-{language}-{digest(data)}.json"
            fragment.words[language] = file
            files[file] = data
    return fragment, files


def pack_index(
    head: bytes,
    fragments: Iterable[Fragment],
    assets: Mapping[str, str],
    gallery: Iterable[tuple[str, str]],
    avif: Mapping[str, str] = NO_AVIF,
    sounds: Mapping[str, Any] | None = None,
) -> tuple[str, bytes]:
    """Return the name and content of the index.

    Args:
        head: the Program, its scenes and translations empty, packed.
        fragments: in any order.
        assets: the file of each logical name (`sprite mei worried`).
        gallery: the full-screen pictures, in the order of the story, with their alt texts.
        avif: the AVIF of each picture that has one.
        sounds: how each sound is played, by its logical name.
    """
    ordered = sorted(fragments)
    rest = canonical(
        {
            "scenes": {name: i for i, part in enumerate(ordered) for name in part.scenes},
            "fragments": [
                {"file": part.file}
                | ({"words": part.words} if part.words else {})
                | ({"voice": part.voice} if part.voice else {})
                for part in ordered
            ],
            "assets": assets,
            "gallery": list(gallery),
        }
        | ({"avif": {"probe": PROBE, "files": avif}} if avif else {})
        | ({"sounds": sounds} if sounds else {})
    )
    data = _object([b'"program":' + head, rest[1:-1].encode()])
    return f"story/index-{digest(data)}.json", data


def _quoted(text: str) -> bytes:
    return json.dumps(text, ensure_ascii=False).encode()


def _object(members: Iterable[bytes]) -> bytes:
    return b"{" + b",".join(members) + b"}"
