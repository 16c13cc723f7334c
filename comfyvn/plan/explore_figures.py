"""The figures of an exploration's report in words, for the terminal and the page."""

from __future__ import annotations

import math

from comfyvn.explore.report import Choice, Coverage, Report, Status, Walks

KINDS = {
    "lines": "lines",
    "choices": "choices",
    "endings": "endings",
    "sections": "scenes and sections",
    "assets": "pictures and sounds",
}
STATUSES: dict[Status, str] = {
    "reached": "can be reached",
    "impossible": "cannot be reached",
    "unknown": "not found",
}
RARE = 0.05
"""A share of the times it was offered below which a choice is rarely taken."""


def number(value: float) -> str:
    """Return a whole number with its thousands apart: `12,300`."""
    return f"{round(value):,}"


def share(part: float, whole: float) -> str:
    """Return a share that is 0% or 100% only where it is: `37%`, `under 1%`; a dash of nothing."""
    if not whole:
        return "–"
    percent = 100 * part / whole
    if 0 < percent < 1:
        return "<1%"
    if 99 < percent < 100:
        return ">99%"
    return f"{percent:.0f}%"


def minutes(value: float) -> str:
    """Return a time to read: `40 s`, `14 min`, `2 h 5 min`."""
    if value < 1:
        return f"{math.ceil(value * 60)} s"
    whole = round(value)
    return f"{whole} min" if whole < 60 else f"{whole // 60} h {whole % 60} min"


def counted(count: float, one: str, many: str = "") -> str:
    """Return a number with its noun: `1 choice`, `1,200 choices`."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def method(report: Report) -> str:
    """Return how the story was explored and what that proves, as sentences."""
    how = report.search.how
    if report.search.whole:
        told = f"Everything is settled: {how}. What was not reached, nobody can reach"
        assets = next((each for each in report.coverage if each.kind == "assets"), None)
        if assets is not None and assets.unknown:
            return f"{told}; of pictures and sounds it is only known which ones some route showed."
        return f"{told}."
    return (
        f"Not everything is settled: {how}. What was not found may still be there, unless it says "
        "that it cannot be reached."
    )


def whole_story(report: Report) -> str:
    """Return how large a story is: `7,652 words in 512 lines, 55 choices, 4 endings`."""
    words = sum(section.words for section in report.sections)
    totals = {each.kind: each.total for each in report.coverage}
    return (
        f"{counted(words, 'word')} in {counted(totals['lines'], 'line')}, "
        f"{counted(totals['choices'], 'choice')}, {counted(totals['endings'], 'ending')}"
    )


def walks_told(walks: Walks) -> str:
    """Return how the random walks went, in words."""
    if not walks.runs:
        return "no random walks"
    told = f"{counted(walks.runs, 'random walk')} (seed {walks.seed})"
    others = []
    if walks.stuck:
        others.append(f"{number(walks.stuck)} ran in circles")
    if walks.long:
        others.append(f"{number(walks.long)} were given up")
    rest = walks.runs - walks.ended - walks.stuck - walks.long
    if rest:
        others.append(f"{number(rest)} stopped elsewhere")
    return f"{told}; {', '.join(others)}" if others else told


def remarks(choice: Choice) -> str:
    """Return what is notable about a choice in random walks; empty if nothing is."""
    if choice.status == "impossible":
        return "cannot be taken"
    if not choice.offered and not choice.taken:
        return "never offered"
    if choice.offered and choice.locked == choice.offered:
        return "always locked"
    if choice.offered and not choice.taken:
        return "never taken"
    if choice.taken < RARE * choice.offered:
        return "rarely taken"
    return "often locked" if choice.locked * 2 > choice.offered else ""


def missing_told(coverage: Coverage) -> str:
    """Return what of a kind is not reached: `2 cannot be reached, 3 not found`."""
    parts = []
    if coverage.impossible:
        parts.append(f"{number(coverage.impossible)} cannot be reached")
    if coverage.unknown:
        parts.append(f"{number(coverage.unknown)} not found")
    return ", ".join(parts)


def short(text: str, most: int) -> str:
    """Return a text on one line, cut at a word to some letters."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    head = text[: most - 1]
    cut = head.rfind(" ")
    return f"{head[:cut] if cut > most // 2 else head}…"
