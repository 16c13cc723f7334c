"""The types of an exploration's report; `schemas/exploration.schema.json` is made of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from comfyvn.source.diagnostics import Severity

Status = Literal["reached", "impossible", "unknown"]
"""reached: a route leads there; impossible: proven that none does; unknown: none was found."""
How = Literal["jump", "call", "back", "next", "ending"]
Kind = Literal["lines", "choices", "endings", "sections", "assets"]


@dataclass(frozen=True, slots=True)
class Place:
    """Something of a story, and whether anybody can come to it.

    Attributes:
        id: its id; an asset's kind and name.
        place: `scene#label` of its section; empty for an asset.
        text: how a reader knows it.
        status: whether it can be reached.
    """

    id: str
    place: str
    text: str
    status: Status


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a kind can be reached.

    Attributes:
        kind: of what.
        total: how many there are.
        reached: how many of them a route leads to.
        impossible: how many are proven to be out of reach.
        unknown: how many were neither reached nor proven out of reach.
        by_walks: how many the random walks reached.
        by_routes: how many the given routes reached; None without routes.
        missing: those that are not reached.
        missed_by_routes: those that can be reached and that no given route reaches.
    """

    kind: Kind
    total: int
    reached: int
    impossible: int
    unknown: int
    by_walks: int
    by_routes: int | None
    missing: tuple[Place, ...]
    missed_by_routes: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """A play-through that can be played again.

    Attributes:
        seed: the game's.
        answers: as `comfyvn play --route` takes them.
        ending: the id of the ending that it comes to; empty if it comes to none.
        lines: beats shown.
        words: all that is read: lines, choices when they are offered, notes.
        choices: choices taken of a menu.
        minutes: to read it.
    """

    seed: int
    answers: tuple[int | str, ...]
    ending: str
    lines: int
    words: int
    choices: int
    minutes: float


@dataclass(frozen=True, slots=True)
class Ending:
    """An ending.

    Attributes:
        id: its id.
        name: as it is written in the source.
        title: as readers see it.
        place: of its section.
        status: whether it can be reached.
        shortest: the route to it with the fewest answers that was found; None if there is none.
        fewest: whether no route has fewer answers (choices and texts), for certain.
        walks: how many random walks came to it.
        share: of all random walks.
    """

    id: str
    name: str
    title: str
    place: str
    status: Status
    shortest: Route | None
    fewest: bool
    walks: int
    share: float


@dataclass(frozen=True, slots=True)
class Spread:
    """How a number is spread over the random walks that came to an end.

    `histogram` counts in up to ten equal ranges from least to most.
    """

    least: float
    low: float
    middle: float
    high: float
    most: float
    mean: float
    histogram: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Walks:
    """The random walks: each choice that can be taken is as likely as the others.

    Attributes:
        runs: how many.
        seed: of all of them.
        ended: how many came to an ending.
        stuck: how many ran in circles without a question.
        long: how many were given up after many questions.
        lines: beats shown.
        words: all that is read.
        choices: choices taken.
        minutes: to read.
    """

    runs: int
    seed: int
    ended: int
    stuck: int
    long: int
    lines: Spread | None
    words: Spread | None
    choices: Spread | None
    minutes: Spread | None


@dataclass(frozen=True, slots=True)
class Lengths:
    """The shortest and the longest way through that were found, by words.

    Attributes:
        shortest: the route to an ending with the fewest words that was found.
        longest: the one with the most.
        endless: whether a route can go on for ever, so that there is no longest; None if that is
            not known.
    """

    shortest: Route | None
    longest: Route | None
    endless: bool | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice of a menu, in random walks.

    Attributes:
        id: its id.
        menu: its menu's id.
        place: of its section.
        text: as it is written, the longest form.
        status: whether it can ever be taken.
        conditional: whether it has a condition.
        fallback: whether it comes when no other is left.
        offered: how often it stood in a menu that opened.
        locked: how often it could not be taken there.
        taken: how often it was taken.
    """

    id: str
    menu: str
    place: str
    text: str
    status: Status
    conditional: bool
    fallback: bool
    offered: int
    locked: int
    taken: int


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks, and how much; no id stands for narration.

    Attributes:
        id: the character's; empty for narration.
        name: as readers see it.
        lines: beats; one said by two counts for both.
        words: of those lines, the longest form of each.
        minutes: to say them, estimated by their words.
        measured: minutes of those that have clips, as the last build made them; None without clips.
        clips: how many lines have one.
    """

    id: str
    name: str
    lines: int
    words: int
    minutes: float
    measured: float | None
    clips: int


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a scene.

    Attributes:
        id: its id; the first section's is the scene's, and stands for the scene as a whole: it is
            reached where any part of the scene is.
        place: `scene#label`.
        title: its heading, or the scene's.
        status: whether it can be reached.
        lines: beats.
        words: of them.
        share: of the random walks that come here.
    """

    id: str
    place: str
    title: str
    status: Status
    lines: int
    words: int
    share: float


@dataclass(frozen=True, slots=True)
class Link:
    """A way from one section to another, or to an ending (`ending ID`).

    Attributes:
        source: the place of a section.
        target: likewise, or an ending.
        how: `next` is by running on, `back` by returning from a call.
        status: whether it is ever taken.
    """

    source: str
    target: str
    how: How
    status: Status


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast one reads and speaks, in words per minute, and where the numbers come from."""

    reading: float
    speaking: float
    source: str


@dataclass(frozen=True, slots=True)
class Search:
    """How a story was explored.

    Attributes:
        whole: whether all is settled, so that what was not reached cannot be.
        states: how many states were visited.
        how: in words.
    """

    whole: bool
    states: int
    how: str


@dataclass(frozen=True, slots=True)
class Found:
    """Something odd, as `comfyvn check` would say it; a line of 0 is the file as a whole."""

    code: str
    severity: Severity
    message: str
    help: str
    path: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Report:
    """What an exploration found out about a story."""

    format: Literal[1]
    id: str
    title: str
    version: str
    language: str
    search: Search
    pace: Pace
    coverage: tuple[Coverage, ...]
    endings: tuple[Ending, ...]
    lengths: Lengths
    walks: Walks
    choices: tuple[Choice, ...]
    speakers: tuple[Speaker, ...]
    sections: tuple[Section, ...]
    links: tuple[Link, ...]
    findings: tuple[Found, ...]
