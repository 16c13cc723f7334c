"""What the server answers, to whom."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from web.storybook import write_project

from comfyvn.serve.guard import is_ours
from comfyvn.serve.run import open_sockets
from tests.serve.conftest import PATIENCE, QUIET, Server, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    root = write_project(tmp_path_factory.mktemp("served") / "lanterns", QUIET)
    with serving(root) as running:
        running.told("built")
        yield running


def get(server: Server, path: str, method: str = "GET", **headers: str) -> tuple[int, dict, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.putrequest(method, path, skip_host="Host" in named)
        for name, value in named.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def test_the_page_is_as_built_but_for_the_bridge(server: Server) -> None:
    status, headers, body = get(server, "/?seed=1")
    assert status == 200
    assert headers["content-type"] == "text/html; charset=utf-8"
    built = (server.root / "build/web/index.html").read_text()
    assert "bridge" not in built
    served = body.decode()
    start = served.index('<script type="application/json" id="comfyvn-dev">')
    end = served.index("</head>")
    assert served[:start] + served[end:] == built
    names = [path.name for path in (server.root / "build/web").rglob("*")]
    assert "bridge.js" not in names
    assert "dev" not in names


def test_types_and_caching(server: Server) -> None:
    site = server.root / "build/web"
    expected = {
        "*.js": "text/javascript; charset=utf-8",
        "*.css": "text/css; charset=utf-8",
        "story/*.json": "application/json",
        "*.webp": "image/webp",
        "*.png": "image/png",
        "*.woff2": "font/woff2",
        "*.webmanifest": "application/manifest+json",
    }
    for pattern, kind in expected.items():
        path = next(path for path in site.rglob(pattern) if path.name != "sw.js")
        name = f"/{path.relative_to(site).as_posix()}"
        status, headers, body = get(server, name)
        assert (status, headers["content-type"], body) == (200, kind, path.read_bytes())
        assert headers["cache-control"] == "no-cache"
        status, _, body = get(server, name, If_None_Match=headers["etag"])
        assert (status, body) == (304, b"")
        assert get(server, name, "HEAD")[0] == 200
    status, headers, body = get(server, name, Range="bytes=2-5")
    assert (status, body) == (206, path.read_bytes()[2:6])


def test_no_worker_keeps_old_pages(server: Server) -> None:
    assert b"unregister" in get(server, "/sw.js")[2]


@pytest.mark.parametrize(
    "path",
    [
        "/../vn.yaml",
        "/%2e%2e/vn.yaml",
        "/_dev/../a.html",
        "/_dev/..%2freader.js",
        "/%00",
        "/no",
    ],
)
def test_nothing_outside_of_the_site(server: Server, path: str) -> None:
    assert get(server, path)[0] == 404


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("127.0.0.1:{port}", None, 200),
        ("localhost:{port}", None, 200),
        ("[::1]:{port}", None, 200),
        ("LOCALHOST:{port}", "http://localhost:{port}", 200),
        ("evil.example:{port}", None, 403),
        ("127.0.0.1.evil.example:{port}", None, 403),
        ("127.0.0.1:1", None, 403),
        ("127.0.0.1", None, 403),
        ("", None, 403),
        ("127.0.0.1:{port}", "http://evil.example", 403),
        ("127.0.0.1:{port}", "https://127.0.0.1:{port}", 403),
        ("127.0.0.1:{port}", "null", 403),
    ],
)
def test_only_this_machines_pages(
    server: Server, host: str, origin: str | None, status: int
) -> None:
    headers = {"Host": host.format(port=server.port)}
    if origin:
        headers["Origin"] = origin.format(port=server.port)
    assert get(server, "/", **headers)[0] == status


@pytest.mark.parametrize(
    ("host", "origin", "opens"),
    [
        ("127.0.0.1:{port}", "http://127.0.0.1:{port}", True),
        ("127.0.0.1:{port}", "http://evil.example", False),
        ("evil.example:{port}", "http://evil.example:{port}", False),
        ("127.0.0.1:{port}", None, False),
    ],
)
def test_sockets_of_our_own_pages_only(
    server: Server, host: str, origin: str | None, opens: bool
) -> None:
    headers = {
        "Host": host.format(port=server.port),
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec_WebSocket_Version": "13",
        "Sec_WebSocket_Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }
    if origin:
        headers["Origin"] = origin.format(port=server.port)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    connection.putrequest("GET", "/_dev/socket", skip_host=True)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    assert connection.getresponse().status == (101 if opens else 403)
    connection.close()


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("127.0.0.1:80", True),
        ("127.0.0.1", True),
        ("[::1]", True),
        ("[::1]:80", True),
        ("::1", False),
        ("localhost:080", False),
        ("localhost.:80", False),
        ("127.0.0.1:80:80", False),
        ("[127.0.0.1]:80", False),
    ],
)
def test_names_of_this_machine(host: str, ours: bool) -> None:
    assert is_ours(host, 80) is ours


def test_listens_on_the_loopback_interface_alone(server: Server) -> None:
    outside = next(
        (
            address[4][0]
            for address in socket.getaddrinfo(socket.gethostname(), server.port, socket.AF_INET)
            if not str(address[4][0]).startswith("127.")
        ),
        "127.0.0.2",
    )
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((str(outside), server.port), timeout=2)


def test_a_port_that_is_taken_gives_the_next(server: Server, tmp_path: Path) -> None:
    with serving(write_project(tmp_path / "other", QUIET), server.port) as other:
        assert other.port > server.port
        other.told(f"port {server.port} is taken")


def test_sockets_of_a_free_port_and_of_none() -> None:
    port, sockets = open_sockets(0)
    try:
        assert {listener.getsockname()[0] for listener in sockets} <= {"127.0.0.1", "::1"}
        assert {listener.getsockname()[1] for listener in sockets} == {port}
        with pytest.raises(OSError, match="in use"):
            open_sockets(65_535) if port == 65_535 else _only(port)
    finally:
        for listener in sockets:
            listener.close()


def _only(port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))


def test_an_interrupt_ends_it_at_once(tmp_path: Path) -> None:
    with serving(write_project(tmp_path / "story", QUIET)) as server:
        # Also while the first build is under way, and with a page on the line.
        started = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - started < PATIENCE / 4
        assert not [line for line in server.lines if "Traceback" in line]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--editor", "ed"], 2, "no editor `ed`"),
        (["--editor", "ed://{file}"], 2, "no editor"),
        (["--port", "70000"], 2, "a port is from 0 to 65535"),
        (["--port", "http"], 2, "a port is"),
        ([], 1, "there is no `vn.yaml`"),
    ],
)
def test_wrong_usage(tmp_path: Path, arguments: list[str], code: int, said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "comfyvn", "serve", "-C", str(tmp_path), *arguments],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == code
    assert said in done.stderr
