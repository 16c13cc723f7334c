"""Why an output is as it is: what it is made from, how it came to be, what changed since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from comfyvn.engine.forecast import Verdict
from comfyvn.engine.past import Past
from comfyvn.engine.result import Cause
from comfyvn.plan.dry_run import dry_run
from comfyvn.plan.failures import read_failures
from comfyvn.plan.made_from import Branch, made_from
from comfyvn.plan.meaning import Asked, find
from comfyvn.plan.outcome import Options
from comfyvn.plan.rules import read_rules
from comfyvn.source.diagnostics import Diagnostics


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
        failures: what the steps said that have no result because they failed.
    """

    asked: Asked
    chain: tuple[Link, ...]
    changes: tuple[Change, ...]
    may: bool
    tree: tuple[Branch, ...]
    used: dict[str, tuple[str, ...]]
    failures: dict[str, str]


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
    unfinished = {step for each in changes if each.kind == "unfinished" for step in each.steps}
    failures = read_failures(root) if unfinished else {}
    items = {name: rule.over for name, rule in rules.items()}
    tree = () if forward else made_from(past, above, items, roots)
    return Answer(
        asked,
        () if forward else _chain(past, roots, asked),
        changes,
        any(each.how == "may" for each in verdicts.values()),
        tree,
        _used(past, below, targets) if forward else {},
        {step: said for step, said in failures.items() if step in unfinished},
    )


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
        "failed": answer.failures,
        "used_in": {name: list(files) for name, files in answer.used.items()},
    }
