"""Which route comes to which line: an exploration of what is saved, in a process of its own.

`python -m comfyvn.lsp.routes DIR` prints it as JSON; the server starts that while nobody waits.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from comfyvn.explore.result import Budget
from comfyvn.lsp.apart import Apart

BUDGET = Budget(states=20_000, slice_total=100_000)
"""What is looked at; `comfyvn explore` looks longer."""
NICE = 15


class Routes(NamedTuple):
    """How the lines of a story are come to, by id, and which no path comes to."""

    told: dict[str, str]
    impossible: frozenset[str]


class Explorer(Apart[Path]):
    """Explores what is saved, each project again when it was saved."""

    def __init__(self, done: Callable[[Path, Routes], None], delay: float = 2.0) -> None:
        """Begin; `done` is told what is found."""
        super().__init__(delay)
        self.done = done

    async def work(self, project: Path) -> None:
        """Explore it."""
        found = await self.ask(__name__, project)
        if found is not None:
            self.done(project, Routes(found["told"], frozenset(found["impossible"])))


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
