"""Where a story leads, while somebody writes: looked at in a process of its own, once nobody types.

`python -m comfyvn.lsp.story DIR` reads what is open as JSON, checks the project with it, and prints
what the exploration adds to the findings of a check.
"""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from comfyvn.engine.findings import as_json, from_json
from comfyvn.engine.manifest import STATE
from comfyvn.lsp.project import Project
from comfyvn.source.diagnostics import Diagnostic

STATE_FOLDER = f"{STATE}/lsp-story"
"""Where results are kept: no check of the server waits for an exploration."""
NICE = 15


class Told(NamedTuple):
    """What an exploration said.

    Attributes:
        findings: its findings by path.
        texts: what these files held.
    """

    findings: Mapping[str, tuple[Diagnostic, ...]]
    texts: Mapping[str, str]


class Stories:
    """Explores projects one after the other, each when nothing was wished for `delay` seconds.

    What runs is not stopped by a new wish: it says something about a text that was, and then the
    next exploration begins.
    """

    def __init__(self, done: Callable[[Project, Told], None], delay: float = 0.7) -> None:
        """Begin; `done` is told what is found."""
        self.done, self.delay = done, delay
        self._wanted: dict[Project, float] = {}
        self._seen: dict[Project, object] = {}
        self._task: asyncio.Task[None] | None = None
        self._process: Process | None = None
        self._exploring: Project | None = None

    def wish(self, project: Project) -> None:
        """Have a project explored as it will be once nobody types."""
        loop = asyncio.get_running_loop()
        self._wanted[project] = loop.time() + self.delay
        if self._task is None or self._task.done():
            self._task = loop.create_task(self._work())

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while self._wanted:
            project = min(self._wanted, key=self._wanted.__getitem__)
            rest = self._wanted[project] - loop.time()
            if rest > 0:
                await asyncio.sleep(rest)
                continue
            del self._wanted[project]
            state = project.state()
            if self._seen.get(project) != state:
                told = await self._explore(project)
                if told is not None:
                    self._seen[project] = state
                    self.done(project, told)

    async def _explore(self, project: Project) -> Told | None:
        texts = {path: each.text for path, each in project.open.items()}
        then = {
            path: texts[path] if path in texts else project.text(path) for path in project.paths
        }
        self._exploring = project
        self._process = process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "comfyvn.lsp.story", str(project.root),
            stdin=PIPE, stdout=PIPE, stderr=DEVNULL,
        )  # fmt: skip
        data, _ = await process.communicate(json.dumps(texts).encode())
        self._process = self._exploring = None
        if process.returncode != 0:
            return None
        found: dict[str, tuple[Diagnostic, ...]] = {}
        for each in map(from_json, json.loads(data)):
            found[each.span.path] = (*found.get(each.span.path, ()), each)
        return Told(found, {path: then.get(path, "") for path in found})

    def forget(self, project: Project) -> None:
        """Let go of a project; stop what runs for it."""
        self._wanted.pop(project, None)
        self._seen.pop(project, None)
        if self._exploring is project:
            self._stop()

    def close(self) -> None:
        """Stop what runs."""
        if self._task is not None:
            self._task.cancel()
        self._stop()

    def _stop(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()


def explored(root: Path, overlay: Mapping[str, bytes]) -> list[Any] | None:
    """Return the findings that an exploration adds, as JSON values; None if there is none."""
    from datetime import date

    from comfyvn.advisory.check import judged
    from comfyvn.plan.check import Checker
    from comfyvn.source.diagnostics import Diagnostics

    today = date.today()
    with Checker(root, STATE_FOLDER) as checker:
        checked = checker.check(overlay)
        if not checked.whole:
            return None
        late = Counter(checked.late)
        early = Diagnostics()
        for each in checked.findings:
            if late[each]:
                late[each] -= 1
            else:
                early.append(each)
        said = Counter(judged(checked._replace(findings=early, whole=False), today).findings)
        added = []
        for each in judged(checked, today).findings:
            if said[each]:
                said[each] -= 1
            else:
                added.append(as_json(each))
        return added


def main() -> int:
    """Print what the exploration of the project adds that the command line names."""
    import os

    if hasattr(os, "nice"):
        os.nice(NICE)
    texts = json.loads(sys.stdin.buffer.read())
    overlay = {path: text.encode("utf-8", "replace") for path, text in texts.items()}
    found = explored(Path(sys.argv[1]), overlay)
    if found is None:
        return 1
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
