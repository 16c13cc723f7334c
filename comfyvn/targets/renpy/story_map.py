"""Which name in the script stands for what in the story, for tools."""

from __future__ import annotations

import json
from collections.abc import Mapping

from comfyvn.targets.renpy.dialogue import language_name
from comfyvn.targets.renpy.names import UNKNOWN, Head, Looks, Names
from comfyvn.targets.renpy.scope import other_languages


def story_map(head: Head, names: Names) -> str:
    """Return `story-map.json`."""
    about = {
        "program": head["id"],
        "language": head["language"],
        "languages": {language_name(one): one for one in other_languages(head)},
        "variables": _turned(names.variables),
        "labels": _turned(names.places),
        "characters": {
            **{ours: [id] for id, ours in names.characters.items()},
            **{ours: who.split(" ") for who, ours in names.joined.items()},
            names.unknown: [UNKNOWN],
            **{ours: who.split(" ") for who, ours in names.pages.items()},
        },
        "images": _turned(names.tags),
        "kinds": names.kinds,
        "looks": {**_looks(names.looks), **_looks(names.states)},
        "pictures": _turned(names.pictures),
        "sounds": {ours: sound.partition(" ")[2] for sound, ours in names.sounds.items()},
        "labelled": [n for n, v in head["variables"].items() if v["type"] == "label"],
    }
    return json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _turned(names: Mapping[str, str]) -> dict[str, str]:
    return {ours: name for name, ours in names.items()}


def _looks(every: Mapping[str, Looks]) -> dict[str, dict[str, dict[str, str]]]:
    return {
        tag: {kind: _turned(values) for kind, values in looks.items()}
        for tag, looks in every.items()
    }
