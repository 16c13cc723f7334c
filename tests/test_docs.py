"""The documentation: its links lead somewhere, and its YAML is a project without findings."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from comfyvn.cli.common import compile_at
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.slug import slug
from comfyvn.story.compile import Compiled

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
sys.path.insert(0, str(ROOT / "tools"))

import yaml_page  # noqa: E402


def links(page: Path) -> Iterator[str]:
    """The targets of a page's links and pictures, but those on the web."""
    for token in MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8")):
        for child in token.children or ():
            target = child.attrGet("href" if child.type == "link_open" else "src")
            if isinstance(target, str) and not re.match(r"[a-z]+:", target):
                yield target


def anchors(page: Path) -> set[str]:
    tokens = MarkdownIt("commonmark").parse(page.read_text(encoding="utf-8"))
    headings = (b for a, b in pairwise(tokens) if a.type == "heading_open")
    return {slug(re.sub(r"[`*]", "", heading.content)) for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    lost = []
    for target in links(page):
        path, _, anchor = target.partition("#")
        file = page.parent / path if path else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            lost.append(target)
    assert lost == []


def test_every_page_is_linked_from_another() -> None:
    linked = {
        (page.parent / target.partition("#")[0]).resolve()
        for page in PAGES
        for target in links(page)
    }
    assert [
        page.name for page in PAGES[1:] if page.parent.name == "docs" and page not in linked
    ] == []


def compiled_without_findings(root: Path, files: dict[str, str]) -> Compiled:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    out = Diagnostics()
    _, _, compiled = compile_at(root, out)
    assert compiled is not None
    assert out == []
    return compiled


def test_the_yaml_examples_are_a_project_without_findings(tmp_path: Path) -> None:
    compiled_without_findings(tmp_path, yaml_page.EXAMPLES)


def test_the_scene_of_the_readme_has_no_findings(tmp_path: Path) -> None:
    scene = re.search(r"^```markdown\n(.*?)^```", PAGES[0].read_text("utf-8"), re.M | re.S)
    assert scene is not None
    compiled = compiled_without_findings(
        tmp_path,
        {
            "vn.yaml": "format: 1\nid: a\ntitle: A\nstart: roof\n",
            "state.yaml": "courage:\n  type: int\n",
            "characters/mei.yaml": "name: Mei\nstats: {trust: {type: int}}\n"
            "look: {expressions: {plain: calm, worried: tense, smile: wide}}\n",
            "worlds/town.yaml": "times: [dusk]\nlocations: {school/roof: {}}\n",
            "scenes/roof.md": scene[1],
        },
    )
    assert len(compiled.program["endings"]) == 2


def test_the_example_of_a_translation_translates_every_text(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "translations.md").read_text(encoding="utf-8")
    blocks = dict(re.findall(r"`((?:scenes|i18n)/\S+)`:\n\n```\w+\n(.*?)^```", page, re.M | re.S))
    files = {
        **blocks,
        "vn.yaml": "format: 1\nid: a\ntitle: A\nstart: start\nlanguages: [en, de]\n",
        "state.yaml": "candles:\n  type: int\n",
        "characters/mei.yaml": "name: Mei\n",
    }
    compiled = compiled_without_findings(tmp_path, files)
    ids = re.findall(r'msgctxt "(\w+)"', page)
    assert len(ids) == 5
    assert set(ids) <= set(compiled.program["translations"]["de"])
