"""Builds in processes of their own, which can be stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from builds.example import ROOT


class Process:
    """`comfyvn build` as a user starts it."""

    def __init__(self, root: Path, *arguments: str) -> None:
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "comfyvn", "build", "-C", str(root), *arguments],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            # A shell lets its background jobs ignore SIGINT, and they their children.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
        )

    def wait(self) -> tuple[int, str]:
        """Return the exit code and what was said, once the build and all it started have ended."""
        said, _ = self.process.communicate(timeout=120)
        return self.process.returncode, said

    def stop(self, sent: signal.Signals, *, group: bool = False) -> bool:
        """Send a signal to the build, or as a terminal does to all it started too; return whether
        the build still ran."""
        running = self.process.poll() is None
        if running and group:
            os.killpg(self.process.pid, sent)
        elif running:
            self.process.send_signal(sent)
        return running

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began
