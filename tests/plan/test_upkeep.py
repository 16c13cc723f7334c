"""The upkeep looks at what changed, and gives what a look at everything gives."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from comfyvn.engine.manifest import STATE
from comfyvn.plan.upkeep import MEMORY, Upkeep
from comfyvn.source.diagnostics import Diagnostics
from tests.generate.build import make, write
from tests.generate.edits import edit
from tests.generate.stories import Project, generate
from tests.plan.front import Disk

SCALE = float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1"))
SEED = int(os.environ.get("COMFYVN_SEED", random.SystemRandom().randrange(2**32)))


def step(rng: random.Random, project: Project, root: Path) -> Project:
    """Edit, move, delete, break, rename: what may happen between two builds."""
    scenes = [path for path in project if path.startswith("scenes/")]
    path = rng.choice(scenes)
    kind = rng.randrange(7)
    if kind == 0 and len(scenes) > 1:
        (root / path).unlink()
        return {name: text for name, text in project.items() if name != path}
    if kind == 1:
        renamed = path.replace(".md", f"_{rng.randrange(100)}.md")
        (root / path).rename(root / renamed)
        return {(renamed if name == path else name): text for name, text in project.items()}
    if kind == 2:
        project = {**project, path: project[path] + "\n\n> - ```\n"}
    elif kind == 3:
        project = {**project, "characters/new.yaml": f"name: A {rng.randrange(9)}\n"}
    elif kind == 4:
        lock = (root / "vn.lock").read_text(encoding="utf-8").split("\n")
        lock.pop(rng.randrange(1, len(lock) - 1))
        (root / "vn.lock").write_text("\n".join(lock), encoding="utf-8", newline="\n")
    else:
        project = edit(rng, project)
    write(project, root)
    return project


@pytest.mark.parametrize("batch", range(4))
def test_what_it_remembers_changes_nothing(batch: int, tmp_path: Path) -> None:
    rng = random.Random(SEED + batch)
    for number in range(max(1, round(30 * SCALE))):
        seed = rng.randrange(2**32)
        print(f"COMFYVN_SEED={SEED} batch {batch} story {seed}")
        root = tmp_path / str(number)
        make(seed, root)
        project = generate(seed)
        upkeep = Upkeep(root / STATE)
        for _ in range(8):
            project = step(rng, project, root)
            memory = root / STATE / MEMORY
            kept_aside = memory.read_bytes() if memory.exists() else None
            memory.unlink(missing_ok=True)
            out, again = Diagnostics(), Diagnostics()
            whole = Upkeep(root / STATE).run(Disk(root), "tool", out)
            if kept_aside is None:
                memory.unlink(missing_ok=True)
            else:
                memory.write_bytes(kept_aside)
            kept = (upkeep if rng.random() < 0.5 else Upkeep(root / STATE)).run(
                Disk(root), "tool", again
            )
            assert (kept.new, kept.lock_text) == (whole.new, whole.lock_text)
            assert kept.values == whole.values
            assert out == again
            if kept.lock_text is not None and rng.random() < 0.9:
                (root / "vn.lock").write_text(kept.lock_text, encoding="utf-8", newline="\n")


def test_a_memory_that_is_damaged_is_not_believed(tmp_path: Path) -> None:
    make(1, tmp_path)
    upkeep = Upkeep(tmp_path / STATE)
    first = upkeep.run(Disk(tmp_path), "tool", Diagnostics())
    memory = tmp_path / STATE / MEMORY
    data = bytearray(memory.read_bytes())
    data[len(data) // 2] ^= 1
    memory.write_bytes(data)
    assert Upkeep(tmp_path / STATE).run(Disk(tmp_path), "tool", Diagnostics()) == first
