"""What can play a story, by name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from comfyvn.play.runtime import Runtime


def runtime_on(target: str, build: Path, program: Mapping[str, Any]) -> Runtime:
    """Return what plays a story, on a target built in a folder of `build`, or the Program itself.

    Raises:
        OSError: the target is not there.
        ImportError: what drives it is not installed.
        RuntimeError: it does not start.
        RenpyError: Ren'Py is not installed.
    """
    if target == "web":
        from comfyvn.play.web import WebRuntime

        return WebRuntime(build / target)
    if target == "renpy":
        from comfyvn.play.renpy import RenpyRuntime

        return RenpyRuntime(build / target)
    from comfyvn.play.interpreter import InterpreterRuntime

    return InterpreterRuntime(program)
