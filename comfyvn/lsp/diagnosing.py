"""Findings while somebody writes: checks in a thread of their own, never two of one project."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from comfyvn.lsp.engine import Engine, Found
from comfyvn.lsp.project import Project
from comfyvn.lsp.quick import Quick, Whole
from comfyvn.source.diagnostics import Diagnostic


class Checked(NamedTuple):
    """The findings of a file, and the text and version that they are about, if it is open."""

    findings: tuple[Diagnostic, ...]
    text: str | None = None
    version: int | None = None


Publish = Callable[[Project, Mapping[str, Checked]], None]


class Diagnosing:
    """Checks projects after they change, once for changes that come within `delay` seconds.

    What can be said of a scene alone is said before: those findings have no version, and are
    followed by all of them.
    """

    def __init__(self, publish: Publish, delay: float = 0.01) -> None:
        """Begin; `publish` is told the files of which something is new."""
        self.publish, self.delay = publish, delay
        self.found: dict[Project, dict[str, Checked]] = {}
        self._engines: dict[Project, Engine] = {}
        self._waiting: dict[Project, asyncio.TimerHandle] = {}
        self._running: set[Project] = set()
        self._again: set[Project] = set()
        self._quick: dict[Project, Quick] = {}
        self._whole: dict[Project, dict[str, Whole]] = {}
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
        self._say_at_once(project)
        if project in self._running:
            self._again.add(project)
            return
        self._running.add(project)
        asyncio.get_running_loop().create_task(self._check(project))

    def _say_at_once(self, project: Project) -> None:
        """Say what is found in the open scenes alone, where a check has said something before."""
        known = self._whole.get(project, {})
        told = {}
        for path, whole in known.items():
            document = project.open.get(path)
            last = self.found.get(project, {}).get(path)
            if document is None or last is None or last.text == document.text:
                continue
            try:
                new = self._quick[project].findings(path)
            except Exception as error:
                print(f"comfyvn lsp: {path}: {error!r}", file=sys.stderr)
                continue
            told[path] = Checked(tuple(whole.with_new(document.text, new)), document.text)
        if told:
            self.publish(project, told)

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
            self._compare(project)
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
        # A version is told even if nothing else is new: the client may show what was said at once.
        told = {path: each for path, each in {**gone, **new}.items() if old.get(path) != each}
        if told:
            self.publish(project, told)

    def _compare(self, project: Project) -> None:
        """Keep what a check finds beyond what is found in the open scenes at once."""
        quick = self._quick.setdefault(project, Quick(project))
        known = self._whole[project] = {}
        for path, checked in self.found[project].items():
            document = project.open.get(path)
            if document is None or project.scene_of(path) is None:
                continue
            if checked.text == document.text:
                at_once = quick.findings(path)
                known[path] = Whole.of(document.text, checked.findings, at_once)

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
