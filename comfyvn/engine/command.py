"""Command lines: run in a clean folder, one process group each."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO

from comfyvn.engine.action import Action, Context
from comfyvn.engine.clean_folder import (
    CommandError,
    collect,
    command_line,
    environment,
    lay_out,
    remove,
)
from comfyvn.engine.sandbox import Isolation
from comfyvn.engine.step import Rule

SHOWN = 4000
"""How much of what a command said is shown when it fails, in bytes from the end."""

GRACE = 2.0
"""Seconds that a command has between being asked to stop and being killed."""


class Commands:
    """Runs commands in threads of the build, and stops them all when the build is interrupted."""

    def __init__(self, scratch: Path, isolation: Isolation | None = None) -> None:
        """Prepare to run commands.

        Args:
            scratch: the folder for their folders; what a killed build left there is removed.
            isolation: hides the project from commands, for `--sandbox`.

        Raises:
            OSError: the folder cannot be made.
        """
        self.scratch = scratch
        self.isolation = isolation
        self._running: set[subprocess.Popen[bytes]] = set()
        self._guard = threading.Lock()
        self._stopped = False
        if scratch.exists():
            remove(scratch)
        scratch.mkdir(parents=True, exist_ok=True)

    def action(self, rule: Rule) -> Action:
        """Return what runs the steps of a rule that has a command."""

        def act(context: Context) -> None:
            self.run(context, rule)

        return act

    def run(self, context: Context, rule: Rule) -> None:
        """Run a step's command and collect its outputs; others that it wrote are thrown away.

        Raises:
            CommandError: it cannot start, fails, takes too long, is stopped, or does not write an
                output.
            OSError: the folder cannot be written.
        """
        folder = Path(tempfile.mkdtemp(dir=self.scratch)).resolve()
        try:
            lay_out(context, folder)
            self._call(command_line(context), folder, rule.timeout)
            for name, path in collect(context.outputs, folder).items():
                context.write(name, path.read_bytes())
        finally:
            remove(folder)

    def stop(self) -> None:
        """Stop all commands and what they started; those that come later do not start."""
        with self._guard:
            self._stopped = True
            running = list(self._running)
        for process in running:
            _signal(process, signal.SIGTERM)
        for process in running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(GRACE)
            _kill(process)

    def _call(self, line: list[str], folder: Path, timeout: float) -> None:
        with tempfile.TemporaryFile() as said:
            process = self._start(line, folder, said)
            try:
                code = process.wait(timeout or None)
            except subprocess.TimeoutExpired:
                raise CommandError(
                    f"`{line[0]}` was stopped after {timeout:g} seconds (`timeout` in its rule)"
                    + _tail(said)
                ) from None
            finally:
                _kill(process)  # what it started goes with it
                with self._guard:
                    self._running.discard(process)
            if self._stopped:
                raise CommandError(f"`{line[0]}` was interrupted")
            if code:
                raise CommandError(f"`{line[0]}` {ended(code)}" + _tail(said))

    def _start(self, line: list[str], folder: Path, said: IO[bytes]) -> subprocess.Popen[bytes]:
        variables = environment(folder)
        if "/" not in line[0] and shutil.which(line[0], path=variables["PATH"]) is None:
            raise CommandError(f"there is no program `{line[0]}` on the path: install it")
        with self._guard:
            if self._stopped:
                raise CommandError(f"`{line[0]}` was interrupted")
            try:
                process = subprocess.Popen(
                    self.isolation.wrap(line, folder) if self.isolation else line,
                    cwd=folder,
                    env=variables,
                    stdin=subprocess.DEVNULL,
                    stdout=said,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            except OSError as error:
                raise CommandError(
                    f"`{line[0]}` cannot be started: {error.strerror}; a program of the project "
                    "must be one of the rule's inputs"
                ) from None
            self._running.add(process)
        return process


def ended(code: int) -> str:
    """Return how a process with this return code came to its end."""
    if code < 0:
        try:
            return f"was killed by {signal.Signals(-code).name}"
        except ValueError:
            return f"was killed by signal {-code}"
    return f"failed with exit code {code}"


def _tail(said: IO[bytes]) -> str:
    size = said.seek(0, os.SEEK_END)
    said.seek(max(0, size - SHOWN))
    text = said.read().decode("utf-8", "replace").strip()
    if not text:
        return "; it said nothing"
    cut = "… " if size > SHOWN else ""
    return f"; it said:\n{cut}{text}"


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        if os.name == "nt":
            process.terminate()
        else:
            os.killpg(process.pid, number)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of a command's process group, and take in its end."""
    _signal(process, getattr(signal, "SIGKILL", signal.SIGTERM))
    process.wait()
