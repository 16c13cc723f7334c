"""Ren'Py projects for tests: of generated stories, and of Programs written by hand."""

from __future__ import annotations

import io
import random
from pathlib import Path
from typing import Any

from PIL import Image

from comfyvn.plan.requests import SOUNDS, asset_requests
from comfyvn.play.runtime import Run
from comfyvn.source.diagnostics import Diagnostics
from tests.at_once import Asset, Files, project_files, write_files
from tests.generate.build import compile_folder, write
from tests.generate.stories import generate


def generated(seed: int, folder: Path) -> Any:
    """Return the Program of a generated story; its sources are written to `folder`."""
    write(generate(seed), folder)
    compiled, out = compile_folder(folder)
    assert compiled is not None
    assert not out.has_errors, [item.message for item in out]
    return compiled.program


def files_of(program: Any, *, pictures: bool = False) -> Files:
    """Return the Ren'Py project of a Program; with `pictures`, each is the same small one."""
    out = Diagnostics()
    assets = {}
    if pictures:
        made = io.BytesIO()
        Image.new("RGBA", (8, 8), "#336699").save(made, "PNG")
        asset = Asset("", "picture.png", made.getvalue())
        assets = {r: asset for r in asset_requests(program) if r.kind not in SOUNDS}
    files = project_files(program, assets, out)
    assert not out, [item.message for item in out]
    return files


def lay_out(program: Any, folder: Path, *, pictures: bool = False) -> None:
    """Write the Ren'Py project of a Program."""
    write_files(folder, files_of(program, pictures=pictures))


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
