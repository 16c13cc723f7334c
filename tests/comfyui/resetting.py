"""A way to a server that is cut off: from one request on, every connection is reset."""

from __future__ import annotations

import http.client
import os
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_AT_ONCE = struct.pack("ii", 1, 0)
"""`SO_LINGER`: closing a socket resets the connection, as the end of a process does."""


class Way(ThreadingHTTPServer):
    """Hands requests on, until the one that it is to be cut off at.

    Attributes:
        left: how many requests for `cut` are still answered.
        is_cut: whether that is over.
    """

    daemon_threads = True

    def __init__(self, to: str, cut: str, left: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.to = to.removeprefix("http://")
        self.cut, self.left, self.is_cut = cut, left, False
        self.guard = threading.Lock()
        self.url = f"http://127.0.0.1:{self.server_port}"

    def mend(self) -> None:
        """Answer again, whatever is asked."""
        with self.guard:
            self.cut, self.is_cut = "nothing", False

    def passes(self, asked: str) -> bool:
        with self.guard:
            if asked.startswith(self.cut):
                self.is_cut = self.is_cut or self.left == 0
                self.left -= 1
            return not self.is_cut


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Way

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if not self.server.passes(f"{self.command} {self.path}"):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
            # Not left to the server, which says goodbye first.
            os.close(self.connection.detach())
            self.close_connection = True
            return
        there = http.client.HTTPConnection(self.server.to)
        kinds = {"Content-Type": self.headers.get("content-type", "application/json")}
        there.request(self.command, self.path, body, kinds)
        answer = there.getresponse()
        data = answer.read()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.getheader("content-type", ""))
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
        there.close()

    do_GET = do_POST = _pass_on  # noqa: N815 (names of the base class)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def cut_off(to: str, cut: str, left: int) -> Iterator[Way]:
    """Serve in a thread.

    Args:
        to: the URL of the server.
        cut: what the request begins with at which it is cut off: `GET /view`.
        left: how many of these are answered before.
    """
    way = Way(to, cut, left)
    thread = threading.Thread(target=way.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield way
    finally:
        way.shutdown()
        thread.join(10)
        way.server_close()
