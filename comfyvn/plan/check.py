"""A check: the front of a build and what is advised, with results of its own, and nothing built.

It runs the same steps as a build, so an edit costs what it touches. What it knows is kept apart
from what builds know: a check waits for no build and leaves none of its results behind, `vn.lock`
is not written, and files may be laid over by what an editor holds.
"""

from __future__ import annotations

import gc
import tempfile
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from comfyvn.engine.again import BeginAgainError
from comfyvn.engine.artifacts import UnfinishedError
from comfyvn.engine.build_lock import BuildLock
from comfyvn.engine.devices import Devices
from comfyvn.engine.digest import ABSENT
from comfyvn.engine.findings import from_json
from comfyvn.engine.manifest import STATE, Manifest
from comfyvn.engine.pool import Pool, action_of, cores
from comfyvn.engine.progress import Progress
from comfyvn.engine.ran import Failure
from comfyvn.engine.store import Store
from comfyvn.plan.build import Build, Builder
from comfyvn.plan.outcome import Options
from comfyvn.plan.readings import READINGS
from comfyvn.plan.rules import Rules
from comfyvn.plan.stage import Name, Stage, run_stage
from comfyvn.plan.trust import check_trust, needs_trust
from comfyvn.source.diagnostics import Diagnostics

FOLDER = f"{STATE}/check"
"""Where a check keeps what it knows."""
MADE = (
    "@head", "@part/*", "@words/*", "@spots/*", "@places/*", "@found", "@sidecar/*", "@flow",
    "@checked/*", "@casting", "@judgement", "@ratings", "@licences",
)  # fmt: skip
"""What a check makes, besides what is read for advice."""
SUMMARY = "check"
"""What a manifest calls what there is to say of a check."""
_STAGES: tuple[Name, ...] = ("front", "advice", "exploration")
_AGAIN = 3


class Checked(NamedTuple):
    """What a check found.

    Attributes:
        findings: all that is wrong or advised, as the steps say it.
        stale: whether `vn.lock` is not what it should be.
        lock: what `vn.lock` should hold; what it holds if that cannot be told.
        whole: whether all was looked at that is there to look at: nothing is said of where the
            story leads before that.
        late: of the findings, those of the exploration.
        ran: how many steps were run.
        failures: the steps that could not be done.
        read: the content of an artifact of the front or of the advice, `@part/school/roof` say;
            None if there is none. To be asked before the next check, and before the end.
    """

    findings: Diagnostics
    stale: bool
    lock: str
    whole: bool
    late: Diagnostics
    ran: int
    failures: tuple[Failure, ...]
    read: Callable[[str], bytes | None]


class Checker:
    """Checks one project, again and again: what one check knows the next one need not read.

    To be closed, or used in a `with`.
    """

    def __init__(
        self, root: Path, state: str | None = None, progress: Progress | None = None
    ) -> None:
        """Begin.

        Args:
            root: the project's folder.
            state: the folder below `root`, or anywhere, where results are kept. Without it they
                are kept in the project, or in a temporary folder if that cannot be written.
            progress: is told what happens.
        """
        self._open = ExitStack()
        state = state or FOLDER
        try:
            (root / state / "tmp").mkdir(parents=True, exist_ok=True)
        except OSError:
            state = self._open.enter_context(tempfile.TemporaryDirectory(prefix="comfyvn-check-"))
            (Path(state) / "tmp").mkdir()
        self.builder = Builder(root, Options(offline=True), progress, state)
        self._store: Store | None = None
        self._seen: Manifest | None = None

    def __enter__(self) -> Checker:
        """Return the checker itself."""
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove what was kept only for now."""
        self._leave()
        self._open.close()

    def check(self, overlay: Mapping[str, bytes] | None = None, *, explore: bool = True) -> Checked:
        """Check the project, as if the files of `overlay` held what it says, by path.

        Without `explore`, where the story leads is not looked at, which takes longest.

        Raises:
            OSError: the project's folder cannot be read, or the results not written.
            BeginAgainError: the sources were written meanwhile, again and again.
        """
        self._leave()
        collecting = gc.isenabled()
        gc.disable()
        try:
            with BuildLock(self.builder.root / self.builder.state, lambda other: None):
                for _ in range(_AGAIN - 1):
                    try:
                        return self._check(overlay, explore=explore)
                    except BeginAgainError:
                        continue
                return self._check(overlay, explore=explore)
        finally:
            if collecting:
                gc.enable()

    def _check(self, overlay: Mapping[str, bytes] | None, *, explore: bool) -> Checked:
        self._leave()
        self._store = Store(self.builder.root / self.builder.state)
        check = _Check(self.builder, self._store, overlay)
        found = check.done(explore=explore)
        self._store.flush()
        self._seen = check.seen
        return found

    def sum_up(self, said: dict[str, object]) -> None:
        """Keep what there is to say of the last check, for `comfyvn.engine.manifest.null_build`
        to say again while nothing changes; of a check that left steps to do nothing is kept.

        Raises:
            OSError: it cannot be written.
        """
        if self._seen is not None:
            self._seen.summary[SUMMARY] = said
            self._seen.save(str(self.builder.root), self.builder.state)

    def _leave(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None


class _Check(Build):
    """One check."""

    def __init__(self, builder: Builder, store: Store, overlay: Mapping[str, bytes] | None) -> None:
        super().__init__(builder, ())
        self.store, self.overlay = store, overlay
        self.seen: Manifest | None = None

    def done(self, *, explore: bool) -> Checked:
        """Check."""
        self.look(keep=self.builder.state.startswith(f"{STATE}/"))
        own = any(map(needs_trust, self.rules.declared.values()))
        refused = check_trust(self.root, self.rules.declared, Diagnostics(), trust=False)
        if refused or (own and self.overlay):
            # What nobody has trusted yet is not run; a build says so. Nor is it while somebody
            # types: programs would read what was saved.
            shipped = {name: rule for name, rule in self.rules.declared.items() if rule.shipped}
            self.rules = Rules(shipped, f"{self.rules.digest} shipped")
            own = False
        kept = self.keep_up()
        self.build_id = uuid.uuid4().hex
        self.trace()
        self.tidied = False
        if own:
            self.altered = self._gone()
            self.beside = self._beside(self.rules)
        pool = Pool(cores(), Devices(), self.beside.action if self.beside else action_of)
        setting = self.setting(self.given(kept), self._action, pool)._replace(
            check=True, kept=MADE, targets=()
        )
        stages: list[Stage] = []
        wanted = _STAGES if explore else _STAGES[:-1]
        READINGS.advised = True
        try:
            for name in wanted:
                # Until a stage has come to its end, the next check trusts nothing of it.
                ended = self.whole and self.store.meta(name) == self.last
                self.store.set_meta(name, "")
                stages.append(run_stage(name, setting, stages, partial=ended))
                self._judge(stages)
                if self.outcome.failures:
                    break
                self.store.set_meta(name, self.build_id)
                if self.outcome.findings.has_errors:
                    break
        except BaseException:
            if self.beside is not None:
                self.beside.stop()
            raise
        finally:
            READINGS.advised = False
            pool.close()
            if self.beside is not None:
                self.beside.jobs.close()
        if not self.outcome.failures:
            if len(stages) == len(wanted):
                self._tidy(stages)
            self._remember()
        late = [each for stage in stages[2:] for each in stage.findings.values()]
        return Checked(
            Diagnostics(self.outcome.findings),
            kept.new != kept.old,
            kept.new,
            len(stages) == len(_STAGES),
            Diagnostics(from_json(item) for items in late for item in items),
            sum(each.how == "ran" for each in self.outcome.ran),
            tuple(self.outcome.failures),
            partial(_content, tuple(stages)),
        )

    def _gone(self) -> list[str]:
        """Return the files that checks had rules make and that are not there any more."""
        files = (
            path
            for _, made in self.store.all_made()
            for path, *_ in made.result.outputs
            if path[0] != "@"
        )
        return [path for path in files if not (self.root / path).exists()]

    def _tidy(self, stages: list[Stage]) -> None:
        if any(stage.new for stage in stages):
            names = {step.name for stage in stages for step in stage.plan.steps}
            self.store.remove([name for name in self.store.names() if name not in names])

    def _remember(self) -> None:
        """Write down what was seen, so that the next check looks only at what is new."""
        self.seen = new = Manifest()
        new.build, new.tool, new.settings = self.build_id, self.stamps, self.settings
        new.folders, new.files = self.sources.folders, self.sources.files
        new.sources, new.digests = self.sources.stamps, self.sources.digests
        new.save(str(self.root), self.builder.state)


def _content(stages: Sequence[Stage], name: str) -> bytes | None:
    for stage in reversed(stages):
        # What a step that failed was to make is not there either.
        with suppress(UnfinishedError):
            if stage.run.digest(name) != ABSENT:
                found: bytes = stage.run.content(name)
                return found
    return None
