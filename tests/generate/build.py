"""Generated projects, written to a folder and compiled."""

from __future__ import annotations

import random
from pathlib import Path

from comfyvn.model.load import load_project
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.lock import read_lock
from comfyvn.story.compile import Compiled, compile_project
from tests.generate.stories import Project, generate
from tests.generate.translations import translate


def write(project: Project, folder: Path) -> None:
    """Write a project's files, leaving other files alone."""
    for path, text in project.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="\n")


def compile_folder(folder: Path) -> tuple[Compiled | None, Diagnostics]:
    """Compile the project in a folder with its lock."""
    out = Diagnostics()
    loaded = load_project(folder, out)
    return (compile_project(loaded, read_lock(folder, out), out) if loaded else None), out


def make(seed: int, folder: Path) -> Compiled:
    """Write and compile the project of a seed with its lock; every third has translations."""
    write(generate(seed), folder)
    compiled = _compiled(folder)
    if seed % 3 == 0:
        write(translate(random.Random(seed), compiled.program), folder)
        compiled = _compiled(folder)
    write({"vn.lock": compiled.lock.write()}, folder)
    return compiled


def remake(project: Project, folder: Path) -> Compiled:
    """Compile an edited project with the lock that is in the folder."""
    write(project, folder)
    return _compiled(folder)


def _compiled(folder: Path) -> Compiled:
    compiled, out = compile_folder(folder)
    errors = [diagnostic for diagnostic in out if diagnostic.severity == "error"]
    assert compiled is not None, errors
    assert not errors, errors
    return compiled
