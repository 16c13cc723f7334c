"""Plays a built site in a real, headless Chromium."""

from __future__ import annotations

import functools
import http.server
import json
import os
import re
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from comfyvn.play.runtime import Record, Run

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LONGEST_RUN = 120_000
"""Milliseconds after which a run that does not end is given up."""

_HARNESS = Path(__file__).with_name("web_harness.js")
_CONFIG = re.compile(r'<script type="application/json" id="config">(.*?)</script>', re.S)


class _Handler(http.server.SimpleHTTPRequestHandler):
    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript",
        ".json": "application/json",
        ".webmanifest": "application/manifest+json",
        ".webp": "image/webp",
        ".woff2": "font/woff2",
        ".ogg": "audio/ogg",
    }

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that closes a connection early is no error."""


@contextmanager
def serve_folder(folder: Path, port: int = 0) -> Iterator[str]:
    """Serve a folder on the loopback interface; yield its address, which ends in `/`.

    Raises:
        OSError: the port is taken (0 is any that is free).
    """
    handler = functools.partial(_Handler, directory=str(folder))
    server = _Server(("127.0.0.1", port), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def find_chromium() -> str:
    """Return the Chromium to use: `COMFYVN_CHROMIUM`, else one on the path.

    Raises:
        FileNotFoundError: there is none.
    """
    named = os.environ.get("COMFYVN_CHROMIUM")
    names = ("chromium", "chromium-browser", "google-chrome", "/usr/bin/chromium")
    found = named or next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        raise FileNotFoundError("Chromium is not installed; COMFYVN_CHROMIUM may name one")
    return found


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """Start a headless Chromium.

    Raises:
        FileNotFoundError: there is no Chromium.
        ImportError: playwright is not installed.
    """
    from playwright.sync_api import sync_playwright

    path = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


class WebRuntime:
    """The web player of a built site.

    Each run has a browser profile of its own, so its persistent state is fresh. With a `browser`,
    that one is used, so that many sites share one start of it.
    """

    def __init__(self, site: Path, browser: Browser | None = None) -> None:
        self.site = site
        self.browser = browser

    def play(self, runs: Sequence[Run]) -> list[list[Record]]:
        """Play each run from a new game; return their transcripts.

        Raises:
            RuntimeError: the page had an error, or a run did not end.
        """
        with serve_folder(self.site) as address:
            if self.browser is not None:
                return [self._play(self.browser, address, run) for run in runs]
            with open_chromium() as browser:
                return [self._play(browser, address, run) for run in runs]

    def _play(self, browser: Browser, address: str, run: Run) -> list[Record]:
        from playwright.sync_api import Error

        # A small page is painted sooner; what is recorded does not depend on its size.
        context = browser.new_context(
            viewport={"width": 320, "height": 240},
            reduced_motion="reduce",
            service_workers="block",
        )
        try:
            page = context.new_page()
            errors: list[str] = []
            page.on("pageerror", lambda error: errors.append(str(error)))
            answers = json.dumps(json.dumps(run.answers))[1:-1]
            script = _HARNESS.read_text(encoding="utf-8")
            page.add_init_script(script.replace("$answers", answers))
            query = {"seed": run.seed, "lang": run.language or self._language()}
            try:
                page.goto(f"{address}?{urlencode(query)}")
                page.wait_for_function("comfyvnPlay.done", timeout=LONGEST_RUN)
                records: list[Record] = page.evaluate("comfyvnPlay.records")
            except Error as error:
                raise RuntimeError("\n".join([*errors, str(error)])) from error
            if errors:
                raise RuntimeError("\n".join(errors))
            return records
        finally:
            context.close()

    def _language(self) -> str:
        """Return the language the story is written in."""
        page = (self.site / "index.html").read_text(encoding="utf-8")
        found = _CONFIG.search(page)
        language: str = json.loads(found[1])["language"] if found else "en"
        return language
