"""Single keys from a terminal."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

_NAMES = {
    "\r": "enter",
    "\n": "enter",
    " ": "space",
    "\x7f": "backspace",
    "\b": "backspace",
    "\x1b": "escape",
    "\x1b[A": "up",
    "\x1b[B": "down",
    "\x1b[C": "right",
    "\x1b[D": "left",
    "\x1b[5~": "page up",
    "\x1b[6~": "page down",
    "\x1bOA": "up",
    "\x1bOB": "down",
}


class Keys:
    """Reads keys: a character, or a name of `enter space backspace escape up down left right`,
    `page up` and `page down`."""

    def __init__(self) -> None:
        self._waiting: deque[str] = deque()

    def read(self) -> str:
        """Wait for a key. Raises `EOFError` when the terminal is gone."""
        while not self._waiting:
            self._waiting.extend(_keys(_read()))
        return self._waiting.popleft()


def _keys(text: str) -> Iterator[str]:
    while text:
        known = next((text[:n] for n in (4, 3, 1) if text[:n] in _NAMES), None)
        if known is None and text[0] == "\x1b":
            return  # an escape sequence that means nothing here
        yield _NAMES[known] if known else text[0]
        text = text[len(known or text[0]) :]


if sys.platform == "win32":
    import msvcrt

    _WINDOWS = {"H": "\x1b[A", "P": "\x1b[B", "K": "\x1b[D", "M": "\x1b[C", "I": "\x1b[5~"}

    def _read() -> str:
        first = msvcrt.getwch()
        if first == "\x03":
            raise KeyboardInterrupt
        if first in "\x00\xe0":
            return _WINDOWS.get(msvcrt.getwch(), "")
        return first

    @contextmanager
    def single_keys() -> Iterator[Keys]:
        """Have keys arrive one by one, without echo, until the block ends."""
        yield Keys()

else:
    import termios
    import tty

    def _read() -> str:
        data = os.read(sys.stdin.fileno(), 1024)
        if not data:
            raise EOFError
        while True:
            try:
                return data.decode()
            except UnicodeDecodeError:
                # The rest of a character that the terminal sent in two parts.
                more = os.read(sys.stdin.fileno(), 1)
                if not more or len(data) > 1100:
                    return data.decode(errors="replace")
                data += more

    @contextmanager
    def single_keys() -> Iterator[Keys]:
        """Have keys arrive one by one, without echo, until the block ends."""
        fd = sys.stdin.fileno()
        before = termios.tcgetattr(fd)
        try:
            tty.setcbreak(fd)
            yield Keys()
        finally:
            termios.tcsetattr(fd, termios.TCSADRAIN, before)
