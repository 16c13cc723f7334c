"""A build from beginning to end: look, keep the lock up, plan, run, tidy, remember.

The front stage reads sources and gives the parts of the Program; only if they say no error does the
back stage run, which makes what the targets need. Each stage runs only what lies downstream of what
changed since it last came to its end; when that is not known, every step's key is looked at.
"""

from __future__ import annotations

import gc
import os
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comfyvn.data import PACKAGE_FOLDER
from comfyvn.engine.action import Action
from comfyvn.engine.again import BeginAgainError
from comfyvn.engine.beside import Beside
from comfyvn.engine.build_lock import BuildLock
from comfyvn.engine.digest import digest_of
from comfyvn.engine.findings import from_json
from comfyvn.engine.ledger import append
from comfyvn.engine.manifest import STATE, Folders, Manifest, Stamp, changed_outputs, tool_stamp
from comfyvn.engine.objects import write_file
from comfyvn.engine.pool import Pool, action_of, cores
from comfyvn.engine.progress import Progress, Silent
from comfyvn.engine.sandbox import sealed
from comfyvn.engine.sources import Sources
from comfyvn.engine.step import Rule, canonical
from comfyvn.engine.store import Store
from comfyvn.engine.tool import tool_digest
from comfyvn.plan.entry import entry
from comfyvn.plan.outcome import Options, Outcome, TargetOutcome
from comfyvn.plan.profiles import apply_profile
from comfyvn.plan.rules import Declared, Rules, read_rules
from comfyvn.plan.stage import STAGES, Setting, Stage, run_stage
from comfyvn.plan.trust import check_trust
from comfyvn.plan.upkeep import Upkeep
from comfyvn.source.diagnostics import Diagnostics

if TYPE_CHECKING:
    from comfyvn.engine.cluster import Cluster
    from comfyvn.engine.remote.stored import StoreCache

FOLDERS = (
    "assets", "characters", "i18n", "props", "rules", "scenes", "themes", "timelines", "worlds",
)  # fmt: skip
FILES = ("vn.yaml", "state.yaml", "vn.lock", "compute.yaml", "waivers.yaml")
LISTING = "build/.files"
"""The files that were built, so that those of a forgotten build can be told from a person's."""
_AGAIN = 3
"""How often a build begins again when its sources are written meanwhile."""


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
        # What a build makes it keeps to its end: looking for garbage finds none, and takes long.
        collecting = gc.isenabled()
        gc.disable()
        try:
            with BuildLock(state, self._waiting):
                return self._build(targets)
        finally:
            if collecting:
                gc.enable()

    def _build(self, targets: Sequence[str]) -> Outcome:
        notes: list[str] = []
        for attempt in range(_AGAIN):
            try:
                outcome = Build(self, tuple(targets)).run()
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


class Build:
    """One build."""

    def __init__(self, builder: Builder, targets: tuple[str, ...]) -> None:
        self.builder, self.targets = builder, targets
        self.root, self.options = builder.root, builder.options
        self.state = self.root / STATE
        self.outcome = Outcome()
        self.began = time.monotonic()
        self.out = Diagnostics()
        self.removed: set[str] = set()
        self.lock_changes = False
        self.left: dict[str, Folders] = {}
        self.beside: Beside | None = None

    def look(self, *, keep: bool = True) -> None:
        """Look at the project and what the last build left; `keep` what was found out.

        Raises:
            OSError: a folder cannot be read.
        """
        old = self.manifest = Manifest.load(str(self.root), self.outcome.notes)
        self.rules = read_rules(self.root, self.out, keep=keep)
        self.all_targets = {rule.target for rule in self.rules.declared.values()} - {""}
        self.sources = Sources(self.root, source_folders(self.rules.declared), FILES, old)
        self.stamps = self._tool(old)
        self.tool = self.stamps[1]
        self.known = _by_path(old.outputs.values()) if old else {}
        self.built = set(self.known)
        self.settings = self._settings(old)
        self.targets = self.targets or tuple(self.settings["targets"])
        self.altered = self._altered(old)

    def run(self) -> Outcome:
        """Build."""
        self.store = Store(self.state)
        try:
            self.look()
            rules = self.rules
            self.shared = self._shared()
            if check_trust(
                self.root, rules.declared, self.outcome.findings, trust=self.options.trust
            ):
                self._refuse()
                return self.outcome
            self.beside = self._beside(rules)
            waiting = self.beside.action if self.beside is not None else action_of
            cluster = self._cluster()
            pool = Pool(self.options.jobs or cores(), {}, waiting, cluster)
            try:
                self._run(rules, pool)
            except BaseException:
                if self.beside is not None:
                    self.beside.stop()
                pool.close(now=True)
                if self.shared is not None:
                    self.shared.abandon()
                raise
            pool.close()
            if cluster is not None:
                self.outcome.notes += cluster.notes
            if self.beside is not None and self.beside.note:
                self.outcome.notes.append(self.beside.note)
            if self.shared is not None:
                self.outcome.findings += self.shared.close()
        finally:
            if self.beside is not None:
                self.beside.jobs.close()
            self.store.close()
        self.outcome.notes += self.store.notes
        if self.store.trouble:
            self.outcome.notes.append(
                f"`{STATE}/store.db` was damaged ({self.store.trouble}); it was begun anew"
            )
        return self.outcome

    def _beside(self, rules: Rules) -> Beside | None:
        """Return what runs commands and jobs, if there are any."""
        found = {name: each.rule for name, each in rules.declared.items()}
        if not any(rule.where in ("command", "job") for rule in found.values()):
            return None
        return Beside(self.root, self.state, found, sandbox=self.options.sandbox)

    def _refuse(self) -> None:
        """Say of each target that it was not built."""
        for target in self.targets:
            out = self.root / "build" / target
            self.outcome.targets[target] = TargetOutcome(0, 0, 1, 0.0, out)

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

    def _cluster(self) -> Cluster | None:
        """Return the cluster that steps are sent to, if one is named.

        Raises:
            ClusterError: it cannot be used.
        """
        if self.options.cluster is None:
            return None
        from comfyvn.engine.cluster import Cluster

        cache = self.shared.cache if self.shared is not None else None
        return Cluster(self.options.cluster, self.options.jobs or cores(), cache)

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
        last, build_id = self.store.meta("front"), uuid.uuid4().hex
        whole = self.whole = self.manifest is not None and self.manifest.build == last != ""
        back = "back " + " ".join(sorted(self.targets))
        self.build_id = build_id
        values = self.values()
        pack = self._pull(rules)
        setting = Setting(
            root=self.root,
            build=build_id,
            last=last,
            notes=self.outcome.notes,
            rules=rules,
            targets=self.targets,
            values=values,
            store=self.store,
            sources=self.sources,
            tool=self.tool,
            known=self.known,
            altered=self.altered,
            action=self._action,
            elsewhere=pool,
            shared=self.shared,
            progress=self.builder.progress,
            always=self.options.always,
            watched=self.options.sandbox,
            plans={},
        )
        # Until a stage has come to its end, the next build trusts nothing of it.
        self.store.set_meta("front", "")
        stages = [run_stage("front", setting, [], partial=whole)]
        self._judge(stages)
        if not self.outcome.failures:
            self.store.set_meta("front", build_id)
        partial = whole and self.store.meta(back) == last
        self.store.set_meta(back, "")
        for name in STAGES[1:]:
            if self.outcome.failures or self.outcome.findings.has_errors:
                break
            stages.append(run_stage(name, setting, stages, partial=partial))
            self._judge(stages)
        done = len(stages) == len(STAGES) and not self.outcome.failures
        if self.beside is not None:
            steps = [step for stage in stages for step in stage.plan.steps]
            every = done and self.all_targets <= set(self.targets)
            self.store.flush()
            self.beside.jobs.settle()
            if every:
                self.beside.jobs.sweep(step.outputs[0] for step in steps if step.outputs)
        if done:
            self.store.set_meta(back, build_id)
            self._tidy(stages)
            if self.shared is not None and any(each.how == "ran" for each in self.outcome.ran):
                names = [step.name for stage in stages for step in stage.plan.steps]
                self.shared.push(pack, names, self.root, self._files())
        self._remember(stages, done=done)
        append(self.state, entry(self, stages, time.monotonic() - self.began))

    def _pull(self, rules: Rules) -> str:
        """Take what an equal build elsewhere made; return the name that goes by."""
        parts = [self.tool, rules.digest, self.targets, sorted(self.sources.digests.items())]
        name = digest_of(canonical(parts).encode())
        self.store.set_meta("pack", name)
        news = self.store.empty or self.sources.changed
        if self.shared is not None and news and self.shared.pull(name, self._files()):
            self.store.empty = False
        return name

    def _files(self) -> dict[str, Path]:
        """Return a file for each digest that a source has."""
        return {digest: self.root / path for path, digest in self.sources.digests.items()}

    def _judge(self, stages: Sequence[Stage]) -> None:
        """Gather the findings of all steps so far, as the profile has them."""
        found = Diagnostics(self.out)
        for stage in stages:
            found += [from_json(item) for items in stage.findings.values() for item in items]
        self.outcome.findings = Diagnostics(apply_profile(found, self.options.profile))
        self.outcome.ran = [each for stage in stages for each in stage.run.ran]
        self.outcome.failures = [each for stage in stages for each in stage.run.failures]

    def values(self, *, keep: bool = True) -> dict[str, bytes]:
        """Bring `vn.lock` up to date, to `keep` it; return the artifacts that no step makes."""
        kept = self.builder.upkeep.run(self.sources, self.out, keep=keep)
        self.lock_changes = kept.new != kept.old
        if self.options.locked:
            kept.report_changes(self.out)
        elif kept.lock_text is not None and keep:
            write_file(self.root / "vn.lock", kept.lock_text.encode())
            self.sources.refresh("vn.lock")
        assets = [path for path in self.sources.paths() if path.startswith("assets/")]
        return {**kept.values, "@assets": canonical(assets).encode()}

    # The end

    def _tidy(self, stages: Sequence[Stage]) -> None:
        """Remove the results and files of steps that there are no more."""
        steps = {step.name for stage in stages for step in stage.plan.steps}
        wanted = ("", *self.targets)
        gone = [
            name
            for name in self.store.names()
            if name not in steps and self._target(name.partition(" ")[0]) in wanted
        ]
        self.store.remove(gone)
        stale = set(self.store.stale())
        if not self.whole:
            # The store may have been lost, with what it knew of earlier steps.
            stale |= self.known.keys() | set(read_listing(self.root))
        mine = sorted(path for path in stale if self._target_of(path) in wanted)
        for path in mine:
            if not any(stage.run.writes(path) for stage in stages):
                remove_output(self.root, path)
                self.removed.add(path)
        self.store.clear_stale(mine)

    def _remember(self, stages: Sequence[Stage], *, done: bool) -> None:
        """Write down what was seen and left, and fill in the outcome."""
        seconds = round(time.monotonic() - self.began, 3)
        old, new = self.manifest, Manifest()
        new.build, new.tool, new.settings = self.build_id, self.stamps, self.settings
        new.folders, new.files = self.sources.folders, self.sources.files
        new.sources, new.digests = self.sources.stamps, self.sources.digests
        new.outputs = self.left = self._outputs(stages)
        if old is not None and not self.sources.changed and old.tool == new.tool:
            new.summary = dict(old.summary)
        for target in self.targets:
            new.summary.pop(target, None)
            outcome = self._outcome(target, stages, seconds, done=done)
            self.outcome.targets[target] = outcome
            if done:
                new.outputs.setdefault(target, {})
                total = outcome.ran + outcome.reused
                summary = outcome._replace(ran=0, reused=total, seconds=0.0).as_json(target)
                new.summary[target] = summary | {"findings": len(self.outcome.findings)}
        self.sources.release()
        new.save(str(self.root))
        paths = _by_path(new.outputs.values()).keys()
        if paths != self.built or (paths and not self.whole):
            write_listing(self.root, paths)

    def _outputs(self, stages: Sequence[Stage]) -> dict[str, Folders]:
        """Return the stamps of all files that were built, by target and folder."""
        stamps = dict(self.known)
        for stage in stages:
            stamps |= stage.run.stamps
        found: dict[str, Folders] = {}
        for path, stamp in stamps.items():
            if path not in self.removed:
                folder, _, name = path.rpartition("/")
                target = self._target_of(path)
                found.setdefault(target, {}).setdefault(folder, {})[name] = stamp
        return found

    def _target_of(self, path: str) -> str:
        """Return the target that a file is of; empty for what is of none in particular."""
        parts = path.split("/", 2)
        return parts[1] if len(parts) == 3 and parts[1] in self.all_targets else ""

    def _target(self, rule: str) -> str:
        declared = self.rules.declared.get(rule)
        return declared.target if declared is not None else ""

    def _outcome(
        self, target: str, stages: Sequence[Stage], seconds: float, *, done: bool
    ) -> TargetOutcome:
        """Count the steps that a target needs."""
        total, failed, ran = 0, 0, 0
        changed: list[str] = []
        folder = f"build/{target}/"
        for stage in stages:
            ours = {name for name in stage.plan.rules if self._target(name) in ("", target)}
            total += sum(step.rule in ours for step in stage.plan.steps)
            failed += sum(each.step.rule in ours for each in stage.run.failures)
            ran += sum(each.how == "ran" and each.step.rule in ours for each in stage.run.ran)
            changed += [name for name in stage.run.changed if name.startswith(folder)]
        if not done:
            failed = max(failed, 1)
        reused = max(total - ran - failed, 0) if done else 0
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


def read_listing(root: Path) -> list[str]:
    """Return the files that were built, as `write_listing` left them; never raises."""
    try:
        paths = (root / LISTING).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    # Somebody may have edited it, so it is not trusted to stay in the folder.
    return [path for path in paths if is_inside(path)]


def is_inside(path: str) -> bool:
    """Whether a path is one of a file below `build/`, and stays there."""
    first, *rest = path.split("/")
    return first == "build" and bool(rest) and not {"", ".", ".."} & set(rest)


def write_listing(root: Path, paths: Iterable[str]) -> None:
    """Write down which files are ours, where it outlives `.comfyvn/`.

    Raises:
        OSError: it cannot be written.
    """
    write_file(root / LISTING, "".join(f"{path}\n" for path in sorted(paths)).encode())


def source_folders(rules: Mapping[str, Declared]) -> list[str]:
    """Return the folders that sources are in: ours, and those the project's own rules name."""
    found = set(FOLDERS)
    for rule in rules.values():
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
