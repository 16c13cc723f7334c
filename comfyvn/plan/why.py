"""Why an output is as it is: what it is made from, how it came to be, what changed since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from comfyvn.engine.forecast import Verdict
from comfyvn.engine.past import Past
from comfyvn.engine.result import Cause
from comfyvn.plan.dry_run import dry_run
from comfyvn.plan.outcome import Options
from comfyvn.plan.rules import read_rules
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.nearest import nearest


class Asked(NamedTuple):
    """What was asked about.

    Attributes:
        name: the artifact or step, or a target.
        kind: `output`, `result`, `source`, `value`, `step` or `target`.
        steps: the steps that made it, or read it if it is a source or a value.
    """

    name: str
    kind: str
    steps: tuple[str, ...]


class Link(NamedTuple):
    """A step of the chain that led to an output being made.

    Attributes:
        step: the step.
        cause: why it was made then.
        seconds: how long it took.
    """

    step: str
    cause: Cause
    seconds: float


class Change(NamedTuple):
    """Something that is not as the last build of an output saw it.

    Attributes:
        name: a source, a value or an output; a rule, if the kind is `definition`; empty for a step
            that has no result.
        kind: `source`, `value`, `output`, `definition`, `tool` (ComfyVN itself) or `unfinished`.
        steps: the steps that will run because of it.
    """

    name: str
    kind: str
    steps: tuple[str, ...]


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


class Answer(NamedTuple):
    """Why something is as it is.

    Attributes:
        asked: what was asked about.
        chain: how it came to be made last: from the step that made it up to the first that ran in
            that build.
        changes: what changed since; empty if it is what a build would make.
        may: whether it may change although nothing says that it will.
        tree: what it is made from.
        used: for a source or value: the outputs that it is in, by target or folder.
    """

    asked: Asked
    chain: tuple[Link, ...]
    changes: tuple[Change, ...]
    may: bool
    tree: tuple[Branch, ...]
    used: dict[str, tuple[str, ...]]


class NotKnownError(Exception):
    """There is nothing of that name.

    Attributes:
        near: the name that may be meant.
        empty: whether nothing was ever built.
    """

    def __init__(self, name: str, near: str | None, *, empty: bool) -> None:
        super().__init__(name)
        self.near, self.empty = near, empty


def why(root: Path, name: str) -> Answer:
    """Answer for an output, a source, a step, a result or a target.

    Raises:
        NotKnownError: no build knows it.
        OSError: the project's folder cannot be read.
    """
    past = Past.load(root)
    rules = read_rules(root, Diagnostics(), keep=False).declared
    targets = {rule.target for rule in rules.values()} - {""}
    asked = find(past, name, targets)
    forward = asked.kind in ("source", "value")
    roots = asked.steps
    below = _below(past, roots) if forward else []
    above = past.above(below if forward else roots)
    wanted = {
        rules[past.steps[step].rule].target for step in above if past.steps[step].rule in rules
    }
    told = dry_run(root, Options(), sorted(wanted - {""}) or sorted(targets))
    concerned = set(above)
    verdicts = {step: each for step, each in told.verdicts.items() if step in concerned}
    with_tool = {name for name, rule in rules.items() if rule.rule.tool} if told.tool else set()
    changes = _changes(verdicts.values(), with_tool)
    if forward:
        changes = tuple(each for each in changes if each.name == asked.name)
    items = {name: rule.over for name, rule in rules.items()}
    tree = () if forward else _Tree(past, above, items).of(roots)
    return Answer(
        asked,
        () if forward else _chain(past, roots, asked),
        changes,
        any(each.how == "may" for each in verdicts.values()),
        tree,
        _used(past, below, targets) if forward else {},
    )


def find(past: Past, name: str, targets: Iterable[str]) -> Asked:
    """Return what a name means.

    Raises:
        NotKnownError: nothing, as far as builds know.
    """
    if name in past.producer:
        return Asked(name, "result" if name[0] == "@" else "output", (past.producer[name],))
    if name in past.steps:
        return Asked(name, "step", (name,))
    readers = past.consumers(name)
    if readers:
        return Asked(name, "value" if name[0] == "@" else "source", tuple(readers))
    target = name.removeprefix("build/")
    if target in targets:
        steps = [step for step in past.steps if _is_of(past, step, f"build/{target}/")]
        if steps:
            return Asked(target, "target", tuple(steps))
    of_rule = tuple(step for step in past.steps if past.steps[step].rule == name)
    if of_rule:
        return Asked(name, "step", of_rule)
    known = [*past.artifacts(), *past.steps]
    raise NotKnownError(name, _near(name, known), empty=not past.steps)


def _near(name: str, known: Sequence[str]) -> str | None:
    """Return the nearest of many names; of an artifact, one whose end is the same wins."""
    ends = [each for each in known if each.endswith(f"/{name}")]
    if ends:
        return min(ends, key=lambda each: (each[0] == "@", len(each)))
    near = [each for each in known if abs(len(each) - len(name)) <= 4]
    return nearest(name, near[:20000]) or nearest(name, known[:5000])


def _is_of(past: Past, step: str, folder: str) -> bool:
    return any(name.startswith(folder) for name in past.outputs(step))


def _below(past: Past, steps: Iterable[str]) -> list[str]:
    """Return steps and all that depend on them."""
    found = set(steps)
    waiting = list(found)
    while waiting:
        for name in past.outputs(waiting.pop()):
            for reader in past.consumers(name):
                if reader not in found:
                    found.add(reader)
                    waiting.append(reader)
    return [name for name in past.steps if name in found]


def _used(past: Past, steps: Iterable[str], targets: Iterable[str]) -> dict[str, tuple[str, ...]]:
    files = sorted(name for step in steps for name in past.outputs(step) if name[0] != "@")
    found: dict[str, list[str]] = {}
    for name in files:
        head = name.split("/")[1] if name.count("/") > 1 else ""
        found.setdefault(head if head in targets else "", []).append(name)
    return {target: tuple(names) for target, names in found.items()}


def _chain(past: Past, steps: Sequence[str], asked: Asked) -> tuple[Link, ...]:
    """Follow what changed, from the step made last up, within one build."""
    made = [step for step in steps if past.made[step].result.cause is not None]
    if not made or asked.kind == "target":
        return ()
    step: str | None = max(made, key=lambda each: _cause(past, each).at)
    links: list[Link] = []
    seen: set[str] = set()
    at = _cause(past, str(step)).at
    while step is not None and step not in seen:
        seen.add(step)
        cause = _cause(past, step)
        if cause.at != at:
            break
        links.append(Link(step, cause, past.made[step].result.seconds))
        step = next(
            (
                maker
                for name in cause.names
                if (maker := past.producer.get(name)) is not None
                and _cause(past, maker).at == at
                and maker not in seen
            ),
            None,
        )
    return tuple(links)


def _cause(past: Past, step: str) -> Cause:
    return past.made[step].result.cause or Cause(0.0, "ran", "new")


def _changes(verdicts: Iterable[Verdict], with_tool: set[str]) -> tuple[Change, ...]:
    """Return what is the cause of steps that will run.

    `with_tool` are the rules whose steps another ComfyVN runs again.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for each in verdicts:
        if each.how == "may":
            continue
        match each.reason.why:
            case "inputs":
                for name in each.reason.names:
                    kind = "value" if name[0] == "@" else "source"
                    found.setdefault((name, kind), []).append(each.step.name)
            case "outputs":
                for name in each.reason.names:
                    found.setdefault((name, "output"), []).append(each.step.name)
            case "definition" if each.step.rule in with_tool:
                found.setdefault(("", "tool"), []).append(each.step.name)
            case "definition":
                found.setdefault((each.step.rule, "definition"), []).append(each.step.name)
            case _:
                found.setdefault(("", "unfinished"), []).append(each.step.name)
    return tuple(Change(name, kind, tuple(steps)) for (name, kind), steps in found.items())


class _Tree:
    """Gathers steps by rule; what a rule's steps are made from is told once.

    Of two ways to a rule, one through the other, the longer is told.
    """

    def __init__(self, past: Past, above: Sequence[str], items: dict[str, str]) -> None:
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

    def of(self, steps: Iterable[str]) -> tuple[Branch, ...]:
        """Return the branches of what was asked about."""
        return self._branches({self.past.steps[step].rule for step in steps})

    def _branches(self, rules: set[str]) -> tuple[Branch, ...]:
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
        return Branch(rule, steps, items, sources, self._branches(self.after[rule]), False)


def as_json(answer: Answer) -> dict[str, Any]:
    """Return an answer as a JSON object."""

    def branch(each: Branch) -> dict[str, Any]:
        return {
            "rule": each.rule,
            "steps": list(each.steps),
            "sources": list(each.sources),
            "from": [branch(below) for below in each.branches],
            "seen": each.seen,
        }

    return {
        "name": answer.asked.name,
        "kind": answer.asked.kind,
        "steps": list(answer.asked.steps),
        "made": [
            {
                "step": link.step,
                "at": link.cause.at,
                "how": link.cause.how,
                "why": link.cause.why,
                "names": list(link.cause.names),
                "more": link.cause.more,
                "seconds": link.seconds,
            }
            for link in answer.chain
        ],
        "changes": [
            {"name": each.name, "kind": each.kind, "steps": list(each.steps)}
            for each in answer.changes
        ],
        "may_change": answer.may,
        "from": [branch(each) for each in answer.tree],
        "used_in": {name: list(files) for name, files in answer.used.items()},
    }
