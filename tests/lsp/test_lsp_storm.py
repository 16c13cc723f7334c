"""Storms of edits: what the server says is what `comfyvn check` says of the same text."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from builds.example import a_random, count
from lsp.editor import Editor
from lsp.small import SCENE, make

from comfyvn.lsp.project import Project
from comfyvn.lsp.quick import Quick, Whole
from comfyvn.lsp.text import Document
from comfyvn.plan.check import Checker
from comfyvn.source.diagnostics import Diagnostic, Span

PIECES = [
    "\n", "\n\n", "`", "Mei: ", "🎹", "é", "- ", "[](#", ")", "`show mei", "`if ", "`end`", "{",
    "}", "## x\n", "---\n", "**", "<!--", "-->", "^a", "`set trust += 1`", "\r\n", "> ", "1. ",
    "雨", "\\", "[]()", " (worried): ",
]  # fmt: skip

EXPLORED = {f"VN16{number:02d}" for number in range(1, 18)}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("storm") / "story")


@pytest.fixture(scope="module")
def editor(project: Path) -> Iterator[Editor]:
    with Editor(project) as running:
        yield running


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def place(text: str, offset: int) -> dict[str, int]:
    """Return a place of a text as an editor tells it; none is between CR and LF."""
    if text[offset - 1 : offset + 1] == "\r\n":
        offset -= 1
    before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
    return {"line": before.count("\n"), "character": units(before.rpartition("\n")[2])}


def told(finding: Diagnostic, document: Document) -> tuple[Any, ...]:
    start, end = document.ends(finding.span)
    if start == end and finding.span.line:
        end = end._replace(character=end.character + 1)
    help = f"\nhelp: {finding.help}" if finding.help else ""
    return (finding.code, *start, *end, finding.message + help)


def test_findings_are_those_of_check_whatever_is_typed(
    editor: Editor, project: Path, tmp_path: Path
) -> None:
    random = a_random()
    path = "scenes/one.md"
    before = {each: each.read_bytes() for each in project.rglob("*.md")}
    text = editor.open(path)
    mine = Project(project)
    quick = Quick(mine)
    with Checker(project, str(tmp_path / "state")) as checker:
        for _ in range(count(100)):
            changes = []
            for _ in range(random.randrange(1, 8)):
                low = random.randrange(len(text) + 1)
                high = min(len(text), low + random.choice([0, 0, 0, 1, 3, 40]))
                new = random.choice(PIECES) * random.choice([1, 1, 0])
                span = {"start": place(text, low), "end": place(text, high)}
                low, high = (at - (text[at - 1 : at + 1] == "\r\n") for at in (low, high))
                changes.append({"range": span, "text": new})
                text = text[:low] + new + text[high:]
            for change in changes:
                editor.change(path, change)
            checked = checker.check({path: text.encode()})
            document = Document(text)
            # Where the story leads is said later, when nobody types.
            at_once = Counter(checked.findings) - Counter(checked.late)
            wanted = sorted(told(f, document) for f in at_once.elements() if f.span.path == path)
            assert {each.code for each in checked.late} <= EXPLORED
            found = sorted(
                (
                    each["code"],
                    *each["range"]["start"].values(),
                    *each["range"]["end"].values(),
                    each["message"],
                )
                for each in editor.findings(path)
                if each["code"] not in EXPLORED
            )
            assert found == wanted, json.dumps(text)
            mine.open[path] = document
            assert set(quick.findings(path)) <= set(checked.findings), json.dumps(text)
            if random.random() < 0.1:
                text = SCENE
                editor.write(path, text)
    editor.close_file(path)
    assert {each: each.read_bytes() for each in project.rglob("*.md")} == before


def finding(line: int, message: str) -> Diagnostic:
    return Diagnostic("VN0601", "error", message, Span.on_line("scenes/a.md", line, 1, 2))


def test_what_is_said_at_once_keeps_what_only_a_check_finds() -> None:
    own, judged, far, near = (
        finding(1, "own"), finding(1, "waived"), finding(4, "far"), finding(2, "near"),
    )  # fmt: skip
    whole = Whole.of("one\ntwo\nthree\nfour", [own, near, far], [own, judged])
    found = whole.with_new("one\nnew\n2\nthree\nfour", [own, judged, finding(2, "now")])
    assert [(each.span.line, each.message) for each in found] == [
        (1, "own"), (2, "now"), (5, "far"),
    ]  # fmt: skip


def test_findings_of_the_scene_come_before_those_of_the_project(editor: Editor) -> None:
    path = "scenes/one.md"
    editor.open(path, SCENE)
    editor.findings(path)
    before = editor.at_once.get(editor.uri(path), 0)
    editor.write(path, SCENE + "\nMei: {trsut}\n")
    assert any(each["code"] == "VN0505" for each in editor.findings(path))
    assert editor.at_once[editor.uri(path)] == before + 1
