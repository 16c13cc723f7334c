"""One render job: what it is to make, where it was sent, and what came of it.

Its folder `.comfyvn/jobs/KEY/` outlives the build: `state.json` says where it was sent last and is
written before it is sent; `made` and `origin.json` are the result.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from comfyvn.drivers.comfyui.order import Order, kept_order
from comfyvn.engine.jobs import Status
from comfyvn.engine.objects import write_file
from comfyvn.engine.step import canonical_bytes

_KEPT = ("device", "attempt", "first", "starved", "placed")


@dataclass
class Job:
    """One job of this process.

    Attributes:
        folder: what it takes, and what it made.
        order: what it is to make.
        device: the server that has it.
        attempt: how often it was sent before.
        first: the attempt that this build began with.
        starved: whether a server had too little memory for it.
        placed: whether somebody else decides which server it goes to.
        later: not before then it is sent again, by `time.monotonic`.
        missed: when it was looked for and not found.
    """

    folder: Path
    order: Order
    device: str = ""
    attempt: int = 0
    first: int = 0
    starved: bool = False
    placed: bool = False
    later: float = 0.0
    missed: float = 0.0
    guard: threading.Lock = field(default_factory=threading.Lock)

    @property
    def prompt_id(self) -> str:
        """The id it is known by where it was sent last."""
        return self.order.prompt_id(self.attempt)

    def keep(self) -> None:
        """Note where it goes, before it goes there."""
        state = {name: getattr(self, name) for name in _KEPT}
        write_file(self.folder / "state.json", canonical_bytes(state))

    @property
    def is_made(self) -> bool:
        """Whether its result is there."""
        return (self.folder / "made").exists()

    def made(self) -> Status:
        """Return that it is done, and its files."""
        files = (self.folder / "made", self.folder / "origin.json")
        return Status("done", outputs=dict(zip(self.order.outputs, files, strict=False)))

    def set_made(self, data: bytes, origin: Mapping[str, Any]) -> None:
        """Keep what was made, and what it is."""
        write_file(self.folder / "origin.json", canonical_bytes(dict(origin)))
        write_file(self.folder / "made", data)


def kept_job(folder: Path) -> Job | None:
    """Return the job of a folder, as it was sent last; None if it never was."""
    order = kept_order(folder)
    try:
        state = json.loads((folder / "state.json").read_bytes())
        return Job(folder, order, **state) if order is not None else None
    except (OSError, ValueError, TypeError):
        return None
