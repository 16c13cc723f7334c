"""How far a change reaches: the steps that may have to run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from comfyvn.engine.asked import Asked
from comfyvn.engine.graph import Graph
from comfyvn.engine.pattern import is_pattern, matches, select
from comfyvn.engine.step import Plan, Step
from comfyvn.engine.store import Store


class Reach:
    """What depends on what, by the plan and by what its steps asked for when they last ran."""

    def __init__(self, graph: Graph, store: Store, asked: Asked) -> None:
        self._graph, self._store, self._asked = graph, store, asked

    def affected(
        self, changed: Iterable[str], old: Plan | None, altered: Iterable[str]
    ) -> set[int]:
        """Return the steps to look at, if every step but those the last build left undone is done.

        Args:
            changed: sources and values that came, went or differ since the last build.
            old: the plan of that build; None if it is not known.
            altered: outputs that are not as they were left.
        """
        plan = self._graph.plan
        if old is None or not self._asked.is_known():
            return set(range(len(plan.steps)))
        names = set(changed)
        found: set[int] = set()
        if old is not plan:
            found = self._redefined(old, names)
        for name in names:
            found.update(self.read_by(name))
        for name in altered:
            found.update(self._graph.makers(name))
        index = self._graph.index
        found.update(index[name] for name in self._store.unfinished() if name in index)
        return found

    def _redefined(self, old: Plan, names: set[str]) -> set[int]:
        """Return the steps that are not as they were; add to `names` what went with the others."""
        plan = self._graph.plan
        redefined = {
            rule.name
            for rule in plan.rules.values()
            if rule.name not in old.rules or old.rules[rule.name].definition != rule.definition
        }
        found: set[int] = set()
        before = {step.name: step for step in old.steps}
        for i, step in enumerate(plan.steps):
            was = before.pop(step.name, None)
            if was != step or step.rule in redefined:
                found.add(i)
                if was is not None and was.outputs != step.outputs:
                    names.update(self.written(was))
        for gone in before.values():
            names.update(self.written(gone))
        return found

    def written(self, step: Step) -> Iterator[str]:
        """Yield the names that a step of before wrote or may have written, and its patterns."""
        yield from step.outputs
        made = self._store.made(step.name)
        if made is not None:
            yield from (name for name, _, _ in made.result.outputs)

    def downstream(self, first: set[int]) -> set[int]:
        """Return steps with all that depend on them."""
        found = set(first)
        waiting = list(first)
        while waiting:
            for i in self.readers(waiting.pop()):
                if i not in found:
                    found.add(i)
                    waiting.append(i)
        return found

    def readers(self, index: int) -> Iterator[int]:
        """Yield the steps that read what a step may write, some more than once."""
        for name in self._names(self._graph.plan.steps[index]):
            yield from self.read_by(name)

    def read_by(self, name: str) -> Iterator[int]:
        """Yield the steps that read an artifact."""
        yield from self._graph.consumers.get(name, ())
        yield from self._asked.steps(name)

    def _names(self, step: Step) -> Iterator[str]:
        """Yield what a step may write: names, and what of its patterns was written or asked."""
        for name in step.outputs:
            yield name
            if is_pattern(name):
                yield from select(name, self._asked.names())
                made = self._store.made(step.name)
                if made is not None:
                    yield from (out for out, _, _ in made.result.outputs if matches(name, out))
