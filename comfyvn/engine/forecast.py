"""What a run would do, told without doing it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from comfyvn.engine.digest import ABSENT
from comfyvn.engine.pattern import is_pattern
from comfyvn.engine.ran import Reason
from comfyvn.engine.result import Result
from comfyvn.engine.run import Run
from comfyvn.engine.step import Step

Foretold = Literal["runs", "taken", "may"]
"""`runs`: nothing holds that was made of it; `taken`: what an earlier build made holds; `may`: a
step that it depends on runs, and may make what it made before."""


class Verdict(NamedTuple):
    """What would become of one step.

    Attributes:
        step: the step.
        how: whether it runs.
        reason: why, as a build would say it; for `may`, the names that may change.
        seconds: how long it took when it last ran; if it never did, how long others of its rule
            took; None if none ever ran.
    """

    step: Step
    how: Foretold
    reason: Reason
    seconds: float | None


class UnknownError(Exception):
    """An artifact is asked for that only a build can make."""


class Forecast(Run):
    """A run whose steps are judged and not run. Its store may be one that is only looked at.

    Attributes:
        verdicts: what would become of each step that does not hold, by name.
    """

    verdicts: dict[str, Verdict]

    def run(self, start: Iterable[int] | None) -> None:
        """Judge the steps that a build would look at."""
        self.verdicts = {}
        self._open_to_change: set[int] = set()
        self._assumed: dict[str, str] = {}
        self._means: dict[str, float] | None = None
        every = start is None or self.store.empty or not self._asked.is_known()
        first = set(range(len(self.plan.steps))) if every else set(start or ())
        if every:
            self._asked.forget()
        self.store.load_all()
        self._wave = first if every else self._reach.downstream(first)
        for index in sorted(self._wave):
            self._judge(index, looked_at=index in first)

    def digest(self, name: str) -> str:
        """Return the digest of an artifact.

        Raises:
            UnknownError: only a build can tell.
        """
        if self.is_open(name):
            raise UnknownError(name)
        taken = self._assumed.get(name)
        return super().digest(name) if taken is None else taken

    def is_open(self, name: str) -> bool:
        """Whether an artifact may be another after a build."""
        if name in self.values:
            return False
        if any(i in self._open_to_change for i in self.graph.makers(name)):
            return True
        return isinstance(self.earlier, Forecast) and self.earlier.is_open(name)

    def open_names(self) -> set[str]:
        """Return the names, and patterns, of the artifacts that change or may."""
        found: set[str] = set()
        for i in self._open_to_change:
            found.update(self._reach.written(self.plan.steps[i]))
        return found | self._assumed.keys()

    def _judge(self, index: int, *, looked_at: bool) -> None:
        step = self.plan.steps[index]
        made = self.store.made(step.name)
        if made is None:
            self._set(index, "runs", Reason("new"))
            return
        opened = [name for name in step.inputs if self.is_open(name)]
        opened += [name for name, _ in made.result.reads if self.is_open(name)]
        if opened:
            changed = self._changed(index, made.result, set(opened))
            names = changed or tuple(dict.fromkeys(opened))
            self._set(index, "runs" if changed else "may", Reason("inputs", names))
            return
        reads = [*step.inputs, *(name for name, _ in made.result.reads)]
        if not looked_at and self._assumed.keys().isdisjoint(reads):
            return
        key = self._standing.key(step)
        if made.key == key and self._standing.holds(made.result) and self._whole(index):
            return
        for result in (made.result,) if made.key == key else self.store.records(key):
            if self._standing.holds(result) and all(
                self.store.has(row[1]) for row in result.outputs
            ):
                self._set(index, "taken", self._standing.reason(step, key))
                self._assume(index, made.result, result)
                return
        self._set(index, "runs", self._standing.reason(step, key))

    def _assume(self, index: int, old: Result, new: Result) -> None:
        """Remember what a step will be said to have made."""
        before = {name: digest for name, digest, _ in old.outputs}
        after = {name: digest for name, digest, _ in new.outputs}
        if before != after and any(map(is_pattern, self.plan.steps[index].outputs)):
            # Who reads all that is under a pattern is not worth to be told exactly.
            self._open_to_change.add(index)
            return
        for name in before.keys() | after.keys():
            if before.get(name) != after.get(name):
                self._assumed[name] = after.get(name, ABSENT)

    def _changed(self, index: int, result: Result, opened: set[str]) -> tuple[str, ...]:
        """Return the inputs of which it is known already that they changed."""
        step = self.plan.steps[index]
        if len(result.inputs) != len(step.inputs):
            return ()
        was = dict(zip(step.inputs, result.inputs, strict=True)) | {
            name: digest[:8] for name, digest in result.reads
        }
        return tuple(
            name
            for name, digest in was.items()
            if name not in opened and self.digest(name)[:8] != digest
        )

    def _whole(self, index: int) -> bool:
        """Whether a step's outputs are as it left them."""
        left = self._delivery.left(self.plan.steps[index])
        return all(
            self.store.has(digest)
            if name[0] == "@"
            else self._delivery.outputs.is_there(name, digest, digest)
            for name, digest in left.items()
        )

    def _set(self, index: int, how: Foretold, reason: Reason) -> None:
        step = self.plan.steps[index]
        made = self.store.made(step.name)
        if how != "taken":
            self._open_to_change.add(index)
        seconds = made.result.seconds if made is not None else self._mean(step.rule)
        self.verdicts[step.name] = Verdict(step, how, reason, 0.0 if how == "taken" else seconds)

    def _mean(self, rule: str) -> float | None:
        """Return how long steps of a rule took on average."""
        if self._means is None:
            sums: dict[str, list[float]] = {}
            for name, made in self.store.all_made():
                sums.setdefault(name.partition(" ")[0], []).append(made.result.seconds)
            self._means = {name: sum(took) / len(took) for name, took in sums.items()}
        return self._means.get(rule)
