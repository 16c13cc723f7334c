"""What a build would do, found out without writing anything: not even `vn.lock`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from comfyvn.engine.action import Action
from comfyvn.engine.again import BeginAgainError
from comfyvn.engine.devices import Devices
from comfyvn.engine.experience import Experience
from comfyvn.engine.forecast import Forecast, UnknownError, Verdict
from comfyvn.engine.manifest import STATE
from comfyvn.engine.placement import Job
from comfyvn.engine.plan_file import Kept, load
from comfyvn.engine.pool import Pool, cores
from comfyvn.engine.step import Plan, Rule
from comfyvn.engine.store_view import StoreView
from comfyvn.plan.build import Build, Builder
from comfyvn.plan.outcome import Options
from comfyvn.plan.prediction import Prediction, jobs_of, predict
from comfyvn.plan.profiles import apply_profile
from comfyvn.plan.stage import (
    STAGES,
    Name,
    Setting,
    Stage,
    differing,
    given_to,
    plan_path,
    planned,
)
from comfyvn.plan.trust import check_trust
from comfyvn.source.diagnostics import Diagnostics

if TYPE_CHECKING:
    from comfyvn.model.compute import Compute


class ForetoldStage(NamedTuple):
    """What would become of one stage.

    Attributes:
        name: which one.
        known: whether its plan is the one that a build would run. What the last build ran is told
            otherwise, since what the stage has to do follows from what the front makes.
        steps: how many its plan has; None if nothing is known of it.
        verdicts: what would become of the steps that do not hold, in the order of the plan.
    """

    name: Name
    known: bool
    steps: int | None
    verdicts: Sequence[Verdict]


class OnServers(NamedTuple):
    """What would be done by the servers of `compute.yaml`.

    Attributes:
        jobs: the steps that need one, of those that run or may run.
        predicted: what the servers would do.
        compute: what the file says, with the servers that may be used.
        unused: of each server that may not be used, why.
    """

    jobs: Sequence[Job]
    predicted: Prediction
    compute: Compute
    unused: Mapping[str, str]


class DryRun(NamedTuple):
    """What a build would do.

    Attributes:
        targets: the targets it would build.
        stages: its stages, in order.
        lock: whether `vn.lock` would be written.
        tool: whether ComfyVN itself is another than built last.
        findings: what is wrong with the rules, the lock or the plan, and what held steps found.
        servers: what servers would do; None without steps that need one.
    """

    targets: tuple[str, ...]
    stages: tuple[ForetoldStage, ...]
    lock: bool
    tool: bool
    findings: Diagnostics
    servers: OnServers | None = None

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """What would become of each step that does not hold, by name."""
        return {each.step.name: each for stage in self.stages for each in stage.verdicts}


def dry_run(root: Path, options: Options, targets: Sequence[str]) -> DryRun:
    """Return what a build would do.

    Raises:
        OSError: the project's folder cannot be read.
    """
    build = Build(Builder(root, options), tuple(targets))
    build.store = StoreView(root / STATE)
    build.look(keep=False)
    values = build.values(keep=False)
    build.trace()
    setting = build.setting(values, _never, Pool(cores(), Devices(), _never))
    stages: list[Stage] = []
    told: list[ForetoldStage] = []
    for name in STAGES:
        told.append(
            _foretell(
                name, setting, stages, partial=build.whole if name == "front" else build.tidied
            )
        )
    build.store.close()
    findings = _findings(build, stages)
    if not options.trust:
        check_trust(root, build.rules.declared, findings)
    tool = build.manifest is not None and build.manifest.tool[1] != build.tool
    servers = _on_servers(build, stages, told)
    return DryRun(build.targets, tuple(told), build.lock_changes, tool, findings, servers)


def _findings(build: Build, stages: Sequence[Stage]) -> Diagnostics:
    """Return what is found as the profile has it, also by steps that hold, as a build says it.

    Where that stops a build, later stages have nothing to say.
    """
    found = Diagnostics()
    for count in range(len(stages) + 1):
        standing = [
            each for each in build.found(stages[:count]) if each not in build.options.waived
        ]
        found = Diagnostics(apply_profile(standing, build.options.profile))
        if found.has_errors and count:
            break
    return found


def _on_servers(
    build: Build, stages: Sequence[Stage], told: Sequence[ForetoldStage]
) -> OnServers | None:
    known = Experience(build.state)
    jobs: list[Job] = []
    for stage, foretold in zip(stages, told, strict=True):
        steps = [each.step for each in foretold.verdicts if each.how != "taken"]
        jobs += jobs_of(steps, stage.plan.rules, known)
    if not jobs:
        return None
    from comfyvn.model.compute import Compute
    from comfyvn.plan.devices import Site

    site = build.site or Site(Compute(), (), {})
    sticky = site.compute.policy == "sticky"
    predicted = predict(jobs, site.devices, known, sticky=sticky)
    return OnServers(jobs, predicted, site.compute, site.why)


def _foretell(name: Name, setting: Setting, stages: list[Stage], *, partial: bool) -> ForetoldStage:
    """Return what would become of a stage; add it to the stages so far."""
    kept = load(plan_path(name, setting))
    plan, key, known = _plan(name, setting, stages, kept)
    start: set[int] | None = None
    run = _forecast(plan, setting, stages)
    if partial and kept is not None:
        values = given_to(kept.plan, setting.looked.values)
        changed = setting.sources.changed | differing(values, kept.values)
        for stage in stages:
            assert isinstance(stage.run, Forecast)
            changed |= stage.run.open_names()
        start = run.affected(changed, kept.plan, setting.altered)
    try:
        run.run(start)
    except BeginAgainError:
        run = _forecast(plan, setting, stages)
        run.run(None)
    said: dict[str, tuple[Any, ...]] = {}
    if known and kept is not None:
        held = {step.name for step in plan.steps} - run.verdicts.keys()
        said = {step: each for step, each in kept.findings.items() if step in held or not step}
    stages.append(Stage(plan, run, said, key, new=True))
    steps = len(plan.steps) if known or kept is not None else None
    return ForetoldStage(name, known, steps, tuple(run.verdicts.values()))


def _plan(
    name: Name, setting: Setting, stages: Sequence[Stage], kept: Kept | None
) -> tuple[Plan, str, bool]:
    """Return the plan of a stage, its key, and whether it is the one that a build would run."""
    try:
        made = planned(name, setting, stages, kept)
    except (UnknownError, BeginAgainError):
        return kept.plan if kept is not None else Plan({}, ()), "", False
    return made.plan, made.key, True


def _forecast(plan: Plan, setting: Setting, stages: Sequence[Stage]) -> Forecast:
    return Forecast(
        plan,
        setting.store,
        setting.sources,
        setting.values,
        setting.action,
        tool=setting.tool,
        known=setting.known,
        announce=setting.announce,
        earlier=stages[-1].run if stages else None,
        always=setting.always,
    )


def _never(rule: Rule) -> Action:
    raise AssertionError(f"`{rule.name}` is not to be run")
