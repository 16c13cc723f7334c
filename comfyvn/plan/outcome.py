"""How to build, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from comfyvn.engine.ran import Failure, Ran
from comfyvn.source.diagnostics import Diagnostic, Diagnostics


class Options(NamedTuple):
    """How to build.

    Attributes:
        jobs: how many cores to keep busy; 0 for all there are.
        profile: whose findings stop the build.
        locked: whether `vn.lock` must be right already.
        cache: the URL of a shared cache, instead of the one that the environment or `vn.yaml` name.
        cache_mode: `read` or `write`, likewise.
        offline: whether nothing may be reached over a network.
        trust: whether the project's own rules may run programs, now and from now on.
        sandbox: whether every step runs where only its inputs exist.
        cluster: the address of a Dask scheduler whose workers do what a worker process can.
        remote: whether remote servers may be used where `compute.yaml` says `remote: ask`.
        urgent: the names of artifacts that somebody waits for: what makes them goes first.
        scenes: the scenes that somebody plays, whose pictures and voices go first; an empty name is
            that of the scene that the story begins with.
        always: rules whose steps run whatever was made before.
        waived: findings that somebody lets stand.
    """

    jobs: int = 0
    profile: str = "draft"
    locked: bool = False
    cache: str | None = None
    cache_mode: str | None = None
    offline: bool = False
    trust: bool = False
    sandbox: bool = False
    cluster: str | None = None
    always: tuple[str, ...] = ()
    remote: bool = False
    urgent: tuple[str, ...] = ()
    scenes: tuple[str, ...] = ()
    waived: frozenset[Diagnostic] = frozenset()


class TargetOutcome(NamedTuple):
    """What became of one target.

    Attributes:
        ran: how many steps were run for it, those of the front included.
        reused: how many were not, because a result of theirs held.
        failed: how many could not be done.
        seconds: how long the whole build took.
        out: the target's folder.
        changed: the files below it that are new or not what they were, as paths of the project.
        fetched: of how many of the reused steps the shared cache had the result.
    """

    ran: int
    reused: int
    failed: int
    seconds: float
    out: Path
    changed: tuple[str, ...] = ()
    fetched: int = 0

    def as_json(self, target: str) -> dict[str, object]:
        """Return what `--json` prints."""
        return {
            "target": target,
            "ran": self.ran,
            "reused": self.reused,
            "fetched": self.fetched,
            "failed": self.failed,
            "seconds": self.seconds,
            "out": str(self.out),
        }


@dataclass
class Outcome:
    """What a build found and did.

    Attributes:
        findings: everything that is wrong with the sources, as the profile has it.
        targets: what became of each wanted target.
        ran: each step that was looked at.
        failures: the steps that could not be done.
        notes: what the user should know of the build itself.
    """

    findings: Diagnostics = field(default_factory=Diagnostics)
    targets: dict[str, TargetOutcome] = field(default_factory=dict)
    ran: list[Ran] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
