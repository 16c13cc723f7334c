"""What builds left behind, looked at without a lock: steps, what they read and what they made.

It answers questions after a build; a build itself never needs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from comfyvn.engine.digest import ABSENT
from comfyvn.engine.manifest import STATE, Manifest
from comfyvn.engine.pattern import is_pattern, matches
from comfyvn.engine.plan_file import load
from comfyvn.engine.result import Made
from comfyvn.engine.step import Rule, Step
from comfyvn.engine.store_view import StoreView


class Past:
    """The steps that have a result, over all targets.

    Attributes:
        steps: by name, in an order in which they can run.
        made: what each made last.
        rules: by name.
        producer: the step that made each artifact.
        declared: the step that is to make each, also where it failed or was not reached.
        patterns: the step that writes each pattern.
        manifest: what the last build saw; None if there is none that can be read.
    """

    def __init__(
        self,
        steps: Mapping[str, Step],
        rules: Mapping[str, Rule],
        made: Mapping[str, Made],
        manifest: Manifest | None,
    ) -> None:
        self.steps, self.rules, self.made, self.manifest = steps, rules, made, manifest
        self.producer: dict[str, str] = {}
        self.declared: dict[str, str] = {}
        self.patterns: dict[str, str] = {}
        for name, step in steps.items():
            for output, _, _ in made[name].result.outputs:
                self.producer[output] = name
            for output in step.outputs:
                if is_pattern(output):
                    self.patterns[output] = name
                else:
                    self.declared[output] = name
        self._consumers: dict[str, list[str]] | None = None

    @classmethod
    def load(cls, root: Path) -> Past:
        """Return what is known of the builds of the project at `root`."""
        state = root / STATE
        store = StoreView(state)
        made = dict(store.all_made())
        store.close()
        steps: dict[str, Step] = {}
        rules: dict[str, Rule] = {}
        # What was planned last holds; each of the kept plans is of one stage for some targets.
        paths = sorted(state.glob("*.plan"), key=lambda path: -path.stat().st_mtime_ns)
        order = {"front": 0, "assets": 1, "targets": 2}
        found: list[tuple[int, int, Step]] = []
        for path in paths:
            kept = load(path)
            if kept is None:
                continue
            stage = order.get(path.name.partition("-")[0].partition(".")[0], 3)
            rules = {**kept.plan.rules, **rules}
            for at, step in enumerate(kept.plan.steps):
                if step.name not in steps and step.name in made:
                    steps[step.name] = step
                    found.append((stage, at, step))
        found.sort(key=lambda each: each[:2])
        ordered = {step.name: step for _, _, step in found}
        return cls(ordered, rules, made, Manifest.load(str(root)))

    def rule_of(self, step: str) -> Rule:
        """Return the rule of a step."""
        return self.rules[self.steps[step].rule]

    def outputs(self, step: str) -> tuple[str, ...]:
        """Return the artifacts that a step made."""
        return tuple(name for name, _, _ in self.made[step].result.outputs)

    def digests(self, step: str) -> dict[str, str]:
        """Return the digest of each artifact that a step made."""
        return {name: digest for name, digest, _ in self.made[step].result.outputs}

    def inputs(self, step: str) -> tuple[str, ...]:
        """Return the artifacts that a step read, those that it asked for while it ran too."""
        found: dict[str, None] = {}
        for name in self.steps[step].inputs:
            if is_pattern(name) and name in self.patterns:
                made = self.outputs(self.patterns[name])
                found.update((each, None) for each in made if matches(name, each))
            else:
                found[name] = None
        reads = self.made[step].result.reads
        found.update((name, None) for name, digest in reads if digest != ABSENT)
        return tuple(found)

    def consumers(self, name: str) -> list[str]:
        """Return the steps that read an artifact."""
        if self._consumers is None:
            found: dict[str, list[str]] = {}
            for step in self.steps:
                for each in self.inputs(step):
                    found.setdefault(each, []).append(step)
            self._consumers = found
        return self._consumers.get(name, [])

    def above(self, steps: Iterable[str]) -> list[str]:
        """Return steps and all that they depend on, in an order in which they can run."""
        found = set(steps)
        waiting = list(found)
        while waiting:
            for name in self.inputs(waiting.pop()):
                maker = self.producer.get(name)
                if maker is not None and maker not in found:
                    found.add(maker)
                    waiting.append(maker)
        return [name for name in self.steps if name in found]

    def artifacts(self) -> Iterator[str]:
        """Yield the name of every artifact that a step made or read."""
        seen: set[str] = set()
        for step in self.steps:
            for name in (*self.outputs(step), *self.inputs(step)):
                if name not in seen:
                    seen.add(name)
                    yield name
