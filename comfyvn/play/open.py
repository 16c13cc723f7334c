"""Open a built target for a person to play."""

from __future__ import annotations

import contextlib
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path

from comfyvn.drivers.renpy_sdk import RenpyError, find_renpy
from comfyvn.play.web import serve_folder

PORT = 8421
"""A browser keeps saves by address, so the address stays the same from one day to the next."""


def open_web(site: Path, tell: Callable[[str], None]) -> None:
    """Serve a built site and open it in the browser, until interrupted.

    Raises:
        OSError: no port is free.
    """
    try:
        _serve(site, PORT, tell)
    except OSError:
        _serve(site, 0, tell)


def _serve(site: Path, port: int, tell: Callable[[str], None]) -> None:
    with serve_folder(site, port) as address:
        tell(f"playing at {address} (Ctrl+C ends it)")
        with contextlib.suppress(KeyboardInterrupt):
            webbrowser.open(address)
            threading.Event().wait()


def open_renpy(project: Path) -> None:
    """Start a built project in Ren'Py, until its window is closed.

    Raises:
        RenpyError: Ren'Py is not installed, or it failed.
    """
    renpy = find_renpy()
    if renpy is None:
        raise RenpyError("Ren'Py is not installed; COMFYVN_RENPY_SDK may name one")
    if code := renpy.launch(project):
        raise RenpyError(f"Ren'Py ended with exit code {code}")
