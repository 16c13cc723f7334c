"""What a build tells of itself while it runs."""

from __future__ import annotations

from typing import Protocol

from comfyvn.engine.ran import How
from comfyvn.engine.step import Rule, Step


class Progress(Protocol):
    """Is told what happens."""

    def planned(self, steps: int) -> None:
        """So many more steps may have to run."""

    def began(self, step: Step, rule: Rule) -> None:
        """A step runs now."""

    def moved(self, output: str, said: str) -> None:
        """The job whose step's first output this is has come so far, in words; from any thread."""

    def ended(self, step: Step, how: How, seconds: float) -> None:
        """A step is done with."""


class Silent:
    """Says nothing."""

    def planned(self, steps: int) -> None:
        """Say nothing."""

    def began(self, step: Step, rule: Rule) -> None:
        """Say nothing."""

    def moved(self, output: str, said: str) -> None:
        """Say nothing."""

    def ended(self, step: Step, how: How, seconds: float) -> None:
        """Say nothing."""
