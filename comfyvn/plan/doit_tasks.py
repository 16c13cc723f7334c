"""The build of a novel as doit tasks, so that a user's own tasks can join it.

A project's `dodo.py` is three lines:

    from comfyvn.plan.doit_tasks import tasks

    task_novel = tasks(__file__)

The grain is that of stages and targets: `check` is the front, which reads everything and writes
nothing; `web` and `renpy` write their folders. What depends on what below that, the engine knows,
and a task is up to date when the engine says that there is nothing to do.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from comfyvn.engine.manifest import Manifest, null_build, scan
from comfyvn.plan.rules import Declared, read_rules
from comfyvn.source.diagnostics import Diagnostics

Task = dict[str, Any]
_UPKEPT = "vn.lock"
"""A build itself writes this source; whether it was edited, the engine sees."""


def tasks(dodo: str) -> Callable[[], Iterator[Task]]:
    """Return a creator of tasks for the project that a `dodo.py` stands in.

    Args:
        dodo: the path of the file.
    """
    root = Path(dodo).resolve().parent

    def create() -> Iterator[Task]:
        yield from novel_tasks(root)

    create.__doc__ = "build the novel"
    return create


def novel_tasks(root: Path) -> Iterator[Task]:
    """Yield the tasks of the project at `root`: `check`, and one for each target."""
    rules = read_rules(root, Diagnostics()).declared
    manifest = Manifest.load(str(root))
    sources = _sources(root, rules, manifest)
    # A build tells of itself; the others say nothing unless something is wrong.
    yield {
        "basename": "check",
        "doc": "read the sources and say what is wrong with them",
        "actions": [_command(root, "check")],
        "file_dep": sources,
        "verbosity": 2,
    }
    for target in sorted({rule.target for rule in rules.values()} - {""}):
        yield {
            "basename": target,
            "doc": f"build the {target} target",
            "actions": [_command(root, "build", target)],
            "file_dep": sources,
            "targets": _outputs(rules, manifest, target),
            "uptodate": [_holds(root, target)],
            "clean": [_clean(root, target)],
            "verbosity": 2,
        }


def _command(root: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "comfyvn", *words, "-C", str(root)]


def _sources(root: Path, rules: Mapping[str, Declared], manifest: Manifest | None) -> list[str]:
    """Return the files that a build reads, as they are now, as doit has them: from its folder."""
    if manifest is not None:
        folders, files = manifest.folders, manifest.files
    else:
        from comfyvn.plan.project_files import FILES, source_folders

        folders, files = source_folders(rules), list(FILES)
    found = scan(str(root), folders, files)
    return sorted(
        f"{folder}/{name}" if folder else name
        for folder, names in found.items()
        for name in names
        if folder or name != _UPKEPT
    )


def _outputs(rules: Mapping[str, Declared], manifest: Manifest | None, target: str) -> list[str]:
    """Return the files of a target: those of fixed names, and those that were built."""
    fixed = {
        name
        for rule in rules.values()
        if rule.target == target
        for name in rule.outputs
        if name.startswith("build/") and not {"{", "*"} & set(name)
    }
    built = manifest.outputs.get(target, {}) if manifest is not None else {}
    found = {f"{folder}/{name}" for folder, names in built.items() for name in names}
    return sorted(fixed | found)


def _holds(root: Path, target: str) -> Callable[[], bool]:
    def holds() -> bool:
        try:
            return null_build(str(root), (target,)) is not None
        except OSError:
            return False

    return holds


def _clean(root: Path, target: str) -> Callable[[bool], None]:
    def clean(dryrun: bool) -> None:
        subprocess.run(
            [*_command(root, "clean", target), *(["--dry-run"] if dryrun else [])], check=False
        )

    return clean
