"""What a check depends on besides sources: what is installed on this machine, and where."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from comfyvn.plan.dictionaries import dictionaries, folders
from comfyvn.plan.passes import passes
from comfyvn.plan.trust import FILE, state_folder

TOLD = ("DICPATH", "HOME", "LOCALAPPDATA", "PATH", "XDG_STATE_HOME")
"""The variables of the environment that say where to look."""


def machine(environment: Mapping[str, str]) -> dict[str, object] | None:
    """Return what is as it was while nothing was installed, updated or removed.

    None if that cannot be told: whoever writes a pass changes its module again and again.

    `stamps` are the modification times, in nanoseconds, of the folders that packages, programs and
    dictionaries come into, and of dictionaries; -1 for what is not there.
    """
    if passes(sys.path):
        return None
    names = [each or "." for each in sys.path]
    names += filter(None, environment.get("PATH", "").split(os.pathsep))
    names += map(str, folders(environment))
    for _, path, *_ in dictionaries(environment):
        names += [f"{path}.aff", f"{path}.dic"]
    names.append(str(state_folder() / FILE))
    return {
        "python": [sys.version, *sys.path],
        "told": {name: environment.get(name, "") for name in TOLD},
        "stamps": {name: _stamp(name) for name in names},
    }


def _stamp(path: str) -> int:
    try:
        return Path(path).stat().st_mtime_ns
    except OSError:
        return -1
