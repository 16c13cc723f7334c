"""What takes a moment has not hung, and what hangs does not stop the suite."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

SECONDS = 10
"""Ten times what the slowest source takes; work that grows as its square takes minutes."""


@contextmanager
def hang_guard() -> Iterator[None]:
    """Fail after ten seconds of this process's own time, however busy the machine is."""

    def stop(*_: object) -> None:
        raise TimeoutError(f"still running after {SECONDS} s")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
