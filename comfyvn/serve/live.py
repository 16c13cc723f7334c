"""What the open pages are told, and when."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from comfyvn.serve.builds import Built
from comfyvn.serve.findings import Excerpts
from comfyvn.serve.patch import changes
from comfyvn.serve.site import Site, read_site
from comfyvn.source.diagnostics import Diagnostic

News = dict[str, Any]
"""One message, as `templates/web/dev/socket.js` describes it."""


class Live:
    """The last good site and the latest findings; told to all who listen.

    `built`, `advised` and `scenes` may be used from any thread, the rest belongs to the event loop.
    """

    def __init__(self, root: Path, folder: Path, editor: str) -> None:
        self.root = root
        self.folder = folder
        self.editor = editor
        self.site: Site | None = read_site(folder)
        self.news: News = self._news([], True, "", None)
        self._pages: dict[asyncio.Queue[News], str] = {}
        """The pages that listen, and the scene that each plays."""
        self.scenes: tuple[str, ...] = ("",)
        """The scenes that the pages play, as `comfyvn.plan.outcome.Options` has them. A page at its
        title is about to play the first, and so is one that is still to be opened."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._saying = Lock()
        self._result = Built([], True)
        self._advice: list[tuple[Diagnostic, dict[str, Any]]] = []

    def built(self, result: Built) -> News:
        """Take in a build, tell the pages, and return what they are told."""
        before = self.site
        site = read_site(self.folder, before) if result.ok else before
        with self._saying:
            self.site, self._result = site, result
            return self._say(before)

    def advised(self, findings: Sequence[Diagnostic]) -> News:
        """Take in what a check found, tell the pages, and return what they are told."""
        excerpts = Excerpts(self.root, self.editor)
        with self._saying:
            self._advice = [(each, excerpts.one(each)) for each in findings]
            return self._say(self.site)

    def _say(self, before: Site | None) -> News:
        result = self._result
        excerpts = Excerpts(self.root, self.editor)
        said = {(each.code, each.span, each.message) for each in result.findings}
        # What was advised of a line that is another one by now waits for the next check.
        more = [
            each
            for each, shown in self._advice
            if (each.code, each.span, each.message) not in said and excerpts.one(each) == shown
        ]
        findings = excerpts.all([*result.findings, *more])
        self.news = self._news(findings, result.ok, result.failure, before)
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._tell, self.news)
        return self.news

    def _news(
        self, findings: list[dict[str, Any]], ok: bool, failure: str, before: Site | None
    ) -> News:
        site = self.site
        news: News = {
            "ok": ok,
            "story": site.story if site else None,
            "shell": site.shell if site else "",
            "page": site.version if site else "",
            "findings": findings,
        }
        if failure:
            news["said"] = failure
        if site and before and site.story != before.story:
            news |= {"from": before.story, "patch": changes(before.index, site.index)}
        return news

    def _tell(self, news: News) -> None:
        for page in self._pages:
            # A page that is slow gets the newest only; it can fetch what it missed.
            while not page.empty():
                page.get_nowait()
            page.put_nowait(news)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[asyncio.Queue[News]]:
        """Give the news from now on, the present first."""
        self._loop = asyncio.get_running_loop()
        page: asyncio.Queue[News] = asyncio.Queue()
        page.put_nowait(self.news)
        self.plays(page, "")
        try:
            yield page
        finally:
            del self._pages[page]
            self._count()

    def plays(self, page: asyncio.Queue[News], scene: str) -> None:
        """Take note of the scene that a page plays; an empty name for none."""
        self._pages[page] = scene
        self._count()

    def _count(self) -> None:
        self.scenes = tuple(sorted(set(self._pages.values()))) or ("",)
