"""Remove what was built."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from comfyvn.engine.build_lock import FILE as LOCK
from comfyvn.engine.build_lock import BuildLock
from comfyvn.engine.manifest import STATE
from comfyvn.engine.past import Past
from comfyvn.plan.built_files import LISTING, is_inside, read_listing, remove_output

SAVES = "saves"
"""What of the state is the player's own: `comfyvn play` keeps saves there."""


class Cleaned(NamedTuple):
    """What was removed, or would be.

    Attributes:
        files: the files that steps wrote.
        size: their bytes in all.
        left: the files below `build/` that no step wrote, which stay.
        state: whether the state was removed too.
    """

    files: tuple[str, ...]
    size: int
    left: tuple[str, ...]
    state: bool


def clean(
    root: Path, targets: Sequence[str] = (), *, state: bool = False, dry: bool = False
) -> Cleaned:
    """Remove what builds wrote; the next build puts it back.

    Args:
        root: the project.
        targets: of these targets only; without any, all.
        state: the engine's state too, but no saves; then the next build makes everything anew.
        dry: only say what would be removed.

    Raises:
        OSError: something cannot be removed.
    """
    folder = root / STATE
    if not folder.is_dir() or dry:
        return _clean(root, targets, state=state, dry=dry or not folder.is_dir())
    with BuildLock(folder, lambda other: None):
        return _clean(root, targets, state=state, dry=False)


def _clean(root: Path, targets: Sequence[str], *, state: bool, dry: bool) -> Cleaned:
    heads = tuple(f"build/{target}/" for target in targets) or ("build/",)
    files = [path for path in sorted(_built(root)) if path.startswith(heads)]
    there = [path for path in files if (root / path).is_file() or (root / path).is_symlink()]
    size = sum((root / path).lstat().st_size for path in there)
    if not dry:
        for path in there:
            remove_output(root, path)
    if state and not dry:
        (root / LISTING).unlink(missing_ok=True)
    gone = {*there, LISTING}
    left = sorted(
        path.relative_to(root).as_posix()
        for head in heads
        for path in (root / head).rglob("*")
        if path.is_file() and path.relative_to(root).as_posix() not in gone
    )
    if state and not dry and not left and (root / "build").is_dir():
        shutil.rmtree(root / "build")
    if state and not dry:
        for item in (root / STATE).iterdir():
            if item.name not in (SAVES, LOCK):
                if item.is_dir() and not item.is_symlink():
                    shutil.rmtree(item)
                else:
                    item.unlink()
    return Cleaned(tuple(there), size, tuple(left), state)


def _built(root: Path) -> set[str]:
    """Return the paths of the files that steps wrote."""
    past = Past.load(root)
    found = {
        name
        for made in past.made.values()
        for name, _, _ in made.result.outputs
        if name.startswith("build/")
    }
    if past.manifest is not None:
        found |= {
            f"{folder}/{name}"
            for folders in past.manifest.outputs.values()
            for folder, names in folders.items()
            for name in names
        }
    return set(filter(is_inside, found | set(read_listing(root))))
