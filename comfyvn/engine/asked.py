"""Which steps asked for which artifacts while they ran."""

from __future__ import annotations

from collections.abc import Sequence

from comfyvn.engine.graph import Graph
from comfyvn.engine.result import Result
from comfyvn.engine.store import Store


class Asked:
    """The artifacts that the steps of a plan asked for, by the rules that have `reads`.

    Without it nobody knows what depends on what, and each step has to be looked at.
    """

    def __init__(self, graph: Graph, store: Store) -> None:
        self._graph, self._store = graph, store
        self._steps: dict[str, dict[str, set[str]]] | None = None
        self._names: list[str] | None = None
        self._changed: set[str] = set()

    def is_known(self) -> bool:
        """Whether it is known what the steps of all rules asked for."""
        if self._steps is None:
            found = {}
            for rule in self._graph.plan.rules.values():
                if rule.reads:
                    asked = self._store.asked(rule.name)
                    if asked is None:
                        return False
                    found[rule.name] = asked
            self._steps = found
        return True

    def forget(self) -> None:
        """Forget all, since each step is looked at in any case."""
        self._steps = {}

    def steps(self, name: str) -> list[int]:
        """Return the steps that asked for an artifact."""
        index = self._graph.index
        return [
            index[step]
            for asked in (self._steps or {}).values()
            for step in asked.get(name, ())
            if step in index
        ]

    def names(self) -> Sequence[str]:
        """Return the artifacts that any step asked for, sorted."""
        if self._names is None:
            asked = self._steps or {}
            self._names = sorted({each for names in asked.values() for each in names})
        return self._names

    def settle(self, rule: str, step: str, before: Result | None, result: Result) -> None:
        """Take what a step asked for now in place of what it asked for before."""
        asked = (self._steps or {}).get(rule)
        if asked is None:
            return
        was = {name for name, _ in before.reads} if before else set()
        now = {name for name, _ in result.reads}
        for name in was - now:
            asked.get(name, set()).discard(step)
        for name in now - was:
            asked.setdefault(name, set()).add(step)
        if was != now:
            self._changed.add(rule)
            self._names = None

    def save(self) -> None:
        """Write down what changed."""
        asked = self._steps or {}
        if self._changed:
            self._store.set_asked({rule: asked[rule] for rule in self._changed if rule in asked})

    def save_all(self) -> None:
        """Gather it from the results of all steps, and write it down."""
        plan = self._graph.plan
        asked: dict[str, dict[str, set[str]]]
        asked = self._steps = {rule.name: {} for rule in plan.rules.values() if rule.reads}
        for step in plan.steps:
            if step.rule in asked and (made := self._store.made(step.name)) is not None:
                for name, _ in made.result.reads:
                    asked[step.rule].setdefault(name, set()).add(step.name)
        self._changed = set(asked)
        self.save()
