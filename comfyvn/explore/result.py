"""What an exploration of a story finds out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

Answer = int | str
Verdict = Literal["proven", "found", "bounded"]
"""How sure a finding is. `proven`: so on every path. `found`: a path shows it. `bounded`: nothing
to the contrary was found in the states that were visited, but there are more."""
Severity = Literal["warning", "note"]


class Budget(NamedTuple):
    """How much is looked at; counts, so that the same story always gives the same result.

    Attributes:
        states: states that the search visits at most.
        slice_states: states that each proof over a part of the variables visits at most.
        slice_total: states that all of them visit together at most.
        walks: answers that random games give together, where the search did not finish.
        seeds: games tried to find one whose draws are those of a witness.
    """

    states: int = 8_000
    slice_states: int = 200_000
    slice_total: int = 400_000
    walks: int = 120_000
    seeds: int = 2_000


class Witness(NamedTuple):
    """A play-through that can be played: `Run(seed, answers)`, with nothing kept of earlier ones.

    `answers` are as `comfyvn play --route` takes them.
    """

    seed: int
    answers: tuple[Answer, ...]


class Way(NamedTuple):
    """A play-through that somebody wrote down.

    Attributes:
        seed: the game's.
        answers: as those of a witness.
        language: one of the story's; None is its own.
        start: where it begins, and
        given: with what variables, as `Story.start` takes them.
    """

    seed: int
    answers: tuple[Answer, ...]
    language: str | None = None
    start: str = ""
    given: Mapping[str, Any] = {}


class Edge(NamedTuple):
    """A way that the story goes: from a section to a section (`scene#label`), or to an ending
    (`ending ID`), by a `jump`, a `call`, a return (`back`), or by running on (`next`)."""

    source: str
    target: str
    how: Literal["jump", "call", "back", "next", "ending"]


class Finding(NamedTuple):
    """Something that is odd about a story.

    Attributes:
        code: `VN16xx`.
        id: what it is about: a line, choice, item, section, scene, ending, menu or call by id,
            or a variable (`variable NAME`).
        verdict: how sure it is.
        message: a sentence about it.
        help: what to do; may be empty.
        severity: how bad it is, if the project says nothing else.
        witness: the route with the fewest answers that shows it; None if there is nothing to
            show (it never happens), or none was found that plays so.
        spot: of a condition or an assignment without an id, in the scene of `id`, its name as
            `comfyvn.story.compiler.logic_places` gives it; else empty.
    """

    code: str
    id: str
    verdict: Verdict
    message: str
    help: str
    severity: Severity
    witness: Witness | None
    spot: str = ""


class Exploration(NamedTuple):
    """What is known of a story.

    Attributes:
        whole: whether all states were visited: then all that is not reached is impossible.
        states: how many states the search visited.
        how: which ways of looking it took, in words.
        reached: ids that a path comes to: lines, choices that can be taken, items, menus, inputs,
            calls, sections (the first one's is the scene's), endings, breaks, pictures.
        impossible: ids that no path comes to, for certain. What is in neither is not known.
        shortest: for ids that are reached, the route with the fewest answers that was found;
            an id can be absent, where no seed was found that draws so.
        fewest: whether no route has fewer answers than those of `shortest`, for certain.
        edges: the ways that are taken on some path.
        endless: whether a path can go on for ever; None if that is not known.
        findings: what is odd.
    """

    whole: bool
    states: int
    how: str
    reached: frozenset[str]
    impossible: frozenset[str]
    shortest: Mapping[str, Witness]
    fewest: bool
    edges: tuple[Edge, ...]
    endless: bool | None
    findings: tuple[Finding, ...]
