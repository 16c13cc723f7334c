"""Builds of a plan in a folder, from beginning to end, as `comfyvn.plan.build` does them."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from comfyvn.engine.build_lock import BuildLock
from comfyvn.engine.context import Answer, pack, run_parcel
from comfyvn.engine.devices import Devices
from comfyvn.engine.digest import digest_of
from comfyvn.engine.manifest import STATE, Folders, Manifest, Stamp, changed_outputs
from comfyvn.engine.plan_file import Kept, load, save
from comfyvn.engine.progress import Progress
from comfyvn.engine.run import Run
from comfyvn.engine.sources import Sources
from comfyvn.engine.step import Plan, Rule, Step
from comfyvn.engine.store import Store
from comfyvn.plan.built_files import Listing, read_listing, write_listing

Resolve = Callable[[Rule], Callable[[Any], None]]


class Threads:
    """Runs steps elsewhere: in two threads, from parcels."""

    devices = Devices()

    def __init__(self, resolve: Resolve) -> None:
        self.resolve = resolve
        self.pool = ThreadPoolExecutor(2)
        self.busy = 0

    def submit(self, step: Step, rule: Rule, artifacts: Run) -> Future[Answer]:
        self.busy += 1
        parcel = pack(step, rule, artifacts)
        future = self.pool.submit(run_parcel, parcel, self.resolve)
        future.add_done_callback(self._left)
        return future

    def _left(self, _: object) -> None:
        self.busy -= 1

    def free(self, rule: Rule) -> bool:
        return self.busy < 2


class Folder:
    """A folder in which a plan is built; all it knows between two builds is on disk."""

    def __init__(self, root: Path, *, asks: bool = True) -> None:
        """Take a folder; `asks` if the store will be asked for results after a build."""
        self.root, self.asks = root, asks
        self.notes: list[str] = []
        (root / STATE).mkdir(parents=True, exist_ok=True)

    def build(
        self,
        plan: Plan,
        values: Mapping[str, bytes],
        resolve: Resolve,
        *,
        precise: bool = True,
        away: bool = False,
        progress: Progress | None = None,
    ) -> Run:
        """Build; return the run, its store closed but readable in what was asked for."""
        state = self.root / STATE
        with BuildLock(state, lambda other: self.notes.append(f"waiting for {other}")):
            old = Manifest.load(str(self.root), self.notes)
            self.listing = Listing(self.root)
            sources = Sources(self.root, ["src"], [], old)
            known = {}
            altered: list[str] = []
            if old is not None:
                left = old.outputs.get("all", {})
                altered = list(changed_outputs(str(self.root), left))
                known = {f"{folder}/{n}": s for folder, ns in left.items() for n, s in ns.items()}
            store = Store(state)
            threads = Threads(resolve) if away else None
            # Stamps tell what files hold only together with the store of the same build.
            same = old is not None and old.build == store.meta("build") != ""
            try:
                run = Run(
                    plan, store, sources, values, resolve,
                    tool="tool", known=known if same else {}, announce=self.listing.add,
                    elsewhere=threads, progress=progress,
                )  # fmt: skip
                self._run(run, old, known, altered, precise)
            finally:
                if threads is not None:
                    threads.pool.shutdown()
                store.close()
                self.notes += store.notes
                if store.trouble:
                    self.notes.append(store.trouble)
        return run

    def _run(
        self,
        run: Run,
        old: Manifest | None,
        known: Mapping[str, Stamp],
        altered: list[str],
        precise: bool,
    ) -> None:
        store, sources = run.store, run.sources
        kept = load(self.root / STATE / "all.plan", self.notes)
        whole = (
            old is not None
            and kept is not None
            and old.build == kept.build == store.meta("build") != ""
        )
        digests = {name: digest_of(data) for name, data in run.values.items()}
        start = None
        if whole and kept is not None:
            changed = set(sources.changed)
            names = digests.keys() | kept.values.keys()
            changed |= {n for n in names if digests.get(n) != kept.values.get(n)}
            start = run.affected(changed, kept.plan, altered) if precise else None
        store.set_meta("build", "")
        if not whole:
            # A store begun anew does not know what was once written; the listing does.
            store.add_stale({*known, *read_listing(self.root)})
        run.run(start)
        build = uuid.uuid4().hex
        names_now = {step.name for step in run.plan.steps}
        store.remove([name for name in store.names() if name not in names_now])
        removed = set()
        if not run.failures:
            for path in {*store.stale(), *known, *read_listing(self.root)}:
                if not run.writes(path):
                    (self.root / path).unlink(missing_ok=True)
                    removed.add(path)
            store.clear_stale(store.stale())
        new = Manifest()
        new.build, new.tool = build, ("", "tool")
        new.sources, new.digests = sources.stamps, sources.digests
        new.folders = ["src"]
        stamps = {**known, **run.stamps}
        folders: Folders = {}
        for path, stamp in stamps.items():
            folder, _, name = path.rpartition("/")
            if path not in removed:
                folders.setdefault(folder, {})[name] = stamp
        new.outputs["all"] = folders
        paths = {f"{folder}/{name}" for folder, names in folders.items() for name in names}
        self.listing.close()
        store.add_stale(self.listing.added - paths)
        write_listing(self.root, {*paths, *read_listing(self.root)} - removed)
        save(self.root / STATE / "all.plan", Kept(build, "", {}, run.plan, digests, {}))
        store.set_meta("build", build)
        new.save(str(self.root))
        if self.asks:
            for step in run.plan.steps:
                store.made(step.name)


_clock = iter(range(1 << 40))


def settle(path: Path) -> None:
    """Give a file a time long past and its own."""
    then = time.time_ns() - 100_000_000_000 + next(_clock) * 1_000
    os.utime(path, ns=(then, then))
