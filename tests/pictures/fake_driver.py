"""A job driver that renders at once: a figure on a grey ground, its look by prompt and seed.

It stands for the ComfyUI driver, whose own tests run it against real servers. What it was asked to
render it notes in `.comfyvn/rendered.txt`, a line for each.
"""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from comfyvn.engine.action import Context
from comfyvn.engine.digest import digest_of
from comfyvn.engine.jobs import Handle, JobSite, Status

NOTES = ".comfyvn/rendered.txt"


def driver(site: JobSite) -> Fake:
    return Fake(site.root)


class Fake:
    ends_with_build = False

    def __init__(self, root: Path) -> None:
        self.root = root
        self.notes: list[str] = []

    def submit(self, key: str, context: Context, timeout: float) -> Handle:
        brief = json.loads(context.read(context.inputs[0]))
        folder = self.root / ".comfyvn/fake" / key
        folder.mkdir(parents=True)
        picture, origin = context.outputs
        (folder / "picture").write_bytes(render(**brief["inputs"]))
        (folder / "origin").write_text(json.dumps({"maker": "comfyui", "draft": False}))
        with (self.root / NOTES).open("a") as notes:
            notes.write(f"{picture} {brief['inputs'].get('seed', 0)}\n")
        files = {picture: str(folder / "picture"), origin: str(folder / "origin")}
        return {"files": files}

    def adopt(self, key: str, handle: Handle | None) -> Handle | None:
        return handle

    def poll(self, handle: Handle) -> Status:
        return Status("done", "", {name: Path(path) for name, path in handle["files"].items()})

    def cancel(self, handle: Handle) -> None:
        pass

    def free(self, handle: Handle) -> None:
        pass

    def close(self) -> None:
        pass


def render(
    prompt: str = "", seed: int = 0, width: int = 96, height: int = 128, **other: Any
) -> bytes:
    """Return a PNG: a figure that is as tall and as far right as the prompt's digest says."""
    digest = bytes.fromhex(digest_of(f"{prompt} {seed}".encode()))
    picture = Image.new("RGB", (width, height), (200, 202, 204))
    draw = ImageDraw.Draw(picture)
    x, top = width // 2 + digest[0] % 9 - 4, height // 4 + digest[1] % 9
    colour = tuple(30 + each // 2 for each in digest[2:5])
    draw.ellipse((x - 12, top - 20, x + 12, top + 4), fill=(150, 90, 60))
    draw.rectangle((x - 18, top, x + 18, height - 4 - digest[5] % 5), fill=colour)
    grain = np.random.default_rng(digest[6]).normal(0, 1.5, (height, width, 3))
    made = io.BytesIO()
    noisy = (np.asarray(picture) + grain).clip(0, 255).astype(np.uint8)
    Image.fromarray(noisy).save(made, "PNG")
    return made.getvalue()


def rendered(root: Path) -> list[str]:
    """Return what was rendered so far, an entry each time."""
    path = root / NOTES
    return path.read_text().splitlines() if path.exists() else []
