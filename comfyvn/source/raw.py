"""Raw text of a beat, and where it stands in its file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from comfyvn.source.blocks import Row
from comfyvn.source.report import Report
from comfyvn.source.syntax import At


class Source:
    """Raw text of one or more joined lines.

    `starts` are the offsets at which the lines of `places` (line, column) begin. A joined line
    ends with `\\` and a line break, as in the file. `whole` tells that it is all of its paragraph.
    """

    __slots__ = ("places", "starts", "text", "whole")

    def __init__(
        self,
        text: str,
        starts: Sequence[int],
        places: Sequence[tuple[int, int]],
        whole: bool = True,
    ) -> None:
        self.text = text
        self.starts = starts
        self.places = places
        self.whole = whole

    def at(self, start: int, end: int) -> At:
        """Return the place of `text[start:end]`, cut to the line it begins on."""
        if len(self.starts) == 1:
            line, column = self.places[0]
            return At(line, column + start, column + end)
        row = bisect_right(self.starts, start) - 1
        line, column = self.places[row]
        if row + 1 < len(self.starts):
            end = min(end, max(start + 1, self.starts[row + 1] - 1))
        offset = column - self.starts[row]
        return At(line, offset + start, offset + end)


def gather(rows: Sequence[Row], index: int, report: Report) -> tuple[Source, int]:
    """Return the beat that begins at `rows[index]`, with all lines it joins, and the next index.

    Spaces at the ends of lines are left out, except that behind a joining `\\` they are an error.
    """
    line, column, raw = rows[index]
    text = raw.rstrip(" \t")
    first = not index
    index += 1
    if not text.endswith("\\"):
        return Source(text, (0,), ((line, column),), first and index == len(rows)), index
    parts: list[str] = []
    starts = [0]
    places = [(line, column)]
    while index < len(rows) and _joins(text):
        if len(raw) > len(text):
            at = At(line, column + len(text), column + len(raw))
            report.error(
                "VN0407",
                "spaces behind the final `\\` undo it",
                at,
                help="take the spaces away",
                fix=[(at, "")],
            )
        parts.append(text[:-1].rstrip(" \t") + "\\\n")
        line, column, raw = rows[index]
        text = raw.rstrip(" \t")
        index += 1
        starts.append(starts[-1] + len(parts[-1]))
        places.append((line, column))
    parts.append(text)
    return Source("".join(parts), starts, places, first and index == len(rows)), index


def _joins(text: str) -> bool:
    """Whether a line ends with a backslash that is not itself escaped."""
    return (len(text) - len(text.rstrip("\\"))) % 2 == 1
