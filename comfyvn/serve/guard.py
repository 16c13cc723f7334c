"""Keeps other sites' pages away from the server.

A page on the network can name a host that resolves to this machine (DNS rebinding), and may open
a WebSocket to any address. Neither gets further than here.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def is_ours(host: str, port: int) -> bool:
    """Return whether a `Host` header names this server by a name that only this machine has."""
    name, colon, digits = host.rpartition(":")
    if not colon or name.startswith("[") != name.endswith("]"):
        name, digits = host, "80"
    return name.lower() in LOOPBACK and digits == str(port)


class Guard:
    """Lets requests through that were made to this server, from its own pages or no page."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self.app = app
        self.port = port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what may not pass; pass on the rest."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        asked = is_ours(headers.get("host", ""), self.port)
        if scope["type"] == "websocket":
            # Every browser says where a WebSocket is opened from.
            if asked and origin is not None and self._same(origin):
                await self.app(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": 1008, "reason": "not from here"})
            return
        if asked and (origin is None or self._same(origin)):
            await self.app(scope, receive, send)
            return
        refusal = PlainTextResponse("comfyvn serve answers this machine's own pages only\n", 403)
        await refusal(scope, receive, send)

    def _same(self, origin: str) -> bool:
        scheme, _, host = origin.partition("://")
        return scheme == "http" and is_ours(host, self.port)
