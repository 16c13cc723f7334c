"""Work that takes longer than a key press: on one project at a time, in a process of its own."""

from __future__ import annotations

import asyncio
import json
import sys
from abc import ABC, abstractmethod
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Hashable
from pathlib import Path
from typing import Any, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


class Apart(ABC, Generic[Key]):
    """Works on projects one after the other, each `delay` seconds after the last wish for it.

    What runs is not stopped by a new wish: it says something about what was, and then the next
    work begins.
    """

    def __init__(self, delay: float) -> None:
        self.delay = delay
        self._wanted: dict[Key, float] = {}
        self._task: asyncio.Task[None] | None = None
        self._process: Process | None = None
        self._busy_with: Key | None = None

    @abstractmethod
    async def work(self, project: Key) -> None:
        """Do it, by `ask`."""

    def wish(self, project: Key) -> None:
        """Have the work done for a project, as it will be once nobody types."""
        loop = asyncio.get_running_loop()
        self._wanted[project] = loop.time() + self.delay
        if self._task is None or self._task.done():
            self._task = loop.create_task(self._run())

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while self._wanted:
            project = min(self._wanted, key=self._wanted.__getitem__)
            rest = self._wanted[project] - loop.time()
            if rest > 0:
                await asyncio.sleep(rest)
                continue
            del self._wanted[project]
            self._busy_with = project
            await self.work(project)
            self._busy_with = None

    async def ask(self, module: str, root: Path, given: bytes = b"") -> Any:
        """Run a module on a project; return what it prints as JSON, None if it has no answer."""
        self._process = process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", module, str(root), stdin=PIPE, stdout=PIPE, stderr=DEVNULL
        )
        data, _ = await process.communicate(given)
        self._process = None
        return json.loads(data) if process.returncode == 0 else None

    def forget(self, project: Key) -> None:
        """Let go of a project; stop what runs for it."""
        self._wanted.pop(project, None)
        if self._busy_with == project:
            self._stop()

    def close(self) -> None:
        """Stop what runs."""
        if self._task is not None:
            self._task.cancel()
        self._stop()

    def _stop(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
