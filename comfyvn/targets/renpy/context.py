"""What all writers of script statements share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from comfyvn.targets.renpy.expressions import Expressions
from comfyvn.targets.renpy.facts import Words
from comfyvn.targets.renpy.scope import Scope


class Lines:
    """Lines of a script file, indented as they are added."""

    def __init__(self, indent: int = 0) -> None:
        self.lines: list[str] = []
        self.indent = indent

    def add(self, *lines: str) -> None:
        """Add lines at the current indent; `""` is an empty line, never two in a row."""
        for line in lines:
            if line:
                self.lines.append("    " * self.indent + line)
            elif self.lines and self.lines[-1]:
                self.lines.append("")

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Add `head` and indent what is added inside; `pass` if that is nothing."""
        self.add(head)
        self.indent += 1
        before = len(self.lines)
        yield
        if not any(self.lines[before:]):
            self.add("pass")
        self.indent -= 1

    def text(self) -> str:
        """Return the lines as the content of a file."""
        return "\n".join(self.lines).rstrip("\n") + "\n"


@dataclass
class Context:
    """A scene on its way to Ren'Py.

    Attributes:
        scene_id: its name.
        scene: the scene of the Program.
        scope: the story around it.
        words: the translations of its texts.
        marked: ids of captions and lines that are told apart from equal ones.
        dialogue: language to `translate` blocks, filled while the scene is written.
        strings: language to caption to its translation, filled alike.
    """

    scene_id: str
    scene: Mapping[str, Any]
    scope: Scope
    words: Words
    marked: frozenset[str] = frozenset()
    expressions: Expressions = field(init=False)
    dialogue: dict[str, Lines] = field(default_factory=dict)
    strings: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        scope = self.scope
        self.names = scope.names
        self.expressions = Expressions(scope.names, scope.variables, scope.tame, scope.ids)
        self.language = scope.language

    def translations(self, id: str) -> dict[str, Mapping[str, Any]]:
        """Return the translations of a text by language."""
        found = {}
        for language in self.scope.languages:
            entry = self.words.get(language, {}).get(id)
            if entry is not None:
                found[language] = entry
        return found
