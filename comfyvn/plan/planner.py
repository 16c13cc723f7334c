"""From rules and facts to a plan: the steps of one stage, in an order in which they can run.

Rules are expanded column by column and ordered as rules: ten thousand scenes cost little more
Python than three do. Only rules that wait for one another are ordered step by step.

A rule that something is wrong with is left out, and what needs its outputs with it, silently: the
plan that is returned can always run.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, repeat

from comfyvn.engine.pattern import head, is_pattern, matches, overlap
from comfyvn.engine.step import Plan, Step
from comfyvn.plan.clashes import Clashes
from comfyvn.plan.collections import COLLECTIONS, files
from comfyvn.plan.expansion import Expansion, expand_rule, short, shown_rule
from comfyvn.plan.facts import Facts, Item
from comfyvn.plan.names import Names
from comfyvn.plan.order import in_order
from comfyvn.plan.rule_checks import outside
from comfyvn.plan.rules import Declared
from comfyvn.plan.template import expand, loose
from comfyvn.plan.wanted import wanted_rules
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.nearest import nearest


def plan(
    rules: Mapping[str, Declared],
    stage: str,
    facts: Facts,
    out: Diagnostics,
    kept: Iterable[str] = (),
    *,
    check: bool = False,
) -> Plan:
    """Return the steps of a stage.

    Args:
        rules: all rules of the build, of both stages.
        stage: `front`, `back` or `advice`; for a check the last has what it needs of the back, and
            what is explored.
        facts: what there is.
        out: where findings go.
        kept: names and patterns of results that whoever builds reads, besides what rules read
            and what stands below `build/`.
        check: whether it is for a check, not for a build.
    """
    chosen = wanted_rules(rules, facts.targets, tuple(kept), stage, out, check=check)
    stages = ("back", "advice", "exploration") if check and stage == "advice" else (stage,)
    planner = _Planner(facts, out)
    # A plan is a great many small tuples that stay: there is no garbage to look for among them.
    collecting = gc.isenabled()
    gc.disable()
    try:
        for name, rule in rules.items():
            if rule.stage in stages and name in chosen:
                planner.add(rule)
        return planner.plan()
    finally:
        if collecting:
            gc.enable()


class _Planner:
    """The rules of one stage, while they become a plan.

    Attributes:
        expanded: the rules that can be used so far, by name.
        makers: the rule that makes each output, patterns letter for letter.
        dropped: the patterns of what the rules that were left out would have made.
    """

    def __init__(self, facts: Facts, out: Diagnostics) -> None:
        self.facts = facts
        self.out = out
        self.files = frozenset(facts.files)
        self.made = frozenset(facts.made)
        self.expanded: dict[str, Expansion] = {}
        self.makers: dict[str, str] = {}
        self.dropped: list[str] = []
        self._items: dict[str, Sequence[Item]] = {}
        self._known: Names | None = None
        self._open: list[str] = []
        self._heads: dict[str, list[str]] = {}
        self._chosen: dict[str, str] = {}

    def add(self, rule: Declared) -> None:
        """Expand a rule, unless it writes what something else does."""
        expansion = expand_rule(rule, self._items_of(rule))
        clashes = Clashes(self.expanded, self.makers, self.made, self.out)
        if self._leaves_build(expansion) or clashes.found(expansion):
            self._drop(rule)
            return
        self.expanded[rule.rule.name] = expansion
        for column in expansion.outputs:
            self.makers.update(zip(column, repeat(rule.rule.name)))

    def plan(self) -> Plan:
        """Connect the rules, order them, and return the plan."""
        for name in Clashes(self.expanded, self.makers, self.made, self.out).of_patterns():
            self._remove(name)
        while lacking := self._connect():
            for name in lacking:
                self._remove(name)
        steps: list[Step] = []
        used: dict[str, None] = {}
        made: dict[str, list[Step]] = {}
        for name, chosen in in_order(self.expanded, self._after(), self.makers, self.out):
            if name not in made:
                made[name] = self.expanded[name].steps()
            steps += made[name] if chosen is None else made[name][chosen]
            used[name] = None
        return Plan({name: shown_rule(self.expanded[name].declared) for name in used}, tuple(steps))

    def _items_of(self, rule: Declared) -> Sequence[Item]:
        if not rule.over:
            return ({},)
        if rule.files:
            return files(self.facts, rule.files)
        if rule.over not in self._items:
            self._items[rule.over] = COLLECTIONS[rule.over].items(self.facts)
        return self._items[rule.over]

    def _drop(self, rule: Declared) -> None:
        self.dropped += map(loose, rule.outputs)

    def _remove(self, name: str) -> None:
        self._drop(self.expanded.pop(name).declared)
        self.makers = {output: rule for output, rule in self.makers.items() if rule != name}

    def _leaves_build(self, expansion: Expansion) -> bool:
        """Whether an item's fields lead an output out of `build/`, with a finding."""
        for index, column in enumerate(expansion.outputs):
            if column and not column[0].startswith("@") and "/." in "".join(column):
                for name in column:
                    if (problem := outside(name)) is not None:
                        self.out.error(
                            "VN1109",
                            f"the output `{name}` {problem}",
                            expansion.declared.output_at(index),
                            help="rename the file that the name comes from",
                        )
                        return True
        return False

    # Inputs

    def _connect(self) -> list[str]:
        """Find the inputs of all steps; return the rules that lack one."""
        self._known = None
        self._open = [name for name in (*self.makers, *self.made) if "*" in name]
        self._heads = defaultdict(list)
        for name in self._open:
            self._heads[head(name)].append(name)
        return [name for name, item in self.expanded.items() if not self._find_inputs(item)]

    def _find_inputs(self, expansion: Expansion) -> bool:
        declared = expansion.declared
        expansion.inputs = []
        for index, text in enumerate(declared.inputs):
            column = short(expand(text, expansion.columns, expansion.count))
            if is_pattern(text):
                expansion.inputs.append(self._select(declared, text, column))
                continue
            lacking = set(column).difference(self.makers)
            if lacking:
                lacking.difference_update(self.made)
                lacking.difference_update(self.files)
                lacking = {name for name in lacking if not self._may_be_made(name)}
            if lacking:
                self._report_lacking(declared, index, sorted(lacking))
                return False
            expansion.inputs.append(column)
        return True

    def _may_be_made(self, name: str) -> bool:
        """Whether the action of some step may choose to make this."""
        pattern = next((pattern for pattern in self._open if matches(pattern, name)), None)
        if pattern in self.makers:
            self._chosen[name] = self.makers[pattern]
        return pattern is not None

    def _select(self, declared: Declared, text: str, patterns: list[str]) -> list[Sequence[str]]:
        own, known = declared.rule.name, {}
        wide = loose(text)
        first = head(wide)
        near = self._open if first == "*" else [*self._heads[first], *self._heads["*"]]
        open = [name for name in near if self.makers.get(name) != own and overlap(name, wide)]
        for pattern in set(patterns):
            names = [n for n in self._names().select(pattern) if self.makers.get(n) != own]
            known[pattern] = (*names, *sorted(name for name in open if overlap(name, pattern)))
        return [known[pattern] for pattern in patterns]

    def _names(self) -> Names:
        if self._known is None:
            made = (name for name in (*self.makers, *self.made) if "*" not in name)
            self._known = Names([*made, *self.facts.files])
        return self._known

    def _report_lacking(self, declared: Declared, index: int, lacking: list[str]) -> None:
        if any(matches(pattern, lacking[0]) for pattern in self.dropped):
            return  # what makes it was reported
        name = lacking[0]
        more = f", and {len(lacking) - 1:,} like it" if len(lacking) > 1 else ""
        near = nearest(name, self._similar(name))
        help = "write a rule that makes it, or a file of this name"
        self.out.error(
            "VN1105",
            f"the rule `{declared.rule.name}` needs `{name}`{more}, which nothing makes",
            declared.input_at(index),
            help=f"did you mean `{near}`?" if near else help,
        )

    def _similar(self, name: str) -> list[str]:
        """Return names that may be meant, few enough to compare each letter by letter."""
        known = (n for names in (self.makers, self.made, self.files) for n in names)
        near = (n for n in known if abs(len(n) - len(name)) <= 4 and n[:1] == name[:1])
        ends = [n for n in near if n[:4] == name[:4] or n[-4:] == name[-4:]]
        return sorted(ends)[:2000]

    # Order

    def _after(self) -> dict[str, set[str]]:
        """Return for each rule those that it waits for."""
        outputs = {
            name: [loose(text) for text in item.declared.outputs]
            for name, item in self.expanded.items()
        }
        after: dict[str, set[str]] = {}
        for name, expansion in self.expanded.items():
            names = set(chain(*expansion.input_names()))
            found = set(map(self.makers.get, names))
            found |= {self._chosen[name] for name in names & self._chosen.keys()}
            found |= {
                other
                for pattern in expansion.declared.rule.reads
                for other, made in outputs.items()
                if other != name and any(overlap(pattern, text) for text in made)
            }
            after[name] = {other for other in found if other is not None}
        return after
