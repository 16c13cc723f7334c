"""The whole way with the driver that is shipped, against a server that speaks as ComfyUI does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from builds.example import build
from comfyui.fake import DRAWING, serving
from pictures.gallery import write

from comfyvn.cli.main import main

VN = """
    format: 1
    id: gallery
    title: Gallery
    start: one
    world: coast
    theme: ferry
    targets: [web]
    pictures:
      make: comfyui
      workflows: {background: draw, sprite: draw, prop: draw, picture: draw}
    """


def test_a_build_sends_each_prompt_once_and_takes_what_comes_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving() as server:
        compute = f"servers: {{desk: {{url: '{server.url}'}}}}\n"
        flow = {"workflows/draw.json": json.dumps(DRAWING), "compute.yaml": compute}
        root = write(tmp_path / "project", **{"vn.yaml": VN}, **flow)
        (root / "rules/fake.yaml").unlink()
        for _ in range(2):
            outcome = build(root, "web")
            assert not outcome.failures, [each.message for each in outcome.failures]
        prompts = [body["prompt"]["1"]["inputs"]["text"] for body in server.posted]
        assert len(prompts) == len(set(prompts)) == 6
        assert any("an enormous grin, one person alone" in prompt for prompt in prompts)
        assert main(["assets", "show", "-C", str(root), "grin", "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["maker"], told["state"]) == ("comfyui", "generated")
        assert set(told["brief"]["inputs"]) == {"prompt"}
