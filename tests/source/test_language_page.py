"""The examples of the language reference are scenes without findings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from comfyvn.model.load import load_project
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.lock import Lock
from comfyvn.source.scene import parse_scene
from comfyvn.story.compile import compile_project

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


@pytest.mark.parametrize("source", EXAMPLES)
def test_example_compiles_but_for_names_it_does_not_declare(source: str, tmp_path: Path) -> None:
    files = {
        "vn.yaml": "format: 1\nid: a\ntitle: A\nstart: a\ntimeline: all\n",
        "timelines/all.yaml": "chapters: [{title: A, scenes: [a, b]}]\n",
        "characters/mei.yaml": "name: Mei\nstats: {trust: {type: int}}\n",
        "characters/kenji.yaml": "name: Kenji\n",
        "state.yaml": "courage: {type: int}\nlate: {type: bool}\n",
        "scenes/a.md": source,
        "scenes/b.md": "`ending done`\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    out = Diagnostics()
    loaded = load_project(tmp_path, out)
    assert loaded is not None
    compile_project(loaded, Lock(), out)
    assert [item for item in out if item.severity == "error" and item.code[:4] != "VN06"] == []


def test_there_are_examples() -> None:
    assert len(EXAMPLES) > 12
