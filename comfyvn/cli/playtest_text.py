"""What `comfyvn test` shows to people: how stories differ, and what no playtest comes to."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from rich.console import Console
from rich.text import Text

from comfyvn.play.coverage import Covered, Missed
from comfyvn.play.golden import Entry
from comfyvn.play.story_diff import Change, Difference

WIDEST = 100
"""Columns of text, however wide the terminal is."""
_MOST_HUNKS = 12
_MOST_MISSED = 20
_ALIKE = 0.5
"""How alike two wordings are of which the words are compared."""

SourceMap = Mapping[str, tuple[str, int, int]]
_STYLES = {"-": "red", "+": "green", "~": "", " ": "dim"}
_NAMES = {"reworded": "reworded", "gone": "gone", "new": "new"}


def print_difference(difference: Difference, name: str, spots: SourceMap, more: str) -> None:
    """Print how a story differs from a golden to standard error.

    Args:
        difference: what differs.
        name: the golden's.
        spots: where lines stand.
        more: where all of it is, if not all is shown.
    """
    console = _console()
    counts = difference.counts
    told = ", ".join(f"{counts[kind]} {_NAMES[kind]}" for kind in _NAMES if counts[kind])  # type: ignore[index]
    console.print(Text(f"{name} and the story as it is now: {told}", "bold"))
    hunks = list(difference.hunks())
    for hunk in hunks[:_MOST_HUNKS]:
        console.print()
        where = _place(hunk, spots)
        if where:
            console.print(Text(where, "cyan"))
        for change in hunk:
            for mark, text in _shown(change):
                _print_line(console, mark, text)
    if len(hunks) > _MOST_HUNKS:
        console.print(f"\n… and {len(hunks) - _MOST_HUNKS} more places: {more}")
    console.print()


def print_coverage(covered: Sequence[Covered], spots: SourceMap) -> None:
    """Print how much of a story playtests come to to standard error."""
    console = _console()
    console.print(Text("Coverage by these playtests", "bold"))
    for each in covered:
        walked = each.covered - each.by_routes
        walks = f", and {walked} more at random" if walked else ""
        console.print(f"  {each.kind:8} {each.by_routes:5} of {each.total} by routes{walks}")
    missed = list(_worth_telling(covered))
    if not missed:
        return
    console.print(Text("\nNo playtest comes to", "bold"))
    for kind, it, lines in missed[:_MOST_MISSED]:
        path, line, _ = spots.get(it.id, (it.place, 0, 0))
        words = Text(f"  {path}:{line}  " if line else f"  {path}  ", "cyan")
        what = {"endings": "the ending ", "choices": "the choice ", "sections": "all of "}
        words.append(f"{what.get(kind, '')}“{it.text}”", "default")
        if lines:
            words.append(f", {lines} line{'s' * (lines > 1)}", "default")
        words.truncate(_width(console), overflow="ellipsis")
        console.print(words)
    if len(missed) > _MOST_MISSED:
        console.print(f"  … and {len(missed) - _MOST_MISSED} others: `--json` has all")


def _worth_telling(covered: Sequence[Covered]) -> Iterator[tuple[str, Missed, int]]:
    """Yield what is missed, with the number of its lines; a section stands for what is in it."""
    by_kind = {each.kind: each.missed for each in covered}
    closed = {each.place for each in by_kind["sections"]}
    for kind in ("endings", "sections", "choices", "lines"):
        for each in by_kind[kind]:
            if kind == "sections":
                lines = sum(line.place == each.place for line in by_kind["lines"])
                yield kind, each, lines
            elif kind == "endings" or each.place not in closed:
                yield kind, each, 0


def _console() -> Console:
    return Console(file=sys.stderr, highlight=False, soft_wrap=True)


def _width(console: Console) -> int:
    return min(console.width, WIDEST)


def _place(hunk: Sequence[Change], spots: SourceMap) -> str:
    """Return where a stretch stands: the line of the first change that is there, else of one
    around it."""
    changed = [each for each in hunk if each.kind != "same"]
    for each in [*changed, *hunk]:
        if each.entry.id in spots:
            path, line, _ = spots[each.entry.id]
            return f"{path}:{line}"
    return ""


def _shown(change: Change) -> Iterator[tuple[str, Text]]:
    why = Text(f"  ({change.why})", "dim") if change.why else Text()
    match change.kind, change.old, change.new:
        case "reworded", Entry() as old, Entry() as new:
            one, other = _words(old.text), _words(new.text)
            if SequenceMatcher(None, one, other, autojunk=False).ratio() >= _ALIKE:
                yield "~", _reworded(one, other)
            else:
                yield "-", Text(old.text)
                yield "+", Text(new.text)
        case "gone", Entry() as old, _:
            yield "-", Text(old.text) + why
        case "new", _, Entry() as new:
            yield "+", Text(new.text) + why
        case _:
            yield " ", Text(change.entry.text)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+\s*|[^\w]\s*", text)


def _reworded(old: Sequence[str], new: Sequence[str]) -> Text:
    """Return two wordings in one, as word diffs of git have them."""
    found = Text()
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append("".join(old[a:b]))
            continue
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        # A space after both is no part of what differs.
        space = " " if gone.endswith(" ") and come.endswith(" ") else ""
        gone, come = gone.removesuffix(space), come.removesuffix(space)
        if gone:
            found.append(f"[-{gone}-]", "red")
        if come:
            found.append(f"{{+{come}+}}", "green")
        found.append(space)
    return found


def _print_line(console: Console, mark: str, text: Text) -> None:
    text.stylize_before(_STYLES[mark])
    for number, line in enumerate(text.wrap(console, _width(console) - 4)):
        line.rstrip()
        console.print(Text(f"  {mark} " if number == 0 else "    ", _STYLES[mark]) + line)
