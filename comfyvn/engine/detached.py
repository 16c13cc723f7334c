"""A command as a job: a process of its own that a killed build does not take with it.

Each job has a folder `.comfyvn/jobs/KEY/`: `in/` is the clean folder that the command runs in,
`job.json` says what to run, `said` is what it says, and `result.json` comes last, when it has
ended. A small process (`detached_runner.py`) starts the command and waits for it. It holds the
lock on `lock` as long as it lives, which the build takes before it starts it and hands over: so a
job is alive, or has a result, or is lost.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from comfyvn.engine.action import Context
from comfyvn.engine.clean_folder import (
    CommandError,
    collect,
    command_line,
    environment,
    lay_out,
    remove,
)
from comfyvn.engine.command import GRACE, SHOWN, ended
from comfyvn.engine.jobs import Handle, Status
from comfyvn.engine.objects import write_file

RUNNER = Path(__file__).with_name("detached_runner.py")


class DetachedCommands:
    """The driver of rules that have a command and `where: job`."""

    ends_with_build = False
    notes: tuple[str, ...] = ()

    def __init__(self, state: Path) -> None:
        """Keep jobs below the folder `.comfyvn`."""
        self.folder = state.resolve() / "jobs"
        self._children: list[subprocess.Popen[bytes]] = []

    def submit(self, key: str, context: Context, timeout: float) -> Handle:
        """Start a process for a step's command.

        Raises:
            CommandError: it cannot be started.
            OSError: its folder cannot be written.
        """
        if os.name != "posix":
            raise CommandError(
                "commands in the background need Linux or macOS: write `where: command`"
            )
        place = self.folder / key
        remove(place)
        inside = place / "in"
        inside.mkdir(parents=True)
        lay_out(context, inside)
        job = {
            "line": command_line(context),
            "env": environment(inside),
            "timeout": timeout,
            "outputs": list(context.outputs),
        }
        write_file(place / "job.json", json.dumps(job).encode())
        return self._started(place)

    def _started(self, place: Path) -> Handle:
        lock = os.open(place / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(lock)
            process = subprocess.Popen(
                [sys.executable, "-I", str(RUNNER), str(place)],
                cwd=place,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                pass_fds=[lock],
            )
        finally:
            os.close(lock)
        self._children.append(process)
        return {"place": str(place)}

    def adopt(self, key: str, handle: Handle | None) -> Handle | None:
        """Return the job of a key if it runs or has ended; one that was lost is no job."""
        place = self.folder / key
        if _alive(place) or (place / "result.json").exists():
            return {"place": str(place)}
        return None

    def poll(self, handle: Handle) -> Status:
        """Return how a job stands."""
        self._children = [child for child in self._children if child.poll() is None]
        place = Path(handle["place"])
        alive = _alive(place)  # asked first: it may come to its end just now
        result = _json(place / "result.json")
        if result is None:
            if alive:
                return Status("running")
            return Status("lost", "its process was killed")
        job = _json(place / "job.json") or {}
        name, code = job["line"][0], result["code"]
        if result["late"]:
            said = f"`{name}` was stopped after {job['timeout']:g} seconds"
            return Status("failed", said + _tail(place))
        if result["problem"]:
            return Status("failed", f"`{name}` cannot be started: {result['problem']}")
        if code:
            return Status("failed", f"`{name}` {ended(code)}" + _tail(place))
        try:
            return Status("done", outputs=collect(job["outputs"], place / "in"))
        except CommandError as error:
            return Status("failed", str(error))

    def cancel(self, handle: Handle) -> None:
        """Stop the process and all that it started."""
        place = Path(handle["place"])
        end = time.monotonic() + GRACE
        number = signal.SIGTERM
        # While the lock is held the process lives, so its id is nobody else's.
        while _alive(place):
            with suppress(OSError, ValueError):  # it may be about to write its id, or to end
                os.killpg(int((place / "pid").read_text()), number)
            if time.monotonic() > end:
                number = signal.SIGKILL
            time.sleep(0.02)

    def free(self, handle: Handle) -> None:
        """Remove the job's folder."""
        remove(Path(handle["place"]))

    def close(self) -> None:
        """End nothing: the processes are on their own."""


def _lock(descriptor: int, *, shared: bool = False) -> None:
    import fcntl  # not there on Windows

    fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)


def _alive(place: Path) -> bool:
    """Whether somebody holds the lock of a job."""
    try:
        descriptor = os.open(place / "lock", os.O_RDWR)
    except OSError:
        return False
    try:
        _lock(descriptor, shared=True)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def _json(path: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return found


def _tail(place: Path) -> str:
    try:
        text = (place / "said").read_bytes()[-SHOWN:].decode("utf-8", "replace").strip()
    except OSError:
        text = ""
    return f"; it said:\n{text}" if text else "; it said nothing"
