"""Small projects for tests of the compiler."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from comfyvn.model.load import load_project
from comfyvn.source.diagnostics import Diagnostic, Diagnostics
from comfyvn.source.lock import Lock
from comfyvn.story.compile import Compiled, compile_project

PROJECT = {
    "vn.yaml": "format: 1\nid: test\ntitle: Test\nstart: start\n",
    "state.yaml": """\
courage: {type: int, range: [0, 5]}
coins: {type: int}
ratio: {type: number}
brave: {type: bool}
player: {type: text}
mood: {type: enum, values: [calm, angry, sad]}
bag: {type: set, values: [key, lamp, rope]}
small_bag: {type: set, values: [key, lamp]}
stop: {type: label, values: [start.md#kitchen, lab.md#result]}
visits: {type: int, scope: scene}
""",
    "characters/mei.yaml": """\
name: Mei
aliases: [The girl]
stats:
  trust: {type: int}
look:
  outfits: {coat: a coat}
  poses: {arms_crossed: arms crossed}
  expressions: {neutral: calm, worried: worried, smile: smiling}
""",
    "characters/kenji.yaml": "name: Kenji\nlook: {expressions: {worried: worried}}\n",
    "worlds/town.yaml": """\
times: [day, night]
weathers: [clear, rain]
locations:
  roof: {name: The roof, ambience: wind}
  hall: {}
""",
    "props/lamp.yaml": "alt: A lamp\nanchors: {desk: [0.2, 0.6]}\nz: 7\ntween: dissolve\n",
    "themes/night.yaml": "name: Night\n",
    "scenes/lab.md": """\
---
title: The lab
params:
  stakes: {type: int, range: [0, 9]}
returns: {type: bool}
---
The lab.

[](#result) `if stakes > 8`

`return stakes > 3`

## result

The result.

[](start.md)
""",
}
"""What scenes under test may use: variables of every type, two characters, a callable scene."""

AFTER = "\n\n## rest\n\nRest.\n\n`ending done`\n\n## kitchen\n\n`ending kitchen`\n"
"""What is put behind a scene's text, so that it has somewhere to go."""


def compile_files(
    files: dict[str, str], lock: Lock | None = None
) -> tuple[Compiled | None, Diagnostics]:
    """Compile a project of these files and those of `PROJECT`."""
    out = Diagnostics()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, text in (PROJECT | files).items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        loaded = load_project(root, out)
        assert loaded is not None
        return compile_project(loaded, lock or Lock(), out), out


REST = "rest: {type: label, values: [start.md#rest]}\n"
"""Declares that one may come to what `AFTER` begins with."""


def compile_scene(text: str, **files: str) -> tuple[dict[str, Any], Diagnostics]:
    """Compile `scenes/start.md`; return that scene of the Program."""
    compiled, out = compile_files(
        {"scenes/start.md": text, "state.yaml": PROJECT["state.yaml"] + REST, **files}
    )
    assert compiled is not None
    return compiled.program["scenes"]["start"], out


def body(text: str) -> list[dict[str, Any]]:
    """Return the ops of a scene without errors and warnings; an ending and a kitchen are added."""
    scene, out = compile_scene(f"{text}{AFTER}")
    assert all(item.severity == "note" for item in out), [(item.code, item.message) for item in out]
    ops: list[dict[str, Any]] = scene["sections"][0]["body"]
    return ops


def finding(marked: str) -> tuple[Diagnostic, str]:
    """Compile a scene with one finding, whose place is marked by «».

    Return it, and what it underlines; the scene ends with an ending and a kitchen to go to.
    """
    start = marked.index("«")
    text = marked.replace("«", "").replace("»", "")
    end = marked.index("»") - 1
    line = text.count("\n", 0, start) + 1
    column = start - (text.rfind("\n", 0, start) + 1) + 1
    _, out = compile_scene(f"{text}{AFTER}")
    assert len(out) == 1, [(item.code, item.message) for item in out]
    span = out[0].span
    assert (span.path, span.line, span.column, span.end_column) == (
        "scenes/start.md",
        line,
        column,
        column + end - start,
    ), (line, column, column + end - start, out[0])
    return out[0], text[start:end]
