"""Ren'Py, wherever it is installed: finds it, runs its commands in isolation, reads its lint."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from comfyvn.source.diagnostics import Diagnostic, Diagnostics, Span

SHIM = Path(__file__).parent / "renpy_shim"
DEBIAN = Path("/usr/games/renpy")
_FINDING = re.compile(r"^(game/\S.*?):(\d+) (.+)$")
_STATISTICS = "Statistics:"


class RenpyError(Exception):
    """Ren'Py did not do what it was started for; the message has what it printed."""


@dataclass(frozen=True)
class Renpy:
    """An installed Ren'Py.

    Attributes:
        command: the program to start, before the project's folder.
    """

    command: tuple[str, ...]

    def version(self) -> str:
        """Return the version, such as `8.0.3`.

        Raises:
            RenpyError: it does not start.
        """
        done = _run([*self.command, "--version"], {}, 30)
        found = re.search(r"(\d+\.\d+\.\d+)", done.stdout)
        if found is None:
            raise RenpyError(done.stdout + done.stderr)
        return found[1]

    def run(
        self,
        project: Path,
        *arguments: str,
        timeout: float = 120,
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command on a project, which Ren'Py may write into; work on a copy.

        Home, saves and preferences are in a folder that is thrown away. At the end of `timeout`
        seconds Ren'Py is killed, as it takes no other signal.

        Raises:
            RenpyError: the time is over.
        """
        return self._isolated([*self.command, str(project), *arguments], timeout, environment)

    def on_display(
        self,
        project: Path,
        *arguments: str,
        timeout: float = 120,
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command that shows a window, on a virtual X display of its own.

        Raises:
            RenpyError: the time is over.
        """
        # Ren'Py's window is a little smaller than the display.
        display = ["xvfb-run", "-a", "-s", "-screen 0 2200x1300x24"]
        command = [*display, *self.command, str(project), *arguments]
        variables = {"SDL_VIDEODRIVER": "x11", **(environment or {})}
        return self._isolated(command, timeout, variables)

    def _isolated(
        self, command: list[str], timeout: float, environment: Mapping[str, str] | None
    ) -> subprocess.CompletedProcess[str]:
        with tempfile.TemporaryDirectory(prefix="renpy-") as scratch:
            variables = {
                "HOME": scratch,
                "RENPY_SIMPLE_EXCEPTIONS": "1",
                "RENPY_PERFORMANCE_TEST": "0",
                "RENPY_PATH_TO_SAVES": scratch,
                "SDL_AUDIODRIVER": "dummy",
                **(environment or {}),
            }
            return _run(command, variables, timeout)

    def launch(self, project: Path) -> int:
        """Play a project as a player does, with their own saves; return Ren'Py's exit code."""
        return subprocess.call([*self.command, str(project)], env=_environment({}))

    def lint(self, project: Path, *, timeout: float = 300) -> list[Diagnostic]:
        """Return what Ren'Py's own lint finds in a project.

        Raises:
            RenpyError: lint itself fails, or fails the project without saying where.
        """
        out = Diagnostics()
        with scratch_copy(project) as copy:
            done = self.run(copy, "lint", "--error-code", timeout=timeout)
        report = done.stdout.lstrip("\ufeff")
        for line in (report.partition(_STATISTICS)[0] + done.stderr).splitlines():
            if match := _FINDING.match(line.strip()):
                path, number, message = match[1], int(match[2]), match[3].rstrip(".")
                out.error("VN1010", message, Span.on_line(path, number, 1, 1))
        if done.returncode and not out:
            raise RenpyError(done.stdout + done.stderr)
        return out


def find_renpy() -> Renpy | None:
    """Return the Ren'Py of `COMFYVN_RENPY_SDK` (a folder or program), of the path, or Debian's."""
    wanted = os.environ.get("COMFYVN_RENPY_SDK")
    if wanted:
        path = Path(wanted)
        if path.is_dir():
            name = "renpy.exe" if sys.platform == "win32" else "renpy.sh"
            path = path / name
        return Renpy((str(path),)) if path.exists() else None
    for name in ("renpy", "renpy.sh"):
        if found := shutil.which(name):
            return Renpy((found,))
    return Renpy((str(DEBIAN),)) if DEBIAN.exists() else None


@contextmanager
def scratch_copy(project: Path) -> Iterator[Path]:
    """Give a copy of a project, without saves and caches, that is thrown away at the end."""
    with tempfile.TemporaryDirectory(prefix="comfyvn-renpy-") as folder:
        copy = Path(folder) / "project"
        shutil.copytree(project, copy, ignore=shutil.ignore_patterns("saves", "cache"))
        yield copy


def _environment(variables: Mapping[str, str]) -> dict[str, str]:
    path = [str(SHIM), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, **variables, "PYTHONPATH": os.pathsep.join(path)}


def _run(
    command: list[str], variables: Mapping[str, str], timeout: float
) -> subprocess.CompletedProcess[str]:
    process = subprocess.Popen(
        command,
        env=_environment(variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )
    try:
        output, errors = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        _kill(process)
        output, errors = process.communicate()
        raise RenpyError(f"Ren'Py was not done after {timeout:g} seconds\n{errors}") from None
    except BaseException:
        _kill(process)
        raise
    return subprocess.CompletedProcess(command, process.returncode, output, errors)


def _kill(process: subprocess.Popen[str]) -> None:
    """Kill a process and what it started."""
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
