"""What random edits of a project are made of."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

from builds.example import Tree, sources


class Writer:
    """Who edits a project at random, and remembers what it was.

    Attributes:
        root: the project.
        past: the sources as they were before each edit.
        altered: what of that which a build left is not as it was left.
    """

    def __init__(self, root: Path, random: Random) -> None:
        self.root, self.random = root, random
        self.past: list[Tree] = []
        self.good: Tree = sources(root)
        self.altered: set[str] = set()
        self.made = 0

    def approve(self) -> None:
        """Say that the project is in order."""
        self.good = sources(self.root)

    def files(self, pattern: str) -> list[Path]:
        return sorted(path for path in self.root.glob(pattern) if path.is_file())

    def file(self, pattern: str) -> Path | None:
        files = self.files(pattern)
        return self.random.choice(files) if files else None

    def scene(self) -> Path:
        return self.random.choice(self.files("scenes/*/*.md"))

    def name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def number(self) -> int:
        self.made += 1
        return self.made

    def replace(self, pattern: str, new: str, where: str) -> None:
        """Replace what a regular expression finds in all files of a pattern."""
        for path in self.files(where):
            text = read(path)
            if (changed := re.sub(pattern, new, text)) != text:
                write(path, changed)


def read(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "surrogateescape")


def write(path: Path, text: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape"))


def blocks_of(path: Path) -> list[str]:
    """Split a scene; its front matter is the first part, and is never empty."""
    return read(path).split("\n\n")
