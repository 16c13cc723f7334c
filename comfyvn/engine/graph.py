"""What depends on what in a plan."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from comfyvn.engine.pattern import head, is_pattern, matches
from comfyvn.engine.step import Plan


class Graph:
    """A plan's steps by what they write and read; steps are meant by their index.

    Attributes:
        producer: the step that writes each name, patterns letter for letter.
        consumers: the steps that declare each name as an input.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        producer = {name: i for i, step in enumerate(plan.steps) for name in step.outputs}
        consumers: dict[str, list[int]] = {}
        for i, step in enumerate(plan.steps):
            for name in step.inputs:
                if name in consumers:
                    consumers[name].append(i)
                else:
                    consumers[name] = [i]
        self.producer, self.consumers = producer, consumers
        self._open: dict[str, list[tuple[str, int]]] = {}
        for name in filter(is_pattern, producer):
            self._open.setdefault(name.partition("*")[0], []).append((name, producer[name]))
        self._lengths = sorted({len(start) for start in self._open})
        self._heads = {head(name) for patterns in self._open.values() for name, _ in patterns}
        # An input that only a pattern stands for follows what writes under the pattern.
        starts = tuple(self._heads) if "*" not in self._heads else ("",)
        for name in consumers.keys() - producer.keys():
            if name.startswith(starts):
                for pattern, _ in self.patterns(name):
                    consumers.setdefault(pattern, []).extend(consumers[name])

    @cached_property
    def index(self) -> dict[str, int]:
        """The steps by name."""
        return {step.name: i for i, step in enumerate(self.plan.steps)}

    def patterns(self, name: str) -> Iterator[tuple[str, int]]:
        """Yield each output pattern that stands for a name, with the step that writes it."""
        if name.partition("/")[0] not in self._heads and "*" not in self._heads:
            return
        # Of ten thousand patterns, those that begin as the name does are soon found.
        for length in self._lengths:
            for pattern, i in self._open.get(name[:length], ()):
                if matches(pattern, name):
                    yield pattern, i

    def makers(self, name: str) -> list[int]:
        """Return the steps that write a name, or may."""
        found = self.producer.get(name)
        if found is not None:
            return [found]
        return [i for _, i in self.patterns(name)] if self._open else []

    def needed(self, index: int) -> set[int]:
        """Return the steps that make a step's declared inputs."""
        return {i for name in self.plan.steps[index].inputs for i in self.makers(name)}
