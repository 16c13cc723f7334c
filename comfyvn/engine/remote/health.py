"""When to stop asking a server that does not answer."""

from __future__ import annotations

from typing import NamedTuple


class Patience(NamedTuple):
    """How long to wait for a shared cache, and when to go on without it.

    Attributes:
        timeout: seconds in which a small request is answered.
        rate: bytes a second that a transfer makes at least: larger ones get more time.
        attempts: how often one request is tried.
        failures: after so many failures, each begun after the one before ended, the cache is off.
        lost: after so many seconds of failures without a success between, it is off.
        lost_in_all: after so many seconds of failures in one build, it is off.
        parallel: how many objects travel at once.
    """

    timeout: float = 5.0
    rate: int = 128 * 1024
    attempts: int = 3
    failures: int = 5
    lost: float = 10.0
    lost_in_all: float = 60.0
    parallel: int = 16


class Health:
    """What the requests so far say about a server. Times are seconds of a monotonic clock.

    Requests that fail together, as when a connection breaks under all of them, are one failure;
    seconds in which several wait are lost once.
    """

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._in_a_row = 0
        self._lost_in_a_row = 0.0
        self._last_end = float("-inf")
        self.failures = 0
        self.lost = 0.0
        self.why = ""
        self.off = False

    def worked(self) -> None:
        """Note an answer: also that there is no such object."""
        self._in_a_row = 0
        self._lost_in_a_row = 0.0

    def failed(self, began: float, ended: float, why: str) -> None:
        """Note a request without a usable answer."""
        if self.off:
            return
        lost = max(0.0, ended - max(began, self._last_end))
        self.failures += 1
        self._in_a_row += began >= self._last_end
        self._last_end = max(self._last_end, ended)
        self._lost_in_a_row += lost
        self.lost += lost
        self.why = why
        self.off = (
            self._in_a_row >= self._patience.failures
            or self._lost_in_a_row >= self._patience.lost
            or self.lost >= self._patience.lost_in_all
        )

    def give_up(self, why: str) -> None:
        """Turn the cache off: no further request can succeed."""
        if not self.off:
            self.failures += 1
            self.why = why
            self.off = True
