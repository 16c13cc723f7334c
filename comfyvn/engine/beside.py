"""What runs in threads beside the build: commands, and jobs that are waited for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from comfyvn.engine.action import Action
from comfyvn.engine.clean_folder import CommandError
from comfyvn.engine.command import Commands
from comfyvn.engine.detached import DetachedCommands
from comfyvn.engine.jobs import Driver, Jobs, JobSite
from comfyvn.engine.resolve import resolve
from comfyvn.engine.sandbox import Isolation
from comfyvn.engine.step import Rule
from comfyvn.source.diagnostics import Diagnostics


class Beside:
    """Commands and jobs of one build.

    Attributes:
        jobs: the project's jobs.
        note: what the user should know of `--sandbox`, else empty.
    """

    def __init__(
        self,
        root: Path,
        state: Path,
        rules: Mapping[str, Rule],
        *,
        sandbox: bool,
        compute: Mapping[str, Any] | None = None,
        offline: bool = False,
    ) -> None:
        """Prepare to run steps.

        Args:
            root: the project's folder.
            state: its folder `.comfyvn`.
            rules: the rules by name, also of jobs that earlier builds submitted.
            sandbox: whether commands are isolated.
            compute: what `compute.yaml` says, checked.
            offline: whether nothing may be asked of the network.

        Raises:
            OSError: the folder cannot be written.
        """
        self._site = JobSite(root, state, compute or {}, offline)
        self._drivers: dict[str, Driver] = {}
        isolation = Isolation(root) if sandbox else None
        self.note = isolation.note if isolation is not None else ""
        self._rules = rules
        self._detached = DetachedCommands(state)
        self._commands = Commands(state / "scratch", isolation)
        self.jobs = Jobs(state, lambda name: self._driver(self._rules[name]))

    def action(self, rule: Rule) -> Action:
        """Return what runs the steps of a rule of `where: command` or `job`.

        Raises:
            CommandError: its driver cannot be found.
        """
        if rule.where == "job":
            return self.jobs.action(rule, self._driver(rule))
        return self._commands.action(rule)

    def stop(self) -> None:
        """Stop commands, and the waiting for jobs."""
        self.jobs.stop()
        self._commands.stop()

    def _driver(self, rule: Rule) -> Driver:
        if rule.action == "command":
            return self._detached
        out = Diagnostics()
        if rule.action not in self._drivers:
            opened: Callable[[JobSite], Driver] | None = resolve(rule, out)
            if opened is None:
                raise CommandError(out[0].message)
            self._drivers[rule.action] = opened(self._site)
        return self._drivers[rule.action]
