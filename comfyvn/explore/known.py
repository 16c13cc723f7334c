"""What a search found out about a story, as its report needs it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from comfyvn.explore.report import Search
from comfyvn.explore.walks import Answer


class Way(NamedTuple):
    """A route: what `comfyvn play --route` takes."""

    seed: int
    answers: tuple[Answer, ...]


class Known(NamedTuple):
    """What a search found out about a story.

    Attributes:
        search: how it went.
        routes: a route with as few answers as possible to each id that can be reached.
        impossible: ids that are proven to be out of reach.
        endless: whether a route can go on for ever; None if that is not known.
    """

    search: Search
    routes: Mapping[str, Way]
    impossible: Collection[str]
    endless: bool | None = None


UNKNOWN = Known(Search(False, 0, "random walks alone"), {}, ())
"""Nothing was searched."""
