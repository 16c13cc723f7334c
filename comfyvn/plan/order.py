"""The order of a plan: rules after the rules they wait for, or, where rules wait for one another,
steps after steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush
from itertools import chain
from typing import NamedTuple

from comfyvn.plan.expansion import Expansion
from comfyvn.source.diagnostics import Diagnostics, Related

Group = tuple[str, slice | None]
"""A rule, and which of its steps; all of them for None."""


class _Node(NamedTuple):
    """A step, by the place of its rule among all and its place in the rule; -1 for all of them."""

    rule: int
    step: int


def in_order(
    expanded: Mapping[str, Expansion],
    after: Mapping[str, set[str]],
    makers: Mapping[str, str],
    out: Diagnostics,
) -> list[Group]:
    """Return the rules in an order in which they can run, leaving out what waits for itself."""
    order = [*_sorted(after)]
    tangled = [name for name in expanded if name not in set(order)]
    groups: list[Group] = [(name, None) for name in order]
    if tangled:
        groups += _Tangle(expanded, after, makers, tangled).groups(out)
    return groups


def _sorted(after: Mapping[str, set[str]]) -> Iterator[str]:
    """Yield the rules that wait for nothing but earlier ones, each as early as it can."""
    ranks = {name: rank for rank, name in enumerate(after)}
    names = list(after)
    left = {name: len(others) for name, others in after.items()}
    before: dict[str, list[str]] = {}
    for name, others in after.items():
        for other in others:
            before.setdefault(other, []).append(name)
    ready = [ranks[name] for name, count in left.items() if not count]
    heapify(ready)
    while ready:
        name = names[heappop(ready)]
        yield name
        for other in before.get(name, ()):
            left[other] -= 1
            if not left[other]:
                heappush(ready, ranks[other])


class _Tangle:
    """The steps of rules that wait for one another, and of those that wait for such."""

    def __init__(
        self,
        expanded: Mapping[str, Expansion],
        after: Mapping[str, set[str]],
        makers: Mapping[str, str],
        tangled: Sequence[str],
    ) -> None:
        self.names = list(tangled)
        self.rules = [expanded[name] for name in tangled]
        self.steps = [rule.steps() for rule in self.rules]
        ranks = {name: rank for rank, name in enumerate(tangled)}
        by_output = {
            output: _Node(rank, index)
            for rank, steps in enumerate(self.steps)
            for index, step in enumerate(steps)
            for output in step.outputs
        }
        # For each node, what it waits for, and the artifact that is the cause.
        self.waits: dict[_Node, dict[_Node, str]] = {}
        for rank, steps in enumerate(self.steps):
            made_of = set(map(makers.get, chain(*self.rules[rank].input_names())))
            asked = sorted(ranks[n] for n in after[self.names[rank]] - made_of if n in ranks)
            for index, step in enumerate(steps):
                found = {by_output[name]: name for name in step.inputs if name in by_output}
                found |= {_Node(other, -1): "" for other in asked}
                self.waits[_Node(rank, index)] = found
            whole = {_Node(rank, index): "" for index in range(len(steps))}
            self.waits[_Node(rank, -1)] = whole

    def groups(self, out: Diagnostics) -> list[Group]:
        """Return the steps that can run, as runs of one rule's, and report those that cannot."""
        done, rest = self._run(set(self.waits))
        groups: list[Group] = []
        for node in done:
            if node.step < 0:
                continue
            name, last = self.names[node.rule], groups[-1] if groups else ("", None)
            if last[0] == name and last[1] is not None and last[1].stop == node.step:
                groups[-1] = name, slice(last[1].start, node.step + 1)
            else:
                groups.append((name, slice(node.step, node.step + 1)))
        while rest:
            cycle = self._cycle(rest)
            self._report(cycle, out)
            gone = {node.rule for node in cycle}
            _, rest = self._run({node for node in rest if node.rule not in gone})
        return groups

    def _run(self, nodes: set[_Node]) -> tuple[list[_Node], set[_Node]]:
        """Return the nodes that can run if all others did, in order, and those that cannot."""
        left: dict[_Node, int] = {}
        before: dict[_Node, list[_Node]] = {}
        for node in nodes:
            others = [other for other in self.waits[node] if other in nodes]
            left[node] = len(others)
            for other in others:
                before.setdefault(other, []).append(node)
        ready = [node for node, count in left.items() if not count]
        heapify(ready)
        done = []
        while ready:
            node = heappop(ready)
            done.append(node)
            for other in before.get(node, ()):
                left[other] -= 1
                if not left[other]:
                    heappush(ready, other)
        return done, nodes.difference(done)

    def _cycle(self, rest: set[_Node]) -> list[_Node]:
        """Return nodes each of which waits for the next, and the last for the first."""
        node = min(rest)
        way: dict[_Node, int] = {}
        while node not in way:
            way[node] = len(way)
            node = min(other for other in self.waits[node] if other in rest)
        return list(way)[way[node] :]

    def _report(self, cycle: list[_Node], out: Diagnostics) -> None:
        steps = [node for node in cycle if node.step >= 0]
        parts = []
        related = []
        for index, node in enumerate(steps):
            follower = steps[(index + 1) % len(steps)]
            cause = self.waits[node].get(follower, "")
            what = f"`{cause}`" if cause else "results"
            said = f"`{self._name(node)}` needs {what} of `{self._name(follower)}`"
            parts.append(said)
            related.append(Related(self.rules[node.rule].declared.span, said))
        out.error(
            "VN1106",
            f"the rules wait for one another: {', '.join(parts)}",
            self.rules[steps[0].rule].declared.span,
            help="let one of them do without an output of the next",
            related=related[1:],
        )

    def _name(self, node: _Node) -> str:
        return self.steps[node.rule][node.step].name
