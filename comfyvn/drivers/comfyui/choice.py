"""Which server gets a job that nobody placed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Load(NamedTuple):
    """A server that works.

    Attributes:
        name: what `compute.yaml` calls it.
        waiting: how many prompts are in its queue, whoever sent them.
        models: the model files of what was sent there last.
    """

    name: str
    waiting: int
    models: tuple[str, ...]


def choose(servers: Sequence[Load], models: tuple[str, ...]) -> str:
    """Return the server with the shortest queue; of those, one that has the models loaded."""
    return min(servers, key=lambda each: (each.waiting, each.models != models)).name
