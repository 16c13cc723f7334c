"""The display of a build on a terminal."""

from __future__ import annotations

import io
import re

import pytest

from comfyvn.cli import progress
from comfyvn.engine.step import Rule, Step


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("width", [30, 40, 80, 200])
def test_a_line_has_bar_and_count_and_as_much_as_fits(
    width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(progress, "_PATIENCE", 0.0)
    terminal = Terminal()
    shown = progress.TerminalProgress(terminal)
    shown.planned(68)
    rule = Rule("draw", "a:b", where="worker")
    for number in range(66):
        said = "painting sprite wren at the right"
        step = Step(f"draw {number}", "draw", "{}", (), (), said)
        shown.began(step, rule)
        shown.ended(step, "reused" if number % 3 else "ran", 0.1)
    shown.close()
    lines = re.split(r"[\r\n]+", re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", terminal.getvalue()))
    lines = [line for line in lines if line.strip()]
    assert max(map(len, lines)) <= width
    assert all(re.match(r"━.* \d+/68 ", line) for line in lines)
