"""Two real servers for all tests that need them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from comfyui.real import Server, installed
from comfyui.rendering import Build


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Server]]:
    home = installed()
    if home is None:
        pytest.skip("ComfyUI is not installed: sh tests/comfyui/kit/install.sh")
    folder = tmp_path_factory.mktemp("comfyui")
    servers = [Server(home, folder / name).start() for name in ("north", "south")]
    try:
        yield servers
    finally:
        for server in servers:
            server.kill()


@pytest.fixture
def two(started: list[Server]) -> list[Server]:
    """Both servers, running; started again where a test has killed one."""
    for server in started:
        if not server.runs:
            server.start()
    return [server.wait() for server in started]


@pytest.fixture
def build(two: list[Server], tmp_path: Path) -> Callable[..., Build]:
    """Begin a build on the two servers, or on some."""

    def begin(*which: int, root: Path = tmp_path / "project", **options: object) -> Build:
        names = ["north", "south"]
        urls = {names[i]: two[i].url for i in which or (0, 1)}
        return Build(root, urls, **options)  # type: ignore[arg-type]

    return begin
