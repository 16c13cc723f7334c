"""The report of an exploration, put together of what a story holds and what play-throughs met."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from statistics import fmean, quantiles
from typing import Any, NamedTuple

from comfyvn.explore.contents import Contents, contents_of
from comfyvn.explore.coverage import Reach, coverage_of, status_of
from comfyvn.explore.report import (
    Choice,
    Ending,
    Found,
    How,
    Lengths,
    Link,
    Pace,
    Report,
    Route,
    Search,
    Section,
    Speaker,
    Spread,
    Status,
    Walks,
)
from comfyvn.explore.result import Exploration, Way, Witness
from comfyvn.explore.shown import Shown
from comfyvn.explore.walks import Player, Tally, Walk
from comfyvn.source.diagnostics import Diagnostic

READING, SPEAKING = 260.0, 183.0
"""Words per minute of adults who read fiction in English, silently and aloud."""
SOURCE = (
    "M. Brysbaert, How many words do we read per minute? A review and meta-analysis of reading "
    "rate (2019), doi:10.1016/j.jml.2019.104047"
)
RANGES = 10
NARRATION = "Narration"


class Given(NamedTuple):
    """What a report is made of besides the Program.

    Attributes:
        seed: of the random walks.
        runs: how many of them.
        lines: that they show in all, more or less; then there are fewer of them.
        assets: what the story asks for.
        routes: routes whose coverage is asked for; None if it is not.
        seconds: how long the clips of lines are, by id.
        findings: what is odd, in order.
        reading: words per minute.
        speaking: likewise, aloud.
    """

    seed: int = 0
    runs: int = 0
    lines: float = math.inf
    assets: Collection[Shown] = ()
    routes: Sequence[Witness | Way] | None = None
    seconds: Mapping[str, float] = {}
    findings: Sequence[Diagnostic] = ()
    reading: float = READING
    speaking: float = SPEAKING


def report_of(program: Mapping[str, Any], known: Exploration, given: Given) -> Report:
    """Return the report on a Program."""
    contents = contents_of(program)
    known = _with_scenes(contents, known)
    walker = Player(program)
    walks = list(walker.walks(given.seed, given.runs, given.lines))
    guide = Player(program)
    led = _led(guide, contents, known, given.assets)
    chosen = None
    if given.routes is not None:
        chosen = Player(program)
        for way in given.routes:
            chosen.replay(*way)
    reach = Reach(known, walker.tally, guide.tally, chosen.tally if chosen else None)
    source = SOURCE if (given.reading, given.speaking) == (READING, SPEAKING) else "given"
    return Report(
        format=1,
        id=program["id"],
        title=program["title"],
        version=program["version"],
        language=program["language"],
        search=Search(known.whole, known.states, known.how),
        pace=Pace(given.reading, given.speaking, source),
        coverage=tuple(coverage_of(contents, given.assets, reach)),
        endings=tuple(_endings(contents, known, reach, walks, led, given.reading)),
        lengths=_lengths(known, [*walks, *led], given.reading),
        walks=_walks(given, walks),
        choices=tuple(_choices(contents, reach, walker.tally)),
        speakers=tuple(_speakers(program, contents, given)),
        sections=tuple(_sections(contents, reach, walker.tally, len(walks))),
        links=tuple(_links(contents, known)),
        findings=tuple(
            Found(each.code, each.severity, each.message, each.help or "", *each.span[:3])
            for each in given.findings
        ),
    )


def _with_scenes(contents: Contents, known: Exploration) -> Exploration:
    """Return what is known with the scenes that are entered: their ids are those of their first
    sections, which a jump to another one passes by."""
    places = {
        **contents.sections,
        **{id: each.place for id, each in contents.lines.items()},
        **{id: each.place for id, each in contents.choices.items()},
    }
    scenes = {place.partition("#")[0] for id, place in places.items() if id in known.reached}
    entered = {id for id, place in contents.sections.items() if place.removesuffix("#") in scenes}
    return known._replace(
        reached=known.reached | entered, impossible=frozenset(known.impossible) - entered
    )


def _led(
    player: Player, contents: Contents, known: Exploration, assets: Collection[Shown]
) -> list[Walk]:
    """Play the routes to the endings, then the others, the longest first, until they have shown
    every asset; routes that others begin with are left out."""
    routes = known.shortest
    ends = dict.fromkeys(routes[id] for id in contents.endings if id in routes)
    walks = [player.replay(*way) for way in ends]
    wanted = set(assets)
    begun = {(way.seed, way.answers[:n]) for way in ends for n in range(len(way.answers) + 1)}
    for way in sorted(dict.fromkeys(routes.values()), key=lambda way: -len(way.answers)):
        if wanted <= player.tally.shown.keys():
            break
        if way in begun:
            continue
        walks.append(player.replay(*way))
        begun |= {(way.seed, way.answers[:n]) for n in range(len(way.answers) + 1)}
    return walks


def _route(walk: Walk, pace: float) -> Route:
    return Route(
        walk.seed,
        tuple(walk.answers),
        walk.ending,
        walk.lines,
        walk.words,
        walk.choices,
        walk.words / pace,
    )


def _endings(
    contents: Contents,
    known: Exploration,
    reach: Reach,
    walks: Sequence[Walk],
    led: Sequence[Walk],
    pace: float,
) -> Iterable[Ending]:
    ended = [walk.ending for walk in walks]
    ways = [*led, *walks]
    for id, ending in contents.endings.items():
        found = [walk for walk in ways if walk.ending == id]
        shortest = min(found, key=lambda walk: (len(walk.answers), walk.words), default=None)
        yield Ending(
            id,
            ending.name,
            ending.title,
            ending.place,
            status_of(id, reach),
            _route(shortest, pace) if shortest else None,
            id in known.shortest and known.fewest,
            ended.count(id),
            ended.count(id) / len(walks) if walks else 0.0,
        )


def _lengths(known: Exploration, ways: Sequence[Walk], pace: float) -> Lengths:
    ended = [walk for walk in ways if walk.how == "ending"]
    short = min(ended, key=lambda walk: walk.words, default=None)
    long = max(ended, key=lambda walk: walk.words, default=None)
    return Lengths(
        _route(short, pace) if short else None,
        _route(long, pace) if long else None,
        known.endless,
    )


def _walks(given: Given, walks: Sequence[Walk]) -> Walks:
    ended = [walk for walk in walks if walk.how == "ending"]
    return Walks(
        len(walks),
        given.seed,
        len(ended),
        sum(walk.how == "stuck" for walk in walks),
        sum(walk.how == "long" for walk in walks),
        spread([walk.lines for walk in ended]),
        spread([walk.words for walk in ended]),
        spread([walk.choices for walk in ended]),
        spread([walk.words / given.reading for walk in ended]),
    )


def spread(numbers: Sequence[float]) -> Spread | None:
    """Return how numbers are spread: quartiles as of a sample's whole range; None of none."""
    if not numbers:
        return None
    least, most = min(numbers), max(numbers)
    low, middle, high = (
        quantiles(numbers, n=4, method="inclusive") if len(numbers) > 1 else (least,) * 3
    )
    # Whole numbers get ranges that hold equally many of them, as nearly as that can be.
    whole = all(isinstance(number, int) for number in numbers)
    count = min(RANGES, int(most - least) + 1) if whole else RANGES
    wide = (most - least + whole) / count or 1
    ranges = [0] * count
    for number in numbers:
        ranges[min(int((number - least) / wide), count - 1)] += 1
    return Spread(least, low, middle, high, most, fmean(numbers), tuple(ranges))


def _choices(contents: Contents, reach: Reach, tally: Tally) -> Iterable[Choice]:
    for id, choice in contents.choices.items():
        yield Choice(
            id,
            choice.menu,
            choice.place,
            choice.text,
            status_of(id, reach),
            choice.conditional,
            choice.fallback,
            tally.offered[id],
            tally.locked[id],
            tally.taken[id],
        )


def _speakers(program: Mapping[str, Any], contents: Contents, given: Given) -> Iterable[Speaker]:
    cast = program.get("characters", {})
    lines: dict[str, list[str]] = {}
    for line in contents.lines.values():
        for who in line.who or ("",):
            lines.setdefault(who, []).append(line.id)
    words = {who: sum(contents.lines[id].words for id in said) for who, said in lines.items()}
    for who in sorted(lines, key=lambda who: (-words[who], who)):
        name = cast[who]["name"] if who in cast else who or NARRATION
        clips = [given.seconds[id] for id in lines[who] if id in given.seconds]
        yield Speaker(
            who,
            name,
            len(lines[who]),
            words[who],
            words[who] / given.speaking,
            sum(clips) / 60 if clips else None,
            len(clips),
        )


def _sections(contents: Contents, reach: Reach, tally: Tally, runs: int) -> Iterable[Section]:
    lines: dict[str, list[int]] = {}
    for line in contents.lines.values():
        lines.setdefault(line.place, []).append(line.words)
    for id, place in contents.sections.items():
        said = lines.get(place, [])
        share = tally.passed[id] / runs if runs else 0.0
        yield Section(
            id,
            place,
            contents.titles[place],
            status_of(id, reach),
            len(said),
            sum(said),
            share,
        )


def _links(contents: Contents, known: Exploration) -> Iterable[Link]:
    """Yield the ways that are taken, then those that stand there and that no path was found to
    take."""
    taken = {(edge.source, edge.target, edge.how) for edge in known.edges}
    yield from (Link(*edge, "reached") for edge in known.edges)
    written: list[tuple[str, str, How]] = [(*link,) for link in contents.links]
    written += [(end.place, f"ending {id}", "ending") for id, end in contents.endings.items()]
    status: Status = "impossible" if known.whole else "unknown"
    for source, target, how in dict.fromkeys(written):
        if (source, target, how) not in taken:
            yield Link(source, target, how, status)
