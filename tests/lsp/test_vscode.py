"""The VS Code extension: it knows what the language knows, and its parts hold in Node."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from comfyvn.story.directives import DIRECTIVES, MODIFIERS

EXTENSION = Path(__file__).parents[2] / "editors/vscode"


@pytest.mark.parametrize("name", ["scene-markdown", "stage"])
def test_the_grammars_know_every_directive(name: str) -> None:
    grammar = (EXTENSION / f"syntaxes/{name}.tmLanguage.json").read_text(encoding="utf-8")
    lists = re.findall(r"\(\?:?([a-z|]{100,})\)|\(([a-z|]{100,})\)", grammar)
    known = [set((one or other).split("|")) for one, other in lists]
    assert known
    assert all(each == {*DIRECTIVES, *MODIFIERS} for each in known)


def test_snippets_are_scene_markdown() -> None:
    """Each snippet, its places filled in, gives no error of structure."""
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.source.scene import parse_scene

    snippets = json.loads((EXTENSION / "snippets/scene.json").read_text(encoding="utf-8"))
    for name, snippet in snippets.items():
        text = "\n".join(snippet["body"])
        text = re.sub(r"\$\{\d+\|([^,|]*)[^}]*\}", r"\1", text)
        text = re.sub(r"\$\{\d+:([^}]*)\}", r"\1", text)
        text = re.sub(r"\$\d+", "", text).replace("\\\\", "\\")
        out = Diagnostics()
        parse_scene(text + "\n", "scenes/a.md", "a", (), out)
        assert not out.has_errors, (name, text, list(out))


@pytest.mark.node
def test_the_extension_in_node() -> None:
    """Its own tests, where `npm ci` was run in its folder, as `./setup test` does."""
    if not (EXTENSION / "node_modules").is_dir() and not os.environ.get("CI"):
        pytest.skip("npm ci was not run in editors/vscode")
    npm = shutil.which("npm")
    assert npm is not None
    done = subprocess.run([npm, "test"], cwd=EXTENSION, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
