"""Steps here and elsewhere at once, each begun as soon as what it waits for is done."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from heapq import heapify, heappop, heappush
from itertools import chain
from typing import Any, Protocol

from comfyvn.engine.devices import Devices
from comfyvn.engine.graph import Graph
from comfyvn.engine.pattern import head, overlap
from comfyvn.engine.step import Rule

_SLICE = 0.02
"""Seconds of steps done here before those that run elsewhere are looked after."""
_MANY = 500
"""Steps that wait for one from which on no more of them are looked for."""


class Work(Protocol):
    """What the scheduler puts in order."""

    @property
    def devices(self) -> Devices | None:
        """What says where the steps go that need a device."""

    def look(self, index: int) -> bool:
        """Whether a step is done without being run; else `begin` runs it."""

    def begin(self, index: int) -> Future[Any] | None:
        """Do a step, or begin it elsewhere."""

    def collect(self, index: int, future: Future[Any]) -> bool:
        """Take what a step made that ran elsewhere; whether it is done, or to be begun again."""

    def free(self, rule: Rule) -> bool:
        """Whether a step of a rule, which needs no device, can begin now."""

    def urgent(self) -> Collection[str]:
        """Return the names of artifacts that somebody waits for."""


def schedule(graph: Graph, wave: Sequence[int], away: Collection[str], work: Work) -> None:
    """Do steps.

    Args:
        graph: what they wait for.
        wave: their indexes, ascending.
        away: the rules whose steps run elsewhere.
        work: does them.
    """
    _Schedule(graph, wave, away, work).run()


class _Schedule:
    """Steps that wait, are ready, or run."""

    def __init__(
        self, graph: Graph, wave: Sequence[int], away: Collection[str], work: Work
    ) -> None:
        self.steps, self.rules = graph.plan.steps, graph.plan.rules
        self.away, self.work = away, work
        self.devices = work.devices
        self.placed: set[str] = set()
        """The rules whose steps need a device."""
        if self.devices is not None:
            self.placed = {name for name in away if self.devices.serves(self.rules[name])}
        self.offered: dict[str, int] = {}
        """The steps that wait for one, by name."""
        self.running: dict[Future[Any], int] = {}
        self.ready: dict[str, list[tuple[bool, int]]] = {}
        """The steps of each rule that can begin, behind whether they are `later` than others."""
        self.missing: dict[int, int] = {}
        """For each step that waits, how many it waits for."""
        self.after: dict[int, list[int]] = {}
        self.left: dict[str, int] = {}
        """For each rule, how many of its steps are not done."""
        self.held: dict[str, list[int]] = {}
        """For each rule, the steps that wait for all of it: they may ask for what it makes."""
        inside = set(wave)
        self.first = self._first(graph, inside)
        for i in wave:
            rule = self.steps[i].rule
            self.left[rule] = self.left.get(rule, 0) + 1
        barriers = _barriers(graph, wave)
        for i in wave:
            rule = self.steps[i].rule
            before = graph.needed(i) & inside
            for j in before:
                self.after.setdefault(j, []).append(i)
            for other in barriers.get(rule, ()):
                self.held.setdefault(other, []).append(i)
            count = len(before) + len(barriers.get(rule, ()))
            if count:
                self.missing[i] = count
            else:
                self._add(i)

    def _first(self, graph: Graph, inside: set[int]) -> set[int]:
        """Return the steps elsewhere that make what somebody waits for, or what that needs.

        Steps here take so little time that their order does not matter.
        """
        away = {i for i in inside if self.steps[i].rule in self.away}
        names = self.work.urgent() if len(away) > 1 else ()
        new = {i for name in names for i in graph.makers(name)} & inside
        found = set(new)
        while new:
            new = {j for i in new for j in graph.needed(i)} & inside - found
            found |= new
        return found & away

    def _later(self, i: int) -> bool:
        return i not in self.first

    def _add(self, i: int) -> None:
        heappush(self.ready.setdefault(self.steps[i].rule, []), (self._later(i), i))

    def _done(self, i: int) -> None:
        rule = self.steps[i].rule
        self.left[rule] -= 1
        freed = self.after.pop(i, [])
        if not self.left[rule]:
            freed += self.held.pop(rule, [])
        for other in freed:
            if other in self.missing:
                self.missing[other] -= 1
                if not self.missing[other]:
                    del self.missing[other]
                    self._add(other)

    def run(self) -> None:
        try:
            while any(self.ready.values()) or self.running or self.missing or self.offered:
                begun = self._begin_away()
                if self._do_here():
                    self._collect(0)
                elif self.running:
                    self._collect(self._pause())
                elif not begun:
                    self._wait_or_force()
        except BaseException:
            for future in self.running:
                future.cancel()
            raise

    def _begin_away(self) -> bool:
        """Begin what can begin elsewhere; return whether there was anything."""
        begun = self._begin_placed()
        names = [name for name in self.ready if name in self.away and name not in self.placed]
        for later in (False, True) if self.first else (True,):
            for name in names:
                queue, rule = self.ready[name], self.rules[name]
                while queue and queue[0][0] is later and self.work.free(rule):
                    self._begin(heappop(queue)[1])
                    begun = True
        return begun

    def _begin_placed(self) -> bool:
        """Begin what there is a device for now; return whether there was anything."""
        if self.devices is None:
            return False
        begun = False
        for rule in self.placed:
            queue = self.ready.get(rule)
            while queue:
                i = heappop(queue)[1]
                if self.work.look(i):
                    self._done(i)
                    begun = True
                else:
                    step = self.steps[i]
                    self.offered[step.name] = i
                    waiting, urgent = self._waiting(i), not self._later(i)
                    self.devices.offer(step, self.rules[rule], waiting, urgent=urgent)
        while (name := self.devices.next()) is not None:
            self._begin(self.offered.pop(name))
            begun = True
        return begun

    def _waiting(self, i: int) -> int:
        """Return how many steps wait for one, directly or not; some hundreds at most."""
        found, new = {i: None}, [i]
        while new and len(found) < _MANY:
            new = [j for each in new for j in self.after.get(each, ()) if j not in found]
            found.update(dict.fromkeys(new))
        return len(found) - 1

    def _pause(self) -> float | None:
        """Return how long to wait at most for what runs."""
        return self.devices.pause() if self.devices is not None else None

    def _wait_or_force(self) -> None:
        """Wait until a lost device is tried again, or begin something regardless."""
        pause = self._pause()
        if pause is not None:
            time.sleep(pause)
        elif self.offered:
            # No device takes it, and none will: beginning it says so.
            self._begin(self.offered.pop(next(iter(self.offered))))
        else:
            self._force()

    def _do_here(self) -> bool:
        """Do steps here for a while; return whether there was one."""
        until = time.monotonic() + _SLICE
        done = False
        while queues := [q for name, q in self.ready.items() if q and name not in self.away]:
            for queue in queues:
                while queue:
                    self._begin(heappop(queue)[1])
                    done = True
                    if time.monotonic() > until:
                        return True
        return done

    def _begin(self, i: int) -> None:
        future = self.work.begin(i)
        if future is None:
            self._done(i)
        else:
            self.running[future] = i

    def _collect(self, timeout: float | None) -> None:
        if self.running:
            for future in wait(self.running, timeout, FIRST_COMPLETED).done:
                i = self.running.pop(future)
                if self.work.collect(i, future):
                    self._done(i)
                else:
                    self._add(i)

    def _force(self) -> None:
        """Begin the first step of the plan that is left: nothing runs that it could wait for.

        Either no place is ever free for it, or rules wait for one another, of which some read what
        others make; the order of the plan holds good always.
        """
        ready = [i for queue in self.ready.values() for _, i in queue]
        i = min([*self.missing, *ready])
        if self.missing.pop(i, 0) == 0:
            queue = self.ready[self.steps[i].rule]
            queue.remove((self._later(i), i))
            heapify(queue)
        self._begin(i)


def _barriers(graph: Graph, wave: Sequence[int]) -> Mapping[str, set[str]]:
    """For each rule that may ask for artifacts, the rules of the wave that write such names."""
    names: dict[str, dict[str, list[str]]] = {}
    for i in wave:
        step = graph.plan.steps[i]
        here = names.setdefault(step.rule, {})
        for name in step.outputs:
            here.setdefault(head(name), []).append(name)
    found: dict[str, set[str]] = {}
    for reader in names:
        for pattern in graph.plan.rules[reader].reads:
            first = head(pattern)
            for maker, by_head in names.items():
                if maker == reader:
                    continue
                heads = by_head if first == "*" else (first, "*")
                near = chain.from_iterable(by_head.get(each, ()) for each in heads)
                if any(overlap(pattern, name) for name in near):
                    found.setdefault(reader, set()).add(maker)
    return found
