"""What builds the site that is served."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, Protocol

from comfyvn.source.diagnostics import Diagnostic

TARGET = "web"


class Built(NamedTuple):
    """What a build found, and whether the site is now that of the sources.

    `failure` says why it is not where no finding does.
    """

    findings: list[Diagnostic]
    ok: bool
    failure: str = ""


class Builds(Protocol):
    """Builds one project's web target, again and again, and keeps what it can for the next time."""

    @property
    def root(self) -> Path:
        """The project's folder."""

    @property
    def site(self) -> Path:
        """The folder of the web target."""

    def build(self, scenes: tuple[str, ...]) -> Built:
        """Build what changed. The site of the last good build stays when the sources say no.

        What `scenes` show and say, which are being played, is made first
        (`comfyvn.plan.outcome.Options`).
        """


class EngineBuilds:
    """The builds of `comfyvn build web`: one engine for both."""

    def __init__(self, root: Path) -> None:
        from comfyvn.plan.build import Builder

        self.root = root
        self.site = root / "build" / TARGET
        self._builder = Builder(root)

    def build(self, scenes: tuple[str, ...]) -> Built:
        """Build the site. What the disk refuses is told as the `failure`."""
        self._builder.options = self._builder.options._replace(scenes=scenes)
        try:
            outcome = self._builder.build([TARGET])
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            return Built([], False, f"cannot build: {where}{error.strerror or error}")
        failed = [each for each in outcome.failures if not each.unread]
        failures = [f"{each.step.name}: {each.message}" for each in failed]
        ok = not failures and not outcome.findings.has_errors
        return Built(list(outcome.findings), ok, "\n".join(failures))
