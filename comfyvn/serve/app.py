"""The site over HTTP as it was built, but for the bridge in its page; the news over a WebSocket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp
from starlette.websockets import WebSocket, WebSocketDisconnect

from comfyvn.data import data_folder
from comfyvn.serve.guard import Guard
from comfyvn.serve.live import Live
from comfyvn.serve.site import Site

DEV = "_dev"
"""The folder, beside the site's, of what only this server has."""

LONGEST = 1000
"""Characters that the name of a scene has at most."""

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
"""What the system says of types differs from one to the next, so it is not asked."""

HEADERS = {
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def make_app(live: Live, port: int) -> ASGIApp:
    """Return the application; it answers requests to `port` of this machine."""
    dev = data_folder("templates") / "web" / "dev"

    async def answer(request: Request) -> Response:
        name = request.path_params["path"]
        site = live.site
        if name in {"", "index.html"}:
            if site is None:
                return _file(request, dev / "waiting.html")
            return _bytes(request, _page(site).encode(), ".html")
        if name == "sw.js":
            return _file(request, dev / "sw.js")
        for folder in (DEV, f"{site.code}/dev" if site else DEV):
            if name.startswith(f"{folder}/"):
                return _file(request, dev / name.removeprefix(f"{folder}/"), dev)
        if site and name in site.files:
            return _bytes(request, site.files[name], Path(name).suffix)
        return _file(request, live.folder / name, live.folder)

    async def tell(socket: WebSocket) -> None:
        await socket.accept()
        async with live.listening() as news:
            gone = asyncio.ensure_future(_hear(socket, partial(live.plays, news)))
            try:
                while not gone.done():
                    fresh = asyncio.ensure_future(news.get())
                    await asyncio.wait({fresh, gone}, return_when=asyncio.FIRST_COMPLETED)
                    if not fresh.done():
                        fresh.cancel()
                        break
                    await socket.send_text(json.dumps(fresh.result(), ensure_ascii=False))
            except WebSocketDisconnect:
                pass
            finally:
                gone.cancel()

    routes = [WebSocketRoute(f"/{DEV}/socket", tell), Route("/{path:path}", answer)]
    return Guard(Starlette(routes=routes), port)


async def _hear(socket: WebSocket, plays: Callable[[str], None]) -> None:
    """Hear a page out: it says which scene it plays, until it leaves."""
    while (said := await socket.receive())["type"] != "websocket.disconnect":
        plays((said.get("text") or "")[:LONGEST])


def _page(site: Site) -> str:
    """Return the page with the bridge in it."""
    here = json.dumps({"story": site.story, "shell": site.shell, "page": site.version})
    bridge = (
        f'<script type="application/json" id="comfyvn-dev">{here}</script>\n'
        f'<script type="module" src="{site.code}/dev/bridge.js"></script>\n</head>'
    )
    return site.page.replace("</head>", bridge, 1)


def _bytes(request: Request, data: bytes, suffix: str) -> Response:
    tag = f'"{sha256(data).hexdigest()[:24]}"'
    headers = {**HEADERS, "ETag": tag}
    if tag in request.headers.get("if-none-match", ""):
        return Response(None, 304, headers)
    return Response(data, 200, headers, TYPES.get(suffix, "application/octet-stream"))


def _file(request: Request, path: Path, within: Path | None = None) -> Response:
    """Answer with a file, by parts where a part is asked for; with 404 outside of `within`."""
    try:
        path = path.resolve(strict=True)
        if within is not None and not path.is_relative_to(within.resolve()):
            raise FileNotFoundError
        stat = path.stat()
        if not path.is_file():
            raise FileNotFoundError
    except (OSError, ValueError):
        return PlainTextResponse("there is no such file\n", 404, HEADERS)
    tag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
    headers = {**HEADERS, "ETag": tag}
    if tag in request.headers.get("if-none-match", ""):
        return Response(None, 304, headers)
    kind = TYPES.get(path.suffix.lower(), "application/octet-stream")
    return FileResponse(path, headers=headers, media_type=kind, stat_result=stat)
