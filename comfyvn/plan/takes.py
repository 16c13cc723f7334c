"""Takes: variations of what is made by other seeds, made side by side to choose one.

They are made by the very steps of a build, under the names that a build gives them that has the
take pinned: what was rendered for a review once is there when the take is pinned, and on no server
again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from comfyvn.engine.again import BeginAgainError
from comfyvn.engine.artifacts import UnfinishedError
from comfyvn.engine.build_lock import BuildLock
from comfyvn.engine.manifest import STATE
from comfyvn.engine.objects import update_file
from comfyvn.engine.pool import Pool
from comfyvn.engine.run import Run
from comfyvn.engine.step import canonical
from comfyvn.plan.assets import Found, add_rendering
from comfyvn.plan.build import Build, Builder
from comfyvn.plan.facts import Facts
from comfyvn.plan.failures import unread
from comfyvn.plan.outcome import Outcome
from comfyvn.plan.planner import plan
from comfyvn.plan.renderings import COLLECTIONS, named
from comfyvn.plan.requests import AssetRequest
from comfyvn.plan.rules import Rules
from comfyvn.plan.workflows import Workflows
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.lock import LOCK_FILE, read_lock


class Take(NamedTuple):
    """One take of a picture.

    Attributes:
        number: counted from 1.
        key: what its artifacts are called by.
        brief: what it is rendered from.
        picture: WebP; None if it could not be made.
    """

    number: int
    key: str
    brief: Mapping[str, Any]
    picture: bytes | None


def no_takes(found: Found, request: AssetRequest) -> str | None:
    """Return why there are no takes of an asset; None if there can be."""
    key = found.answers.get(request, "")
    if key in found.assets:
        return f"`{named(request)}` is hand-made: {found.assets[key]}"
    if key not in found.made:
        return f"nothing makes `{named(request)}`; put a file below assets/"
    if key not in found.rendered:
        maker = found.made[key]
        return f"`{named(request)}` is made by the {maker}, which has one take of everything"
    return None


def make_takes(
    builder: Builder,
    said: Mapping[str, Any],
    alts: Mapping[str, str],
    request: AssetRequest,
    count: int,
) -> tuple[list[Take], Outcome]:
    """Make the first takes of a picture that ComfyUI renders; those that were made are not again.

    Args:
        builder: of the project, whose sources have no error.
        said: what the YAML sources say.
        alts: the alt texts of pictures.
        request: which picture.
        count: how many takes.

    Returns:
        The takes, and what became of the steps that make them.

    Raises:
        OSError: the project's folder cannot be read or `.comfyvn/` not written.
        KeyboardInterrupt: what was made is kept.
    """
    workflows = Workflows.of(builder.root, Diagnostics())
    found = Found({}, {}, {}, {}, {}, {}, {})
    keys = {
        number: add_rendering(found, said, alts, request, number, workflows)
        for number in range(1, count + 1)
    }
    for number, key in keys.items():
        # Each is cropped by itself: which of them belongs to the set is what is to be decided.
        one = found.rendered[key]
        found.rendered[key] = one._replace(set=one.set and f"take-{number}/{one.set}")
    told = {
        "assets": {},
        "made": found.made,
        "answers": [[*request, key] for key in keys.values()],
        "rendered": found.rendered,
        "sources": found.sources,
    }
    briefs = {f"@brief/{key}": canonical(each).encode() for key, each in found.briefs.items()}
    order = TakesOrder(
        briefs,
        {"@found": canonical(told).encode()},
        COLLECTIONS,
        ("@made/*", "@origin/*"),
        [f"@made/{key}" for key in keys.values()],
    )
    made, outcome = run_takes(builder, order)
    takes = [
        Take(number, key, found.briefs[key], made.get(f"@made/{key}"))
        for number, key in keys.items()
    ]
    return takes, outcome


class TakesOrder(NamedTuple):
    """What a build of takes is to make, and of what.

    Attributes:
        values: what the steps are made from, by artifact.
        facts: artifacts that say which steps there are, and that no step reads.
        over: the collections whose rules make takes.
        wanted: the patterns of artifacts that are to be made.
        names: the artifacts that whoever asked looks at.
    """

    values: Mapping[str, bytes]
    facts: Mapping[str, bytes]
    over: Collection[str]
    wanted: tuple[str, ...]
    names: Collection[str]


def run_takes(builder: Builder, order: TakesOrder) -> tuple[dict[str, bytes], Outcome]:
    """Make takes by the steps of a build, and nothing else of it.

    Returns:
        What was made of `order.names`, and what became of the steps.

    Raises:
        OSError: the project's folder cannot be read or `.comfyvn/` not written.
        KeyboardInterrupt: what was made is kept.
    """
    state = builder.root / STATE
    state.mkdir(exist_ok=True)
    with BuildLock(state, builder._waiting):
        build = _Takes(builder, order)
        try:
            outcome = build.run()
        except BeginAgainError:
            build = _Takes(builder, order)
            outcome = build.run()
    return build.made, outcome


class _Takes(Build):
    """A build of some takes and nothing else."""

    def __init__(self, builder: Builder, order: TakesOrder) -> None:
        super().__init__(builder, ())
        self.order = order
        self.made: dict[str, bytes] = {}

    def _run(self, rules: Rules, pool: Pool) -> None:
        """Run the steps of the takes."""
        before = set(self.store.names())
        # What they leave in the store, the next build has not seen: it is to look at every step.
        self.store.set_meta("front", "")
        facts = Facts(
            self.root,
            tuple(self.sources.paths()),
            made=(*self.order.facts, *self.order.values),
            read=self.order.facts.__getitem__,
        )
        ours = {name: each for name, each in rules.declared.items() if each.over in self.order.over}
        run = Run(
            plan(ours, "back", facts, self.out, self.order.wanted),
            self.store,
            self.sources,
            self.order.values,
            self._action,
            tool=self.tool,
            known={},
            announce=self.listing.add,
            elsewhere=pool,
            shared=self.shared,
            progress=self.builder.progress,
        )
        run.run(range(len(run.plan.steps)))
        self.outcome.findings = Diagnostics([*self.out, *unread(run.failures)])
        self.outcome.ran, self.outcome.failures = run.ran, run.failures
        for name in self.order.names:
            with suppress(UnfinishedError):
                self.made[name] = run.content(name)
        self.store.flush()
        if self.beside is not None:
            self.beside.jobs.settle()
        # Their results are kept like those of earlier builds, for the one that has the take pinned.
        self.store.remove(set(self.store.names()) - before)


def pin(root: Path, name: str, take: int, out: Diagnostics) -> bool:
    """Pin a take in `vn.lock`; the first one is used without a pin.

    Args:
        root: the project's folder.
        name: of what is made: `sprite kit grin`.
        take: counted from 1.
        out: where what is wrong with the lock goes.

    Returns:
        Whether it is pinned; False if the lock cannot be used as it is.

    Raises:
        OSError: it cannot be written.
    """
    state = root / STATE
    state.mkdir(exist_ok=True)
    with BuildLock(state, lambda other: None):
        lock = read_lock(root, out)
        if out.has_errors:
            return False
        if take == 1:
            lock.pins.pop(name, None)
        else:
            lock.pins[name] = take
        lock.text = None
        update_file(root / LOCK_FILE, lock.write().encode(), state / "tmp")
    return True


def seed_in(brief: Mapping[str, Any]) -> int | None:
    """Return the seed of a brief; None if its workflow takes none."""
    seed = brief["inputs"].get("seed")
    return seed if isinstance(seed, int) else None
