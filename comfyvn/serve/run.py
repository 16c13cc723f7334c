"""The server as a whole: a port, a worker, an application."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
from collections.abc import Callable, Sequence

import uvicorn

from comfyvn.serve.advice import Advice
from comfyvn.serve.app import make_app
from comfyvn.serve.builds import Builds
from comfyvn.serve.live import Live
from comfyvn.serve.work import Turn, Worker
from comfyvn.source.diagnostics import Diagnostic

PORT = 8422
"""A browser keeps saves by address, so the address stays the same from one day to the next."""
TRIES = 50


def open_sockets(port: int) -> tuple[int, list[socket.socket]]:
    """Listen on the loopback interface at `port`, or the next one that is free (0: any).

    Raises:
        OSError: none of the next ones is free either.
    """
    for number in range(port, min(port + TRIES, 65_536)):
        try:
            four = _listen(socket.AF_INET, "127.0.0.1", number)
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES} or number == port + TRIES - 1:
                raise
            continue
        taken = four.getsockname()[1]
        try:
            return taken, [four, _listen(socket.AF_INET6, "::1", taken)]
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                return taken, [four]  # a machine without IPv6
            four.close()
    raise OSError(errno.EADDRINUSE, f"no port from {port} on is free")


def _listen(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere it would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


class _Server(uvicorn.Server):
    """A server that tells when it listens."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready()


def serve(
    builds: Builds,
    port: int,
    sockets: list[socket.socket],
    editor: str,
    *,
    ready: Callable[[str], None],
    built: Callable[[Turn], None],
    advised: Callable[[Sequence[Diagnostic]], None],
) -> None:
    """Serve, build and watch until interrupted. `ready` gets the address, once.

    `built` is called after each build, in the thread that built; `advised` after the check that
    follows a build without errors, in another one. Until the first build is over, what was built
    before is served.
    """
    live = Live(builds.root, builds.site, editor)

    def done(turn: Turn) -> None:
        live.built(turn.built)
        built(turn)
        if turn.built.ok:
            advice.wish()

    def found(findings: Sequence[Diagnostic]) -> None:
        live.advised(findings)
        advised(findings)

    advice = Advice(builds.root, found)

    worker = Worker(builds, done, lambda: live.scenes)
    config = uvicorn.Config(
        make_app(live, port),
        log_level="critical",
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=0,
        ws_ping_interval=None,
    )

    def begin() -> None:
        ready(f"http://127.0.0.1:{port}/")
        worker.start()
        advice.start()

    server = _Server(config, begin)
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets)
    worker.stop()
    advice.stop()
