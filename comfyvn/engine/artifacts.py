"""The artifacts of a plan while it runs: what they are now, and what they hold."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path

from comfyvn.engine.again import BeginAgainError
from comfyvn.engine.digest import ABSENT, UNREADABLE, digest_of
from comfyvn.engine.graph import Graph
from comfyvn.engine.pattern import is_pattern, matches
from comfyvn.engine.sources import Sources
from comfyvn.engine.step import Plan
from comfyvn.engine.store import Store


class UnfinishedError(Exception):
    """A step asked for what a failed step makes."""


class RunArtifacts(ABC):
    """Sources, values, and what the steps of a plan made, each of them last.

    Attributes:
        plan: the steps.
        graph: what depends on what in it.
        store: what was made before.
        sources: the source files.
        values: artifacts that no step makes.
        earlier: those of a stage before, which this one reads.
    """

    def __init__(
        self,
        plan: Plan,
        store: Store,
        sources: Sources,
        values: Mapping[str, bytes],
        earlier: RunArtifacts | None,
    ) -> None:
        self.plan, self.graph = plan, Graph(plan)
        self.store, self.sources, self.values = store, sources, values
        self.earlier = earlier
        self._now: dict[str, str] = {}
        self._wave: set[int] = set()
        """The steps that are looked at, of which some have begun."""
        self._begun: set[int] = set()
        self._failed: set[int] = set()

    @abstractmethod
    def remake(self, index: int, name: str) -> None:
        """Run the step once more that made an artifact, whose content was lost."""

    def writes(self, name: str) -> bool:
        """Whether a step of the plan makes an artifact, or may, had it not failed."""
        makers = self.graph.makers(name)
        return any(i in self._failed or self._made_by(i, name) != ABSENT for i in makers)

    def digest(self, name: str) -> str:
        """Return the digest of an artifact as it is now; `ABSENT` if there is none.

        Raises:
            UnfinishedError: the step that makes it failed.
            BeginAgainError: its step has no result, for no reason known.
        """
        found = self._now.get(name)
        if found is None:
            found = self._now[name] = self._digest(name)
        return found

    def _digest(self, name: str) -> str:
        if name in self.values:
            return digest_of(self.values[name])
        producer = self.graph.producer.get(name)
        if producer is not None:
            return self._made_by(producer, name)
        if name[0] != "@" and (found := self.sources.digest(name)) != ABSENT:
            return found
        for _, i in self.graph.patterns(name):
            if (found := self._made_by(i, name)) != ABSENT:
                return found
        return self.earlier.digest(name) if self.earlier is not None else ABSENT

    def _made_by(self, index: int, name: str) -> str:
        if index in self._failed:
            raise UnfinishedError(name)
        step = self.plan.steps[index]
        made = self.store.made(step.name)
        if made is None:
            # Only a step that is still to come may be without a result.
            if index not in self._begun and index not in self._wave:
                raise BeginAgainError(f"the result of `{step.name}` was lost")
            return ABSENT
        if is_pattern(name):
            rows = [f"{row[0]}\0{row[1]}" for row in made.result.outputs if matches(name, row[0])]
            return digest_of("\0".join(rows).encode()) if rows else ABSENT
        return made.result.digest(name)

    def names(self, pattern: str) -> tuple[str, ...]:
        """Return what the step that has `pattern` for an output wrote under it, sorted."""
        index = self.graph.producer.get(pattern)
        if index is None:
            return self.earlier.names(pattern) if self.earlier is not None else ()
        if index in self._failed:
            raise UnfinishedError(pattern)
        made = self.store.made(self.plan.steps[index].name)
        found = (row[0] for row in made.result.outputs) if made is not None else ()
        return tuple(name for name in found if matches(pattern, name))

    def content(self, name: str) -> bytes:
        """Return the content of an artifact.

        Raises:
            OSError: it cannot be read.
            SourceChangedError: a source was written meanwhile.
        """
        if name in self.values:
            return self.values[name]
        if name[0] != "@":
            if name in self.sources.digests:
                return self.sources.read(name)
            return (self.sources.root / name).read_bytes()
        data = self.store.get(self.digest(name))
        if data is None:
            data = self._again(name)
        return data

    def file(self, name: str) -> Path:
        """Return a file that holds the content of an artifact.

        Raises:
            OSError: it cannot be made.
        """
        if name[0] != "@":
            if self.sources.digest(name).startswith(UNREADABLE):
                self.sources.read(name)  # It says why; a pipe would be waited for.
            return self.sources.root / name
        data = self.content(name)
        digest = self.digest(name)
        self.store.objects.put(digest, data)
        return self.store.objects.path(digest)

    def _again(self, name: str) -> bytes:
        """Return the content of a result that got lost or was damaged, made once more."""
        makers = [i for i in self.graph.makers(name) if self._made_by(i, name) != ABSENT]
        if not makers:
            if self.earlier is not None:
                return self.earlier.content(name)
            raise OSError(f"{name}: lost from the store")
        self.remake(makers[0], name)
        data = self.store.get(self.digest(name))
        if data is None:
            raise OSError(f"{name}: cannot be kept in the store")
        return data
