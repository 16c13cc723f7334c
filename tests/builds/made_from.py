"""What each step was made from, found without asking the engine: files are read, and results are
what their makers wrote. It tells whether a step had a reason to run."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from builds.example import TARGETS

from comfyvn.engine.digest import ABSENT, digest_of
from comfyvn.engine.manifest import STATE, Manifest
from comfyvn.engine.pattern import matches
from comfyvn.engine.plan_file import load
from comfyvn.engine.step import Rule, Step
from comfyvn.engine.store import Store
from comfyvn.plan.outcome import Outcome
from comfyvn.plan.stage import STAGES

_Facts = tuple[Any, ...]


class MadeFrom:
    """The steps of one project from build to build."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.facts: dict[str, _Facts] = {}
        self.reads: dict[str, tuple[tuple[str, str], ...]] = {}

    def without_reason(self, outcome: Outcome, altered: Collection[str] = ()) -> list[str]:
        """Return the steps that the build ran though all they were made from is as it was.

        `altered` are outputs that somebody else deleted or wrote before the build.
        """
        manifest = Manifest.load(str(self.root))
        assert manifest is not None
        steps: list[tuple[Step, Rule]] = []
        values: dict[str, str] = {}
        for stage in STAGES:
            kept = load(self.root / STATE / f"{'-'.join((stage, *TARGETS))}.plan")
            if kept is not None and kept.build == manifest.build:
                steps += [(step, kept.plan.rules[step.rule]) for step in kept.plan.steps]
                values |= kept.values
        store = Store(self.root / STATE)
        try:
            made = {step.name: store.made(step.name) for step, _ in steps}
        finally:
            store.close()
        rows = {
            name: digest
            for each in made.values()
            if each is not None
            for name, digest, _ in each.result.outputs
        }

        def digest(name: str) -> object:
            if "*" in name:
                return tuple(sorted(row for row in rows.items() if matches(name, row[0])))
            if name in values or name in rows:
                return values.get(name) or rows[name]
            try:
                return digest_of((self.root / name).read_bytes()) if name[0] != "@" else ABSENT
            except OSError:
                return ABSENT

        ran = {each.step.name: each.reason for each in outcome.ran if each.how == "ran"}
        found = []
        for step, rule in steps:
            name = step.name
            facts = (rule.name, rule.version, rule.action, rule.reads, *step[2:5])
            facts += tuple((each, digest(each)) for each in step.inputs)
            if name in ran and self.facts.get(name) == facts:
                same = all(digest(each) == was for each, was in self.reads[name])
                reason = ran[name]
                if same and not (reason.why == "outputs" and set(altered) & set(reason.names)):
                    found.append(f"{name}: {reason}")
            last = made[name]
            if last is not None and last.key:
                self.facts[name], self.reads[name] = facts, last.result.reads
            else:
                self.facts.pop(name, None)
        # A target that is built lets go of what it has no more, also beside one that failed.
        if not outcome.findings.has_errors:
            for gone in self.facts.keys() - made.keys():
                del self.facts[gone]
        return found
