"""What the steps of the front read and write: JSON artifacts, and what is known of their values."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from comfyvn.engine.action import Context
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.po import Message
from comfyvn.story.canonical import packed
from comfyvn.story.compiler.names import Labels, names_of
from comfyvn.story.compiler.scope import Shared
from comfyvn.story.resolve import Names, SceneNames


class Scenes(Mapping[str, SceneNames]):
    """What all scenes declare, read when it is asked for."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def __getitem__(self, scene: str) -> SceneNames:
        found = self.context.find(f"@declared/{scene}")
        if found is None:
            raise KeyError(scene)
        return _scene_names(scene, found)

    def __iter__(self) -> Iterator[str]:
        return iter(read(self.context, "@scenes"))

    def __len__(self) -> int:
        return len(read(self.context, "@scenes"))


@lru_cache(maxsize=4096)
def _scene_names(scene: str, declared: bytes) -> SceneNames:
    return SceneNames.read(scene, json.loads(declared))


@lru_cache(maxsize=2)
def cast_of(data: bytes) -> frozenset[str]:
    """Return the names that may speak."""
    return frozenset(json.loads(data))


_known: dict[tuple[str, str], tuple[Names, Shared]] = {}
"""The names made last, by the digests of what they were made of."""


def known_names(context: Context) -> tuple[Names, Shared]:
    """Return the names of the project, made once for each state of it."""
    key = context.digest("@names"), context.digest("@labels")
    if key not in _known:
        places: Labels = read(context, "@labels")
        _known.clear()
        _known[key] = names_of(read(context, "@names"), places, {}), Shared()
    return _known[key]


def messages_of(data: bytes) -> dict[str, Message]:
    """Return the messages of an artifact by id."""
    return {id: Message(*fields) for id, fields in json.loads(data).items()}


def fields_of(messages: Mapping[str, Message]) -> dict[str, tuple[str, str, int, int, int]]:
    """Return messages as an artifact holds them: what `messages_of` reads."""
    return {
        id: (each.text, each.source, each.line, each.column, each.end_column)
        for id, each in messages.items()
    }


def read(context: Context, name: str) -> Any:
    """Return the value of an artifact."""
    return json.loads(context.read(name))


def write(context: Context, name: str, value: Any) -> None:
    """Write a value as an artifact."""
    context.write(name, packed(value).encode())


def report(context: Context, findings: Diagnostics) -> None:
    """Report findings."""
    for finding in findings:
        context.report(finding)
