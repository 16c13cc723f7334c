"""Generated projects, written to a folder and compiled."""

from __future__ import annotations

import random
from pathlib import Path

from comfyvn.model.load import load_project
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.lock import Lock, read_lock
from comfyvn.story.compile import Compiled, compile_project

from tests.generate.stories import Project


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
