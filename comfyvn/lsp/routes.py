"""Which route comes to which line: an exploration of what is saved, in a process of its own.

`python -m comfyvn.lsp.routes DIR` prints it as JSON; the server starts that while nobody waits.
"""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path
from typing import Any, NamedTuple

from comfyvn.explore.result import Budget

BUDGET = Budget(states=20_000, slice_total=100_000)
"""What is looked at; `comfyvn explore` looks longer."""
NICE = 15


class Routes(NamedTuple):
    """How the lines of a story are come to, by id, and which no path comes to."""

    told: dict[str, str]
    impossible: frozenset[str]


class Explorer:
    """Explores projects one after the other, each again when it was saved."""

    def __init__(self, delay: float = 2.0) -> None:
        """Begin; nothing is done before `delay` seconds without a new wish."""
        self.delay = delay
        self._task: asyncio.Task[None] | None = None
        self._process: Process | None = None
        self._exploring: Path | None = None
        self._wanted: dict[Path, Any] = {}
        self._since = 0.0

    def wish(self, root: Path, done: Any) -> None:
        """Have a project explored; `done` is told what is found."""
        self._wanted[root] = done
        self._since = asyncio.get_running_loop().time()
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._work())

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while self._wanted:
            rest = self._since + self.delay - loop.time()
            if rest > 0:
                await asyncio.sleep(rest)
                continue
            root = next(iter(self._wanted), None)
            if root is None:
                return
            done = self._wanted.pop(root)
            self._exploring = root
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "comfyvn.lsp.routes", str(root),
                stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL,
            )  # fmt: skip
            data, _ = await self._process.communicate()
            if self._process.returncode == 0:
                found = json.loads(data)
                done(Routes(found["told"], frozenset(found["impossible"])))
            self._process = self._exploring = None

    def forget(self, root: Path) -> None:
        """Let go of a project; stop what runs for it."""
        self._wanted.pop(root, None)
        if self._exploring == root:
            self._stop()

    def close(self) -> None:
        """Stop what runs."""
        if self._task is not None:
            self._task.cancel()
        self._stop()

    def _stop(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()


def explored(root: Path) -> dict[str, Any] | None:
    """Return what is known of a project as it is on disk; None if it has errors."""
    from comfyvn.explore.explore import explore
    from comfyvn.explore.placing import route_told
    from comfyvn.model.load import load_project
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.source.lock import read_lock
    from comfyvn.story.compile import compile_project

    out = Diagnostics()
    loaded = load_project(root, out)
    compiled = None if loaded is None else compile_project(loaded, read_lock(root, out), out)
    if compiled is None or out.has_errors:
        return None
    found = explore(compiled.program, BUDGET)
    told = {id: route_told(witness) for id, witness in found.shortest.items()}
    return {"told": told, "impossible": sorted(found.impossible)}


def main() -> int:
    """Print what is known of the project that the command line names."""
    import os

    if hasattr(os, "nice"):
        os.nice(NICE)
    found = explored(Path(sys.argv[1]))
    if found is None:
        return 1
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
