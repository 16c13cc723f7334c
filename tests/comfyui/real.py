"""A real ComfyUI server in a process of its own, started and stopped by tests."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

KIT = Path(__file__).parent / "kit"
INSTALL = KIT / "install.sh"
PATIENCE = 120


def installed() -> Path | None:
    """Where the kit is installed, if it is; installs it in CI, and where a place was named."""
    home = Path(os.environ.get("COMFYVN_COMFYUI_HOME", Path.home() / ".cache/comfyvn-comfyui"))
    if not (home / "stamp").exists() and not {"CI", "COMFYVN_COMFYUI_HOME"} & set(os.environ):
        return None
    home.parent.mkdir(parents=True, exist_ok=True)
    with home.with_name(f"{home.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another worker may be at it
        subprocess.run(["sh", INSTALL], check=True, stdout=subprocess.DEVNULL)
    return home


class Server:
    """ComfyUI on a port and a folder of its own; the models are the kit's."""

    def __init__(self, home: Path, base: Path) -> None:
        self.home, self.base = home, base
        for name in ("custom_nodes", "input", "output", "temp", "user", "web"):
            (base / name).mkdir(parents=True)
        # The page it serves is in a package of its own, which tests do without.
        (base / "web/index.html").touch()
        (base / "models").symlink_to(home / "models")
        shutil.copytree(KIT / "nodes", base / "custom_nodes/comfyvn_test")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        line = [
            self.home / "venv/bin/python", KIT / "start.py", "--cpu", "--listen", "127.0.0.1",
            "--port", str(self.port), "--base-directory", self.base,
            "--front-end-root", self.base / "web", "--database-url", "sqlite:///:memory:",
            "--disable-api-nodes",
        ]  # fmt: skip
        with (self.base / "log").open("ab") as log:
            self.process = subprocess.Popen(
                line,
                # Threads of two servers on two cores would mostly wait for one another.
                env=os.environ | {"OMP_NUM_THREADS": "1"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        return self

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def wait(self) -> Self:
        until = time.monotonic() + PATIENCE
        while True:
            assert self.process is not None
            log = (self.base / "log").read_text(errors="replace")[-3000:]
            assert self.process.poll() is None, log
            assert time.monotonic() < until, log
            try:
                self.ask("/system_stats")
            except OSError:
                time.sleep(0.1)
            else:
                return self

    def kill(self, number: int = signal.SIGKILL) -> None:
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait()
            self.process = None

    def ask(self, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(self.url + path, data, {"content-type": "application/json"})
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    def noted(self, what: str) -> Counter[str]:
        """How often an image began (`begin`) or ended (`end`) to be rendered, by its label."""
        log = self.base / "rendered.log"
        lines = log.read_text().splitlines() if log.exists() else []
        return Counter(line.removeprefix(f"{what} ") for line in lines if line.startswith(what))

    def queued(self) -> int:
        found = self.ask("/queue")
        return len(found["queue_running"]) + len(found["queue_pending"])


def noted(servers: list[Server], what: str, name: str) -> Counter[str]:
    """How often each image whose label begins so was begun or ended, on all servers."""
    both = sum((server.noted(what) for server in servers), Counter())
    return Counter({label: count for label, count in both.items() if label.startswith(name)})


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)
