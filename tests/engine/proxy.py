"""A TCP proxy that fails as networks do."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Literal

Mood = Literal["pass", "refuse", "hang", "drop", "truncate", "corrupt"]


class Proxy:
    """Listens on a port of its own and passes bytes to another, as its mood is.

    `refuse` closes each connection at once, `hang` never answers, `drop` breaks off within the
    request, `truncate` within the response, `corrupt` turns one bit of each response's body over.
    """

    def __init__(self, port: int) -> None:
        self.mood: Mood = "pass"
        self.connections = 0
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def set(self, mood: Mood) -> None:
        """Change the mood; connections that are open are broken off."""
        self.mood = mood
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            self._open.clear()

    def close(self) -> None:
        self._listener.close()
        self.set("refuse")

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            if self.mood == "refuse":
                # With no time to linger the client gets a reset, not a polite end.
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                client.close()
                continue
            with self._lock:
                self._open.add(client)
            if self.mood == "hang":
                continue
            server = socket.create_connection(("127.0.0.1", self._target))
            with self._lock:
                self._open.add(server)
            for pump in (self._request, self._response):
                threading.Thread(target=pump, args=(client, server), daemon=True).start()

    def _request(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            for data in _blocks(client):
                if self.mood == "drop":
                    server.sendall(data[: len(data) // 2])
                    break
                server.sendall(data)
        self._end(client, server)

    def _response(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            for data in _blocks(server):
                if self.mood == "truncate":
                    client.sendall(data[:-10])
                    break
                client.sendall(_turned(data) if self.mood == "corrupt" else data)
        self._end(client, server)

    def _end(self, *connections: socket.socket) -> None:
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            with self._lock:
                self._open.discard(connection)


def _blocks(connection: socket.socket) -> Iterator[bytes]:
    while data := connection.recv(1 << 16):
        yield data


def _turned(data: bytes) -> bytes:
    """Return part of a response with one bit of its body turned over, if it has a body here."""
    start = data.find(b"\r\n\r\n") + 4 if data.startswith(b"HTTP/") else 0
    middle = (start + len(data)) // 2
    if middle == len(data):
        return data
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
