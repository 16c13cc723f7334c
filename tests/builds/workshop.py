"""Servers that do simple jobs, one at a time each, until a file says that they are down."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from comfyvn.engine.action import Context
from comfyvn.engine.clean_folder import CommandError
from comfyvn.engine.jobs import DeviceLostError, Handle, JobSite, Status


class Workshop:
    """A driver whose servers are threads.

    Each job is noted in `log` below the project: its server, its output, its place. A file
    `down NAME` brings a server down when that many jobs were begun there.
    """

    notes = ()
    ends_with_build = False

    def __init__(self, site: JobSite) -> None:
        self.folder = site.root / "workshop"
        self.folder.mkdir(exist_ok=True)
        self.servers = {name: ThreadPoolExecutor(1) for name in site.compute["servers"]}
        self.unused = site.compute["unused"]
        self.jobs: dict[str, Future[Path]] = {}
        self.begun: dict[str, int] = {}
        self.guard = threading.Lock()

    def submit(self, key: str, context: Context, timeout: float) -> Handle:
        name = context.place.device
        if not name:
            raise CommandError(f"no server: {self.unused}")
        output = context.outputs[0]
        data = context.read(context.inputs[0]).upper()
        with self.guard, (self.folder / "log").open("a") as log:
            self.begun[name] = self.begun.get(name, 0) + 1
            log.write(json.dumps([name, output, context.place._asdict()]) + "\n")
        self._look(name)
        self.jobs[key] = self.servers[name].submit(self._work, key, data)
        return {"key": key, "device": name, "output": output}

    def _work(self, key: str, data: bytes) -> Path:
        time.sleep(0.02)
        path = self.folder / key
        path.write_bytes(data)
        return path

    def _look(self, name: str) -> None:
        down = self.folder / f"down {name}"
        if down.exists() and self.begun[name] > int(down.read_text()):
            raise DeviceLostError(name, "it does not answer")

    def adopt(self, key: str, handle: Handle | None) -> Handle | None:
        return None

    def poll(self, handle: Handle) -> Status:
        self._look(handle["device"])
        future = self.jobs[handle["key"]]
        if not future.done():
            return Status("running")
        return Status("done", outputs={handle["output"]: future.result()})

    def cancel(self, handle: Handle) -> None:
        self.jobs[handle["key"]].cancel()

    def free(self, handle: Handle) -> None:
        pass

    def close(self) -> None:
        pass
