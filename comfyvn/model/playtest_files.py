"""The playtests of a project as they lie in its files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from comfyvn.model.playtest import FOLDER, Playtest, Playtests
from comfyvn.model.validate import validate
from comfyvn.source.diagnostics import Diagnostics, Span
from comfyvn.source.files import decoded, read_file
from comfyvn.source.text import Read, read_text
from comfyvn.source.yaml import Node, load_yaml


class Placed(NamedTuple):
    """A playtest, its name, its file, and the place of its entry there."""

    name: str
    path: str
    test: Playtest
    node: Node

    @property
    def span(self) -> Span:
        """Where its entry stands."""
        return self.node.span

    @property
    def begins_elsewhere(self) -> bool:
        """Whether it begins in another place, or with other values, than the story does."""
        return self.test.start is not None or bool(self.test.given)

    def at(self, *steps: str | int) -> Span:
        """Return where a value in it stands."""
        return self.node.at(*steps)

    def key_at(self, *steps: str | int) -> Span:
        """Return where a key in it stands."""
        return self.node.key_at(*steps)


def read_playtests(paths: Iterable[str], read: Read, out: Diagnostics) -> list[Placed]:
    """Read playtests; what is wrong is reported, and the playtest that it is in left out.

    Args:
        paths: their files, in the order in which the first of a name counts.
        read: returns what a file holds.
        out: takes findings.
    """
    found: list[Placed] = []
    seen: dict[str, str] = {}
    for path in paths:
        here = Diagnostics()
        text = read_text(path, read, here)
        node = None if text is None else load_yaml(text, path, here)
        tests = validate(Playtests, node, here) if node else None
        out += here
        wrong = [each.span for each in here if each.severity == "error"]
        if tests is None or node is None:
            continue
        for key, test in tests.root.items():
            if key in seen:
                span = node.key_at(key)
                other = f"{seen[key]} has one of that name, too"
                out.error("VN2002", f"the playtest `{key}` is there twice", span, help=other)
                continue
            seen[key] = path
            entry = node.value[key] if isinstance(node.value, dict) else node
            if not any(_within(span, entry.span) for span in wrong):
                found.append(Placed(key, path, test, entry))
    return found


def _within(span: Span, whole: Span) -> bool:
    start, end = (whole.line, whole.column), (whole.end_line, whole.end_column)
    return start <= (span.line, span.column) <= end


def playtests_of(root: Path, out: Diagnostics) -> list[Placed]:
    """Read the playtests of a project; what is wrong is reported."""
    files = sorted((root / FOLDER).rglob("*.yaml"))
    paths = [decoded(file.relative_to(root).as_posix()) for file in files]
    return read_playtests(paths, lambda path: read_file(root / path), out)
