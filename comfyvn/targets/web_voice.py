"""Spoken lines as a site serves them: packs of clips, and where in them each clip is.

A pack holds the clips of a group of scenes in one language and codec, whole files one behind the
other: those of a scene together, in the order of its lines. Its index says of each clip where it
begins, how many bytes it has and how many seconds it takes, so that a player asks for a part of a
pack, or plays the beginning of one while the rest of it comes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from comfyvn.engine.step import canonical
from comfyvn.plan.clips import Line
from comfyvn.targets.web_story import digest

CODECS = ("opus", "m4a")
"""The endings of clips: what browsers play, and what old Safari does."""
FILES_PER_LANGUAGE = len(CODECS)
"""How many packs a group of scenes has in each language; its index is one file more."""

Find = Callable[[str], bytes | None]


def pack_voices(
    key: str,
    scenes: Mapping[str, Iterable[Line]],
    shown: Mapping[str, str],
    find: Find,
    seconds: Callable[[str], float],
) -> tuple[str, dict[str, bytes]]:
    """Return the name of a group's index, and the files; no name where nothing is spoken.

    The index is, for each language, `{opus: FILE, m4a: FILE, clips: [[offset, length, offset,
    length, seconds]], scenes: {SCENE: [first, behind the last, {LINE: number}]}}`, where an offset
    and a length stand for each codec in turn. A line whose words vary has `{TEXT: number}` in place
    of its number.

    Args:
        key: the key of the group.
        scenes: the clips of each scene.
        shown: the texts of clips that are heard only when their line reads so, by key.
        find: returns a clip by its key and ending; None if there is none.
        seconds: returns how long a clip is, by its key.
    """
    index: dict[str, Any] = {}
    files: dict[str, bytes] = {}
    gathered: dict[str, dict[str, list[Line]]] = {}
    for scene, lines in scenes.items():
        for line in lines:
            gathered.setdefault(line.language, {}).setdefault(scene, []).append(line)
    for language, parts in gathered.items():
        packs = {codec: bytearray() for codec in CODECS}
        clips: list[list[float]] = []
        said: dict[str, list[Any]] = {}
        for scene, lines in parts.items():
            first = len(clips)
            numbers: dict[str, Any] = {}
            for line in lines:
                found = {codec: find(f"{line.key}.{codec}") or b"" for codec in CODECS}
                if not any(found.values()):
                    continue
                if line.key in shown:
                    numbers.setdefault(line.line, {})[shown[line.key]] = len(clips)
                else:
                    numbers[line.line] = len(clips)
                at = [place for c in CODECS for place in (len(packs[c]), len(found[c]))]
                clips.append([*at, seconds(line.key)])
                for codec, data in found.items():
                    packs[codec] += data
            if numbers:
                said[scene] = [first, len(clips), numbers]
        if said:
            index[language] = {"clips": clips, "scenes": said}
        for codec, pack in packs.items():
            if pack:
                name = f"voice/{key}-{digest(bytes(pack))}.{codec}"
                index[language][codec] = name
                files[name] = bytes(pack)
    if not index:
        return "", {}
    text = canonical(index).encode()
    name = f"voice/{key}-{digest(text)}.json"
    return name, files | {name: text}
