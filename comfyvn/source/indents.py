"""Indents that Markdown reads otherwise than they look."""

from __future__ import annotations

import re

from comfyvn.source.report import Report
from comfyvn.source.syntax import At

_TABS = re.compile(r"(?:[ >]|[-*+](?=[ \t])|[0-9]{1,9}[.)](?=[ \t]))*\t[ \t]*")


class Indents:
    """Reports wrong indents, once for consecutive lines."""

    __slots__ = ("last", "to")

    def __init__(self, to: Report) -> None:
        self.to = to
        self.last = -1

    def without_tabs(self, line: str, number: int, reported: bool) -> str:
        """Return the line with tabs that decide about structure as spaces, and report them."""
        match = _TABS.match(line)
        if match is None or not line.strip(" \t"):
            return line
        if reported:
            self.last = number - 1  # how wide it is counts as told
            start = line.index("\t")
            self.to.error(
                "VN0321",
                "a tab stands in the indent, whose width editors and Markdown see differently",
                At(number, start + 1, match.end() + 1),
                help="indent by spaces: two under `- `, three under `1. `",
            )
        return match[0].expandtabs(4) + line[match.end() :]

    def report(self, number: int, position: int, indent: int, wanted: int = 0) -> None:
        """Report `indent` spaces from `position` on, where an item above wants `wanted`."""
        consecutive = self.last == number - 1
        self.last = number
        if consecutive:
            return
        at = At(number, position + 1, position + indent + 1)
        if wanted:
            self.to.error(
                "VN0302",
                f"{_spaces(indent)} of indent {'is' if indent == 1 else 'are'} too few for the "
                "item above",
                at,
                help=f"indent what belongs to it by {_spaces(wanted)}; else begin at the margin "
                "after an empty line",
                fix=[(at, " " * wanted)],
            )
        elif indent < 4:
            self.to.error(
                "VN0302",
                f"{_spaces(indent)} of indent belong{'s' if indent == 1 else ''} to no item",
                at,
                help="take them away, or indent as far as the text of the item it belongs to",
                fix=[(at, "")],
            )
        else:
            self.to.error(
                "VN0303",
                f"{indent} spaces of indent make this a code block in Markdown",
                at,
                help="indent only as far as the text of the item it belongs to",
                fix=[(at, "")],
            )


def _spaces(count: int) -> str:
    return "1 space" if count == 1 else f"{count} spaces"
