"""How much of a story can be reached, and by what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from comfyvn.explore.contents import Contents
from comfyvn.explore.report import Coverage, Kind, Place, Status
from comfyvn.explore.result import Exploration
from comfyvn.explore.shown import Shown
from comfyvn.explore.walks import Tally


class Reach(NamedTuple):
    """What a search knows, and what was met by random walks, its routes, and given ones."""

    known: Exploration
    walked: Tally
    led: Tally
    given: Tally | None


def status_of(id: str, reach: Reach) -> Status:
    """Return whether something with an id can be reached."""
    if id in reach.known.reached or reach.walked.passed[id] or reach.led.passed[id]:
        return "reached"
    return "impossible" if id in reach.known.impossible else "unknown"


def coverage_of(contents: Contents, assets: Collection[Shown], reach: Reach) -> Iterable[Coverage]:
    """Yield the coverage of each kind of thing, the assets last."""
    kinds: Mapping[Kind, Mapping[str, tuple[str, str]]] = {
        "lines": {id: (line.place, line.text) for id, line in contents.lines.items()},
        "choices": {id: (choice.place, choice.text) for id, choice in contents.choices.items()},
        "endings": {id: (end.place, end.title or end.name) for id, end in contents.endings.items()},
        "sections": {
            id: (place, contents.titles[place]) for id, place in contents.sections.items()
        },
    }
    for kind, things in kinds.items():
        places = [Place(id, *told, status_of(id, reach)) for id, told in things.items()]
        met = set(reach.given.passed) if reach.given else None
        yield _coverage(kind, places, set(reach.walked.passed), met)
    shown = reach.walked.shown.keys() | reach.led.shown.keys()
    asked = {
        f"{kind} {' '.join((subject, *traits))}": (kind, subject, traits)
        for kind, subject, traits in assets
    }
    places = [
        # That nothing shows it is not proven: only the ops are, that ask for it.
        Place(name, "", name, "reached" if asset in shown else "unknown")
        for name, asset in sorted(asked.items())
    ]
    names = {asset: name for name, asset in asked.items()}
    walked = {names[asset] for asset in reach.walked.shown if asset in names}
    met = {names[asset] for asset in reach.given.shown if asset in names} if reach.given else None
    yield _coverage("assets", places, walked, met)


def _coverage(
    kind: Kind,
    places: Collection[Place],
    walked: Collection[str],
    given: Collection[str] | None,
) -> Coverage:
    counts = {
        status: sum(place.status == status for place in places)
        for status in ("reached", "impossible", "unknown")
    }
    return Coverage(
        kind,
        len(places),
        counts["reached"],
        counts["impossible"],
        counts["unknown"],
        sum(place.id in walked for place in places),
        None if given is None else sum(place.id in given for place in places),
        tuple(place for place in places if place.status != "reached"),
        ()
        if given is None
        else tuple(p for p in places if p.status == "reached" and p.id not in given),
    )
