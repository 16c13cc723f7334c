"""A build from beginning to end: look, keep the lock up, plan, run, tidy, remember.

The front stage reads sources and gives the parts of the Program; only if they say no error does the
back stage run, which makes what the targets need. Each stage runs only what lies downstream of what
changed since it last came to its end; when that is not known, every step's key is looked at.
"""

from __future__ import annotations

import errno
import gc
import os
import sys
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comfyvn.data import PACKAGE_FOLDER
from comfyvn.drivers.speech.makers import present
from comfyvn.drivers.speech.voices import voices
from comfyvn.engine.action import Action
from comfyvn.engine.again import BeginAgainError
from comfyvn.engine.beside import Beside
from comfyvn.engine.build_lock import BuildLock
from comfyvn.engine.devices import Devices, Opened
from comfyvn.engine.digest import ABSENT, digest_of
from comfyvn.engine.elsewhere import Elsewhere
from comfyvn.engine.experience import Experience
from comfyvn.engine.findings import from_json
from comfyvn.engine.ledger import append
from comfyvn.engine.manifest import (
    STATE,
    UNSURE,
    Folders,
    Look,
    Manifest,
    changed_outputs,
    tool_stamp,
)
from comfyvn.engine.objects import update_file
from comfyvn.engine.pool import Pool, action_of, cores
from comfyvn.engine.progress import Progress, Silent
from comfyvn.engine.sandbox import sealed
from comfyvn.engine.sources import Sources
from comfyvn.engine.step import Rule, canonical_bytes
from comfyvn.engine.store import Store
from comfyvn.engine.tool import tool_digest
from comfyvn.model.listing import is_sidecar
from comfyvn.plan.built_files import Listing, by_path, read_listing
from comfyvn.plan.classifiers import given as classifiers
from comfyvn.plan.clips import ACTORS
from comfyvn.plan.dictionaries import dictionaries
from comfyvn.plan.ending import finished, remember, tidy
from comfyvn.plan.entry import entry
from comfyvn.plan.facts import Facts
from comfyvn.plan.failures import unread
from comfyvn.plan.made_assets import made_assets
from comfyvn.plan.outcome import Options, Outcome, TargetOutcome
from comfyvn.plan.passes import passes
from comfyvn.plan.profiles import apply_profile
from comfyvn.plan.project_files import COMPUTE, FILES, source_folders
from comfyvn.plan.recordings import recordings
from comfyvn.plan.rules import Rules, read_rules
from comfyvn.plan.settings import read_settings
from comfyvn.plan.sounds import can_hear
from comfyvn.plan.stage import STAGES, Setting, Stage, look, run_stage
from comfyvn.plan.trust import check_trust
from comfyvn.plan.upkeep import Kept, Upkeep
from comfyvn.source.diagnostics import Diagnostics

if TYPE_CHECKING:
    from comfyvn.engine.cluster import Cluster
    from comfyvn.engine.remote.stored import StoreCache
    from comfyvn.plan.devices import Site

_AGAIN = 3
"""How often a build begins again when its sources are written meanwhile."""


class Builder:
    """Builds a project, again and again: what one build knows the next one need not read."""

    def __init__(
        self,
        root: Path,
        options: Options | None = None,
        progress: Progress | None = None,
        state: str = STATE,
    ) -> None:
        """Begin.

        Args:
            root: the project's folder.
            options: how to build.
            progress: is told what happens.
            state: the folder below `root`, or anywhere, where results and plans are kept.
        """
        self.root = root
        self.options = options or Options()
        self.progress: Progress = progress or Silent()
        self.state = state
        self.upkeep = Upkeep(root / state)

    def build(self, targets: Sequence[str], looks: Sequence[Look] = ()) -> Outcome:
        """Build targets, or without any those that `vn.yaml` names; findings are in the outcome.

        Args:
            targets: their names.
            looks: what somebody just saw of the sources.

        Raises:
            OSError: the project's folder cannot be read or `.comfyvn/` not written.
            KeyboardInterrupt: what was made is kept.
        """
        state = self.root / STATE
        state.mkdir(exist_ok=True)
        out = self.root / "build"
        if out.exists() and not out.is_dir():
            raise NotADirectoryError(
                errno.ENOTDIR, "it is a file, where a folder should be", str(out)
            )
        # What a build makes it keeps to its end: looking for garbage finds none, and takes long.
        collecting = gc.isenabled()
        gc.disable()
        try:
            with BuildLock(state, self._waiting):
                return self._build(targets, looks)
        finally:
            if collecting:
                # What is there now counts as old: it is not looked through at once.
                gc.freeze()
                gc.enable()
                gc.unfreeze()

    def _build(self, targets: Sequence[str], looks: Sequence[Look]) -> Outcome:
        notes: list[str] = []
        for attempt in range(_AGAIN):
            try:
                outcome = Build(self, tuple(targets), () if attempt else looks).run()
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

    def __init__(
        self, builder: Builder, targets: tuple[str, ...], looks: Sequence[Look] = ()
    ) -> None:
        self.builder, self.targets, self.looks = builder, targets, looks
        self.root, self.options = builder.root, builder.options
        self.state = self.root / builder.state
        self.outcome = Outcome()
        self.began = time.monotonic()
        self.out = Diagnostics()
        self.removed: set[str] = set()
        self.lock_changes = False
        self.left: dict[str, Folders] = {}
        self.listing = Listing(self.root)
        self.beside: Beside | None = None
        self.shared: StoreCache | None = None
        self.overlay: Mapping[str, bytes] | None = None
        self.build_id = ""

    def look(self, *, keep: bool = True) -> None:
        """Look at the project and what the last build left; `keep` what was found out.

        Raises:
            OSError: a folder cannot be read.
        """
        seen = next((each for each in self.looks if each.holds(str(self.root))), None)
        state = self.builder.state
        old = seen.manifest if seen else Manifest.load(str(self.root), self.outcome.notes, state)
        self.manifest = old
        self.rules = read_rules(self.root, self.out, keep=keep)
        self.all_targets = {rule.target for rule in self.rules.declared.values()} - {""}
        folders = source_folders(self.rules.declared)
        self.sources = Sources(self.root, folders, FILES, old, seen, self.overlay)
        self.stamps = self._tool(old)
        self.tool = self.stamps[1]
        self.known = by_path(old.outputs.values()) if old else {}
        self.built = set(self.known)
        self.settings = read_settings(self.sources, old, self.all_targets)
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
            pool = Pool(self.options.jobs or cores(), Devices(self._devices), waiting, cluster)
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
            self.listing.close()
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
        return Beside(
            self.root,
            self.state,
            found,
            sandbox=self.options.sandbox,
            compute=self._compute,
            offline=self.options.offline,
            progress=self.builder.progress,
        )

    def _devices(self) -> Opened:
        """Return the devices that `compute.yaml` lets this build use; asked for when one is needed.

        A build that needs none does not read it.
        """
        known = Experience(self.state)
        if self.site is None:
            return Opened((), sticky=False, depths={}, known=known)
        compute = self.site.compute
        return Opened(
            self.site.devices,
            sticky=compute.policy == "sticky",
            depths=compute.pools,
            known=known,
            held=self.beside.jobs.devices() if self.beside is not None else {},
        )

    def _compute(self) -> Mapping[str, Any]:
        """Return what job drivers are told of the servers that they may use."""
        return self.site.told if self.site is not None else {}

    @cached_property
    def site(self) -> Site | None:
        """What `compute.yaml` lets this build use; None if there is no such file."""
        if self.sources.digest(COMPUTE) == ABSENT:
            return None
        from comfyvn.plan.devices import read_site

        return read_site(self.root, offline=self.options.offline, remote=self.options.remote)

    def _refuse(self) -> None:
        """Say of each target that it was not built."""
        for target in self.targets:
            out = self.root / "build" / target
            self.outcome.targets[target] = TargetOutcome(0, 0, 1, 0.0, out)

    def _action(self, rule: Rule) -> Action:
        """Return what runs the steps of a rule in this thread."""
        action = action_of(rule)
        return sealed(action, self.root) if self.options.sandbox else action

    def _shared(self) -> StoreCache | None:
        """Return the shared cache, if one is named."""
        named = self.settings["cache"]
        if not (named or self.options.cache or os.environ.get("COMFYVN_CACHE")):
            return None
        from comfyvn.engine.remote.stored import StoreCache
        from comfyvn.model.project import Cache
        from comfyvn.plan.shared_cache import choose_cache

        choose = partial(
            choose_cache,
            self.root,
            Cache.model_validate(named) if named else None,
            os.environ,
            url=self.options.cache,
            offline=self.options.offline,
        )
        try:
            chosen = choose(mode=self.options.cache_mode)
        except ValueError as error:
            self.outcome.notes.append(f"{error}; this build only reads it")
            chosen = choose(mode="read")
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
        # Whatever becomes of this build, the next one looks at them again.
        self.known |= dict.fromkeys(found, UNSURE)
        return found

    def _run(self, rules: Rules, pool: Pool) -> None:
        self.trace()
        build_id = self.build_id = uuid.uuid4().hex
        if not self.whole:
            # It may have been killed, or the store lost with what it knew of earlier steps.
            self.store.add_stale(self.built.union(read_listing(self.root)))
        values = self.values()
        pack = self._pull(rules)
        setting = self.setting(values, self._action, pool)
        # Until a stage has come to its end, the next build trusts nothing of it.
        self.store.set_meta("front", "")
        stages = [run_stage("front", setting, [], partial=self.whole)]
        self._judge(stages)
        if not self.outcome.failures:
            self.store.set_meta("front", build_id)
        self.store.set_meta(self.mark, "")
        for name in STAGES[1:]:
            if self.outcome.failures or self.outcome.findings.has_errors:
                break
            stages.append(run_stage(name, setting, stages, partial=self.tidied))
            self._judge(stages)
        targets = finished(self, stages)
        done = targets == self.targets
        if self.beside is not None:
            steps = [step for stage in stages for step in stage.plan.steps]
            every = done and self.all_targets <= set(self.targets)
            self.store.flush()
            self.beside.jobs.settle()
            if every:
                self.beside.jobs.sweep(step.outputs[0] for step in steps if step.outputs)
        if targets:
            tidy(self, stages, targets)
        if done:
            self.store.set_meta(self.mark, build_id)
            if self.shared is not None and any(each.how == "ran" for each in self.outcome.ran):
                names = [step.name for stage in stages for step in stage.plan.steps]
                self.shared.push(pack, names, self.root, self._files())
        remember(self, stages, targets)
        append(self.state, entry(self, stages, time.monotonic() - self.began))

    @property
    def mark(self) -> str:
        """What the store calls the last build that finished all of these targets."""
        return "back " + " ".join(sorted(self.targets))

    def trace(self) -> None:
        """Find out how far what the last build left can be relied on.

        `whole`: the manifest and the store are of the same build, whose front came to its end, and
        this ComfyVN did it.
        `tidied`: that build finished the same targets, too.
        """
        self.last = self.store.meta("front")
        old = self.manifest
        self.whole = old is not None and old.build == self.last != "" and old.tool[1] == self.tool
        self.tidied = self.whole and self.store.meta(self.mark) == self.last

    def setting(
        self,
        values: Mapping[str, bytes],
        action: Callable[[Rule], Action],
        elsewhere: Elsewhere,
    ) -> Setting:
        """Return what the stages of this build share."""
        return Setting(
            root=self.root,
            state=self.state,
            check=False,
            kept=(),
            build=self.build_id,
            last=self.last,
            notes=self.outcome.notes,
            rules=self.rules,
            targets=self.targets,
            values=values,
            store=self.store,
            sources=self.sources,
            tool=self.tool,
            # Stamps tell what files hold only together with the store of the same build.
            known=self.known if self.tidied else {},
            announce=self.listing.add,
            altered=self.altered,
            action=action,
            elsewhere=elsewhere,
            shared=self.shared,
            progress=self.builder.progress,
            always=self.options.always,
            urgent=self.options.urgent,
            scenes=self.options.scenes,
            watched=self.options.sandbox,
            plans={},
            looked=look(self.sources, self.rules, self.targets, values, self.tool),
        )

    def _pull(self, rules: Rules) -> str:
        """Take what an equal build elsewhere made; return the name that goes by."""
        parts = [self.tool, rules.digest, self.targets, sorted(self.sources.digests.items())]
        name = digest_of(canonical_bytes(parts))
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
        standing = [each for each in self.found(stages) if each not in self.options.waived]
        found = apply_profile(standing, self.options.profile)
        self.outcome.findings = Diagnostics(found)
        self.outcome.ran = [each for stage in stages for each in stage.run.ran]
        self.outcome.failures = [each for stage in stages for each in stage.run.failures]

    def found(self, stages: Sequence[Stage], target: str | None = None) -> Diagnostics:
        """Return the findings of all steps so far, or of those that a target needs."""
        found = Diagnostics(self.out)
        for stage in stages:
            for step, items in stage.findings.items():
                if target is None or self.target_of(step.partition(" ")[0]) in ("", target):
                    found += map(from_json, items)
        failures = (each for stage in stages for each in stage.run.failures)
        found += unread(
            each
            for each in failures
            if target is None or self.target_of(each.step.rule) in ("", target)
        )
        return found

    def target_of(self, rule: str) -> str:
        """Return the target that the steps of a rule are for; empty for all."""
        declared = self.rules.declared.get(rule)
        return declared.target if declared is not None else ""

    def values(self, *, keep: bool = True) -> dict[str, bytes]:
        """Bring `vn.lock` up to date, to `keep` it; return the artifacts that no step makes."""
        kept = self.keep_up(keep=keep)
        self.lock_changes = kept.new != kept.old
        if self.options.locked:
            kept.report_changes(self.out)
        elif kept.lock_text is not None and keep:
            update_file(self.root / "vn.lock", kept.lock_text.encode(), self.state / "tmp")
            self.sources.refresh("vn.lock")
        return self.given(kept)

    def keep_up(self, *, keep: bool = True) -> Kept:
        """Compare the scenes with `vn.lock`; what is known then is kept, if `keep`."""
        return self.builder.upkeep.run(self.sources, self.stamps[0], self.out, keep=keep)

    def given(self, kept: Kept) -> dict[str, bytes]:
        """Return the artifacts that no step makes."""
        files = tuple(self.sources.paths())
        assets = [path for path in files if path.startswith("assets/") and not is_sidecar(path)]
        assets += made_assets(self.rules.declared, Facts(self.root, files, self.targets))
        values = {
            **kept.values,
            "@assets": canonical_bytes(assets),
            "@hears": canonical_bytes(can_hear()),
            "@dictionaries": canonical_bytes(dictionaries(os.environ)),
            "@passes": canonical_bytes(passes(sys.path)),
        }
        if (told := classifiers(files)) is not None:
            values["@classifiers"] = canonical_bytes(told)
        recorded = recordings(assets)
        if recorded or self.settings["speech"]:
            values["@recordings"] = canonical_bytes(recorded)
            if recorded:
                values[ACTORS] = values["@recordings"]
            values["@makers"] = canonical_bytes({each: voices(each) for each in present()})
        return values
