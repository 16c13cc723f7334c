"""Two steps that write one file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import repeat
from typing import NamedTuple

from comfyvn.engine.pattern import is_pattern, overlap
from comfyvn.plan.expansion import Expansion
from comfyvn.plan.names import Names
from comfyvn.source.diagnostics import Diagnostics, Related


class _Output(NamedTuple):
    """An output: its rule, which of the rule's steps, which of the rule's outputs."""

    name: str
    rule: str
    step: int
    column: int


class Clashes:
    """Finds steps that write one file, and reports them with both names."""

    def __init__(
        self,
        expanded: Mapping[str, Expansion],
        makers: Mapping[str, str],
        made: frozenset[str],
        out: Diagnostics,
    ) -> None:
        self.expanded = expanded
        self.makers = makers
        self.made = made
        self.out = out

    def found(self, expansion: Expansion) -> bool:
        """Whether a rule writes a name twice, or one that is made already; with a finding."""
        mine: dict[str, None] = {}
        for column in expansion.outputs:
            mine.update(zip(column, repeat(None)))
        if len(mine) < expansion.count * len(expansion.outputs):
            seen: dict[str, _Output] = {}
            for output in _outputs(expansion):
                if output.name in seen:
                    self._report(expansion, output, expansion, seen[output.name])
                    return True
                seen[output.name] = output
        if not self.makers.keys().isdisjoint(mine):
            output = next(item for item in _outputs(expansion) if item.name in self.makers)
            other = self.expanded[self.makers[output.name]]
            twin = next(item for item in _outputs(other) if item.name == output.name)
            self._report(expansion, output, other, twin)
            return True
        if not self.made.isdisjoint(mine):
            output = next(item for item in _outputs(expansion) if item.name in self.made)
            self.out.error(
                "VN1107",
                f"the step `{expansion.names[output.step]}` writes `{output.name}`, "
                "which is there already",
                expansion.declared.output_at(output.column),
                help="another stage or the build itself makes it: choose another name",
            )
            return True
        return False

    def of_patterns(self) -> list[str]:
        """Return the rules that may write what an earlier one does, one of them by a pattern."""
        clashing = []
        open = [
            output
            for expansion in self.expanded.values()
            if any(map(is_pattern, expansion.declared.outputs))
            for output in _outputs(expansion)
            if is_pattern(output.name)
        ]
        if not open:
            return []
        names = Names(name for name in self.makers if "*" not in name)
        ranks = {name: rank for rank, name in enumerate(self.expanded)}
        for one, other in (*self._closed(open, names), *_pairs(open)):
            if (one.rule, one.step) == (other.rule, other.step):
                continue
            first, second = sorted((one, other), key=lambda item: (ranks[item.rule], item.step))
            if second.rule not in clashing:
                self._report(self.expanded[second.rule], second, self.expanded[first.rule], first)
                clashing.append(second.rule)
        return clashing

    def _closed(self, open: list[_Output], names: Names) -> Iterator[tuple[_Output, _Output]]:
        """Yield each pattern with the names that it stands for."""
        known: dict[str, dict[str, _Output]] = {}
        for output in open:
            for name in names.select(output.name):
                rule = self.makers[name]
                if rule not in known:
                    known[rule] = {item.name: item for item in _outputs(self.expanded[rule])}
                yield output, known[rule][name]

    def _report(self, second: Expansion, output: _Output, first: Expansion, other: _Output) -> None:
        names = second.names[output.step], first.names[other.step]
        if output.name == other.name:
            said = f"the steps `{names[1]}` and `{names[0]}` both write `{output.name}`"
        else:
            said = (
                f"the step `{names[0]}` writes `{output.name}`, and `{names[1]}` `{other.name}`: "
                "that can be one file"
            )
        self.out.error(
            "VN1107",
            said,
            second.declared.output_at(output.column),
            help="let one of the two write another name",
            related=[Related(first.declared.output_at(other.column), "the other output")],
        )


def _outputs(expansion: Expansion) -> Iterator[_Output]:
    rule = expansion.declared.rule.name
    for index, column in enumerate(expansion.outputs):
        for step, name in enumerate(column):
            yield _Output(name, rule, step, index)


def _pairs(open: list[_Output]) -> Iterator[tuple[_Output, _Output]]:
    """Yield the pairs of patterns that may stand for one name."""
    # Two that do begin alike up to the first `*` of one of them, and end alike from the last on.
    # Patterns with one beginning go together: a rule has ten thousand of them at times.
    groups: dict[str, list[_Output]] = {}
    for item in open:
        groups.setdefault(item.name.partition("*")[0], []).append(item)
    above: list[tuple[str, list[_Output]]] = []
    for head in sorted(groups):
        while above and not head.startswith(above[-1][0]):
            above.pop()
        yield from _meeting(groups[head], groups[head])
        for _, others in above:
            yield from _meeting(others, groups[head])
        above.append((head, groups[head]))


def _meeting(some: list[_Output], others: list[_Output]) -> Iterator[tuple[_Output, _Output]]:
    """Yield the pairs, one of each list, that overlap; a pair once when the lists are one."""
    tails: list[tuple[str, bool, _Output]] = []
    for each, mine in ((some, True), (others, False)):
        if mine or others is not some:
            tails += ((item.name.rpartition("*")[2][::-1], mine, item) for item in each)
    below: list[tuple[str, bool, _Output]] = []
    for tail, mine, item in sorted(tails):
        while below and not tail.startswith(below[-1][0]):
            below.pop()
        for _, theirs, other in below:
            if (mine != theirs or others is some) and overlap(item.name, other.name):
                yield (item, other) if mine else (other, item)
        below.append((tail, mine, item))
