"""Random graphs, random edits: a build after an edit is the build in an empty folder, and no more
is run than must be."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from random import Random, SystemRandom

import pytest
from engine.building import Folder, settle
from engine.graphs import Project, Trace, lay_out

from comfyvn.engine.digest import digest_of
from comfyvn.engine.manifest import STATE
from comfyvn.engine.run import Run
from comfyvn.engine.store_file import FILE

SCALE = float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1"))
GRAPHS = max(1, round(200 * SCALE))
EDITS = 12


class Model:
    """What there is to reuse, after all that was built: our own account of it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.seen: dict[str, dict[str, Trace]] = {}
        self.blobs: set[str] = set()
        self.files: dict[str, str] = {}

    def look(self) -> None:
        """Look at the output files before a build."""
        self.files = files_below(self.root)

    def is_needless(self, step: str, trace: Trace) -> bool:
        """Whether a step need not have run to make what it made of what it read."""
        if trace.read not in self.seen.get(step, {}):
            return False
        return all(
            digest in self.blobs if name[0] == "@" else self.files.get(name) == digest
            for name, digest in trace.made.items()
        )

    def remember(self, log: dict[str, Trace], done: set[str], run: Run) -> None:
        """Take note of what is right now."""
        ran = {each.step.name for each in run.ran if each.how == "ran"}
        for name in done:
            trace = log[name]
            self.seen.setdefault(name, {})[trace.read] = trace
            if name in ran:
                self.blobs |= {digest for out, digest in trace.made.items() if out[0] == "@"}


def files_below(root: Path) -> dict[str, str]:
    """Return the digest of every output file by path."""
    return {
        path.relative_to(root).as_posix(): digest_of(path.read_bytes())
        for path in (root / "build").rglob("*")
        if path.is_file()
    }


def run_of(run: Run, name: str) -> list[object]:
    """Return why a step ran, for who reads what went wrong."""
    return [(each.how, each.reason) for each in run.ran if each.step.name == name]


def spoil(random: Random, root: Path, model: Model) -> str:
    """Alter an output, touch a source, or lose a result behind the engine's back."""
    files = sorted((root / "build").rglob("*.txt"))
    what = random.choice(["delete", "alter", "touch", "lose", "nothing"])
    if what in ("delete", "alter") and files:
        path = random.choice(files)
        path.unlink()
        if what == "alter":
            path.write_bytes(b"by hand")
        return f"{what} {path.relative_to(root)}"
    if what == "touch":
        for path in sorted((root / "src").iterdir())[:2]:
            settle(path)
    if what == "lose":
        with sqlite3.connect(root / STATE / FILE) as db:
            rows = [row[0] for row in db.execute("SELECT digest FROM blob ORDER BY digest")]
            for digest in random.sample(rows, min(2, len(rows))):
                db.execute("DELETE FROM blob WHERE digest = ?", (digest,))
                model.blobs.discard(digest.hex())
        db.close()
        for path in sorted((root / STATE / "objects").rglob("?" * 64)):
            if random.random() < 0.5:
                path.unlink()
                model.blobs.discard(path.name)
    return what


def outcome(run: Run) -> tuple[dict[str, dict[str, str]], dict[str, tuple[object, ...]], set[str]]:
    """Return what good steps made, what they said, and which steps are not good."""
    bad = {each.step.name for each in run.ran if each.how in ("failed", "skipped")}
    made = {s.name: run.store.made(s.name) for s in run.plan.steps if s.name not in bad}
    outputs = {n: {o: d for o, d, _ in m.result.outputs} for n, m in made.items() if m}
    assert outputs.keys() == made.keys()
    return outputs, {n: m.result.findings for n, m in made.items() if m}, bad


@pytest.mark.parametrize("number", range(GRAPHS))
def test_random_builds(number: int, tmp_path: Path) -> None:
    seed = int(os.environ.get("COMFYVN_SEED", "0")) or SystemRandom().randrange(1 << 32)
    print(f"COMFYVN_SEED={seed}")
    random = Random(seed)
    project = Project(random)
    root = tmp_path / "project"
    folder = Folder(root)
    model = Model(root)
    history = ["first"]
    for count in range(EDITS + 1):
        if count:
            history.append(project.edit())
            if random.random() < 0.4:
                history.append(project.edit())
        lay_out(root, project.sources)
        if count and random.random() < 0.4:
            history.append(spoil(random, root, model))
        precise, away = random.random() < 0.7, random.random() < 0.4
        history.append(f"build precise={precise} away={away}")
        print(history[-1] if not count else "\n".join(history[-4:]))
        plan = project.plan()
        model.look()
        run = folder.build(plan, project.values, project.resolve, precise=precise, away=away)
        clean_root = tmp_path / f"clean-{count}"
        lay_out(clean_root, project.sources)
        project.log = {}
        clean = Folder(clean_root).build(plan, project.values, project.resolve_logged)

        is_, should = outcome(run), outcome(clean)
        assert is_[2] == should[2], "steps that are not good"
        assert is_[0] == should[0], "outputs"
        assert is_[1] == should[1], "findings"
        here, there = files_below(root), files_below(clean_root)
        if should[2]:
            there = {
                name: digest
                for outputs in should[0].values()
                for name, digest in outputs.items()
                if name[0] != "@"
            }
            here = {name: here.get(name, "") for name in there}
        assert here == there, "files"
        ran = [each.step.name for each in run.ran if each.how == "ran"]
        needless = [
            (n, project.log[n], run_of(run, n)) for n in ran if model.is_needless(n, project.log[n])
        ]
        assert not needless, "ran with unchanged inputs"
        model.remember(project.log, set(should[0]), run)
