"""Findings while somebody writes: checks in a thread of their own, never two of one project."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from comfyvn.lsp.engine import Engine
from comfyvn.lsp.project import Project
from comfyvn.lsp.quick import Quick, Whole
from comfyvn.lsp.story import Told
from comfyvn.source.diagnostics import Diagnostic


class Checked(NamedTuple):
    """The findings of a file, and the text and version that they are about, if it is open."""

    findings: tuple[Diagnostic, ...]
    text: str | None = None
    version: int | None = None


_Texts = Mapping[str, tuple[str, int | None]]
"""What is open, by path, with its version."""
Publish = Callable[[Project, Mapping[str, Checked]], None]


class Diagnosing:
    """Checks projects after they change, once for changes that come within `delay` seconds.

    What can be said of a scene alone is said before: those findings have no version, and are
    followed by all of them. What an exploration says of where the story leads comes when nobody
    types; until then what the last one said stands, at the lines that are still there.
    """

    def __init__(
        self,
        publish: Publish,
        checked: Callable[[Project], None] = lambda _: None,
        delay: float = 0.01,
    ) -> None:
        """Begin.

        Args:
            publish: is told the files of which something is new.
            checked: is told of each project that was checked.
            delay: seconds in which changes are waited for.
        """
        self.publish, self.checked, self.delay = publish, checked, delay
        self.found: dict[Project, dict[str, Checked]] = {}
        self._engines: dict[Project, Engine] = {}
        self._waiting: dict[Project, asyncio.TimerHandle] = {}
        self._running: set[Project] = set()
        self._again: set[Project] = set()
        self._quick: dict[Project, Quick] = {}
        self._whole: dict[Project, dict[str, Whole]] = {}
        self._last: dict[Project, tuple[tuple[Diagnostic, ...], _Texts]] = {}
        self._stories: dict[Project, Told] = {}
        # The engine's store is of the thread that opened it.
        self._thread = ThreadPoolExecutor(1, "comfyvn-check")
        self._closed = False

    def changed(self, project: Project, *, now: bool = False) -> None:
        """Have a project checked soon."""
        waiting = self._waiting.pop(project, None)
        if waiting is not None:
            waiting.cancel()
        loop = asyncio.get_running_loop()
        self._waiting[project] = loop.call_later(0 if now else self.delay, self._begin, project)

    def forget(self, project: Project) -> None:
        """Let go of a project, and take back what was said of it."""
        waiting = self._waiting.pop(project, None)
        if waiting is not None:
            waiting.cancel()
        self._again.discard(project)
        engine = self._engines.pop(project, None)
        if engine is not None:
            self._thread.submit(engine.close)
        self._quick.pop(project, None)
        self._whole.pop(project, None)
        self._last.pop(project, None)
        self._stories.pop(project, None)
        said = self.found.pop(project, {})
        if said:
            self.publish(project, {path: Checked(()) for path in said})

    def _begin(self, project: Project) -> None:
        self._waiting.pop(project, None)
        if self._closed:
            return
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

    def explored(self, project: Project, told: Told) -> None:
        """Say what an exploration found, besides what the last check did."""
        self._stories[project] = told
        if project in self._last:
            self._tell(project, *self._last[project])
            self._compare(project)

    async def _check(self, project: Project) -> None:
        overlay = project.overlay()
        texts = {path: (each.text, each.version) for path, each in project.open.items()}
        scenes = [path for path in texts if project.scene_of(path) is not None]
        engine = self._engines.setdefault(project, Engine(project.root))
        loop = asyncio.get_running_loop()
        try:
            if self._closed:
                return
            found = await loop.run_in_executor(self._thread, engine.check, overlay, scenes)
            if self._engines.get(project) is not engine:
                return  # nobody wants to know any more
            project.answers, project.ids = found.answers, dict(found.ids)
            self._last[project] = found.findings, texts
            self._tell(project, found.findings, texts)
            self._compare(project)
            self.checked(project)
        finally:
            self._running.discard(project)
            if project in self._again:
                self._again.discard(project)
                self._begin(project)

    def _tell(self, project: Project, found: tuple[Diagnostic, ...], texts: _Texts) -> None:
        by_path: dict[str, list[Diagnostic]] = {path: [] for path in texts}
        for each in (*found, *self._of_story(project, texts)):
            by_path.setdefault(each.span.path, []).append(each)
        new = {path: Checked(tuple(each), *texts.get(path, ())) for path, each in by_path.items()}
        old = self.found.get(project, {})
        gone = {path: Checked(()) for path in old if path not in new}
        self.found[project] = new
        # A version is told even if nothing else is new: the client may show what was said at once.
        told = {path: each for path, each in {**gone, **new}.items() if old.get(path) != each}
        if told:
            self.publish(project, told)

    def _of_story(self, project: Project, texts: _Texts) -> Iterator[Diagnostic]:
        """Yield what the last exploration said, at its lines of now."""
        story = self._stories.get(project)
        for path, findings in story.findings.items() if story is not None else ():
            then = story.texts[path] if story is not None else ""
            now = texts[path][0] if path in texts else project.text(path)
            yield from Whole.of(then, findings, ()).with_new(now, ())

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
        self._closed = True
        for waiting in self._waiting.values():
            waiting.cancel()
        for engine in self._engines.values():
            self._thread.submit(engine.close)
        self._thread.shutdown(wait=True)
