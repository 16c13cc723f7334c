"""The distribution of jobs over devices that ends soonest, as far as a quick search finds it.

Jobs of several families go to machines of unequal speed, and a machine that turns to another family
loses time: that is NP-hard. The search is that of MULTIFIT (Coffman, Garey, Johnson 1978): guess
the end, fill the devices up to it, halve what is between the guesses. A family is put where it fits
as a whole; one that fits nowhere is split, from the device with the most room on,
so that few devices load the same models.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

_CLOSE = 0.005
"""Guesses of the end that differ by less than this share are not told apart."""
_GUESSES = 40
_FEW = 40
"""Up to how many jobs single ones are exchanged at last: at the end of the work it matters."""


class Bin(NamedTuple):
    """A device as it is filled.

    Attributes:
        busy: seconds until it can begin something new.
        speed: how fast it is.
        loaded: the families whose models it holds.
    """

    busy: float
    speed: float
    loaded: frozenset[int]


class Family(NamedTuple):
    """Jobs that need the same models.

    Attributes:
        seconds: how long each takes at speed 1, longest first.
        load: seconds that loading their models takes, anywhere.
        suits: the bins that may do them.
        whole: whether all of them go to one bin.
    """

    seconds: Sequence[float]
    load: float
    suits: Sequence[int]
    whole: bool = False


class Share(NamedTuple):
    """Some jobs of a family, by their index in it, for one bin."""

    family: int
    bin: int
    jobs: list[int]


def distribute(bins: Sequence[Bin], families: Sequence[Family]) -> tuple[float, list[Share]]:
    """Return when all is done, in seconds from now, and who does what.

    Infinite and nothing when some family suits no bin.
    """
    if any(not family.suits for family in families):
        return float("inf"), []
    totals = [sum(family.seconds) for family in families]
    orders = [
        sorted(range(len(families)), key=lambda i: (not _has(bins, families, i), -totals[i], i)),
        sorted(range(len(families)), key=lambda i: (-families[i].seconds[0], -totals[i], i)),
    ]
    low = _at_least(bins, families, totals)
    high = low
    best: list[Share] | None = None
    end = 0.0
    for _ in range(_GUESSES):
        if best is not None and high - low <= _CLOSE * high:
            break
        guess = high if best is None else (low + high) / 2
        for order, tight in itertools.product(orders, (True, False)):
            shares = _filled(guess, bins, families, totals, order, tight=tight)
            if shares is not None:
                # The fullest bin may well end before the guess.
                best, high = shares, min(guess, _end(bins, families, shares))
                break
        else:
            low = guess
            if best is None:
                high = guess * 2 + 1e-3
        end = high
    if best and sum(len(family.seconds) for family in families) <= _FEW:
        return exchanged(bins, families, best)
    return end, best or []


def exchanged(
    bins: Sequence[Bin], families: Sequence[Family], shares: Sequence[Share]
) -> tuple[float, list[Share]]:
    """Move single jobs off the bin that ends last, or swap them, as long as the end comes sooner.

    Returns:
        the end, and who does what.
    """
    held: list[list[Job]] = [[] for _ in bins]
    for family, b, indexes in shares:
        held[b] += [(family, index) for index in indexes]
    ends = [_takes(bins[b], families, jobs) for b, jobs in enumerate(held)]
    while True:
        last = max(range(len(bins)), key=lambda b: ends[b] if held[b] else 0.0)
        found = _exchange(bins, families, held, ends, last)
        if found is None:
            break
        b, ours, theirs = found
        held[last], held[b] = ours, theirs
        ends[last], ends[b] = _takes(bins[last], families, ours), _takes(bins[b], families, theirs)
    made: dict[tuple[int, int], list[int]] = {}
    for b, jobs in enumerate(held):
        for family, index in sorted(jobs):
            made.setdefault((family, b), []).append(index)
    return ends[last], [Share(family, b, indexes) for (family, b), indexes in made.items()]


Job = tuple[int, int]
"""A family and the index of a job in it."""


def _exchange(
    bins: Sequence[Bin],
    families: Sequence[Family],
    held: Sequence[list[Job]],
    ends: Sequence[float],
    last: int,
) -> tuple[int, list[Job], list[Job]] | None:
    """Return a bin and what it and the last one then hold, if both then end sooner than now."""
    for job in held[last]:
        if families[job[0]].whole:
            continue
        rest = [each for each in held[last] if each != job]
        for b in families[job[0]].suits:
            if b == last:
                continue
            for other in (None, *held[b]):
                if other is not None and (
                    families[other[0]].whole or last not in families[other[0]].suits
                ):
                    continue
                ours = rest if other is None else [*rest, other]
                theirs = [*(each for each in held[b] if each != other), job]
                limit = ends[last] * (1 - 1e-9)
                if (
                    _takes(bins[b], families, theirs) < limit
                    and _takes(bins[last], families, ours) < limit
                ):
                    return b, ours, theirs
    return None


def _takes(bin: Bin, families: Sequence[Family], jobs: Sequence[Job]) -> float:
    """Return when a bin is done with some jobs."""
    loads = sum(families[i].load for i in {i for i, _ in jobs} - bin.loaded)
    return bin.busy + loads + sum(families[i].seconds[j] for i, j in jobs) / bin.speed


def _has(bins: Sequence[Bin], families: Sequence[Family], i: int) -> bool:
    return any(i in bins[b].loaded for b in families[i].suits)


def _at_least(bins: Sequence[Bin], families: Sequence[Family], totals: Sequence[float]) -> float:
    """Return a time before which nobody can be done."""
    longest = max(
        (
            min(
                bins[b].busy
                + family.seconds[0] / bins[b].speed
                + (0.0 if i in bins[b].loaded else family.load)
                for b in family.suits
            )
            for i, family in enumerate(families)
        ),
        default=0.0,
    )
    used = {b for family in families for b in family.suits}
    speed = sum(bins[b].speed for b in used)
    return max(longest, sum(totals) / speed if speed else 0.0)


def _filled(
    guess: float,
    bins: Sequence[Bin],
    families: Sequence[Family],
    totals: Sequence[float],
    order: Sequence[int],
    *,
    tight: bool,
) -> list[Share] | None:
    """Fill the bins up to a time; return None if not all goes in.

    A family goes where it fits as a whole, `tight` where least is left, else where most is.
    """
    room = [guess - each.busy for each in bins]
    shares: list[Share] = []
    for i in order:
        family = families[i]
        jobs, left = list(range(len(family.seconds))), totals[i]
        untried = set(family.suits)
        while jobs:
            chosen = _choose(i, family, left, bins, room, untried, tight=tight)
            if chosen is None:
                return None
            untried.remove(chosen)
            speed = bins[chosen].speed
            load = 0.0 if i in bins[chosen].loaded else family.load
            able = (room[chosen] - load) * speed
            taken, jobs, used = _poured(family.seconds, jobs, left, able)
            if not taken:
                continue
            if jobs and family.whole:
                return None
            left -= used
            room[chosen] -= load + used / speed
            shares.append(Share(i, chosen, taken))
    return shares


def _choose(
    i: int,
    family: Family,
    left: float,
    bins: Sequence[Bin],
    room: Sequence[float],
    untried: set[int],
    *,
    tight: bool,
) -> int | None:
    """Return the bin that a family goes to next; None if there is none with room."""
    shortest = family.seconds[-1]
    whole: tuple[float, int] | None = None
    most: tuple[float, int] | None = None
    for b in sorted(untried):
        loaded = i in bins[b].loaded
        able = (room[b] - (0.0 if loaded else family.load)) * bins[b].speed
        if able < shortest * (1 - 1e-9):
            continue
        if loaded and not family.whole:
            return b
        if able >= left and (whole is None or (able < whole[0]) is tight):
            whole = (able, b)
        if most is None or able > most[0]:
            most = (able, b)
    if whole is not None:
        return whole[1]
    return most[1] if most is not None and not family.whole else None


def _poured(
    seconds: Sequence[float], jobs: list[int], left: float, able: float
) -> tuple[list[int], list[int], float]:
    """Return which jobs go in, which do not, and how long the former take at speed 1."""
    able *= 1 + 1e-9
    if left <= able:
        return jobs, [], left
    taken, rest, used = [], [], 0.0
    for job in jobs:
        if used + seconds[job] <= able:
            taken.append(job)
            used += seconds[job]
        else:
            rest.append(job)
    return taken, rest, used


def _end(bins: Sequence[Bin], families: Sequence[Family], shares: Sequence[Share]) -> float:
    """Return when the last bin that does something is done."""
    ends = [each.busy for each in bins]
    for family, b, jobs in shares:
        load = 0.0 if family in bins[b].loaded else families[family].load
        ends[b] += load + sum(families[family].seconds[j] for j in jobs) / bins[b].speed
    return max((ends[share.bin] for share in shares), default=0.0)
