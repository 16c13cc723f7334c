"""A server as jobs see it: whether it answers, whether it works, and what it has.

A server can answer every question and yet do no work any more: a bad workflow kills the thread that
does it. So the prompt that is next to end is watched; when it neither ends nor makes progress for
as long as `stall`, the server is taken for stuck until it was restarted.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

from comfyvn.drivers.comfyui.client import AnswerError, Client, Queue, UnreachableError
from comfyvn.drivers.comfyui.graph import Graph
from comfyvn.drivers.comfyui.lint import class_digest, fit
from comfyvn.drivers.comfyui.listener import Listener
from comfyvn.drivers.comfyui.order import Order
from comfyvn.source.address import shown
from comfyvn.source.diagnostics import Diagnostics

Answer = TypeVar("Answer")


class Times(NamedTuple):
    """How long things may take, in seconds.

    Attributes:
        stall: until a server whose next prompt makes no progress is taken for stuck.
        patience: until one that does not answer is taken for gone, and its jobs with it.
        retry: between two tries to reach one that does not answer.
        look: how old an answer about its queue may be.
        relax: after it was told to free memory, until it has.
    """

    stall: float = 300.0
    patience: float = 10.0
    retry: float = 2.0
    look: float = 0.2
    relax: float = 2.0


class Look(NamedTuple):
    """A queue, and when it was asked for, by `time.monotonic`."""

    queue: Queue
    at: float


class Station:
    """One server.

    Attributes:
        name: what `compute.yaml` calls it.
        client: asks it.
        listener: hears what it tells.
        times: how long things may take.
        trouble: why it does no work, in words; empty if it does.
        slow: prompts that may be silent for longer, and how long.
    """

    def __init__(self, name: str, url: str, times: Times) -> None:
        self.name, self.times = name, times
        self.client = Client(url)
        self.listener = Listener(self.client.url, here=self.client.is_here)
        self.trouble = ""
        self.slow: dict[str, float] = {}
        self._guard = threading.RLock()
        self._silent_since: float | None = None
        self._tried = 0.0
        self._stuck = ""
        self._look: Look | None = None
        self._mark: tuple[str, float] = ("", 0.0)
        self._since = 0.0
        self._system: Mapping[str, Any] = {}
        self._infos: dict[str, Mapping[str, Any]] = {}
        self._uploaded: dict[str, str] = {}

    def __str__(self) -> str:
        return f"`{self.name}` at {shown(self.client.url)}"

    def close(self) -> None:
        """Hang up."""
        self.listener.close()
        self.client.close()

    # Whether it answers, and works

    def ask(self, question: Callable[[], Answer]) -> Answer:
        """Return the answer to a question; one that did not answer just now is not asked again.

        Raises:
            UnreachableError: it does not answer.
            AnswerError: what it answers is no answer.
        """
        with self._guard:
            silent = self._silent_since is not None
            if silent and time.monotonic() - self._tried < self.times.retry:
                raise UnreachableError(self.trouble)
            self._tried = time.monotonic()
        try:
            answer = question()
        except (UnreachableError, AnswerError) as error:
            with self._guard:
                self._tried = time.monotonic()
                if self._silent_since is None:
                    self._silent_since = self._tried
                if not self._stuck:
                    self.trouble = str(error)
            raise
        with self._guard:
            self._silent_since = None
            if not self._stuck:
                self.trouble = ""
        return answer

    @property
    def is_gone(self) -> bool:
        """Whether it did not answer for as long as one has patience."""
        since = self._silent_since
        return since is not None and time.monotonic() - since > self.times.patience

    @property
    def may_return(self) -> bool:
        """Whether it has worked, and if it does not answer now, did so a moment ago."""
        return self._look is not None and not self._stuck and not self.is_gone

    @property
    def is_stuck(self) -> bool:
        """Whether it does no work any more, as far as is known."""
        return bool(self._stuck)

    def is_ready(self) -> bool:
        """Whether jobs can be sent there; asks it."""
        try:
            self.look(self.times.retry if self._stuck else self.times.look)
        except (UnreachableError, AnswerError):
            return False
        return not self._stuck

    def look(self, age: float | None = None) -> Look:
        """Return its queue, at most so many seconds old, and watch whether it moves."""
        with self._guard:
            age = self.times.look if age is None else age
            if self._look is not None and time.monotonic() - self._look.at < age:
                return self._look
            at = time.monotonic()
            found = Look(self.ask(self.client.queue), at)
            self._look = found
            self._watch(found.queue)
            return found

    def _watch(self, queue: Queue) -> None:
        now, head = time.monotonic(), queue.head
        if self._stuck and self._stuck not in (*queue.running, *queue.pending):
            self._stuck = self.trouble = ""
            self.forget()
        mark = (head, self.listener.heard(head))
        if not head or mark != self._mark:
            self._mark, self._since = mark, now
        elif now - self._since > max(self.times.stall, self.slow.get(head, 0.0)):
            self._stuck = head
            self.trouble = (
                f"it answers and does no work: what is next in its queue has not moved for "
                f"{now - self._since:.0f} seconds; restart it"
            )

    # What it has

    def forget(self) -> None:
        """Ask again for what it is and has: it was restarted, or something was installed."""
        with self._guard:
            self._system = {}
            self._infos, self._uploaded = {}, {}

    def fitted(self, order: Order, out: Diagnostics) -> Graph:
        """Return an order's graph as the server spells it, reporting what it could not do."""
        given = [(node, name) for node, name, _ in order.uploads]

        def once(found: Diagnostics, classes: list[str]) -> Graph:
            infos = {kind: self.info(kind) for kind in _classes(order.graph)}
            return fit(
                order.graph, infos, order.file, self.name, found, classes=classes, given=given
            )

        found = Diagnostics()
        graph = once(found, [])
        if found.has_errors:
            # A model may have been installed since.
            with self._guard:
                self._infos = {}
            found = Diagnostics()
            unknown = any(not self.info(kind) for kind in _classes(order.graph))
            graph = once(found, self.ask(self.client.classes) if unknown else [])
        out += found
        return graph

    def info(self, kind: str) -> Mapping[str, Any]:
        """Return what it says of a node class; nothing if it does not know it."""
        if kind not in self._infos:
            self._infos[kind] = self.ask(lambda: self.client.class_info(kind))
        return self._infos[kind]

    def upload(self, name: str, data: Callable[[], bytes]) -> str:
        """Return the name by which nodes know a file, uploading it unless that was done."""
        if name not in self._uploaded:
            self._uploaded[name] = self.ask(lambda: self.client.upload(name, data()))
        return self._uploaded[name]

    def facts(self, graph: Graph) -> dict[str, Any]:
        """Return what a picture's origin tells of the server: versions, device, node classes."""
        if not self._system:
            self._system = self.ask(self.client.system)
        system = self._system.get("system") or {}
        devices = self._system.get("devices") or [{}]
        return {
            "server": self.name,
            "version": system.get("comfyui_version", ""),
            "torch": system.get("pytorch_version", ""),
            "device": devices[0].get("name", ""),
            "nodes": {kind: class_digest(self.info(kind))[:16] for kind in _classes(graph)},
        }


def _classes(graph: Graph) -> list[str]:
    return sorted({entry["class_type"] for entry in graph.values()})
