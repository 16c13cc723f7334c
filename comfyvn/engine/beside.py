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
from comfyvn.engine.progress import Progress, Silent
from comfyvn.engine.resolve import resolve
from comfyvn.engine.sandbox import Isolation
from comfyvn.engine.step import Rule
from comfyvn.source.diagnostics import Diagnostics


class Beside:
    """Commands and jobs of one build.

    Attributes:
        jobs: the project's jobs.
    """

    def __init__(
        self,
        root: Path,
        state: Path,
        rules: Mapping[str, Rule],
        *,
        sandbox: bool,
        compute: Callable[[], Mapping[str, Any]] = dict,
        offline: bool = False,
        progress: Progress | None = None,
    ) -> None:
        """Prepare to run steps.

        Args:
            root: the project's folder.
            state: its folder `.comfyvn`.
            rules: the rules by name, also of jobs that earlier builds submitted.
            sandbox: whether commands are isolated.
            compute: returns what `compute.yaml` says, checked; asked when a driver is opened.
            offline: whether nothing may be asked of the network.
            progress: is told how far jobs are.

        Raises:
            OSError: the folder cannot be written.
        """
        self._root, self._state, self._compute, self._offline = root, state, compute, offline
        self._drivers: dict[str, Driver] = {}
        isolation = Isolation(root) if sandbox else None
        self._isolation = isolation
        self._rules = rules
        self._detached = DetachedCommands(state)
        self._commands = Commands(state / "scratch", isolation)
        moved = (progress or Silent()).moved
        self.jobs = Jobs(state, lambda name: self._driver(self._rules[name]), moved)

    def action(self, rule: Rule) -> Action:
        """Return what runs the steps of a rule of `where: command` or `job`.

        Raises:
            CommandError: its driver cannot be found.
        """
        if rule.where == "job":
            return self.jobs.action(rule, self._driver(rule))
        return self._commands.action(rule)

    @property
    def note(self) -> str:
        """What the user should know of `--sandbox` and of how jobs went; empty if nothing."""
        notes = [self._isolation.note] if self._isolation is not None else []
        for driver in self._drivers.values():
            notes += driver.notes
        return "\n".join(filter(None, notes))

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
            self._drivers[rule.action] = self._opened(rule.action, opened)
        return self._drivers[rule.action]

    def _opened(self, name: str, open_at: Callable[[JobSite], Driver]) -> Driver:
        try:
            driver = open_at(JobSite(self._root, self._state, self._compute(), self._offline))
        except CommandError:
            raise
        except Exception as error:  # the rule's author named what is none
            raise CommandError(f"`{name}` is no job: {error}") from error
        if not hasattr(driver, "submit"):
            raise CommandError(f"`{name}` is no job: what it returns has no `submit`")
        return driver
