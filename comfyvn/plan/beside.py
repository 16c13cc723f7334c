"""What runs steps in threads of a build: the project's commands, and jobs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from comfyvn.engine.action import Action
from comfyvn.engine.command import Commands
from comfyvn.engine.jobs import Driver, Jobs
from comfyvn.engine.manifest import STATE
from comfyvn.engine.pool import ActionError
from comfyvn.engine.resolve import resolve
from comfyvn.engine.sandbox import Isolation
from comfyvn.engine.step import Rule
from comfyvn.plan.rules import Declared
from comfyvn.source.diagnostics import Diagnostics


class Beside:
    """The commands and jobs of one build; nothing is opened before a step needs it.

    Attributes:
        notes: what the user should know of how commands ran.
    """

    def __init__(self, root: Path, rules: Mapping[str, Declared], *, sandbox: bool) -> None:
        """Prepare.

        Args:
            root: the project's folder.
            rules: all rules, by name.
            sandbox: whether commands see nothing of the project but their inputs.
        """
        self.root, self.rules, self.sandbox = root, rules, sandbox
        self.notes: list[str] = []
        self._commands: Commands | None = None
        self._jobs: Jobs | None = None
        if any(each.rule.where == "job" for each in rules.values()):
            self._jobs = Jobs(root / STATE, self._driver)

    def action(self, rule: Rule) -> Action:
        """Return what runs the steps of a rule.

        Raises:
            ActionError: there is no such job.
            OSError: the folder for commands cannot be made.
        """
        if rule.where == "job" and self._jobs is not None:
            return self._jobs.action(rule, self._driver(rule.name))
        if self._commands is None:
            isolation = Isolation(self.root) if self.sandbox else None
            self._commands = Commands(self.root / STATE / "scratch", isolation)
            if isolation is not None and isolation.note:
                self.notes.append(isolation.note)
        return self._commands.action(rule)

    def _driver(self, name: str) -> Driver:
        out = Diagnostics()
        driver: Driver | None = resolve(self.rules[name].rule, out)
        if driver is None:
            raise ActionError(out[0].message)
        return driver

    def stop(self) -> None:
        """Stop commands, and the waiting for jobs; these go on."""
        if self._commands is not None:
            self._commands.stop()
        if self._jobs is not None:
            self._jobs.stop()

    def settle(self, outputs: Iterable[str] | None) -> None:
        """Free the jobs that are collected; with the outputs of all steps, cancel all others'."""
        if self._jobs is not None:
            self._jobs.settle()
            if outputs is not None:
                self._jobs.sweep(outputs)

    def close(self) -> None:
        """Close the table of jobs."""
        if self._jobs is not None:
            self._jobs.close()
