"""A build from beginning to end: look, keep the lock up, plan, run, tidy, remember.

The front stage reads sources and gives the parts of the Program; only if they say no error does the
back stage run, which makes what the targets need. Each stage runs only what lies downstream of what
changed since it last came to its end; when that is not known, every step's key is looked at.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from comfyvn.data import PACKAGE_FOLDER, data_folder
from comfyvn.engine.action import Action
from comfyvn.engine.again import BeginAgainError
from comfyvn.engine.build_lock import BuildLock
from comfyvn.engine.command import Commands
from comfyvn.engine.digest import ABSENT, digest_file, digest_of
from comfyvn.engine.findings import as_json, from_json
from comfyvn.engine.manifest import STATE, Folders, Manifest, Stamp, changed_outputs, tool_stamp
from comfyvn.engine.objects import write_file
from comfyvn.engine.plan_file import Kept, load, save
from comfyvn.engine.pool import Pool, action_of, cores
from comfyvn.engine.run import Failure, Progress, Ran, Run, Silent
from comfyvn.engine.sandbox import Isolation, sealed
from comfyvn.engine.sources import Sources
from comfyvn.engine.step import Plan, Rule, canonical
from comfyvn.engine.store import Store
from comfyvn.plan.facts import Facts
from comfyvn.plan.planner import plan as make_plan
from comfyvn.plan.profiles import apply_profile
from comfyvn.plan.rules import Rules, read_rules
from comfyvn.plan.upkeep import Upkeep
from comfyvn.source.diagnostics import Diagnostics

if TYPE_CHECKING:
    from comfyvn.engine.remote.stored import StoreCache

FOLDERS = (
    "assets", "characters", "i18n", "props", "rules", "scenes", "themes", "timelines", "worlds",
)  # fmt: skip
FILES = ("vn.yaml", "state.yaml", "vn.lock", "compute.yaml", "waivers.yaml")
_AGAIN = 3
"""How often a build begins again when its sources are written meanwhile."""


class Options(NamedTuple):
    """How to build.

    Attributes:
        jobs: how many cores to keep busy; 0 for all there are.
        profile: whose findings stop the build.
        locked: whether `vn.lock` must be right already.
        cache: the URL of a shared cache, instead of the one that the environment or `vn.yaml` name.
        cache_mode: `read` or `write`, likewise.
        offline: whether nothing may be reached over a network.
        sandbox: whether every step runs where only its inputs exist.
        always: rules whose steps run whatever was made before.
    """

    jobs: int = 0
    profile: str = "draft"
    locked: bool = False
    cache: str | None = None
    cache_mode: str | None = None
    offline: bool = False
    sandbox: bool = False
    always: tuple[str, ...] = ()


class TargetOutcome(NamedTuple):
    """What became of one target.

    Attributes:
        ran: how many steps were run for it, those of the front included.
        reused: how many were not, because their results held.
        failed: how many could not be done.
        seconds: how long the whole build took.
        out: the target's folder.
        changed: the files below it that are new or not what they were, as paths of the project.
    """

    ran: int
    reused: int
    failed: int
    seconds: float
    out: Path
    changed: tuple[str, ...] = ()

    def as_json(self, target: str) -> dict[str, object]:
        """Return what `--json` prints."""
        return {
            "target": target,
            "ran": self.ran,
            "reused": self.reused,
            "failed": self.failed,
            "seconds": self.seconds,
            "out": str(self.out),
        }


@dataclass
class Outcome:
    """What a build found and did.

    Attributes:
        findings: everything that is wrong with the sources, as the profile has it.
        targets: what became of each wanted target.
        ran: each step that was looked at.
        failures: the steps that could not be done.
        notes: what the user should know of the build itself.
    """

    findings: Diagnostics = field(default_factory=Diagnostics)
    targets: dict[str, TargetOutcome] = field(default_factory=dict)
    ran: list[Ran] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class Builder:
    """Builds a project, again and again: what one build knows the next one need not read."""

    def __init__(
        self,
        root: Path,
        options: Options | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.root = root
        self.options = options or Options()
        self.progress: Progress = progress or Silent()
        self.upkeep = Upkeep(root)

    def build(self, targets: Sequence[str]) -> Outcome:
        """Build targets, or without any those that `vn.yaml` names; findings are in the outcome.

        Raises:
            OSError: the project's folder cannot be read or `.comfyvn/` not written.
            KeyboardInterrupt: what was made is kept.
        """
        state = self.root / STATE
        state.mkdir(exist_ok=True)
        with BuildLock(state, self._waiting):
            notes: list[str] = []
            for attempt in range(_AGAIN):
                try:
                    outcome = _Build(self, tuple(targets)).run()
                except BeginAgainError as error:
                    if attempt == _AGAIN - 1:
                        raise
                    notes += [str(error)] if str(error) else []
                else:
                    outcome.notes[:0] = notes
                    return outcome
        raise AssertionError

    def _waiting(self, other: int) -> None:
        waiting = getattr(self.progress, "waiting", None)
        if waiting is not None:
            waiting(other)


class _Stage(NamedTuple):
    """A stage that was run: its plan, the run, the findings of its steps, what planning read."""

    plan: Plan
    run: Run
    findings: Mapping[str, tuple[Any, ...]]
    key: str


class _Planned(NamedTuple):
    """A plan, the digest and the artifacts it was made from, its findings; whether it is new."""

    plan: Plan
    key: str
    reads: Mapping[str, str]
    findings: tuple[Any, ...]
    new: bool


class _Build:
    """One build."""

    def __init__(self, builder: Builder, targets: tuple[str, ...]) -> None:
        self.builder, self.targets = builder, targets
        self.root, self.options = builder.root, builder.options
        self.state = self.root / STATE
        self.outcome = Outcome()
        self.began = time.monotonic()
        self.out = Diagnostics()
        self.removed: set[str] = set()
        self.commands: Commands | None = None

    def run(self) -> Outcome:
        self.manifest = Manifest.load(str(self.root))
        old = self.manifest
        self.store = Store(self.state)
        try:
            rules = self.rules = read_rules(self.root, self.out)
            self.all_targets = {rule.target for rule in rules.declared.values()} - {""}
            self.sources = Sources(self.root, _folders(rules), FILES, old)
            self.stamps = self._tool(old)
            self.tool = self.stamps[1]
            self.known = _by_path(old.outputs.values()) if old else {}
            self.settings = self._settings(old)
            self.targets = self.targets or tuple(self.settings["targets"])
            self.altered = self._altered(old)
            self.shared = self._shared()
            pool = Pool(self.options.jobs or cores(), {}, self._beside)
            try:
                self._run(rules, pool)
            except BaseException:
                if self.commands is not None:
                    self.commands.stop()
                pool.close(now=True)
                if self.shared is not None:
                    self.shared.abandon()
                raise
            pool.close()
            if self.shared is not None:
                self.outcome.findings += self.shared.close()
        finally:
            self.store.close()
        if self.store.trouble:
            self.outcome.notes.append(
                f"`{STATE}/store.db` was damaged ({self.store.trouble}); it was begun anew"
            )
        return self.outcome

    def _beside(self, rule: Rule) -> Action:
        """Return what runs the steps of a rule in a thread."""
        if self.commands is None:
            isolation = Isolation(self.root) if self.options.sandbox else None
            self.commands = Commands(self.state / "scratch", isolation)
            if isolation is not None and isolation.note:
                self.outcome.notes.append(isolation.note)
        return self.commands.action(rule)

    def _action(self, rule: Rule) -> Action:
        """Return what runs the steps of a rule in this thread."""
        action = action_of(rule)
        return sealed(action, self.root) if self.options.sandbox else action

    def _settings(self, old: Manifest | None) -> dict[str, Any]:
        """Return what `vn.yaml` says of builds; what is wrong with it, a step reports."""
        digest = self.sources.digest("vn.yaml")
        if old is not None and old.digests.get("vn.yaml") == digest:
            return old.settings
        from comfyvn.model.project import Cache, Project
        from comfyvn.source.text import read_source
        from comfyvn.source.yaml import load_yaml

        out = Diagnostics()
        text = read_source(self.sources.read("vn.yaml"), "vn.yaml", out)
        node = load_yaml(text, "vn.yaml", out)
        plain = node.plain() if node else None
        found = plain if isinstance(plain, dict) else {}
        default = Project.model_fields["targets"].get_default(call_default_factory=True)
        settings: dict[str, Any] = {"targets": [str(name) for name in default], "cache": None}
        named = found.get("targets")
        if isinstance(named, list) and named and all(each in self.all_targets for each in named):
            settings["targets"] = list(dict.fromkeys(named))
        with suppress(ValueError):
            if found.get("cache") is not None:
                settings["cache"] = Cache.model_validate(found["cache"]).model_dump(mode="json")
        return settings

    def _shared(self) -> StoreCache | None:
        """Return the shared cache, if one is named."""
        named = self.settings["cache"]
        if not (named or self.options.cache or os.environ.get("COMFYVN_CACHE")):
            return None
        from comfyvn.engine.remote.stored import StoreCache
        from comfyvn.model.project import Cache
        from comfyvn.plan.shared_cache import choose_cache

        chosen = choose_cache(
            self.root,
            Cache.model_validate(named) if named else None,
            os.environ,
            url=self.options.cache,
            mode=self.options.cache_mode,
            offline=self.options.offline,
        )
        return StoreCache(self.store, chosen.open()) if chosen is not None else None

    @staticmethod
    def _tool(old: Manifest | None) -> tuple[str, str]:
        """Return the stamp and the digest of ComfyVN's own files."""
        stamp = tool_stamp(PACKAGE_FOLDER)
        return old.tool if old is not None and old.tool[0] == stamp else (stamp, tool_digest())

    def _altered(self, old: Manifest | None) -> list[str]:
        """Return the outputs of the wanted targets that are not as they were left."""
        if old is None:
            return []
        found = [
            path
            for target in ("", *self.targets)
            for path in changed_outputs(str(self.root), old.outputs.get(target, {}))
        ]
        for path in found:
            self.known.pop(path, None)
        return found

    def _run(self, rules: Rules, pool: Pool) -> None:
        front_id, self.build_id = self.store.meta("front"), uuid.uuid4().hex
        whole = self.manifest is not None and self.manifest.build == front_id != ""
        values = self._values()
        self.store.set_meta("front", "")
        pack = self._pull(rules)
        front = self._stage("front", rules, values, pool, None, partial=whole)
        self._judge(front)
        front_done = not front.run.failures
        self.store.set_meta("front", self.build_id if front_done else "")
        back = None
        if front_done and not self.outcome.findings.has_errors:
            name = "back " + " ".join(sorted(self.targets))
            partial = whole and self.store.meta(name) == front_id
            self.store.set_meta(name, "")
            back = self._stage("back", rules, values, pool, front, partial=partial)
            self._judge(front, back)
            if not back.run.failures:
                self.store.set_meta(name, self.build_id)
                self._tidy(front, back)
                if self.shared is not None and any(each.how == "ran" for each in self.outcome.ran):
                    names = [step.name for stage in (front, back) for step in stage.plan.steps]
                    self.shared.push(pack, names, self.root, self._files())
        self._remember(front, back)

    def _pull(self, rules: Rules) -> str:
        """Take what an equal build elsewhere made; return the name that goes by."""
        parts = [self.tool, rules.digest, self.targets, sorted(self.sources.digests.items())]
        name = digest_of(canonical(parts).encode())
        news = self.store.empty or self.sources.changed
        if self.shared is not None and news and self.shared.pull(name, self._files()):
            self.store.empty = False
        return name

    def _files(self) -> dict[str, Path]:
        """Return a file for each digest that a source has."""
        return {digest: self.root / path for path, digest in self.sources.digests.items()}

    def _judge(self, *stages: _Stage) -> None:
        """Gather the findings of all steps so far, as the profile has them."""
        found = Diagnostics(self.out)
        for stage in stages:
            found += [from_json(item) for items in stage.findings.values() for item in items]
        self.outcome.findings = Diagnostics(apply_profile(found, self.options.profile))
        self.outcome.ran = [each for stage in stages for each in stage.run.ran]
        self.outcome.failures = [each for stage in stages for each in stage.run.failures]

    def _values(self) -> dict[str, bytes]:
        """Bring `vn.lock` up to date; return the artifacts that no step makes."""
        kept = self.builder.upkeep.run(self.sources, self.out)
        if self.options.locked:
            kept.report_changes(self.out)
        elif kept.lock_text is not None:
            write_file(self.root / "vn.lock", kept.lock_text.encode())
            self.sources.refresh("vn.lock")
        assets = [path for path in self.sources.paths() if path.startswith("assets/")]
        return {**kept.values, "@assets": canonical(assets).encode()}

    # Stages

    def _stage(
        self,
        stage: str,
        rules: Rules,
        values: Mapping[str, bytes],
        pool: Pool,
        before: _Stage | None,
        *,
        partial: bool,
    ) -> _Stage:
        path = self.state / f"{'-'.join((stage, *sorted(self.targets)))}.plan"
        kept = load(path)
        planned = self._planned(stage, rules, values, before, kept)
        plan, always = planned.plan, self.options.always
        if self.options.sandbox:
            # A worker could not be watched, and what is reused proves nothing.
            here = {
                rule.name: rule._replace(where="here") if rule.where == "worker" else rule
                for rule in plan.rules.values()
            }
            plan, always = Plan(here, plan.steps), tuple(here)
        run = Run(
            plan,
            self.store,
            self.sources,
            values,
            self._action,
            tool=self.tool,
            known=self.known,
            earlier=before.run if before is not None else None,
            elsewhere=pool,
            shared=self.shared,
            progress=self.builder.progress,
            always=always,
        )
        digests = {name: digest_of(data) for name, data in values.items()}
        start = None
        if partial and kept is not None and not always:
            changed = set(self.sources.changed)
            changed |= {
                name
                for name in digests.keys() | kept.values.keys()
                if digests.get(name) != kept.values.get(name)
            }
            if before is not None:
                changed |= before.run.changed
            start = run.affected(changed, kept.plan, self.altered)
        run.run(start)
        findings = dict(kept.findings) if start is not None and kept is not None else {}
        for each in run.ran:
            made = self.store.made(each.step.name)
            findings.pop(each.step.name, None)
            if made is not None and made.result.findings and each.how not in ("failed", "skipped"):
                findings[each.step.name] = made.result.findings
        if planned.new:
            names = {step.name for step in planned.plan.steps}
            findings = {name: found for name, found in findings.items() if name in names}
        findings[""] = planned.findings
        save(
            path,
            Kept(self.build_id, planned.key, planned.reads, planned.plan, digests, findings),
        )
        return _Stage(planned.plan, run, findings, planned.key)

    def _planned(
        self,
        stage: str,
        rules: Rules,
        values: Mapping[str, bytes],
        before: _Stage | None,
        kept: Kept | None,
    ) -> _Planned:
        """Return the plan of a stage: the one of before if planning would read what it read."""
        files = tuple(self.sources.paths())
        facts_key = [stage, rules.digest, self.tool, self.targets, sorted(values), files]
        key = digest_of(canonical([*facts_key, before.key if before else ""]).encode())

        def digest(name: str) -> str:
            return before.run.digest(name) if before is not None else ABSENT

        if (
            kept is not None
            and kept.key == key
            and all(digest(name) == was for name, was in kept.reads.items())
        ):
            return _Planned(kept.plan, key, kept.reads, kept.findings.get("", ()), False)
        reads: dict[str, str] = {}

        def read(name: str) -> bytes:
            reads[name] = digest(name)
            if before is None or reads[name] == ABSENT:
                raise KeyError(name)
            return before.run.content(name)

        made = set(values)
        if before is not None:
            made |= {name for step in before.plan.steps for name in step.outputs}
        out = Diagnostics()
        facts = Facts(self.root, files, self.targets, made, read)
        planned = make_plan(rules.declared, stage, facts, out)
        return _Planned(planned, key, reads, tuple(as_json(item) for item in out), True)

    # The end

    def _tidy(self, *stages: _Stage) -> None:
        """Remove the results and files of steps that there are no more."""
        steps = {step.name for stage in stages for step in stage.plan.steps}
        wanted = ("", *self.targets)
        gone = [
            name
            for name in self.store.names()
            if name not in steps and self._target(name.partition(" ")[0]) in wanted
        ]
        self.store.remove(gone)
        for path in self.store.stale():
            if not any(stage.run.writes(path) for stage in stages):
                remove_output(self.root, path)
                self.removed.add(path)
        self.store.clear_stale()

    def _remember(self, front: _Stage, back: _Stage | None) -> None:
        """Write down what was seen and left, and fill in the outcome."""
        seconds = round(time.monotonic() - self.began, 3)
        old, new = self.manifest, Manifest()
        new.build, new.tool, new.settings = self.build_id, self.stamps, self.settings
        new.folders, new.files = self.sources.folders, self.sources.files
        new.sources, new.digests = self.sources.stamps, self.sources.digests
        new.outputs = self._outputs(*(stage for stage in (front, back) if stage is not None))
        if old is not None and not self.sources.changed and old.tool == new.tool:
            new.summary = dict(old.summary)
        done = back is not None and not self.outcome.failures
        for target in self.targets:
            new.summary.pop(target, None)
            outcome = self._outcome(target, front, back, seconds)
            self.outcome.targets[target] = outcome
            if done and back is not None:
                new.outputs.setdefault(target, {})
                total = outcome.ran + outcome.reused
                summary = outcome._replace(ran=0, reused=total, seconds=0.0).as_json(target)
                new.summary[target] = summary | {"findings": len(self.outcome.findings)}
        self.sources.release()
        new.save(str(self.root))

    def _outputs(self, *stages: _Stage) -> dict[str, Folders]:
        """Return the stamps of all files that were built, by target and folder."""
        stamps = dict(self.known)
        for stage in stages:
            stamps |= stage.run.stamps
        found: dict[str, Folders] = {}
        for path, stamp in stamps.items():
            if path not in self.removed:
                folder, _, name = path.rpartition("/")
                target = folder.split("/", 2)[1] if "/" in folder else ""
                target = target if target in self.all_targets else ""
                found.setdefault(target, {}).setdefault(folder, {})[name] = stamp
        return found

    def _target(self, rule: str) -> str:
        declared = self.rules.declared.get(rule)
        return declared.target if declared is not None else ""

    def _outcome(
        self, target: str, front: _Stage, back: _Stage | None, seconds: float
    ) -> TargetOutcome:
        """Count the steps that a target needs."""
        total, failed, ran = 0, 0, 0
        changed: list[str] = []
        for stage in (front, back):
            if stage is None:
                continue
            ours = {name for name in stage.plan.rules if self._target(name) in ("", target)}
            total += sum(step.rule in ours for step in stage.plan.steps)
            failed += sum(each.step.rule in ours for each in stage.run.failures)
            ran += sum(each.how == "ran" and each.step.rule in ours for each in stage.run.ran)
            folder = f"build/{target}/"
            changed += [name for name in stage.run.changed if name.startswith(folder)]
        if back is None and not failed:
            failed = 1
        reused = max(total - ran - failed, 0)
        out = self.root / "build" / target
        return TargetOutcome(ran, reused, failed, seconds, out, tuple(sorted(changed)))


def remove_output(root: Path, path: str) -> None:
    """Remove a file that was built, what an engine made beside it, and folders left empty.

    Ren'Py runs a compiled script whose script is gone.
    """
    full = root / path
    others = [full.with_suffix(".rpyc")] if full.suffix == ".rpy" else []
    for each in (full, *others):
        if each.is_file() or each.is_symlink():
            each.unlink()
    for folder in full.parents:
        if folder == root / "build" or not folder.is_dir() or any(folder.iterdir()):
            break
        folder.rmdir()


def tool_digest() -> str:
    """Return the digest of ComfyVN itself: its modules, rules and templates."""
    package = Path(PACKAGE_FOLDER)
    folders = {
        "comfyvn": package,
        "rules": data_folder("rules"),
        "templates": data_folder("templates"),
    }
    parts = []
    for name, folder in folders.items():
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder).as_posix()
            hidden = "__pycache__" in inside or inside.startswith("_data/")
            if path.is_file() and not hidden:
                parts.append(f"{name}/{inside}\0{digest_file(path)}")
    return digest_of("\n".join(parts).encode())


def _folders(rules: Rules) -> list[str]:
    """Return the folders that sources are in: ours, and those the project's own rules name."""
    found = set(FOLDERS)
    for rule in rules.declared.values():
        for name in (rule.files, *rule.inputs) if not rule.shipped else ():
            folder, slash, _ = name.partition("/")
            if slash and folder[0] not in "@{." and folder != "build" and "*" not in folder:
                found.add(folder)
    return sorted(found)


def _by_path(outputs: Iterable[Folders]) -> dict[str, Stamp]:
    return {
        f"{folder}/{name}": stamp
        for folders in outputs
        for folder, files in folders.items()
        for name, stamp in files.items()
    }
