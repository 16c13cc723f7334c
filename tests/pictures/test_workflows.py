"""The workflows that come with ComfyVN."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pictures.gallery import write

from comfyvn.cli.main import main
from comfyvn.drivers.comfyui.workflow import read_workflow
from comfyvn.plan.workflows import ALL, PICTURES, Workflows
from comfyvn.source.diagnostics import Diagnostics


def test_what_is_written_takes_all_but_pictures_and_leaves_files_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write(tmp_path)
    own = (root / "workflows/sprite.json").read_text()
    (root / "workflows/background.json").unlink()
    command = ["assets", "workflows", "-C", str(root), "--checkpoint", "folder/ink.safetensors"]
    assert main(command) == 0
    assert "workflows/sprite.json is there" in capsys.readouterr().err
    assert (root / "workflows/sprite.json").read_text() == own
    path = root / "workflows/background.json"
    out = Diagnostics()
    found = read_workflow("workflows/background.json", path.read_bytes(), out)
    assert found is not None
    assert list(out) == []
    assert found.names == ALL - {*PICTURES}
    assert found.models == ("folder/ink.safetensors",)
    nodes = json.loads(path.read_text())
    assert (nodes["size"]["inputs"]["width"], nodes["size"]["inputs"]["height"]) == (192, 108)
    filled = found.fill({"prompt": "a", "seed": 3, "width": 64, "height": 64, "loras": []}).graph
    assert not any(node["class_type"] == "LoraLoader" for node in filled.values())
    assert filled["sampler"]["inputs"]["model"] == ["checkpoint", 0]
    two = found.fill({"loras": [["a.safetensors", 0.5], ["b.safetensors", 1.0]]}).graph
    assert sum(node["class_type"] == "LoraLoader" for node in two.values()) == 2


def test_kinds_that_nothing_renders_are_written_when_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write(tmp_path)
    (root / "vn.yaml").write_text("format: 1\nid: a\ntitle: A\nstart: one\n")
    command = ["assets", "workflows", "-C", str(root), "--checkpoint", "a.ckpt"]
    assert main(command) == 1
    assert "pictures: {make: comfyui}" in capsys.readouterr().err
    assert main([*command, "sprit"]) == 2
    assert "sprite" in capsys.readouterr().err
    assert main([*command, "image"]) == 0
    assert (root / "workflows/image.json").exists()


def test_a_workflow_is_read_once_and_its_faults_are_told_once(tmp_path: Path) -> None:
    root = write(tmp_path)
    (root / "workflows/sprite.json").write_text('{"nodes": [], "links": []}')
    out = Diagnostics()
    workflows = Workflows.of(root, out)
    assert workflows.inputs("sprite", "sprite") == workflows.inputs("sprite", "prop") == ALL
    assert len(out) == 1
    assert workflows.inputs("nothing", "sprite") == ALL
    assert [each.code for each in out][1:] == ["VN1410"]
