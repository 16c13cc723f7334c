"""Texts that Ren'Py translates by what they say, and which of them must be told apart.

Captions, reasons and prompts have no ids in Ren'Py: equal ones share a translation, and so does a
line that says the same and has none of its own. An invisible `{#id}` tells a text from its like.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from comfyvn.data import data_folder
from comfyvn.targets.renpy.facts import Op, Scene, Words, scene_ops

Text = Any
Captions = Mapping[str, Any]
"""The captions of one scene, as JSON: `strings` are [id, key, whether it has a translation],
`said` are lines of text: [id, key, whether it could take on the translation of a caption]."""


def scene_captions(scene: Scene, words: Words) -> dict[str, Any]:
    """Return the captions of a scene.

    Without translations only those of the interface can have one; the rest is left out.
    """
    interface = interface_keys()
    strings, said = [], []
    for op in scene_ops(scene):
        for id, text in _strings(op):
            key = _key(text)
            if words or key in interface:
                strings.append([id, key, any(id in table for table in words.values())])
        if op["op"] == "say":
            key = _key(op["text"])
            if words or key in interface:
                said.append([op["id"], key, _translated_alone(op["id"], words)])
    return {"strings": strings, "said": said}


def marked(captions: Mapping[str, Captions]) -> dict[str, list[str]]:
    """Return by scene the ids of captions and lines that are told apart, if there are any.

    A line is told apart where it has no translation of its own.
    """
    interface = interface_keys()
    times = Counter(interface)
    translated = set(interface)
    for found in captions.values():
        times.update(key for _, key, _ in found["strings"])
        times.update(key for _, key, alone in found["said"] if alone)
        translated.update(key for _, key, has in found["strings"] if has)
    marks = {
        scene_id: [
            *(id for id, key, _ in found["strings"] if times[key] > 1 and key in translated),
            *(id for id, key, _ in found["said"] if key in translated),
        ]
        for scene_id, found in captions.items()
    }
    return {scene_id: ids for scene_id, ids in marks.items() if ids}


@cache
def interface_keys() -> frozenset[str]:
    """Return the keys of the interface's captions, which are translated like the story's.

    Raises:
        OSError: a template cannot be read.
    """
    folder = data_folder("templates/renpy") / "tl"
    pattern = re.compile(r'^    old "(.*)"$', re.MULTILINE)
    found: set[str] = set()
    for path in sorted(folder.rglob("interface.rpy")):
        found.update(pattern.findall(path.read_text("utf-8")))
    return frozenset(_key([text]) for text in found)


def _strings(op: Op) -> Iterator[tuple[str, Text]]:
    """Yield what Ren'Py translates by its text, by id: captions, reasons and prompts."""
    if op["op"] == "menu":
        for choice in op["choices"]:
            yield choice["id"], choice["text"]
            if "locked" in choice:
                yield f"{choice['id']}_locked", choice["locked"]
    elif op["op"] == "input":
        yield op["id"], op["prompt"]


def _key(text: Text) -> str:
    """Return what two captions have in common when Ren'Py cannot tell them apart."""
    return hashlib.blake2b("".join(_plain(text)).encode(), digest_size=12).hexdigest()


def _plain(text: Text) -> Iterable[str]:
    for fragment in text:
        if isinstance(fragment, str):
            yield fragment
            continue
        style = next((s for s in ("em", "strong", "del", "ruby") if s in fragment), None)
        yield f"{{{''.join(_plain(fragment[style]))}}}" if style else "\0"


def _translated_alone(id: str, words: Words) -> bool:
    """Whether a line could take on the translation of an equal caption.

    The line that a choice says is equal to it, and need not be told apart if both are translated.
    """
    if not id.endswith("_s"):
        return True
    return any((id in table) != (id[:-2] in table) for table in words.values())
