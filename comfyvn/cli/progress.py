"""How a build tells of itself: a display that moves on a terminal, a line a target in a log."""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, Any, TextIO

from comfyvn.engine.step import message

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from comfyvn.engine.ran import How
    from comfyvn.engine.step import Rule, Step

_PATIENCE = 0.4
"""Seconds before a display appears: most builds are over by then."""
_REFRESH = 0.08
_BAR = 24
"""Columns that the bar takes, at most a quarter of the terminal."""
_REST = 9
"""Columns of the time that is left and of what parts the others."""
_SLOW = 5.0
"""Seconds after which a log says that a step is still running, and how far the build is."""


class PlainProgress:
    """For logs: a line now and then, when a build takes long."""

    def __init__(self, stream: TextIO = sys.stderr) -> None:
        self.stream = stream
        self.count: Counter[str] = Counter()
        self.total = 0
        self._last = time.monotonic()

    def waiting(self, other: int) -> None:
        """Say that another build has the project."""
        print(f"waiting for another build of this project (process {other})", file=self.stream)

    def planned(self, steps: int) -> None:
        """Count steps that may have to run."""
        self.total += steps

    def began(self, step: Step, rule: Rule) -> None:
        """Say nothing: what is quick would only be noise."""

    def moved(self, output: str, said: str) -> None:
        """Say nothing: a log has a line for what is done."""

    def ended(self, step: Step, how: How, seconds: float) -> None:
        """Count a step; say how far the build is when nothing was said for a while."""
        self.count[how] += 1
        now = time.monotonic()
        if now - self._last > _SLOW:
            from comfyvn.source.render import plain

            self._last = now
            done = self.count.total()
            print(
                f"{done} of {self.total} steps: {plain(_shown(step))}", file=self.stream, flush=True
            )

    def close(self) -> None:
        """End."""


class TerminalProgress(PlainProgress):
    """For people: what runs, how far it is, how long is left, what was reused."""

    def __init__(self, stream: TextIO = sys.stderr) -> None:
        super().__init__(stream)
        self._began = time.monotonic()
        self._drawn = 0.0
        self._bar: Bar | None = None
        self._task: Any = None
        self._running: dict[str, str] = {}
        self._far: dict[str, str] = {}
        self._guard = threading.Lock()

    def began(self, step: Step, rule: Rule) -> None:
        """Show what runs."""
        if rule.where != "here" or time.monotonic() - self._began > _PATIENCE:
            with self._guard:
                self._running[_of(step)] = message(rule, step)
                self._draw(_shown(step))

    def moved(self, output: str, said: str) -> None:
        """Show how far a job is."""
        with self._guard:
            if output in self._running:
                self._far[output] = said
                self._draw(output)

    def ended(self, step: Step, how: How, seconds: float) -> None:
        """Move on."""
        self.count[how] += 1
        with self._guard:
            self._running.pop(_of(step), None)
            self._far.pop(_of(step), None)
            self._draw(_shown(step))

    def _draw(self, name: str) -> None:
        now = time.monotonic()
        if now - self._drawn < _REFRESH or now - self._began < _PATIENCE:
            return
        self._drawn = now
        if self._bar is None:
            self._start()
        assert self._bar is not None
        first = next(iter(self._running), "")
        saying = self._running.get(first, name)
        if first in self._far:
            saying = f"{self._far[first]}: {saying}"  # the end is cut where there is no room
        if len(self._running) > 1:
            saying = f"{saying} and {len(self._running) - 1} more"
        held = self.count["reused"] + self.count["fetched"]
        done, reused = self.count.total(), f"{held} reused" if held else ""
        # A narrow terminal has the bar and the count, and as much of what runs as there is room.
        width = self._bar.console.width
        rest = width - min(_BAR, width // 4) - len(f"{done}/{self.total}{reused}") - _REST
        self._bar.update(
            self._task,
            completed=done,
            total=self.total,
            saying=_cut(saying, rest),
            reused=reused,
        )

    def _start(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
        from rich.progress import TimeRemainingColumn as Remaining

        console = Console(file=self.stream)
        self._bar = Progress(
            BarColumn(bar_width=min(_BAR, console.width // 4)),
            MofNCompleteColumn(),
            Remaining(compact=True),
            TextColumn("[dim]{task.fields[reused]}[/dim]"),
            TextColumn("{task.fields[saying]}", markup=False),
            console=console,
            transient=True,
            refresh_per_second=1 / _REFRESH,
        )
        self._task = self._bar.add_task("", total=self.total, saying="", reused="")
        self._bar.start()

    def close(self) -> None:
        """Take the display away; what is printed next stands in its place."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def _shown(step: Step) -> str:
    """Return a step's name; where what it makes is called as its rule is, with that word once."""
    rule, _, label = step.name.partition(" ")
    return label if label.startswith(f"{rule} ") else step.name


def _of(step: Step) -> str:
    """Return what tells a step from all others, for what is told of it by its output."""
    return step.outputs[0] if step.outputs else step.name


def _cut(text: str, width: int) -> str:
    """Return as much of a text as a line has room for."""
    from rich.text import Text

    from comfyvn.source.render import plain

    shown = Text(plain(text))
    shown.truncate(max(width, 1), overflow="ellipsis")
    return shown.plain
