"""Passes of lint that other packages bring, by entry points of the group `comfyvn.lint`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

GROUP = "comfyvn.lint"
_HEADING = f"[{GROUP}]".encode()

Named = tuple[str, str, str, int]
"""Name, `module:function`, the version of its package, and the stamp of its module's file."""


def passes(folders: Sequence[str]) -> list[Named]:
    """Return the passes that are installed below some folders of `sys.path`, by name."""
    if not any(map(_brings, folders)):
        return []  # what asks properly takes as long to import as a scene takes to check
    from importlib.metadata import distributions

    found: dict[str, Named] = {}
    for distribution in distributions(path=list(folders)):
        for point in distribution.entry_points:
            if point.group == GROUP and point.name not in found:
                stamp = _stamp(point.value.partition(":")[0])
                found[point.name] = (point.name, point.value, distribution.version, stamp)
    return [found[name] for name in sorted(found)]


def _brings(folder: str) -> bool:
    """Whether a package below a folder brings passes."""
    try:
        with os.scandir(folder or ".") as entries:
            held = [
                each.path for each in entries if each.name.endswith((".dist-info", ".egg-info"))
            ]
    except OSError:
        return False
    for path in held:
        try:
            if _HEADING in Path(path, "entry_points.txt").read_bytes():
                return True
        except OSError:
            continue
    return False


def _stamp(module: str) -> int:
    """Return what changes when a module's file does; 0 if it cannot be told."""
    try:
        spec = find_spec(module)
        seen = os.stat(spec.origin) if spec is not None and spec.origin else None  # noqa: PTH116
    except (ImportError, ValueError, OSError):
        return 0
    return seen.st_mtime_ns ^ seen.st_size if seen is not None else 0
