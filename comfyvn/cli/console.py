"""Tables and texts on a terminal or in a pipe."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.segment import Segment

from comfyvn.source.render import plain

if TYPE_CHECKING:
    from rich.console import ConsoleOptions, RenderableType

ENDLESS = 100_000
"""Columns of what is no terminal: whoever looks for a name in it finds it in one line."""


class PlainConsole(Console):
    """Writes no control character that a name holds, and wraps nothing in a pipe or file."""

    def __init__(self, file: TextIO | None = None) -> None:
        super().__init__(file=file, highlight=False)
        if not self.is_terminal and "COLUMNS" not in os.environ:
            self.width = ENDLESS

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Return the parts of what is printed."""
        for each in super().render(renderable, options):
            yield each if each.control else Segment(plain(each.text, keep="\n"), each.style)
