"""`build --sandbox`: steps run where only their inputs exist, to prove that rules declare them all.

A command is in a clean folder anyway; where bubblewrap can be used, the rest of the project is
hidden from it too, and the network. A function of ComfyVN's own process cannot be shut in, so it
is watched: opening or listing anything of the project but its inputs is refused and reported.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from comfyvn.engine.action import Action, Context
from comfyvn.engine.placement import Place
from comfyvn.source.diagnostics import Diagnostic

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


class UndeclaredReadError(Exception):
    """A step looked at a file of the project that is not one of its inputs."""

    expected = True


class Isolation:
    """Hides a project from commands.

    Attributes:
        note: what the user should know when commands cannot be isolated; empty when they can.
    """

    def __init__(self, root: Path) -> None:
        """Find out what can be used here; that starts a process."""
        self.root = root.resolve()
        self._program = shutil.which("bwrap")
        self.note = ""
        if self._program is None:
            self.note = "`bwrap` (bubblewrap) is not installed"
        elif not _works([self._program, "--ro-bind", "/", "/", "--unshare-net", "true"]):
            self.note = "this system lets `bwrap` make no namespaces"
        if self.note:
            self._program = None
            self.note = f"commands ran in clean folders but could see other files: {self.note}"

    def wrap(self, line: list[str], folder: Path) -> list[str]:
        """Return a command line that runs another in `folder`, below or outside the project.

        It sees the system read-only, nothing of the project, no network, and its own folder.
        """
        if self._program is None:
            return line
        made = [self._program, "--ro-bind", "/", "/", "--dev", "/dev", "--tmpfs", str(self.root)]
        for place in _programs_below(self.root):
            made += ["--ro-bind", str(place), str(place)]
        made += ["--bind", str(folder), str(folder), "--chdir", str(folder)]
        return [*made, "--unshare-net", "--unshare-pid", "--proc", "/proc", "--die-with-parent",
                "--", *line]  # fmt: skip


def _works(line: list[str]) -> bool:
    try:
        done = subprocess.run(line, capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _programs_below(root: Path) -> Iterator[Path]:
    """Yield the folders of programs inside the project, such as a virtual environment."""
    for name in os.environ.get("PATH", "").split(os.pathsep):
        place = Path(name)
        if place.is_absolute() and place.is_relative_to(root) and place.is_dir():
            yield place.parent if place.name == "bin" and place.parent != root else place


def sealed(action: Action, root: Path) -> Action:
    """Return an action that can look at nothing of the project but what its context gives.

    Threads and processes that the action starts are not watched.
    """
    folder = os.path.realpath(root)

    def act(context: Context) -> None:
        watch = _Watch(folder)
        # What was refused is said below, all of it.
        with watch.on(), suppress(UndeclaredReadError):
            action(_SealedContext(context, watch))
        if watch.seen:
            names = ", ".join(f"`{name}`" for name in sorted(watch.seen))
            raise UndeclaredReadError(
                f"it looks at {names}, which its rule does not declare: add that to `inputs` or "
                "`reads`"
            )

    return act


class _Watch:
    """What one thread may open while it runs an action."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.allowed: set[str] = set()
        self.seen: set[str] = set()

    @contextmanager
    def on(self, active: bool = True) -> Iterator[None]:
        """Watch this thread, or with False let it go."""
        _install()
        before = getattr(_local, "watch", None)
        _local.watch = self if active else None
        try:
            yield
        finally:
            _local.watch = before

    def check(self, path: object) -> None:
        """Refuse a path of the project that is not allowed.

        Raises:
            UndeclaredReadError: it is one.
        """
        if not isinstance(path, (str, bytes, os.PathLike)):
            return
        real = os.path.realpath(os.fsdecode(path))
        if not real.startswith(self.root + os.sep) or real in self.allowed or self._is_code(real):
            return
        name = real[len(self.root) + 1 :].replace(os.sep, "/")
        self.seen.add(name)
        raise UndeclaredReadError(f"`{name}` is not an input")

    def _is_code(self, path: str) -> bool:
        """Whether a file is one that Python itself reads: a project may hold its environment."""
        places = [os.path.realpath(place) for place in (sys.prefix, *filter(None, sys.path))]
        return any(
            path.startswith(place + os.sep)
            for place in places
            if place.startswith(self.root + os.sep)
        )


_local = threading.local()
_installed: list[bool] = []


def _install() -> None:
    """Set the audit hook, once: Python has no way to take one off again."""
    if not _installed:
        _installed.append(True)
        sys.addaudithook(_hook)


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in ("open", "os.listdir", "os.scandir"):
        return
    watch: _Watch | None = getattr(_local, "watch", None)
    if watch is not None:
        with watch.on(False):  # finding out what a path is looks at files itself
            watch.check(arguments[0])


class _SealedContext:
    """A context during whose calls the engine may read what it likes."""

    def __init__(self, context: Context, watch: _Watch) -> None:
        self._context = context
        self._watch = watch

    @property
    def params(self) -> Mapping[str, Any]:
        return self._context.params

    @property
    def inputs(self) -> tuple[str, ...]:
        return self._context.inputs

    @property
    def outputs(self) -> tuple[str, ...]:
        return self._context.outputs

    @property
    def place(self) -> Place:
        return self._context.place

    def names(self, pattern: str) -> tuple[str, ...]:
        return self._freely(self._context.names, pattern)

    def read(self, name: str) -> bytes:
        return self._freely(self._context.read, name)

    def find(self, name: str) -> bytes | None:
        return self._freely(self._context.find, name)

    def digest(self, name: str) -> str:
        return self._freely(self._context.digest, name)

    def path(self, name: str) -> Path:
        path = self._freely(self._context.path, name)
        self._watch.allowed.add(os.path.realpath(path))
        return path

    def write(self, name: str, data: bytes) -> None:
        self._freely(self._context.write, name, data)

    def copy(self, name: str, source: str) -> None:
        self._freely(self._context.copy, name, source)

    def report(self, finding: Diagnostic) -> None:
        self._freely(self._context.report, finding)

    def _freely(
        self, call: Callable[_Given, _Result], *given: _Given.args, **named: _Given.kwargs
    ) -> _Result:
        with self._watch.on(False):
            return call(*given, **named)
