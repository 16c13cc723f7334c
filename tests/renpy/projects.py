"""Ren'Py projects for tests: of generated stories, and of Programs written by hand."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from PIL import Image

from comfyvn.plan.assets import Asset
from comfyvn.plan.requests import SOUNDS, asset_requests
from comfyvn.play.runtime import Run
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.targets.files import write_tree
from comfyvn.targets.renpy.project import project_files
from tests.generate.build import compile_folder, write
from tests.generate.stories import generate


def generated(seed: int, folder: Path) -> Any:
    """Return the Program of a generated story; its sources are written to `folder`."""
    write(generate(seed), folder)
    compiled, out = compile_folder(folder)
    assert compiled is not None
    assert not out.has_errors, [item.message for item in out]
    return compiled.program


def lay_out(program: Any, folder: Path, picture: Path | None = None) -> int:
    """Write the Ren'Py project of a Program, with `picture` for every picture it asks for."""
    out = Diagnostics()
    assets = {}
    if picture is not None:
        asset = Asset(picture, placeholder=True)
        assets = {r: asset for r in asset_requests(program) if r.kind not in SOUNDS}
    changed = write_tree(folder, project_files(program, assets, out), made_beside={".rpy": ".rpyc"})
    assert not out, [item.message for item in out]
    return changed


def small_picture(folder: Path) -> Path:
    path = folder / "picture.png"
    Image.new("RGBA", (8, 8), "#336699").save(path)
    return path


def runs_for(seed: int, program: Any) -> list[Run]:
    """Return one run in each language of a story, with answers of both kinds."""
    rng = random.Random(seed)
    texts = ("é  x y", "[b] {i} 「」", "")
    return [
        Run(
            rng.randrange(2**53),
            tuple(
                rng.choice(texts) if rng.random() < 0.15 else rng.randrange(60) for _ in range(40)
            ),
            language,
        )
        for language in [None, *program["languages"][1:]]
    ]
