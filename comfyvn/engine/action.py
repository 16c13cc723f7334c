"""What an action sees of the build."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from comfyvn.engine.placement import Place
from comfyvn.source.diagnostics import Diagnostic


class Context(Protocol):
    """One step while it runs.

    An action reads only through it: what it reads is what the step depends on.
    """

    @property
    def params(self) -> Mapping[str, Any]:
        """The step's parameters."""

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the declared inputs, in the order of the rule."""

    @property
    def outputs(self) -> tuple[str, ...]:
        """The names of the declared outputs, in the order of the rule; patterns as they stand."""

    @property
    def place(self) -> Place:
        """The device that a job is to be submitted to; no part of what it makes depends on it."""

    def names(self, pattern: str) -> tuple[str, ...]:
        """Return what an input with a `*` stands for, sorted: all that was written under it."""

    def read(self, name: str) -> bytes:
        """Return an artifact: a declared input, or one that the rule's `reads` allow.

        Raises:
            KeyError: there is no such artifact, or the step may not read it.
            OSError: the file cannot be read.
        """

    def find(self, name: str) -> bytes | None:
        """Return the content of an artifact that the rule's `reads` allow; None if there is none.

        That there was none is a dependency too.
        """

    def digest(self, name: str) -> str:
        """Return the digest of an artifact that `read` would return."""

    def path(self, name: str) -> Path:
        """Return where the file of an artifact is, to be read and not written."""

    def write(self, name: str, data: bytes) -> None:
        """Set an output."""

    def copy(self, name: str, source: str) -> None:
        """Make an output of the same content as an input, without reading it."""

    def report(self, finding: Diagnostic) -> None:
        """Report something about the sources. It is part of the result, and said again on a hit."""


Action = Callable[[Context], None]
