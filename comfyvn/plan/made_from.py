"""What outputs are made from: a tree of rules, down to the sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from comfyvn.engine.past import Past


class Branch(NamedTuple):
    """Steps of one rule that something is made by, and what they are made from.

    Attributes:
        rule: the rule.
        steps: the steps.
        items: what there is a step for each of, as `scene`; empty if there is one step.
        sources: the files and values that they read.
        branches: the steps that made what else they read.
        seen: whether what it is made from stands elsewhere in the tree.
    """

    rule: str
    steps: tuple[str, ...]
    items: str
    sources: tuple[str, ...]
    branches: tuple[Branch, ...]
    seen: bool


def made_from(
    past: Past, above: Sequence[str], items: Mapping[str, str], steps: Iterable[str]
) -> tuple[Branch, ...]:
    """Return the branches of some steps.

    Args:
        past: what builds left.
        above: the steps with all that they depend on, in an order in which they can run.
        items: what each rule has a step for each of.
        steps: those asked about.
    """
    return _Tree(past, above, items).branches({past.steps[step].rule for step in steps})


class _Tree:
    """Gathers steps by rule; what a rule's steps are made from is told once.

    Of two ways to a rule, one through the other, the longer is told.
    """

    def __init__(self, past: Past, above: Sequence[str], items: Mapping[str, str]) -> None:
        self.past, self.items = past, items
        self.told: set[str] = set()
        self.steps: dict[str, list[str]] = {}
        """The steps of each rule, in the order in which they are planned."""
        self.sources: dict[str, dict[str, None]] = {}
        self.after: dict[str, set[str]] = {}
        """The rules whose steps made what those of each rule read."""
        for step in above:
            rule = past.steps[step].rule
            self.steps.setdefault(rule, []).append(step)
            sources, after = self.sources.setdefault(rule, {}), self.after.setdefault(rule, set())
            for name in past.inputs(step):
                maker = past.producer.get(name)
                if maker is None:
                    sources[name] = None
                elif past.steps[maker].rule != rule:
                    after.add(past.steps[maker].rule)
        self.far: dict[str, set[str]] = {}

    def branches(self, rules: set[str]) -> tuple[Branch, ...]:
        """Return the branches of rules, but of those that others of them depend on."""
        direct = [
            rule
            for rule in self.steps
            if rule in rules and not any(rule in self._far(other) for other in rules - {rule})
        ]
        return tuple(self._branch(rule) for rule in reversed(direct))

    def _far(self, rule: str, way: frozenset[str] = frozenset()) -> set[str]:
        """Return the rules that a rule depends on."""
        if rule not in self.far:
            after = self.after[rule] - way
            found = set(after)
            for other in after:
                found |= self._far(other, way | {rule})
            if way:
                return found
            self.far[rule] = found
        return self.far[rule]

    def _branch(self, rule: str) -> Branch:
        steps, items = tuple(self.steps[rule]), self.items.get(rule, "")
        if rule in self.told:
            return Branch(rule, steps, items, (), (), True)
        self.told.add(rule)
        sources = tuple(sorted(self.sources[rule]))
        return Branch(rule, steps, items, sources, self.branches(self.after[rule]), False)
