"""What a run has beyond its own process: places where steps run, and a shared cache."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol

from comfyvn.engine.context import Answer, Artifacts
from comfyvn.engine.devices import Devices
from comfyvn.engine.result import Result
from comfyvn.engine.step import Rule, Step


class Elsewhere(Protocol):
    """Where steps run that do not run here: worker processes, child processes, a cluster."""

    def submit(self, step: Step, rule: Rule, artifacts: Artifacts) -> Future[Answer]:
        """Begin a step."""

    @property
    def devices(self) -> Devices:
        """What says where the steps go that need a device."""

    def free(self, rule: Rule) -> bool:
        """Whether a step of this rule, which needs no device, can begin now."""


class Shared(Protocol):
    """A cache shared with other machines (`comfyvn.engine.remote`)."""

    def fetch(self, key: str, wanted: Callable[[str], bool]) -> list[Result]:
        """Return what steps of a key made elsewhere, their bytes put into the store."""

    def came(self, key: str) -> bool:
        """Whether results of a key are in the store since they came from this cache."""

    def publish(self, key: str, result: Result) -> None:
        """Offer what a step made; returns at once."""
