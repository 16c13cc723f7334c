"""Run a plan: only the steps whose inputs changed, each as soon as it can.

What may have to run is what lies downstream of a change; all else is not even looked at. Of that,
a step runs only if an input's digest did change (early cut-off), and its key was not met before.
"""

from __future__ import annotations

import errno
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from heapq import heappop, heappush
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol

from comfyvn.engine.again import BeginAgainError, SourceChangedError
from comfyvn.engine.context import Answer, Copied, LocalContext, UndeclaredError
from comfyvn.engine.digest import ABSENT, digest_of, step_key
from comfyvn.engine.graph import Graph
from comfyvn.engine.manifest import Stamp
from comfyvn.engine.outputs import Outputs
from comfyvn.engine.pattern import is_pattern, matches, select
from comfyvn.engine.scheduler import schedule
from comfyvn.engine.sources import Sources
from comfyvn.engine.step import Plan, Rule, Step
from comfyvn.engine.store import SMALL, Cause, Result, Store

How = Literal["ran", "reused", "fetched", "failed", "skipped"]
Why = Literal["new", "definition", "inputs", "outputs", "unfinished", "always"]

_BATCH = 2000
"""Rows that wait before they are written as one transaction."""
_MANY = 300
"""Steps from which on it is faster to read the whole state than what is asked for."""
_NAMED = 8
"""How many of the names that changed are remembered with a result."""
_FULL = {errno.ENOSPC, errno.EDQUOT}
"""Errors after which no other step can be done either."""


class Reason(NamedTuple):
    """Why a step ran: `new` there was no result; `definition` its rule or parameters changed;
    `inputs` those of `names` changed; `outputs` those of `names` were gone or altered;
    `unfinished` the build before did not come to its end; `always` the builder was told to."""

    why: Why
    names: tuple[str, ...] = ()


class Ran(NamedTuple):
    """What became of one step that was looked at."""

    step: Step
    how: How
    reason: Reason
    seconds: float


class Failure(NamedTuple):
    """A step that could not be done: what to tell the user, and for a crash file, the traceback."""

    step: Step
    message: str
    trace: str = ""


class Shared(Protocol):
    """A cache shared with other machines (`comfyvn.engine.remote`)."""

    def fetch(self, key: str, wanted: Callable[[str], bool]) -> list[Result]:
        """Return what steps of a key made elsewhere, their bytes put into the store."""

    def publish(self, key: str, result: Result) -> None:
        """Offer what a step made; returns at once."""


class Elsewhere(Protocol):
    """Where steps run that do not run here: worker processes, child processes, a cluster."""

    def submit(self, step: Step, rule: Rule, artifacts: Run) -> Future[Answer]:
        """Begin a step."""

    def free(self, rule: Rule) -> bool:
        """Whether a step of this rule can begin now."""


class Progress(Protocol):
    """What a build tells of itself while it runs."""

    def planned(self, steps: int) -> None:
        """So many more steps may have to run."""

    def began(self, step: Step, rule: Rule) -> None:
        """A step runs now."""

    def ended(self, step: Step, how: How, seconds: float) -> None:
        """A step is done with."""


class Silent:
    """Says nothing."""

    def planned(self, steps: int) -> None:
        """Say nothing."""

    def began(self, step: Step, rule: Rule) -> None:
        """Say nothing."""

    def ended(self, step: Step, how: How, seconds: float) -> None:
        """Say nothing."""


class UnfinishedError(Exception):
    """A step asked for what a failed step makes."""


class Run:
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
        earlier: Run | None = None,
        elsewhere: Elsewhere | None = None,
        shared: Shared | None = None,
        progress: Progress | None = None,
        always: Iterable[str] = (),
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
            earlier: the run of a stage before, whose artifacts this one reads.
            elsewhere: runs the steps that do not run here; without it all run here.
            shared: a cache shared with other machines.
            progress: is told what happens.
            always: rules whose steps run whatever was made before.
        """
        self.plan, self.store, self.sources, self.values = plan, store, sources, values
        self.resolve, self.earlier = resolve, earlier
        self.elsewhere, self.shared = elsewhere, shared
        self.progress: Progress = progress or Silent()
        self.always = frozenset(always)
        self.at: float = round(time.time(), 3) if earlier is None else earlier.at
        self.ran: list[Ran] = []
        self.failures: list[Failure] = []
        self.changed: set[str] = set()
        self.graph = Graph(plan)
        self.outputs = Outputs(sources.root, store, known)
        self._heads = {
            rule.name: (*_head(rule), tool if rule.tool else "") for rule in plan.rules.values()
        }
        self._actions: dict[str, Callable[[Any], None]] = {}
        self._now: dict[str, str] = {}
        self._asked: dict[str, dict[str, set[str]]] | None = None
        self._asked_names: list[str] | None = None
        self._asked_anew: set[str] = set()
        self._wave: set[int] = set()
        self._queue: list[int] | None = None
        self._touched: set[int] = set()
        self._begun: set[int] = set()
        self._late: set[int] = set()
        self._failed: set[int] = set()
        self._written: dict[str, int] = {}
        self._away: dict[int, tuple[Reason, float]] = {}

    @property
    def stamps(self) -> dict[str, Stamp]:
        """The stamps of the output files that were looked at or written, by path."""
        return self.outputs.stamps

    def writes(self, name: str) -> bool:
        """Whether a step of the plan makes an artifact, or may, had it not failed."""
        makers = self.graph.makers(name)
        return any(i in self._failed or self._made_by(i, name) != ABSENT for i in makers)

    # Artifacts

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
            return self.sources.root / name
        data = self.content(name)
        digest = self.digest(name)
        self.store.objects.put(digest, data)
        return self.store.objects.path(digest)

    def _again(self, name: str) -> bytes:
        """Run the step once more whose result got lost or was damaged."""
        makers = [i for i in self.graph.makers(name) if self._made_by(i, name) != ABSENT]
        if not makers:
            if self.earlier is not None:
                return self.earlier.content(name)
            raise OSError(f"{name}: lost from the store")
        index = makers[0]
        started = time.monotonic()
        reason = Reason("outputs", (name,))
        result = self._act(index, started)
        self._settle(index, self._key(index), result._replace(cause=self._cause("ran", reason)))
        self._end(index, "ran", reason, result.seconds)
        data = self.store.get(self.digest(name))
        if data is None:
            raise OSError(f"{name}: cannot be kept in the store")
        return data

    # What may have to run

    def affected(
        self, changed: Iterable[str], old: Plan | None, altered: Iterable[str] = ()
    ) -> set[int]:
        """Return the steps to look at, if every step but those the last build left undone is done.

        Args:
            changed: sources and values that came, went or differ since the last build.
            old: the plan of that build; None if it is not known.
            altered: outputs that are not as they were left.
        """
        steps = self.plan.steps
        if old is None or not self._knows_who_asked():
            return set(range(len(steps)))
        names = set(changed)
        found: set[int] = set()
        if old is not self.plan:
            redefined = {
                rule.name
                for rule in self.plan.rules.values()
                if rule.name not in old.rules or _head(old.rules[rule.name]) != _head(rule)
            }
            before = {step.name: step for step in old.steps}
            for i, step in enumerate(steps):
                was = before.pop(step.name, None)
                if was != step or step.rule in redefined:
                    found.add(i)
                    if was is not None and was.outputs != step.outputs:
                        names.update(self._wrote(was))
            for gone in before.values():
                names.update(self._wrote(gone))
        for name in names:
            found.update(self.graph.consumers.get(name, ()))
            found.update(self._asking(name))
        for name in altered:
            found.update(self.graph.makers(name))
        index = self.graph.index
        found.update(index[name] for name in self.store.unfinished() if name in index)
        return found

    def _wrote(self, step: Step) -> Iterable[str]:
        """Yield the names that a step of before wrote or may have written, and its patterns."""
        yield from step.outputs
        made = self.store.made(step.name)
        if made is not None:
            yield from (name for name, _, _ in made.result.outputs)

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
        every = start is None or self.store.empty or not self._knows_who_asked()
        first = set(range(len(self.plan.steps))) if every else set(start or ())
        if every:
            self._sweep()
            self._asked = {}
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
            self._remember_who_asked(every)
        finally:
            self.store.flush()

    def _work(self, first: set[int]) -> None:
        away = set()
        if self.elsewhere is not None:
            away = {rule.name for rule in self.plan.rules.values() if rule.where != "here"}
        if away:
            wave = self._wave = self._downstream(first)
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

    def _downstream(self, first: set[int]) -> set[int]:
        found = set(first)
        waiting = list(first)
        consumers = self.graph.consumers
        while waiting:
            for name in self._names(self.plan.steps[waiting.pop()]):
                for i in (*consumers.get(name, ()), *self._asking(name)):
                    if i not in found:
                        found.add(i)
                        waiting.append(i)
        return found

    def _names(self, step: Step) -> Iterable[str]:
        """Yield what a step may write: names, and what of its patterns was written or asked."""
        for name in step.outputs:
            yield name
            if is_pattern(name):
                if self._asked_names is None:
                    asked = self._asked or {}
                    self._asked_names = sorted({each for names in asked.values() for each in names})
                yield from select(name, self._asked_names)
                made = self.store.made(step.name)
                if made is not None:
                    yield from (out for out, _, _ in made.result.outputs if matches(name, out))

    def _sweep(self) -> None:
        """Remove what a build that was killed was about to write."""
        for path in self.store.temporary.iterdir():
            with suppress(OSError):
                path.unlink()

    # Who asked for what while it ran

    def _knows_who_asked(self) -> bool:
        if self._asked is None:
            found = {}
            for rule in self.plan.rules.values():
                if rule.reads:
                    asked = self.store.asked(rule.name)
                    if asked is None:
                        return False
                    found[rule.name] = asked
            self._asked = found
        return True

    def _asking(self, name: str) -> list[int]:
        index = self.graph.index
        return [
            index[step]
            for asked in (self._asked or {}).values()
            for step in asked.get(name, ())
            if step in index
        ]

    def _remember_who_asked(self, every: bool) -> None:
        asked = self._asked = self._asked or {}
        if every:
            asked.update({rule.name: {} for rule in self.plan.rules.values() if rule.reads})
            for step in self.plan.steps:
                if step.rule in asked and (made := self.store.made(step.name)) is not None:
                    for name, _ in made.result.reads:
                        asked[step.rule].setdefault(name, set()).add(step.name)
            self._asked_anew = set(asked)
        if self._asked_anew:
            self.store.set_asked({rule: asked[rule] for rule in self._asked_anew if rule in asked})

    # One step

    def _key(self, index: int) -> str:
        step = self.plan.steps[index]
        facts = (*self._heads[step.rule], step.name, step.params, *step.outputs)
        return step_key(facts, [(name, self.digest(name)) for name in step.inputs])

    def free(self, rule: Rule) -> bool:
        """Whether a step of this rule can begin now."""
        return self.elsewhere is None or self.elsewhere.free(rule)

    def begin(self, index: int) -> Future[Answer] | None:
        """Do a step, or begin it elsewhere."""
        self._begun.add(index)
        step = self.plan.steps[index]
        if self._failed and self._is_blocked(index):
            self._skip(index)
            return None
        if index not in self._touched:
            self.progress.ended(step, "reused", 0.0)
            return None
        if self.store.unwritten > _BATCH:
            self.store.flush()
        rule = self.plan.rules[step.rule]
        started = time.monotonic()
        reason = Reason("new")
        try:
            key = self._key(index)
            if step.rule not in self.always and self._reuse(index, key, rule):
                return None
            reason = self._reason(index, key)
            self.progress.began(step, rule)
            if self.elsewhere is not None and rule.where != "here":
                future = self.elsewhere.submit(step, rule, self)
                self._away[index] = (reason, started)
                return future
            result = self._act(index, started)._replace(cause=self._cause("ran", reason))
            self._settle(index, self._key(index) if index in self._late else key, result)
            self._publish(rule, key, result)
        except Exception as error:
            self._fail(index, error, reason, time.monotonic() - started)
            return None
        self._end(index, "ran", reason, result.seconds)
        return None

    def collect(self, index: int, future: Future[Answer]) -> None:
        """Take what a step made that ran elsewhere."""
        reason, started = self._away.pop(index)
        rule = self.plan.rules[self.plan.steps[index].rule]
        try:
            answer = future.result()
            result = self._keep(index, answer.outputs, answer.findings, {}, started)
            result = result._replace(cause=self._cause("ran", reason))
            key = self._key(index)
            self._settle(index, key, result)
            self._publish(rule, key, result)
        except Exception as error:
            self._fail(index, error, reason, time.monotonic() - started)
            return
        self._end(index, "ran", reason, result.seconds)

    def _act(self, index: int, started: float) -> Result:
        step = self.plan.steps[index]
        rule = self.plan.rules[step.rule]
        action = self._actions.get(rule.name)
        if action is None:
            action = self._actions[rule.name] = self.resolve(rule)
        context = LocalContext(step, rule, self)
        action(context)
        return self._keep(index, context.made, context.findings, context.discovered, started)

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
        if isinstance(error, OSError):
            where = f"{error.filename}: " if error.filename else ""
            failure = Failure(step, f"{where}{error.strerror or error}")
        elif isinstance(error, UndeclaredError):
            failure = Failure(step, str(error))
        else:
            trace = "".join(traceback.format_exception(error))
            said = str(error) or type(error).__name__
            expected = getattr(error, "expected", False)
            failure = Failure(step, said, "" if expected else trace)
        self.failures.append(failure)
        self._end(index, "failed", reason, seconds)

    def _end(self, index: int, how: How, reason: Reason, seconds: float) -> None:
        step = self.plan.steps[index]
        self.ran.append(Ran(step, how, reason, seconds))
        self.progress.ended(step, how, seconds)

    # Results that need not be made

    def _reuse(self, index: int, key: str, rule: Rule) -> bool:
        """Whether a result of before holds; then everything is as if the step had run."""
        step = self.plan.steps[index]
        made = self.store.made(step.name)
        if made is not None and made.key == key and self._holds(made.result):
            if self._restore(index, made.result):
                self._end(index, "reused", Reason("inputs"), 0.0)
                return True
        elif self._take(index, key, "reused", self.store.records(key)):
            return True
        if self.shared is not None and rule.cache == "shared":
            found = self.shared.fetch(key, lambda name: _may_write(step, name))
            return self._take(index, key, "fetched", found)
        return False

    def _take(self, index: int, key: str, how: How, results: Iterable[Result]) -> bool:
        step = self.plan.steps[index]
        for result in results:
            if (
                all(_may_write(step, name) for name, _, _ in result.outputs)
                and self._holds(result)
                and self._restore(index, result)
            ):
                reason = self._reason(index, key)
                inputs = tuple(self.digest(name)[:8] for name in step.inputs)
                cause = self._cause(how, reason)
                self._settle(index, key, result._replace(inputs=inputs, cause=cause))
                self._end(index, how, reason, 0.0)
                return True
        return False

    def _holds(self, result: Result) -> bool:
        return all(self._is_still(name, digest) for name, digest in result.reads)

    def _is_still(self, name: str, digest: str) -> bool:
        """Whether an artifact is as it was once; what a failed step makes is not."""
        try:
            return self.digest(name) == digest
        except UnfinishedError:
            return False

    def _restore(self, index: int, result: Result) -> bool:
        """Whether all outputs are as the result says, put back where they were not."""
        left = self._left(index)
        for name, digest, _ in result.outputs:
            if name[0] == "@":
                if not self.store.has(digest):
                    return False
                continue
            if not self.outputs.is_there(name, digest, left.get(name)):
                data = self.store.get(digest)
                if data is None:
                    return False
                self.outputs.put(name, digest, data)
        return True

    def _left(self, index: int) -> dict[str, str]:
        """Return the digests of what a step wrote last."""
        made = self.store.made(self.plan.steps[index].name)
        return {name: digest for name, digest, _ in made.result.outputs} if made else {}

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
        rule = self.plan.rules[step.rule]
        for name in outputs:
            if name not in step.outputs and not _may_write(step, name):
                raise UndeclaredError(
                    f"`{step.name}` writes `{name}`, which is not in its `outputs`"
                )
        for name in step.outputs:
            if name not in outputs and name[0] != "@" and not is_pattern(name):
                raise UndeclaredError(f"`{step.name}` did not write `{name}`")
        files = [name for name in outputs if name[0] != "@"]
        for name in files:
            other = self._written.setdefault(name, index)
            if other != index:
                raise UndeclaredError(
                    f"`{step.name}` and `{self.plan.steps[other].name}` both write `{name}`"
                )
        left = self._left(index) if files else {}
        try:
            rows = [
                self._keep_one(name, outputs[name], rule, left.get(name))
                for name in sorted(outputs)
            ]
        except BaseException:
            for name in files:
                self.outputs.forget(name)
            raise
        reads = tuple(sorted(discovered.items()))
        inputs = tuple(self.digest(name)[:8] for name in step.inputs)
        seconds = round(time.monotonic() - started, 6)
        return Result(tuple(rows), reads, tuple(findings), inputs, seconds)

    def _keep_one(
        self, name: str, value: bytes | Copied, rule: Rule, left: str | None
    ) -> tuple[str, str, int]:
        if isinstance(value, Copied):
            source = value.source
            digest = self.digest(source)
            data = self.sources.kept(source) if source[0] != "@" else self.content(source)
            if data is None:
                return self._copy(name, digest, source, left)
        else:
            data, digest = value, ""
        if name[0] == "@":
            return name, self.store.put(data), len(data)
        digest = digest or digest_of(data)
        if rule.cache == "shared" or len(data) > SMALL:
            self.store.put(data)
        if not self.outputs.is_there(name, digest, left):
            self.outputs.put(name, digest, data)
        return name, digest, len(data)

    def _copy(self, name: str, digest: str, source: str, left: str | None) -> tuple[str, str, int]:
        """Copy a file too large to be kept in memory."""
        file = self.file(source)
        size = file.stat().st_size
        if name[0] == "@":
            return name, self.store.put(self.content(source)), size
        if not self.outputs.is_there(name, digest, left):
            self.outputs.copy(name, digest, file)
            if source in self.sources.digests and not self.sources.unchanged(source):
                raise SourceChangedError(f"`{source}` was written while it was being built")
        return name, digest, size

    def _settle(self, index: int, key: str, result: Result) -> None:
        """Remember a result; what differs from before touches the steps that read it."""
        step = self.plan.steps[index]
        made = self.store.made(step.name)
        self.store.set_made(step.name, key, result)
        asked = (self._asked or {}).get(step.rule)
        if asked is not None:
            was = {name for name, _ in made.result.reads} if made else set()
            now = {name for name, _ in result.reads}
            for name in was - now:
                asked.get(name, set()).discard(step.name)
            for name in now - was:
                asked.setdefault(name, set()).add(step.name)
            if was != now:
                self._asked_anew.add(step.rule)
                self._asked_names = None
        if made is not None and made.result.outputs == result.outputs:
            return
        before = {name: digest for name, digest, _ in made.result.outputs} if made else {}
        after = {name: digest for name, digest, _ in result.outputs}
        names = {
            name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
        }
        self.changed |= names
        names.update(filter(is_pattern, step.outputs))
        for name in names:
            self._now.pop(name, None)
            self._touch(self.graph.consumers.get(name, ()))
            self._touch(self._asking(name))

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
            for name in self._names(self.plan.steps[index]):
                for i in (*self.graph.consumers.get(name, ()), *self._asking(name)):
                    if i not in self._wave and i not in self._begun:
                        self._add(i)

    # Why

    def _cause(self, how: How, reason: Reason) -> Cause:
        names = reason.names
        return Cause(self.at, how, reason.why, names[:_NAMED], max(len(names) - _NAMED, 0))

    def _reason(self, index: int, key: str) -> Reason:
        step = self.plan.steps[index]
        made = self.store.made(step.name)
        if step.rule in self.always:
            return Reason("always")
        if made is None:
            return Reason("new")
        if not made.key:
            return Reason("unfinished")
        if made.key == key:
            changed = [name for name, was in made.result.reads if not self._is_still(name, was)]
            if changed:
                return Reason("inputs", tuple(changed))
            return Reason("outputs", tuple(name for name, _, _ in made.result.outputs))
        if len(made.result.inputs) == len(step.inputs):
            names = [
                name
                for name, was in zip(step.inputs, made.result.inputs, strict=True)
                if self.digest(name)[:8] != was
            ]
            if names:
                return Reason("inputs", tuple(names))
        return Reason("definition")


def _head(rule: Rule) -> tuple[str, ...]:
    """Return what of a rule decides what its steps make; always of the same length."""
    return rule.name, rule.version, rule.action, "\n".join(rule.reads)


def _may_write(step: Step, name: str) -> bool:
    return any(matches(pattern, name) for pattern in step.outputs)
