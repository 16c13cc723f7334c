"""How much of a story its playtests come to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from comfyvn.explore.contents import contents_of
from comfyvn.explore.report import Kind
from comfyvn.play.playtest import Outcome


class Missed(NamedTuple):
    """Something that no playtest comes to: its id, the place of its section, what it says."""

    id: str
    place: str
    text: str


class Covered(NamedTuple):
    """How much of a kind playtests come to.

    Attributes:
        kind: of what; sections are those of scenes, the first one of each the scene itself.
        total: how many there are.
        by_routes: how many the routes come to, that is the choices that are written down.
        covered: how many they or random walks do.
        missed: the others, in the order of the story.
    """

    kind: Kind
    total: int
    by_routes: int
    covered: int
    missed: tuple[Missed, ...]


def coverage(program: Mapping[str, Any], outcomes: Iterable[Outcome]) -> list[Covered]:
    """Return the coverage of a story by playtests, the kinds of most interest first."""
    routes: set[str] = set()
    walks: set[str] = set()
    for outcome in outcomes:
        if outcome.played is not None:
            routes |= outcome.played.passed
        walks.update(*(each.passed for each in outcome.walks))
    contents = contents_of(program)
    kinds: Mapping[Kind, Mapping[str, tuple[str, str]]] = {
        "endings": {id: (end.place, end.title or end.name) for id, end in contents.endings.items()},
        "choices": {id: (each.place, each.text) for id, each in contents.choices.items()},
        "lines": {id: (line.place, line.text) for id, line in contents.lines.items()},
        "sections": {
            id: (place, contents.titles[place]) for id, place in contents.sections.items()
        },
    }
    return [_covered(kind, things, routes, routes | walks) for kind, things in kinds.items()]


def _covered(
    kind: Kind, things: Mapping[str, tuple[str, str]], routes: Collection[str], all: Collection[str]
) -> Covered:
    return Covered(
        kind,
        len(things),
        sum(id in routes for id in things),
        sum(id in all for id in things),
        tuple(Missed(id, *told) for id, told in things.items() if id not in all),
    )
