"""Helpers that parse and tell findings briefly."""

from __future__ import annotations

from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.scene import parse_scene
from comfyvn.source.syntax import Block, Scene
from comfyvn.source.text import read_source

CAST = frozenset({"mei", "mei lin", "kenji", "美咲", "agent: k", "d'arcy", "mr. o"})


def parse(text: str | bytes) -> tuple[Scene, Diagnostics]:
    out = Diagnostics()
    data = text.encode("utf-8") if isinstance(text, str) else text
    return parse_scene(read_source(data, "a.md", out), "a.md", "a", CAST, out), out


def findings(text: str | bytes) -> list[str]:
    """Each finding as `CODE line:column-end "what is underlined"`, warnings with a `w`."""
    _, out = parse(text)
    lines = (text if isinstance(text, str) else text.decode("utf-8", "replace")).split("\n")
    told = []
    for item in out:
        span = item.span
        line = lines[span.line - 1]
        assert span.line == span.end_line
        under = line[span.column - 1 : span.end_column - 1]
        told.append(f"{item.code}{'w' * (item.severity == 'warning')} {span.line} {under}")
    return told


def body(text: str) -> list[Block]:
    """The first section of a scene without findings."""
    scene, out = parse(text)
    assert not out, out
    return scene.sections[0].body
