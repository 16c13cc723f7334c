"""A YAML source that was read before without a mistake, read again for where something stands."""

from __future__ import annotations

from collections.abc import Callable

from comfyvn.source.diagnostics import Diagnostics, Span
from comfyvn.source.text import read_text
from comfyvn.source.yaml import Node, load_yaml


def yaml_node(path: str, read: Callable[[str], bytes]) -> Node:
    """Return a source; an empty one that stands for the whole file if it cannot be read."""
    text = read_text(path, read, Diagnostics())
    node = None if text is None else load_yaml(text, path, Diagnostics())
    return node if node is not None else Node(None, Span.whole_file(path))
