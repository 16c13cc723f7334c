"""A server of ours that answers as OpenAI's speech does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np

from comfyvn.drivers.audio.clip import Clip
from comfyvn.drivers.audio.encode import encode


class Speaker(ThreadingHTTPServer):
    """Answers with a tone as long as the text; or with what `answers` holds, one after another.

    Attributes:
        asked: the path, the body and the authorisation of each request.
        answers: status and content.
        go: while it is not set, nothing is answered.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, dict[str, Any], str]] = []
        self.answers: list[tuple[int, bytes]] = []
        self.go = threading.Event()
        self.go.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def texts(self) -> list[str]:
        return sorted(body["input"] for _, body, _ in self.asked)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of who hung up."""


class _Handler(BaseHTTPRequestHandler):
    server: Speaker

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, body, self.headers.get("Authorization", "")))
        self.server.go.wait(60)
        wave = np.sin(np.arange(1_000 * len(body.get("input", ""))) / 9)
        tone = wave[:, None].astype(np.float32) / 4
        status, data = 200, encode(Clip(tone, 24_000), "flac")
        if self.server.answers:
            status, data = self.server.answers.pop(0)
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def speaking() -> Iterator[Speaker]:
    """Run one."""
    server = Speaker()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.go.set()
        server.shutdown()
        thread.join()
        server.server_close()
