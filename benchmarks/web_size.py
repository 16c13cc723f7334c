"""How much a web player weighs, and how soon it shows the first line on a slow line.

A server that gzips as usual hosts do, Chromium held to 1.6 Mbit/s and 150 ms: from navigation,
Start pressed at first paint, to the first line shown. Wanted: 60 KB of code and style, 2 s.
"""

from __future__ import annotations

import argparse
import gzip
import http.server
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from comfyvn.play.web import open_chromium

EXAMPLE = Path(__file__).resolve().parent.parent / "example_project"
MEBIBIT = 1_000_000 / 8
LATENCY = 150
TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".ogg": "audio/ogg",
}
TEXTS = {".html", ".js", ".css", ".json", ".webmanifest"}
FILE_NAMES = re.compile(rb"(?<== )[\[{].*[\]}](?=;$)", re.M)
WATCH = """
const press = () => document.querySelector("[data-item=start]")?.click();
new PerformanceObserver((list) => {
  if (!list.getEntriesByName("first-contentful-paint").length) return;
  window.painted = performance.now();
  const again = setInterval(() => document.body.dataset.screen === "title" ? press()
    : clearInterval(again), 10);
}).observe({ type: "paint", buffered: true });
document.addEventListener("vn:record", ({ detail }) => {
  if (detail.t !== "line" || window.shown) return;
  requestAnimationFrame(() => requestAnimationFrame(() => (window.shown = performance.now())));
});
"""


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves `files`, gzipped where it helps, over connections that stay open."""

    protocol_version = "HTTP/1.1"
    files: dict[str, bytes] = {}  # noqa: RUF012

    def do_GET(self) -> None:
        name = self.path.partition("?")[0].lstrip("/") or "index.html"
        data = self.files.get(name)
        self.send_response(200 if data is not None else 404)
        suffix = Path(name).suffix
        self.send_header("Content-Type", TYPES.get(suffix, "application/octet-stream"))
        if suffix in TEXTS:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data or b"")))
        self.end_headers()
        self.wfile.write(data or b"")

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class Server(http.server.ThreadingHTTPServer):
    """One that takes it calmly when a browser closes a connection."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing."""


@contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve the site; yield its address."""
    Handler.files = {
        path.relative_to(site).as_posix(): gzip.compress(path.read_bytes(), 9, mtime=0)
        if path.suffix in TEXTS
        else path.read_bytes()
        for path in site.rglob("*")
        if path.is_file()
    }
    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()


def first_line(browser: Any, address: str) -> tuple[float, float, int]:
    """Return seconds to the first paint and to the first line, and bytes that came by then."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    came = 0

    def count(event: dict[str, Any]) -> None:
        nonlocal came
        came += event["encodedDataLength"]

    devtools.on("Network.loadingFinished", count)
    devtools.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY,
            "downloadThroughput": 1.6 * MEBIBIT,
            "uploadThroughput": 0.75 * MEBIBIT,
        },
    )
    page.add_init_script(WATCH)
    page.goto(address, wait_until="commit")
    page.wait_for_function("window.shown", timeout=60_000)
    painted, shown = page.evaluate("[window.painted, window.shown]")
    bytes_by_then = came
    context.close()
    return painted / 1000, shown / 1000, bytes_by_then


def _zipped(data: bytes) -> int:
    return len(gzip.compress(data, 9, mtime=0))


def _code(path: Path) -> bytes:
    """Return what a file of the player says in each game: no names of the game's files."""
    return FILE_NAMES.sub(b"", path.read_bytes()) if path.name == "sw.js" else path.read_bytes()


def main() -> None:
    """Build, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path, nargs="?", default=EXAMPLE)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        shutil.copytree(options.project, root, ignore=shutil.ignore_patterns(".comfyvn", "build"))
        command = [sys.executable, "-m", "comfyvn", "build", "web", "-q", "-C", str(root)]
        subprocess.run(command, check=True)
        site = root / "build/web"
        sizes = {
            suffix: sum(_zipped(_code(path)) for path in site.rglob(f"*{suffix}"))
            for suffix in (".js", ".css")
        }
        names = _zipped((site / "sw.js").read_bytes()) - _zipped(_code(site / "sw.js"))
        print(
            f"code and style: {sum(sizes.values()) / 1000:.1f} KB gzipped (wanted: 60), {sizes}; "
            f"the names of the site's files: {names / 1000:.1f} KB"
        )
        with served(site) as address, open_chromium() as browser:
            rounds = [first_line(browser, address) for _ in range(options.rounds)]
    paint, line, size = (median(column) for column in zip(*rounds, strict=True))
    print(f"first paint {paint:.2f} s, first line {line:.2f} s (wanted: 2), {size / 1000:.0f} KB")
    print("all rounds:", ", ".join(f"{one[1]:.2f}" for one in rounds))


if __name__ == "__main__":
    main()
