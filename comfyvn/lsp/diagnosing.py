"""Findings while somebody writes: checks in a thread of their own, never two of one project."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from comfyvn.lsp.engine import Engine, Found
from comfyvn.lsp.project import Project
from comfyvn.source.diagnostics import Diagnostic


class Checked(NamedTuple):
    """The findings of a file, and the text and version that they are about, if it is open."""

    findings: tuple[Diagnostic, ...]
    text: str | None = None
    version: int | None = None


Publish = Callable[[Project, dict[str, Checked]], None]


class Diagnosing:
    """Checks projects after they change, once for changes that come within `delay` seconds."""

    def __init__(self, publish: Publish, delay: float = 0.05) -> None:
        """Begin; `publish` is told the files of which something is new."""
        self.publish, self.delay = publish, delay
        self.found: dict[Project, dict[str, Checked]] = {}
        self._engines: dict[Project, Engine] = {}
        self._waiting: dict[Project, asyncio.TimerHandle] = {}
        self._running: set[Project] = set()
        self._again: set[Project] = set()
        # The engine's store is of the thread that opened it.
        self._thread = ThreadPoolExecutor(1, "comfyvn-check")

    def changed(self, project: Project, *, now: bool = False) -> None:
        """Have a project checked soon."""
        waiting = self._waiting.pop(project, None)
        if waiting is not None:
            waiting.cancel()
        loop = asyncio.get_running_loop()
        self._waiting[project] = loop.call_later(0 if now else self.delay, self._begin, project)

    def _begin(self, project: Project) -> None:
        self._waiting.pop(project, None)
        if project in self._running:
            self._again.add(project)
            return
        self._running.add(project)
        asyncio.get_running_loop().create_task(self._check(project))

    async def _check(self, project: Project) -> None:
        overlay = project.overlay()
        texts = {path: (each.text, each.version) for path, each in project.open.items()}
        scenes = [path for path in texts if project.scene_of(path) is not None]
        engine = self._engines.setdefault(project, Engine(project.root))
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(self._thread, engine.check, overlay, scenes)
            project.answers, project.ids = found.answers, dict(found.ids)
            self._tell(project, found, texts)
        finally:
            self._running.discard(project)
            if project in self._again:
                self._again.discard(project)
                self._begin(project)

    def _tell(
        self, project: Project, found: Found, texts: Mapping[str, tuple[str, int | None]]
    ) -> None:
        by_path: dict[str, list[Diagnostic]] = {path: [] for path in texts}
        for each in found.findings:
            by_path.setdefault(each.span.path, []).append(each)
        new = {path: Checked(tuple(each), *texts.get(path, ())) for path, each in by_path.items()}
        old = self.found.get(project, {})
        gone = {path: Checked(()) for path in old if path not in new}
        self.found[project] = new
        told = {path: each for path, each in {**gone, **new}.items() if old.get(path) != each}
        if told:
            self.publish(project, told)

    def of(self, project: Project, path: str) -> tuple[Diagnostic, ...]:
        """Return the findings of a file, if they are about what it holds now."""
        checked = self.found.get(project, {}).get(path)
        document = project.open.get(path)
        if checked is None or (document is not None and document.text != checked.text):
            return ()
        return checked.findings

    def close(self) -> None:
        """Wait for what runs, and let go of everything."""
        for waiting in self._waiting.values():
            waiting.cancel()
        for engine in self._engines.values():
            self._thread.submit(engine.close)
        self._thread.shutdown(wait=True)
