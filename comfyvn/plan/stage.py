"""One stage of a build: plan it, or take the plan of before, and run what has to run.

A build has three. The front reads sources and gives the parts of the Program. Of what the back's
rules say, steps for no target in particular come first, as `assets`: they look into the hand-made
files and draw the others, and what they find wrong leaves the targets as they are. A check has the
front, `advice`, and `exploration`, which can wait.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from comfyvn.engine.action import Action
from comfyvn.engine.digest import ABSENT, digest_of
from comfyvn.engine.elsewhere import Elsewhere, Shared
from comfyvn.engine.findings import as_json
from comfyvn.engine.manifest import Stamp
from comfyvn.engine.pattern import matches
from comfyvn.engine.plan_file import Kept, load, save
from comfyvn.engine.progress import Progress
from comfyvn.engine.run import Run
from comfyvn.engine.sources import Sources
from comfyvn.engine.step import Plan, Rule, canonical_bytes
from comfyvn.engine.store import Store
from comfyvn.plan.facts import Facts
from comfyvn.plan.planner import plan as make_plan
from comfyvn.plan.played import played
from comfyvn.plan.rules import Declared, Rules
from comfyvn.source.diagnostics import Diagnostics

Name = Literal["front", "assets", "targets", "advice", "exploration"]
STAGES: tuple[Name, ...] = ("front", "assets", "targets")
"""The stages of a build."""
_HALVES = {"front": "front", "advice": "advice", "exploration": "advice"}
"""What the stages are planned as that are not of the back."""


class Looked(NamedTuple):
    """What planning looks at besides artifacts.

    Attributes:
        files: the paths of all sources, sorted.
        digest: the digest of these, of the rules, the targets, the names of values and the tool.
        values: the digests of the artifacts that no step makes.
    """

    files: tuple[str, ...]
    digest: str
    values: Mapping[str, str]


def look(
    sources: Sources, rules: Rules, targets: Sequence[str], values: Mapping[str, bytes], tool: str
) -> Looked:
    """Look at what planning looks at."""
    files = tuple(sources.paths())
    facts = [rules.digest, tool, list(targets), sorted(values), files]
    digests = {name: digest_of(data) for name, data in values.items()}
    return Looked(files, digest_of(canonical_bytes(facts)), digests)


class Setting(NamedTuple):
    """What all stages of one build share.

    Attributes:
        root: the project's folder.
        state: where results and plans are kept.
        check: whether this is a check, not a build.
        kept: names and patterns of results that are wanted besides what rules read.
        build: the build's id.
        last: the id of the build whose manifest was read.
        notes: what the user should know of the build itself.
        rules: all rules.
        targets: the wanted targets.
        values: artifacts that no step makes.
        store: what was made before.
        sources: the source files.
        tool: the digest of ComfyVN itself.
        known: the stamps that outputs were left with, by path.
        announce: is told of output files that are not known, before they are written.
        altered: the outputs that are not as they were left.
        action: from a rule to what runs its steps here.
        elsewhere: runs the steps that do not run here.
        shared: a cache shared with other machines.
        progress: is told what happens.
        always: rules whose steps run whatever was made before.
        urgent: the names of artifacts that somebody waits for.
        scenes: the scenes that somebody plays (`comfyvn.plan.played`).
        watched: whether every step runs, here, where it can be watched.
        plans: the plan of each half of the rules that was made in this build.
        looked: what planning looks at in every stage, looked at once.
    """

    root: Path
    state: Path
    check: bool
    kept: tuple[str, ...]
    build: str
    last: str
    notes: list[str]
    rules: Rules
    targets: tuple[str, ...]
    values: Mapping[str, bytes]
    store: Store
    sources: Sources
    tool: str
    known: Mapping[str, Stamp]
    announce: Callable[[str], None]
    altered: Sequence[str]
    action: Callable[[Rule], Action]
    elsewhere: Elsewhere
    shared: Shared | None
    progress: Progress
    always: tuple[str, ...]
    urgent: tuple[str, ...]
    scenes: tuple[str, ...]
    watched: bool
    plans: dict[str, tuple[Plan, Mapping[str, str]]]
    looked: Looked


class Stage(NamedTuple):
    """A stage that was run.

    Attributes:
        plan: its plan.
        run: the run of it.
        findings: of each step that has any, its diagnostics; under "" those of planning.
        key: the digest of what planning looked at.
        new: whether the plan was made just now.
    """

    plan: Plan
    run: Run
    findings: Mapping[str, tuple[Any, ...]]
    key: str
    new: bool


class Planned(NamedTuple):
    """A plan, what it was made from, and what planning found; whether it was made just now."""

    plan: Plan
    key: str
    reads: Mapping[str, str]
    findings: tuple[Any, ...]
    new: bool


def plan_path(name: Name, setting: Setting) -> Path:
    """Return where the plan of a stage is kept."""
    return setting.state / f"{'-'.join((name, *sorted(setting.targets)))}.plan"


def run_stage(name: Name, setting: Setting, before: Sequence[Stage], *, partial: bool) -> Stage:
    """Run a stage.

    Args:
        name: which one.
        setting: what the stages share.
        before: the stages of this build that have run.
        partial: whether the stage came to its end in the last build, so that only what lies
            downstream of a change has to be looked at.

    Raises:
        OSError: the store or `.comfyvn/` cannot be written.
    """
    path = plan_path(name, setting)
    kept = load(path, setting.notes)
    made = planned(name, setting, before, kept)
    plan, always = made.plan, setting.always
    if setting.watched:
        plan = Plan({rule.name: _here(rule) for rule in plan.rules.values()}, plan.steps)
        always = tuple(plan.rules)
    run = Run(
        plan,
        setting.store,
        setting.sources,
        setting.values,
        setting.action,
        tool=setting.tool,
        known=setting.known,
        announce=setting.announce,
        earlier=before[-1].run if before else None,
        elsewhere=setting.elsewhere,
        shared=setting.shared,
        progress=setting.progress,
        always=always,
        urgent=lambda: _urgent(setting, before),
    )
    values = given_to(made.plan, setting.looked.values)
    start = None
    if partial and kept is not None and kept.build == setting.last and not always:
        changed = setting.sources.changed | differing(values, kept.values)
        for stage in before:
            changed |= stage.run.changed
        start = run.affected(changed, kept.plan, setting.altered)
    run.run(start)
    findings = _findings(run, made, {} if start is None or kept is None else kept.findings)
    packed = kept.packed if kept is not None and not made.new else b""
    save(path, Kept(setting.build, made.key, made.reads, made.plan, values, findings, packed))
    return Stage(made.plan, run, findings, made.key, made.new)


def _urgent(setting: Setting, before: Sequence[Stage]) -> set[str]:
    """Return the names of the artifacts that somebody waits for."""
    found = set(setting.urgent)
    if setting.scenes and before:
        front = before[0]
        made = {name for step in front.plan.steps for name in step.outputs}
        found |= played(setting.scenes, setting.targets, made, front.run.content)
    return found


def _here(rule: Rule) -> Rule:
    return rule._replace(where="here") if rule.where == "worker" else rule


def given_to(plan: Plan, values: Mapping[str, str]) -> dict[str, str]:
    """Return those of the values that steps of a plan may read."""
    named = {name for step in plan.steps for name in step.inputs}
    patterns = {pattern for rule in plan.rules.values() for pattern in rule.reads}
    starts = tuple(pattern.partition("*")[0] for pattern in patterns)
    return {
        name: digest
        for name, digest in values.items()
        if name in named
        or (name.startswith(starts) and any(matches(pattern, name) for pattern in patterns))
    }


def differing(one: Mapping[str, str], other: Mapping[str, str]) -> set[str]:
    """Return the names whose digests differ."""
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


def _findings(
    run: Run, planned: Planned, before: Mapping[str, tuple[Any, ...]]
) -> dict[str, tuple[Any, ...]]:
    """Return the findings of all steps: of those not looked at, what they were."""
    found = dict(before)
    for each in run.ran:
        found.pop(each.step.name, None)
        made = run.store.made(each.step.name)
        if made is not None and made.result.findings and each.how not in ("failed", "skipped"):
            found[each.step.name] = made.result.findings
    if planned.new:
        names = {step.name for step in planned.plan.steps}
        found = {name: findings for name, findings in found.items() if name in names}
    found[""] = planned.findings
    return found


def planned(name: Name, setting: Setting, before: Sequence[Stage], kept: Kept | None) -> Planned:
    """Return the plan of a stage: the one of before if planning would read what it read."""
    front = before[0] if before else None
    stage = _HALVES.get(name, "back")
    key = digest_of(f"{stage} {setting.looked.digest} {front.key if front else ''}".encode())

    def digest(name: str) -> str:
        return front.run.digest(name) if front else ABSENT

    if (
        kept is not None
        and kept.key == key
        and all(digest(name) == was for name, was in kept.reads.items())
    ):
        return Planned(kept.plan, key, kept.reads, kept.findings.get("", ()), False)
    out = Diagnostics()
    if stage not in setting.plans:
        setting.plans[stage] = _made(stage, setting, front, out)
    plan, reads = setting.plans[stage]
    if name != "front":
        wanted = {rule for rule in plan.rules if _is_of(setting.rules.declared[rule], name)}
        steps = tuple(step for step in plan.steps if step.rule in wanted)
        plan = Plan({rule: plan.rules[rule] for rule in plan.rules if rule in wanted}, steps)
    return Planned(plan, key, reads, tuple(as_json(item) for item in out), True)


def _is_of(rule: Declared, name: Name) -> bool:
    """Whether a rule is of a stage and not of the other one that is planned with it."""
    if name in _HALVES:
        return (rule.stage == "exploration") == (name == "exploration")
    return (rule.target != "") == (name == "targets")


def _made(
    stage: str, setting: Setting, front: Stage | None, out: Diagnostics
) -> tuple[Plan, dict[str, str]]:
    """Plan the front or the back; return the digests of the artifacts that were read, too."""
    reads: dict[str, str] = {}

    def read(name: str) -> bytes:
        reads[name] = front.run.digest(name) if front else ABSENT
        if front is None or reads[name] == ABSENT:
            raise KeyError(name)
        return front.run.content(name)

    made = set(setting.values)
    if front is not None:
        made |= {name for step in front.plan.steps for name in step.outputs}
    facts = Facts(setting.root, setting.looked.files, setting.targets, made, read)
    declared = setting.rules.declared
    return make_plan(declared, stage, facts, out, setting.kept, check=setting.check), reads
