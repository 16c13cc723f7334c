"""The display of a build on a terminal."""

from __future__ import annotations

import io
import re
import time

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


def test_a_job_tells_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(progress, "_PATIENCE", 0.0)
    monkeypatch.setattr(progress, "_REFRESH", 0.01)
    terminal = Terminal()
    shown = progress.TerminalProgress(terminal)
    shown.planned(2)
    rule = Rule("render", "a:b", where="job")
    steps = [
        Step(f"render {name}", "render", "{}", (), (f"@raw/{name}",), f"rendering {name}")
        for name in ("kit", "wren")
    ]
    for step in steps:
        shown.began(step, rule)
    for step, number in ((0, 3), (1, 12), (0, 19)):
        time.sleep(0.02)
        shown.moved(f"@raw/{'wren' if step else 'kit'}", f"step {number} of 20")
    time.sleep(0.02)
    shown.ended(steps[0], "ran", 1.0)
    shown.moved("@raw/kit", "step 20 of 20")
    shown.close()
    said = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", terminal.getvalue())
    assert "step 3 of 20: rendering kit and 1 more" in said
    assert "step 19 of 20: rendering kit and 1 more" in said
    assert "step 12 of 20: rendering wren" in said
    assert "step 20 of 20" not in said


def test_a_log_says_a_word_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_SLOW", -1.0)
    log = io.StringIO()
    shown = progress.PlainProgress(log)
    shown.planned(2)
    for name in ("ambience ambience city", "painting city\x1b"):
        shown.ended(Step(name, name.partition(" ")[0], "{}", (), ()), "ran", 0.1)
    assert log.getvalue() == "1 of 2 steps: ambience city\n2 of 2 steps: painting city<U+001B>\n"
