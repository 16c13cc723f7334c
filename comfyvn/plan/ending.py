"""The end of a build: what is no more is removed, and what was seen and left is written down."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from comfyvn.engine.findings import as_json
from comfyvn.engine.manifest import Folders, Manifest
from comfyvn.plan.built_files import by_path, read_listing, remove_output, write_listing
from comfyvn.plan.failures import keep_failures
from comfyvn.plan.outcome import TargetOutcome
from comfyvn.plan.profiles import apply_profile
from comfyvn.plan.stage import STAGES, Stage

if TYPE_CHECKING:
    from comfyvn.plan.build import Build


def finished(build: Build, stages: Sequence[Stage]) -> tuple[str, ...]:
    """Return the targets of which no step is left to do."""
    if len(stages) < len(STAGES):
        return ()
    failed = {build.target_of(each.step.rule) for each in build.outcome.failures}
    return () if "" in failed else tuple(each for each in build.targets if each not in failed)


def tidy(build: Build, stages: Sequence[Stage], targets: Sequence[str]) -> None:
    """Remove the results and files of steps that there are no more, of finished targets."""
    wanted = ("", *targets)
    if not build.tidied or any(stage.new for stage in stages):
        steps = {step.name for stage in stages for step in stage.plan.steps}
        gone = [
            name
            for name in build.store.names()
            if name not in steps and build.target_of(name.partition(" ")[0]) in wanted
        ]
        build.store.remove(gone)
    stale = set(build.store.stale())
    if (
        not build.tidied
        or build.store.notes
        or any(stage.new for stage in stages)
        or any(each.reason.why == "new" for stage in stages for each in stage.run.ran)
    ):
        # Of a result that was lost or damaged the store does not know which files it had.
        stale |= build.built.union(read_listing(build.root))
    mine = [path for path in sorted(stale) if _target_of(build, path) in wanted]
    for path in mine:
        if not any(stage.run.writes(path) for stage in stages):
            remove_output(build.root, path)
            build.removed.add(path)
    build.store.clear_stale(mine)


def remember(build: Build, stages: Sequence[Stage], targets: Sequence[str]) -> None:
    """Write down what was seen and left, and which targets are finished; fill in the outcome."""
    seconds = round(time.monotonic() - build.began, 3)
    old, new = build.manifest, Manifest()
    new.build, new.tool, new.settings = build.build_id, build.stamps, build.settings
    new.folders, new.files = build.sources.folders, build.sources.files
    new.sources, new.digests = build.sources.stamps, build.sources.digests
    new.outputs = build.left = _outputs(build, stages)
    if old is not None and not build.sources.changed and old.tool == new.tool:
        new.summary = dict(old.summary)
    for target in build.targets:
        new.summary.pop(target, None)
        done = target in targets
        outcome = _outcome(build, target, stages, seconds, done=done)
        build.outcome.targets[target] = outcome
        findings = apply_profile(build.found(stages, target), "draft")
        if done and not any(each.severity == "error" for each in findings):
            new.outputs.setdefault(target, {})
            total = outcome.ran + outcome.reused
            summary = outcome._replace(ran=0, reused=total, fetched=0, seconds=0.0).as_json(target)
            new.summary[target] = summary | {"findings": [as_json(each) for each in findings]}
    build.sources.release()
    paths = by_path(new.outputs.values()).keys()
    # What a step wrote that failed then, no result knows of.
    build.store.add_stale(build.listing.added - paths)
    if build.listing.added or build.removed or not build.whole:
        others = set(read_listing(build.root)) - build.removed - paths
        left = {path for path in others if os.path.lexists(build.root / path)}
        if listed := paths | left:
            write_listing(build.root, listed)
    new.save(str(build.root))
    keep_failures(build.root, build.outcome, build.store)


def _outputs(build: Build, stages: Sequence[Stage]) -> dict[str, Folders]:
    """Return the stamps of all files that were built, by target and folder."""
    stamps = dict(build.known)
    for stage in stages:
        stamps |= stage.run.stamps
    found: dict[str, Folders] = {}
    for path, stamp in stamps.items():
        if path not in build.removed:
            folder, _, name = path.rpartition("/")
            target = _target_of(build, path)
            found.setdefault(target, {}).setdefault(folder, {})[name] = stamp
    return found


def _target_of(build: Build, path: str) -> str:
    """Return the target that a file is of; empty for what is of none in particular."""
    parts = path.split("/", 2)
    return parts[1] if len(parts) == 3 and parts[1] in build.all_targets else ""


def _outcome(
    build: Build, target: str, stages: Sequence[Stage], seconds: float, *, done: bool
) -> TargetOutcome:
    """Count the steps that a target needs."""
    total, failed = 0, 0
    how: Counter[str] = Counter()
    changed: list[str] = []
    folder = f"build/{target}/"
    for stage in stages:
        ours = {name for name in stage.plan.rules if build.target_of(name) in ("", target)}
        total += sum(step.rule in ours for step in stage.plan.steps)
        failed += sum(each.step.rule in ours for each in stage.run.failures)
        how.update(each.how for each in stage.run.ran if each.step.rule in ours)
        changed += [name for name in stage.run.changed if name.startswith(folder)]
    if not done:
        failed = max(failed, 1)
    ran = how["ran"]
    reused = max(total - ran - failed, 0) if done else 0
    out = build.root / "build" / target
    fetched = min(how["fetched"], reused)
    return TargetOutcome(ran, reused, failed, seconds, out, tuple(sorted(changed)), fetched)
