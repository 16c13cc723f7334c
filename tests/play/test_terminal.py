"""The terminal player, in a real terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]")


def _in_the_foreground() -> None:
    """Let ^C reach this process: its terminal is the one pressed on, and it does not ignore it.

    A shell lets its background jobs ignore SIGINT, and they their children.
    """
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Player:
    """`comfyvn play` in a terminal of 80 by 24."""

    def __init__(self, project: Path) -> None:
        self.ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "comfyvn", "play", "-C", str(project), "--seed", "1"],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=_in_the_foreground,  # noqa: PLW1509
            cwd=ROOT,
            env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"},
        )
        os.close(theirs)
        self.seen = ""

    def expect(self, *words: str) -> None:
        """Wait until a page shows all of these, after what was expected before."""
        deadline = time.monotonic() + 30
        while not all(word in self.seen for word in words):
            assert time.monotonic() < deadline, f"no {words} in {self.seen[-2000:]}"
            if select.select([self.ours], [], [], 1)[0]:
                self.seen += _ESCAPES.sub("", os.read(self.ours, 65536).decode(errors="replace"))
        self.seen = ""

    def end(self) -> int:
        """Return the exit code, having read what comes until then: it may be more than fits."""
        deadline = time.monotonic() + 30
        while self.process.poll() is None and time.monotonic() < deadline:
            if select.select([self.ours], [], [], 0.1)[0]:
                with suppress(OSError):
                    os.read(self.ours, 65536)
        return self.process.wait(1)

    def press(self, keys: str, *then: str) -> None:
        """Press keys and wait for what they bring."""
        os.write(self.ours, keys.encode())
        self.expect(*then)


@pytest.fixture
def player(small: Path) -> Iterator[Player]:
    player = Player(small)
    yield player
    player.process.kill()
    player.process.wait()
    os.close(player.ours)


def test_a_game_from_the_first_line_to_quitting(player: Player, small: Path) -> None:
    player.expect("The door", "Rain on the door.", "go on")
    player.press("\r", "Who is there?")
    player.press(" ", "1  A friend.", "Nobody would say so yet", "2  Kick it.")
    player.press("\r", "Choose with 1 to 2.")
    player.press("9", "There are choices 1 to 2.")
    player.press("²8", "There are choices 1 to 2.")  # ² is a key in France, and no digit
    player.press("s", "Save as", "quick")
    player.press("by the door\r", "Saved as by the door.")
    player.press("2", "▸ Kick it.", "Nothing.")
    player.press("b", "2  Kick it.")
    player.press("1", "And your name?", "Ana")
    player.press("Böé\r", "▸ Böé", "Mei (whisper)", "Böé.")
    player.press("\r", "Inside", "begin again")
    player.press("l", "Load", "by the door")
    player.press("1", "Loaded by the door.", "Who is there?", "2  Kick it.")
    player.press("g", "Language", "es")
    player.press("\x1b", "1  A friend.")
    player.press("r", "Begin again?")
    player.press("1", "Rain on the door.")
    player.press("b", "This is where it begins.")
    os.write(player.ours, b"q")
    assert player.end() == 0
    assert {path.name for path in (small / ".comfyvn" / "saves").iterdir()} == {
        "by the door.save.json",
        "last.save.json",
        "persistent.json",
    }


def test_control_c_leaves_the_terminal_as_it_was(player: Player) -> None:
    player.expect("Rain on the door.", "go on")
    os.write(player.ours, b"\x03")
    assert player.end() == 130
