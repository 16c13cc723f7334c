"""What builds the site that is served."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, Protocol

from comfyvn.source.diagnostics import Diagnostic


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

    def build(self) -> Built:
        """Build what changed. The site of the last good build stays when the sources say no."""


class WholeBuilds:
    """Compiles and packs the whole project each time."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.site = root / "build" / "web"

    def build(self) -> Built:
        """Build the site. What the disk refuses is told as the `failure`."""
        from comfyvn.model.load import load_project
        from comfyvn.plan.profiles import apply_profile
        from comfyvn.source.diagnostics import Diagnostics
        from comfyvn.source.lock import LOCK_FILE, read_lock
        from comfyvn.story.compile import compile_project
        from comfyvn.targets import web
        from comfyvn.targets.files import write_atomic

        out = Diagnostics()
        loaded = load_project(self.root, out)
        compiled = compile_project(loaded, read_lock(self.root, out), out) if loaded else None
        if compiled is None or out.has_errors:
            return Built(apply_profile(out, "draft"), False)
        try:
            write_atomic(self.root / LOCK_FILE, compiled.lock.write().encode())
            web.build(compiled.program, self.root, self.site, out)
        except OSError as error:
            failure = f"cannot write {error.filename}: {error.strerror}"
            return Built(apply_profile(out, "draft"), False, failure)
        return Built(apply_profile(out, "draft"), not out.has_errors)
