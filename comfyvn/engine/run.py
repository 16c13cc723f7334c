"""Run a plan: only the steps whose inputs changed, each as soon as it can.

What may have to run is what lies downstream of a change; all else is not even looked at. Of that,
a step runs only if an input's digest did change (early cut-off), and its key was not met before.
The order is the plan's; steps that run elsewhere overlap.
"""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from heapq import heapify, heappop, heappush
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol

from comfyvn.engine.action import Action
from comfyvn.engine.context import Answer, Artifacts, Copied, LocalContext, UndeclaredError
from comfyvn.engine.digest import ABSENT, digest_file, digest_of, step_key
from comfyvn.engine.manifest import Stamp
from comfyvn.engine.objects import link, place, write_file
from comfyvn.engine.pattern import is_pattern, matches
from comfyvn.engine.sources import SourceChangedError, Sources
from comfyvn.engine.step import Plan, Rule, Step
from comfyvn.engine.store import SMALL, Result, Store

How = Literal["ran", "reused", "fetched", "failed", "skipped"]
Why = Literal["new", "definition", "inputs", "outputs", "unfinished", "always"]

_BATCH = 2000
"""Rows that wait before they are written as one transaction."""
_MANY = 300
"""Steps from which on it is faster to read the whole state than what is asked for."""


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


class Run:
    """One plan being run.

    Attributes:
        ran: what became of each step that was looked at, in the order they ended.
        failures: the steps that could not be done.
        stamps: the stamps of the output files that were looked at or written, by path.
        changed: the names of the artifacts that are not what they were.
    """

    def __init__(
        self,
        plan: Plan,
        store: Store,
        sources: Sources,
        values: Mapping[str, bytes],
        resolve: Callable[[Rule], Action],
        *,
        tool: str,
        known: Mapping[str, Stamp],
        earlier: Artifacts | None = None,
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
            resolve: from a rule to the function its steps run.
            tool: the digest of ComfyVN itself.
            known: the stamps that outputs were left with, by path.
            earlier: the stage before, whose artifacts are read here.
            elsewhere: runs the steps that do not run here; without it all run here.
            shared: a cache shared with other machines.
            progress: is told what happens.
            always: rules whose steps run whatever was made before.
        """
        self.plan, self.store, self.sources, self.values = plan, store, sources, values
        self.resolve, self.tool, self.known = resolve, tool, known
        self.earlier = earlier
        self.elsewhere, self.shared = elsewhere, shared
        self.progress: Progress = progress or Silent()
        self.always = frozenset(always)
        self.ran: list[Ran] = []
        self.failures: list[Failure] = []
        self.stamps: dict[str, Stamp] = {}
        self.changed: set[str] = set()
        self._value_digests: dict[str, str] = {}
        self._now: dict[str, str] = {}
        self._producer: dict[str, int] = {}
        self._open: list[tuple[str, int]] = []
        self._consumers: dict[str, list[int]] = {}
        self._index = {step.name: i for i, step in enumerate(plan.steps)}
        for i, step in enumerate(plan.steps):
            for name in step.outputs:
                self._producer[name] = i
                if is_pattern(name):
                    self._open.append((name, i))
            for name in step.inputs:
                self._consumers.setdefault(name, []).append(i)
        self._heads: dict[str, tuple[str, ...]] = {}
        for rule in plan.rules.values():
            self._heads[rule.name] = (*_head(rule), tool if rule.tool else "")
        self._touched: set[int] = set()
        self._readers: dict[str, list[str]] | None = None
        self._failed: set[int] = set()
        self._written: dict[str, int] = {}

    # Artifacts

    def digest(self, name: str) -> str:
        """Return the digest of an artifact as it is now; `ABSENT` if there is none."""
        found = self._now.get(name)
        if found is None:
            found = self._now[name] = self._digest(name)
        return found

    def _digest(self, name: str) -> str:
        if name in self.values:
            return digest_of(self.values[name])
        producer = self._producer.get(name)
        if producer is not None:
            return self._made_by(producer, name)
        if name[0] != "@" and (found := self.sources.digest(name)) != ABSENT:
            return found
        for pattern, i in self._open:
            if matches(pattern, name) and (found := self._made_by(i, name)) != ABSENT:
                return found
        return self.earlier.digest(name) if self.earlier is not None else ABSENT

    def _made_by(self, index: int, name: str) -> str:
        made = self.store.made(self.plan.steps[index].name)
        if made is not None:
            if is_pattern(name):
                rows = [row for row in made.result.outputs if matches(name, row[0])]
                return digest_of("\0".join(f"{row[0]}\0{row[1]}" for row in rows).encode())
            for output, digest, _ in made.result.outputs:
                if output == name:
                    return digest
        return ABSENT

    def names(self, pattern: str) -> tuple[str, ...]:
        """Return what the step that has `pattern` for an output wrote under it, sorted."""
        index = self._producer.get(pattern)
        if index is None:
            return self.earlier.names(pattern) if self.earlier is not None else ()
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
        if self.earlier is not None and self._maker(name) is None:
            return self.earlier.content(name)
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

    def _maker(self, name: str) -> int | None:
        found = self._producer.get(name)
        if found is None:
            found = next((i for pattern, i in self._open if matches(pattern, name)), None)
        return found

    def _again(self, name: str) -> bytes:
        """Run the step once more whose result got lost or was damaged."""
        index = self._maker(name)
        if index is None:
            raise OSError(f"{name}: lost from the store")
        step = self.plan.steps[index]
        rule = self.plan.rules[step.rule]
        started = time.monotonic()
        context = LocalContext(step, rule, self)
        self.resolve(rule)(context)
        for output in step.outputs:
            self._now.pop(output, None)
        result = self._keep(index, context.made, context.findings, context.discovered, started)
        self._settle(index, self._key(index), result)
        self._end(index, "ran", Reason("outputs", (name,)), time.monotonic() - started)
        data = self.store.get(self.digest(name))
        if data is None:
            raise OSError(f"{name}: cannot be kept in the store")
        return data

    def writes(self, path: str) -> bool:
        """Whether a file is an output of a step of this plan."""
        index = self._maker(path)
        return index is not None and self._made_by(index, path) != ABSENT

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
        if old is None:
            return set(range(len(self.plan.steps)))
        names = set(changed)
        redefined = {
            rule.name
            for rule in self.plan.rules.values()
            if (was := old.rules.get(rule.name)) is None or _head(was) != _head(rule)
        }
        before = {step.name: step for step in old.steps}
        found = set()
        for i, step in enumerate(self.plan.steps):
            was_step = before.pop(step.name, None)
            if was_step != step or step.rule in redefined:
                found.add(i)
                if was_step is not None and was_step.outputs != step.outputs:
                    names.update(self._outputs(was_step))
        for gone in before.values():
            names.update(self._outputs(gone))
        for name in names:
            found.update(self._consumers.get(name, ()))
            found.update(self._asking(name))
        for name in altered:
            if (maker := self._maker(name)) is not None:
                found.add(maker)
        found.update(self._index[name] for name in self.store.unfinished() if name in self._index)
        return found

    def _outputs(self, step: Step) -> Iterable[str]:
        """Yield the names that a step of before may have written, and its patterns."""
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
            OSError: the store cannot be written.
            KeyboardInterrupt: what was made is kept.
        """
        every = start is None or self.store.empty
        first = set(range(len(self.plan.steps))) if every else set(start or ())
        if len(first) > _MANY:
            self.store.load_all()
        wave = first if every else self._downstream(first)
        self._touched = first
        try:
            self._work(sorted(wave))
        finally:
            self.store.flush()

    def _downstream(self, first: set[int]) -> set[int]:
        found = set(first)
        waiting = list(first)
        while waiting:
            step = self.plan.steps[waiting.pop()]
            for name in self._names(step):
                for i in (*self._consumers.get(name, ()), *self._asking(name)):
                    if i not in found:
                        found.add(i)
                        waiting.append(i)
            if len(found) > _MANY and self._readers is None:
                self._readers = self.store.all_readers()
        return found

    def _names(self, step: Step) -> Iterable[str]:
        """Yield what a step may write: names, and what of its patterns was written or asked."""
        for name in step.outputs:
            yield name
            if not is_pattern(name):
                continue
            if name[0] == "@":
                if self._readers is None:
                    self._readers = self.store.all_readers()
                yield from (asked for asked in self._readers if matches(name, asked))
            made = self.store.made(step.name)
            if made is not None:
                yield from (output for output, _, _ in made.result.outputs if matches(name, output))

    def _asking(self, name: str) -> list[int]:
        steps = self.store.readers(name) if self._readers is None else self._readers.get(name, ())
        return [self._index[step] for step in steps if step in self._index]

    # The order

    def _work(self, wave: Sequence[int]) -> None:
        self.progress.planned(len(wave))
        inside = set(wave)
        left: dict[str, int] = {}
        for i in wave:
            rule = self.plan.steps[i].rule
            left[rule] = left.get(rule, 0) + 1
        sources_of = self._barriers()
        held: dict[str, list[int]] = {}
        after: dict[int, list[int]] = {}
        missing: dict[int, int] = {}
        ready: list[int] = []
        for i in wave:
            step = self.plan.steps[i]
            producers = set()
            for name in step.inputs:
                producer = self._producer.get(name)
                if producer is not None and producer in inside:
                    producers.add(producer)
            count = len(producers)
            for producer in producers:
                after.setdefault(producer, []).append(i)
            for rule in sources_of.get(step.rule, ()):
                if left.get(rule):
                    held.setdefault(rule, []).append(i)
                    count += 1
            if count:
                missing[i] = count
            else:
                ready.append(i)
        heapify(ready)
        running: dict[Future[Answer], tuple[int, Reason, float]] = {}
        put_off: list[int] = []

        def done(i: int) -> None:
            rule = self.plan.steps[i].rule
            left[rule] -= 1
            freed = after.pop(i, [])
            if not left[rule]:
                freed = freed + held.pop(rule, [])
            for other in freed:
                missing[other] -= 1
                if not missing[other]:
                    heappush(ready, other)

        try:
            while ready or running or put_off:
                while ready:
                    i = heappop(ready)
                    begun = self._begin(i)
                    if begun is None:
                        done(i)
                    elif begun is False:
                        put_off.append(i)
                    else:
                        future, reason = begun
                        running[future] = (i, reason, time.monotonic())
                    if self.store.unwritten > _BATCH:
                        self.store.flush()
                if running:
                    finished, _ = wait(running, return_when=FIRST_COMPLETED)
                    for future in finished:
                        i, reason, started = running.pop(future)
                        self._collect(i, future, reason, started)
                        done(i)
                for i in put_off:
                    heappush(ready, i)
                put_off.clear()
        except BaseException:
            for future in running:
                future.cancel()
            raise

    def _barriers(self) -> dict[str, set[str]]:
        """For each rule that may ask for artifacts, the rules whose steps write such names."""
        shapes: dict[str, set[str]] = {}
        for step in self.plan.steps:
            if step.rule not in shapes:
                shapes[step.rule] = set(step.outputs)
        found: dict[str, set[str]] = {}
        for rule in self.plan.rules.values():
            for pattern in rule.reads:
                start = pattern.partition("*")[0]
                for maker, outputs in shapes.items():
                    if maker != rule.name and any(
                        matches(pattern, name) or name.partition("*")[0].startswith(start)
                        for name in outputs
                    ):
                        found.setdefault(rule.name, set()).add(maker)
        return found

    # One step

    def _key(self, index: int) -> str:
        step = self.plan.steps[index]
        facts = (*self._heads[step.rule], step.name, step.params, *step.outputs)
        return step_key(facts, [(name, self.digest(name)) for name in step.inputs])

    def _begin(self, i: int) -> tuple[Future[Answer], Reason] | Literal[False] | None:
        """Do a step, or begin it elsewhere; False if that is not possible just now."""
        step = self.plan.steps[i]
        if i not in self._touched:
            self.progress.ended(step, "reused", 0.0)
            return None
        rule = self.plan.rules[step.rule]
        if self._waits_for_failed(step):
            self._failed.add(i)
            self.store.unset(step.name)
            self._end(i, "skipped", Reason("unfinished"), 0.0)
            return None
        away = rule.where != "here" and self.elsewhere is not None
        if away and self.elsewhere is not None and not self.elsewhere.free(rule):
            return False
        key = self._key(i)
        if step.rule not in self.always and self._reuse(i, key, rule):
            return None
        reason = self._reason(i, key)
        self.progress.began(step, rule)
        started = time.monotonic()
        try:
            if away and self.elsewhere is not None:
                return self.elsewhere.submit(step, rule, self), reason
            context = LocalContext(step, rule, self)
            self.resolve(rule)(context)
            result = self._keep(i, context.made, context.findings, context.discovered, started)
        except SourceChangedError:
            raise
        except Exception as error:
            self._fail(i, error, reason, time.monotonic() - started)
            return None
        self._settle(i, key, result)
        self._end(i, "ran", reason, result.seconds)
        return None

    def _collect(self, i: int, future: Future[Answer], reason: Reason, started: float) -> None:
        try:
            answer = future.result()
            result = self._keep(i, answer.outputs, answer.findings, {}, started)
        except SourceChangedError:
            raise
        except Exception as error:
            self._fail(i, error, reason, time.monotonic() - started)
            return
        key = self._key(i)
        self._settle(i, key, result)
        rule = self.plan.rules[self.plan.steps[i].rule]
        if rule.cache == "shared":
            self.store.flush()
            if self.shared is not None:
                self.shared.publish(key, result)
        self._end(i, "ran", reason, result.seconds)

    def _waits_for_failed(self, step: Step) -> bool:
        if not self._failed:
            return False
        return any(self._maker(name) in self._failed for name in step.inputs) or any(
            matches(pattern, name)
            for i in self._failed
            for name in self.plan.steps[i].outputs
            for pattern in self.plan.rules[step.rule].reads
        )

    def _fail(self, i: int, error: Exception, reason: Reason, seconds: float) -> None:
        step = self.plan.steps[i]
        self._failed.add(i)
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
        self._end(i, "failed", reason, seconds)

    def _end(self, i: int, how: How, reason: Reason, seconds: float) -> None:
        step = self.plan.steps[i]
        self.ran.append(Ran(step, how, reason, seconds))
        self.progress.ended(step, how, seconds)

    # Results that need not be made

    def _reuse(self, i: int, key: str, rule: Rule) -> bool:
        """Whether a result of before holds; then everything is as if the step had run."""
        step = self.plan.steps[i]
        made = self.store.made(step.name)
        if made is not None and made.key == key and self._holds(made.result):
            if self._restore(made.result):
                self._end(i, "reused", Reason("inputs"), 0.0)
                return True
        elif self._take(i, key, self.store.records(key)):
            self._end(i, "reused", Reason("inputs"), 0.0)
            return True
        if self.shared is not None and rule.cache == "shared":
            found = self.shared.fetch(key, lambda name: self._may_write(step, name))
            if self._take(i, key, found):
                self._end(i, "fetched", Reason("inputs"), 0.0)
                return True
        return False

    def _take(self, i: int, key: str, results: Iterable[Result]) -> bool:
        step = self.plan.steps[i]
        for result in results:
            if (
                all(self._may_write(step, name) for name, _, _ in result.outputs)
                and self._holds(result)
                and self._restore(result)
            ):
                inputs = tuple(self.digest(name)[:8] for name in step.inputs)
                self._settle(i, key, result._replace(inputs=inputs))
                return True
        return False

    @staticmethod
    def _may_write(step: Step, name: str) -> bool:
        return any(matches(pattern, name) for pattern in step.outputs)

    def _holds(self, result: Result) -> bool:
        return all(self.digest(name) == digest for name, digest in result.reads)

    def _restore(self, result: Result) -> bool:
        """Whether all outputs are as the result says, put back where they were not."""
        for name, digest, _ in result.outputs:
            if name[0] == "@":
                if not self.store.has(digest):
                    return False
                continue
            if not self._is_there(name, digest):
                data = self.store.get(digest)
                if data is None:
                    return False
                self._put_file(name, digest, data)
        return True

    def _is_there(self, name: str, digest: str) -> bool:
        path = self.sources.root / name
        try:
            state = os.lstat(path)
            stamp = (state.st_mtime_ns, state.st_size, state.st_ino)
            if self.known.get(name) != stamp and (path.is_symlink() or digest_file(path) != digest):
                return False
        except OSError:
            return False
        self.stamps[name] = stamp
        return True

    # Results that were made

    def _keep(
        self,
        i: int,
        outputs: Mapping[str, bytes | Copied],
        findings: list[Any],
        discovered: Mapping[str, str],
        started: float,
    ) -> Result:
        """Put a step's outputs where they belong; return what to remember of them."""
        step = self.plan.steps[i]
        rule = self.plan.rules[step.rule]
        for name in outputs:
            if not self._may_write(step, name) if name not in step.outputs else False:
                raise UndeclaredError(
                    f"`{step.name}` writes `{name}`, which is not in its `outputs`"
                )
        for name in step.outputs:
            if name not in outputs and name[0] != "@" and not is_pattern(name):
                raise UndeclaredError(f"`{step.name}` did not write `{name}`")
        rows = []
        for name in sorted(outputs):
            value = outputs[name]
            if name[0] != "@":
                other = self._written.setdefault(name, i)
                if other != i:
                    raise UndeclaredError(
                        f"`{step.name}` and `{self.plan.steps[other].name}` both write `{name}`"
                    )
            rows.append(self._keep_one(name, value, rule))
        reads = tuple(sorted(discovered.items()))
        inputs = tuple(self.digest(name)[:8] for name in step.inputs)
        seconds = round(time.monotonic() - started, 6)
        return Result(tuple(rows), reads, tuple(findings), inputs, seconds)

    def _keep_one(self, name: str, value: bytes | Copied, rule: Rule) -> tuple[str, str, int]:
        if isinstance(value, Copied):
            digest = self.digest(value.source)
            source = self.file(value.source)
            size = source.stat().st_size
            if name[0] == "@":
                self.store.put(source.read_bytes())
            elif not self._is_there(name, digest):
                mine = value.source[0] == "@"
                state = (link if mine else place)(source, self.sources.root / name)
                self.stamps[name] = (state.st_mtime_ns, state.st_size, state.st_ino)
            return name, digest, size
        if name[0] == "@":
            return name, self.store.put(value), len(value)
        digest = digest_of(value)
        if rule.cache == "shared" or len(value) > SMALL:
            self.store.put(value)
        if not (name in self.known and self._is_there(name, digest)):
            self._put_file(name, digest, value)
        return name, digest, len(value)

    def _put_file(self, name: str, digest: str, data: bytes) -> None:
        path = self.sources.root / name
        stored = self.store.objects.path(digest)
        if len(data) > SMALL and stored.exists():
            state = link(stored, path)
        else:
            state = write_file(f"{self.sources.root}/{name}", data)
        self.stamps[name] = (state.st_mtime_ns, state.st_size, state.st_ino)

    def _settle(self, i: int, key: str, result: Result) -> None:
        """Remember a result; what differs from before touches the steps that read it."""
        step = self.plan.steps[i]
        made = self.store.made(step.name)
        before = {name: digest for name, digest, _ in made.result.outputs} if made else {}
        after = {name: digest for name, digest, _ in result.outputs}
        self.store.set_made(step.name, key, result)
        if before == after:
            return
        self.store.add_stale(before.keys() - after.keys())
        for name in filter(is_pattern, step.outputs):
            self._now.pop(name, None)
            self._touched.update(self._consumers.get(name, ()))
        for name in before.keys() | after.keys():
            if before.get(name) == after.get(name):
                continue
            self._now.pop(name, None)
            self.changed.add(name)
            self._touched.update(self._consumers.get(name, ()))
            self._touched.update(self._asking(name))

    # Why

    def _reason(self, i: int, key: str) -> Reason:
        step = self.plan.steps[i]
        made = self.store.made(step.name)
        if step.rule in self.always:
            return Reason("always")
        if made is None:
            return Reason("new")
        if not made.key:
            return Reason("unfinished")
        if made.key == key:
            changed = [name for name, digest in made.result.reads if self.digest(name) != digest]
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
