"""After any edit a build leaves what a clean build makes, and runs only what has a reason to."""

from __future__ import annotations

import shutil
from pathlib import Path

from builds.edits import edit
from builds.example import (
    EXAMPLE,
    TARGETS,
    Cache,
    a_random,
    build,
    copy_project,
    count,
    did,
    differing,
    same_findings,
    tree,
)
from builds.made_from import MadeFrom
from builds.writer import Writer

from comfyvn.engine.manifest import null_build
from comfyvn.plan.build import Builder
from comfyvn.plan.outcome import Options

EDITS = count(200)
FOLDERS = tuple(f"{target}/" for target in TARGETS)
MENDED = "VN0901"
"""What is said of `vn.lock` once, by the build that mends it."""


def test_random_edits(tmp_path: Path, drawings: Cache) -> None:
    random = a_random()
    cache = drawings.copy(tmp_path / "cache")
    root = copy_project(EXAMPLE, tmp_path / "project")
    clean = tmp_path / "clean"
    options = Options(trust=True, cache=cache.url, cache_mode="write")
    staying = Builder(root, options)
    outcome = build(root, trust=True, **cache.reading())
    made_from = MadeFrom(root)
    made_from.without_reason(outcome)
    writer, sound, in_order = Writer(root, random), True, 0
    for number in range(EDITS):
        before = tree(root / "build")
        said = edit(writer, mend=not sound)
        if random.random() < 0.2:
            said += f"; {edit(writer, mend=False)}"
        print(f"{number}: {said}")
        shutil.rmtree(clean, ignore_errors=True)
        copy_project(root, clean)
        stays = random.random() < 0.5
        outcome = build(root, builder=staying) if stays else build(root, **options._asdict())
        cache.singles_only()
        should = build(clean, trust=True, **cache.reading())

        # What is said, and the lock.
        assert same_findings(outcome, should)
        assert [(each.step.name, each.message) for each in outcome.failures] == [
            (each.step.name, each.message) for each in should.failures
        ]
        lock, clean_lock = root / "vn.lock", clean / "vn.lock"
        assert lock.exists() == clean_lock.exists()
        assert not lock.is_file() or lock.read_bytes() == clean_lock.read_bytes()

        # What ran.
        assert made_from.without_reason(outcome, writer.altered) == []

        # What is built.
        sound = not (should.findings.has_errors or should.failures)
        after = tree(root / "build")
        if sound:
            assert differing(after, tree(clean / "build")) == []
            assert len(did(should)) > len(TARGETS) * 50
            assert {t.failed for t in outcome.targets.values()} == {0}
            writer.approve()
            writer.altered.clear()
            in_order += 1
        elif not should.failures and not writer.altered:
            # What rules make for no target in particular may be new.
            assert not [path for path in differing(after, before) if path.startswith(FOLDERS)]

        # The next build has nothing to do.
        again = build(root, builder=staying if stays else None, **options._asdict())
        cache.singles_only()
        assert did(again) - {each.step.name for each in again.failures} == set()
        assert same_findings(again, should, but={MENDED})
        assert tree(root / "build") == after
        if sound:
            assert null_build(str(root), TARGETS) is not None
    print(f"{in_order} of {EDITS} edits left the project in order")
