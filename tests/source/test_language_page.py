"""The examples of the language reference are scenes without findings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.scene import parse_scene

PAGE = Path(__file__).parents[2] / "docs" / "language.md"
EXAMPLES = [
    match[2]
    for match in re.finditer(
        r"^(`{3,})markdown\n(.*?)^\1$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
]


@pytest.mark.parametrize("source", EXAMPLES)
def test_example(source: str) -> None:
    out = Diagnostics()
    scene = parse_scene(source, "a.md", "a", frozenset({"mei", "kenji"}), out)
    assert not out
    assert any(section.body or section.level for section in scene.sections)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) > 12
