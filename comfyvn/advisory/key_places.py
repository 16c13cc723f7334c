"""Where keys of the YAML sources stand, for findings that are told of a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comfyvn.engine.action import Context
from comfyvn.source.diagnostics import Diagnostics, Span
from comfyvn.source.text import read_text

if TYPE_CHECKING:
    from comfyvn.source.yaml import Node


class KeyPlaces:
    """Where keys stand; a source is read when a place in it is wanted."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.nodes: dict[str, Node | None] = {}

    def __call__(self, path: str, *steps: str) -> Span:
        """Return where a key stands, else the nearest place around it."""
        if path not in self.nodes:
            from comfyvn.source.yaml import load_yaml

            try:
                text = read_text(path, self.context.read, Diagnostics())
            except KeyError:
                text = None
            self.nodes[path] = None if text is None else load_yaml(text, path, Diagnostics())
        node = self.nodes[path]
        return node.key_at(*steps) if node is not None else Span.whole_file(path)
