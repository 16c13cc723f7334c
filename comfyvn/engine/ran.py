"""What became of the steps of a run, and why."""

from __future__ import annotations

import traceback
from typing import Literal, NamedTuple

from comfyvn.engine.context import UndeclaredError
from comfyvn.engine.placement import Place
from comfyvn.engine.sources import UnreadableSourceError
from comfyvn.engine.step import Step

How = Literal["ran", "reused", "fetched", "failed", "skipped"]
Why = Literal["new", "definition", "inputs", "outputs", "unfinished", "always"]


class Reason(NamedTuple):
    """Why a step ran: `new` there was no result; `definition` its rule or parameters changed;
    `inputs` those of `names` changed; `outputs` those of `names` were gone or altered;
    `unfinished` it, or a step that it needs, failed before; `always` the builder was told to."""

    why: Why
    names: tuple[str, ...] = ()


class Ran(NamedTuple):
    """What became of one step that was looked at.

    Attributes:
        step: the step.
        how: what became of it.
        reason: why it ran.
        seconds: how long it took.
        place: where it was done, and why there, if that was chosen.
    """

    step: Step
    how: How
    reason: Reason
    seconds: float
    place: Place | None = None


class Failure(NamedTuple):
    """A step that could not be done.

    Attributes:
        step: which one.
        message: what to tell the user.
        trace: for a crash file, the traceback.
        unread: the source that it could not read, if it was for that.
    """

    step: Step
    message: str
    trace: str = ""
    unread: str = ""


def failure(step: Step, error: Exception) -> Failure:
    """Return what an error says to the user; with a traceback if it is nothing the user did."""
    if isinstance(error, UnreadableSourceError):
        return Failure(step, str(error.strerror), unread=error.filename)
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return Failure(step, f"{where}{error.strerror or error}")
    if isinstance(error, UndeclaredError):
        return Failure(step, str(error))
    trace = "".join(traceback.format_exception(error))
    expected = getattr(error, "expected", False)
    return Failure(step, str(error) or type(error).__name__, "" if expected else trace)
