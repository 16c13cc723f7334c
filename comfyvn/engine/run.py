"""Run a plan: only the steps whose inputs changed, each as soon as it can.

What may have to run is what lies downstream of a change; all else is not even looked at. Of that,
a step runs only if an input's digest did change (early cut-off), and its key was not met before.
"""

from __future__ import annotations

import errno
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from heapq import heappop, heappush
from typing import Any

from comfyvn.engine.again import BeginAgainError
from comfyvn.engine.artifacts import RunArtifacts, UnfinishedError
from comfyvn.engine.asked import Asked
from comfyvn.engine.context import Answer, Copied, LocalContext
from comfyvn.engine.delivery import Delivery
from comfyvn.engine.devices import Devices
from comfyvn.engine.elsewhere import Elsewhere, Shared
from comfyvn.engine.manifest import Stamp
from comfyvn.engine.pattern import is_pattern
from comfyvn.engine.placement import Place
from comfyvn.engine.progress import Progress, Silent
from comfyvn.engine.ran import Failure, How, Ran, Reason, failure
from comfyvn.engine.reach import Reach
from comfyvn.engine.result import Cause, Result
from comfyvn.engine.scheduler import schedule
from comfyvn.engine.sources import Sources
from comfyvn.engine.standing import Standing
from comfyvn.engine.step import Plan, Rule
from comfyvn.engine.store import Store

_BATCH = 2000
"""Rows that wait before they are written as one transaction."""
_MANY = 300
"""Steps from which on it is faster to read the whole state than what is asked for."""
_NAMED = 8
"""How many of the names that changed are remembered with a result."""
_FULL = {errno.ENOSPC, errno.EDQUOT}
"""Errors after which no other step can be done either."""


class Run(RunArtifacts):
    """One plan being run.

    Attributes:
        ran: what became of each step that was looked at, in the order they ended.
        failures: the steps that could not be done.
        changed: the names of the artifacts that are not what they were.
        at: when the first stage of the build was prepared, in seconds since 1970.
    """

    def __init__(
        self,
        plan: Plan,
        store: Store,
        sources: Sources,
        values: Mapping[str, bytes],
        resolve: Callable[[Rule], Callable[[Any], None]],
        *,
        tool: str,
        known: Mapping[str, Stamp],
        announce: Callable[[str], None],
        earlier: Run | None = None,
        elsewhere: Elsewhere | None = None,
        shared: Shared | None = None,
        progress: Progress | None = None,
        always: Iterable[str] = (),
        urgent: Callable[[], Collection[str]] = tuple,
    ) -> None:
        """Prepare to run a plan.

        Args:
            plan: the steps.
            store: what was made before.
            sources: the source files.
            values: artifacts that no step makes.
            resolve: from a rule to the function that runs its steps.
            tool: the digest of ComfyVN itself.
            known: the stamps that outputs were left with, by path.
            announce: is told of output files that are not known, before they are written.
            earlier: the run of a stage before, whose artifacts this one reads.
            elsewhere: runs the steps that do not run here; without it all run here.
            shared: a cache shared with other machines.
            progress: is told what happens.
            always: rules whose steps run whatever was made before.
            urgent: returns the names of artifacts that somebody waits for; asked only if steps
                elsewhere have to be put in order.
        """
        super().__init__(plan, store, sources, values, earlier)
        self.resolve, self.elsewhere, self.shared = resolve, elsewhere, shared
        self.progress: Progress = progress or Silent()
        self.at: float = round(time.time(), 3) if earlier is None else earlier.at
        self.ran: list[Ran] = []
        self.failures: list[Failure] = []
        self.changed: set[str] = set()
        self._urgent = urgent
        self._asked = Asked(self.graph, store)
        self._reach = Reach(self.graph, store, self._asked)
        self._standing = Standing(self, tool=tool, always=always)
        self._delivery = Delivery(self, known, announce)
        self._actions: dict[str, Callable[[Any], None]] = {}
        self._queue: list[int] | None = None
        self._touched: set[int] = set()
        self._late: set[int] = set()
        self._away: dict[int, tuple[Reason, float]] = {}
        self._looked: dict[int, tuple[str, Reason]] = {}

    @property
    def stamps(self) -> dict[str, Stamp]:
        """The stamps of the output files that were looked at or written, by path."""
        return self._delivery.outputs.stamps

    def affected(
        self, changed: Iterable[str], old: Plan | None, altered: Iterable[str] = ()
    ) -> set[int]:
        """Return the steps that a change makes a run look at (`Reach.affected`)."""
        return self._reach.affected(changed, old, altered)

    def run(self, start: Iterable[int] | None) -> None:
        """Run what has to run.

        Args:
            start: the indexes of the steps to look at, with all that depends on them; None for
                every step, as when nobody knows what the build before did.

        Raises:
            OSError: the store cannot be written, or the disk is full.
            BeginAgainError: something is not as it was said to be.
            KeyboardInterrupt: what was made is kept.
        """
        every = start is None or self.store.empty or not self._asked.is_known()
        first = set(range(len(self.plan.steps))) if every else set(start or ())
        if every:
            self._sweep()
            self._asked.forget()
        if len(first) > _MANY:
            self.store.load_all()
        self._touched = set(first)
        wave = first
        try:
            while wave:
                self._begun -= wave
                self._work(wave)
                # What changed behind the back of a step that was done already.
                wave, self._late = self._late, set()
            if every:
                self._asked.save_all()
            else:
                self._asked.save()
        finally:
            self.store.flush()

    def _work(self, first: set[int]) -> None:
        away = set()
        if self.elsewhere is not None:
            away = {rule.name for rule in self.plan.rules.values() if rule.where != "here"}
        if away:
            wave = self._wave = self._reach.downstream(first)
            self.progress.planned(len(wave))
            schedule(self.graph, sorted(wave), away, self)
            return
        # Without steps elsewhere the order of the plan will do, and only what is touched is begun.
        queue = self._queue = sorted(first)
        self._wave = set(first)
        self.progress.planned(len(first))
        while queue:
            self.begin(heappop(queue))
        self._queue = None

    def _sweep(self) -> None:
        """Remove what a build that was killed was about to write."""
        for path in self.store.temporary.iterdir():
            with suppress(OSError):
                path.unlink()

    # One step

    def free(self, rule: Rule) -> bool:
        """Whether a step of this rule can begin now."""
        return self.elsewhere is None or self.elsewhere.free(rule)

    def urgent(self) -> Collection[str]:
        """Return the names of artifacts that somebody waits for."""
        return self._urgent()

    @property
    def devices(self) -> Devices | None:
        """What says where the steps go that need a device."""
        return self.elsewhere.devices if self.elsewhere is not None else None

    def look(self, index: int) -> bool:
        """Whether a step need not run, or cannot: then it is done; else `begin` runs it."""
        self._begun.add(index)
        step = self.plan.steps[index]
        if self._failed and index not in self._touched and self.store.made(step.name) is None:
            # Its result was damaged, so nobody knows whether it asked for what cannot be made.
            self._touched.add(index)
        if self._failed and self._is_blocked(index):
            self._skip(index)
            return True
        if index not in self._touched:
            self.progress.ended(step, "reused", 0.0)
            return True
        if self.store.unwritten > _BATCH:
            self.store.flush()
        rule = self.plan.rules[step.rule]
        started = time.monotonic()
        try:
            key = self._standing.key(step)
            if step.rule not in self._standing.always and self._reuse(index, key, rule):
                return True
            self._looked[index] = key, self._standing.reason(step, key)
        except Exception as error:
            self._fail(index, error, Reason("new"), time.monotonic() - started)
            return True
        return False

    def begin(self, index: int) -> Future[Answer] | None:
        """Do a step, or begin it elsewhere."""
        if index not in self._looked and self.look(index):
            return None
        key, reason = self._looked.pop(index)
        step = self.plan.steps[index]
        rule = self.plan.rules[step.rule]
        started = time.monotonic()
        try:
            self.progress.began(step, rule)
            if self.elsewhere is not None and rule.where != "here":
                future = self.elsewhere.submit(step, rule, self)
                self._away[index] = (reason, started)
                return future
            result = self._act(index, started)._replace(cause=self._cause("ran", reason))
            late = index in self._late
            self._settle(index, self._standing.key(step) if late else key, result)
            self._publish(rule, key, result)
        except Exception as error:
            if self.devices is not None:
                self.devices.ended(step.name, error)
            self._fail(index, error, reason, time.monotonic() - started)
            return None
        self._end(index, "ran", reason, result.seconds)
        return None

    def collect(self, index: int, future: Future[Answer]) -> bool:
        """Take what a step made that ran elsewhere; return whether it is done.

        It is not when its device was lost: then it is to be given to another one.
        """
        reason, started = self._away.pop(index)
        step = self.plan.steps[index]
        rule = self.plan.rules[step.rule]
        place = self.devices.given(step.name) if self.devices is not None else None
        if self.devices is not None and self.devices.ended(step.name, future.exception()):
            return False
        try:
            answer = future.result()
            result = self._keep(index, answer.outputs, answer.findings, {}, started)
            result = result._replace(cause=self._cause("ran", reason))
            key = self._standing.key(step)
            self._settle(index, key, result)
            self._publish(rule, key, result)
        except Exception as error:
            self._fail(index, error, reason, time.monotonic() - started)
            return True
        self._end(index, "ran", reason, result.seconds, place)
        return True

    def _act(self, index: int, started: float) -> Result:
        step = self.plan.steps[index]
        rule = self.plan.rules[step.rule]
        action = self._actions.get(rule.name)
        if action is None:
            action = self._actions[rule.name] = self.resolve(rule)
        context = LocalContext(step, rule, self)
        action(context)
        return self._keep(index, context.made, context.findings, context.discovered, started)

    def remake(self, index: int, name: str) -> None:
        """Run the step once more that made an artifact, whose content was lost."""
        started = time.monotonic()
        step, reason = self.plan.steps[index], Reason("outputs", (name,))
        result = self._act(index, started)._replace(cause=self._cause("ran", reason))
        self._settle(index, self._standing.key(step), result)
        self._end(index, "ran", reason, result.seconds)

    def _publish(self, rule: Rule, key: str, result: Result) -> None:
        if rule.cache == "shared":
            self.store.flush()
            if self.shared is not None:
                self.shared.publish(key, result)

    # What goes wrong

    def _is_blocked(self, index: int) -> bool:
        if not self._failed.isdisjoint(self.graph.needed(index)):
            return True
        if index in self._touched:
            return False  # It asks, or it does not.
        made = self.store.made(self.plan.steps[index].name)
        return made is not None and any(
            not self._failed.isdisjoint(self.graph.makers(name)) for name, _ in made.result.reads
        )

    def _skip(self, index: int) -> None:
        step = self.plan.steps[index]
        self._block(index)
        if index in self._touched:
            self.store.unset(step.name)
        self._end(index, "skipped", Reason("unfinished"), 0.0)

    def _fail(self, index: int, error: Exception, reason: Reason, seconds: float) -> None:
        if isinstance(error, BeginAgainError) or getattr(error, "errno", None) in _FULL:
            raise error
        if isinstance(error, UnfinishedError):
            self._skip(index)
            return
        step = self.plan.steps[index]
        self._block(index)
        self.store.unset(step.name)
        self.failures.append(failure(step, error))
        self._end(index, "failed", reason, seconds)

    def _end(
        self, index: int, how: How, reason: Reason, seconds: float, place: Place | None = None
    ) -> None:
        step = self.plan.steps[index]
        self.ran.append(Ran(step, how, reason, seconds, place))
        self.progress.ended(step, how, seconds)

    # Results that need not be made

    def _reuse(self, index: int, key: str, rule: Rule) -> bool:
        """Whether a result of before holds; then everything is as if the step had run."""
        step = self.plan.steps[index]
        made = self.store.made(step.name)
        if made is not None and made.key == key and self._standing.holds(made.result):
            if self._delivery.restore(step, made.result):
                self._end(index, "reused", Reason("inputs"), 0.0)
                return True
        else:
            how: How = "fetched" if self.shared is not None and self.shared.came(key) else "reused"
            if self._take(index, key, how, self.store.records(key)):
                return True
        if self.shared is not None and rule.cache == "shared":
            found = self.shared.fetch(key, step.may_write)
            return self._take(index, key, "fetched", found)
        return False

    def _take(self, index: int, key: str, how: How, results: Iterable[Result]) -> bool:
        step = self.plan.steps[index]
        for result in results:
            if (
                all(step.may_write(name) for name, _, _ in result.outputs)
                and self._standing.holds(result)
                and self._delivery.restore(step, result)
            ):
                reason = self._standing.reason(step, key)
                inputs = self._standing.inputs(step)
                cause = self._cause(how, reason)
                self._settle(index, key, result._replace(inputs=inputs, cause=cause))
                self._end(index, how, reason, 0.0)
                return True
        return False

    # Results that were made

    def _keep(
        self,
        index: int,
        outputs: Mapping[str, bytes | Copied],
        findings: list[Any],
        discovered: Mapping[str, str],
        started: float,
    ) -> Result:
        """Put a step's outputs where they belong; return what to remember of them."""
        step = self.plan.steps[index]
        rows = self._delivery.deliver(step, self.plan.rules[step.rule], outputs)
        reads = tuple(sorted(discovered.items()))
        inputs = self._standing.inputs(step)
        seconds = round(time.monotonic() - started, 6)
        return Result(rows, reads, tuple(findings), inputs, seconds)

    def _settle(self, index: int, key: str, result: Result) -> None:
        """Remember a result; what differs from before touches the steps that read it."""
        step = self.plan.steps[index]
        made = self.store.made(step.name)
        self.store.set_made(step.name, key, result)
        before = made.result if made is not None else None
        self._asked.settle(step.rule, step.name, before, result)
        if before is not None and before.outputs == result.outputs:
            return
        names = _differing(before, result)
        self.changed |= names
        names.update(filter(is_pattern, step.outputs))
        for name in names:
            self._now.pop(name, None)
            self._touch(self._reach.read_by(name))

    def _touch(self, steps: Iterable[int]) -> None:
        for i in steps:
            self._touched.add(i)
            if i in self._begun:
                self._late.add(i)
            elif i not in self._wave:
                self._add(i)

    def _add(self, index: int) -> None:
        """Let a step be begun that was not to be."""
        if self._queue is None:
            self._late.add(index)
        else:
            self._wave.add(index)
            heappush(self._queue, index)
            self.progress.planned(1)

    def _block(self, index: int) -> None:
        """Let the steps be looked at that cannot be done now that this one is not."""
        self._failed.add(index)
        if self._queue is not None:
            for i in self._reach.readers(index):
                if i not in self._wave and i not in self._begun:
                    self._add(i)

    def _cause(self, how: How, reason: Reason) -> Cause:
        names = reason.names
        return Cause(self.at, how, reason.why, names[:_NAMED], max(len(names) - _NAMED, 0))


def _differing(before: Result | None, after: Result) -> set[str]:
    """Return the names of the outputs that differ."""
    was = {name: digest for name, digest, _ in before.outputs} if before else {}
    now = {name: digest for name, digest, _ in after.outputs}
    return {name for name in was.keys() | now.keys() if was.get(name) != now.get(name)}
