"""The example is played to all its endings by its screens, under a virtual display."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from PIL import Image

from comfyvn.cli.common import compile_at
from comfyvn.drivers.renpy_sdk import find_renpy, scratch_copy
from comfyvn.source.diagnostics import Diagnostics
from tests.routes import routes_to_endings

ALL = float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1")) >= 1
pytestmark = [pytest.mark.renpy, pytest.mark.xvfb]


def test_every_ending_is_reached_on_a_display(built_example: Path, tmp_path: Path) -> None:
    sdk = find_renpy()
    assert sdk is not None
    _, _, compiled = compile_at(built_example, Diagnostics())
    assert compiled is not None
    every = routes_to_endings(compiled.program)
    routes = dict(list(every.items())[: None if ALL else 1])
    runs = [{"seed": run.seed, "answers": run.answers} for run, _ in routes.values()]
    shots = tmp_path / "shots"
    shots.mkdir()
    (shots / "runs.json").write_text(json.dumps(runs))
    with scratch_copy(built_example / "build/renpy") as copy:
        shutil.copy(Path(__file__).parent / "autoplayer.rpy", copy / "game" / "zz_autoplayer.rpy")
        done = sdk.on_display(
            copy,
            "run",
            timeout=900,
            environment={"VN_RUNS": str(shots / "runs.json"), "VN_SHOTS": str(shots)},
        )
    reached = shots / "reached.json"
    assert reached.exists(), done.stdout + done.stderr
    assert json.loads(reached.read_text()) == list(routes)
    for name in ["title", "line", "menu", *(f"ending-{ending}" for ending in routes)]:
        with Image.open(shots / f"{name}.png") as image:
            assert image.size == (1920, 1080)
            colours = image.convert("RGB").resize((96, 54)).getcolors(96 * 54)
            assert colours is not None
            assert len(colours) > 100, f"{name} is nearly empty"
