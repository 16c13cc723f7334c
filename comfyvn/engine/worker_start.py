"""Loaded by the server that forks workers, before it forks any: what of their start is told.

A worker that is just starting when the build is interrupted finds that what they share is gone.
Nobody has to know.
"""

from __future__ import annotations

import sys
from types import TracebackType

_tell = sys.excepthook


def _unless_the_build_is_gone(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if not isinstance(error, (FileNotFoundError, ConnectionError, EOFError)):
        _tell(kind, error, trace)


sys.excepthook = _unless_the_build_is_gone
