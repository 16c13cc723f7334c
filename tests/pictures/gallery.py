"""A small project whose pictures are rendered."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Any

NODES = ("prompt", "negative", "seed", "size", "output")
SOURCES = {
    "vn.yaml": """
        format: 1
        id: gallery
        title: Gallery
        start: one
        world: coast
        theme: ferry
        targets: [web]
        pictures:
          make: comfyui
          size: {sprite: [96, 128], prop: [96, 128], background: [192, 108], picture: [192, 108]}
        """,
    "characters/kit.yaml": """
        name: Kit
        pronouns: she
        look:
          base: woman of 23, freckled, red hair
          outfits: {oilskins: yellow oilskins, jumper: navy jumper}
          poses: {braced: feet apart}
          expressions: {plain: waiting, grin: an enormous grin, worried: looking for the exit}
          loras: [{name: kit.safetensors, weight: 0.8}]
        """,
    "worlds/coast.yaml": """
        tone: Dry and damp. People mean the other one.
        times: [dusk, night]
        weathers: [storm]
        locations:
          quay:
            look: granite quay, iron bollard
            times: {dusk: yellow deck lights}
        """,
    "themes/ferry.yaml": """
        grading: cold sea blues
        prompt_style: soft gouache, visible paper grain
        """,
    "props/lantern.yaml": "{alt: A lantern, look: dented brass lantern}",
    "scenes/one.md": """
        ---
        location: quay
        time: dusk
        weather: storm
        ---

        `show kit grin`
        `show lantern`

        ![Kit on the wall](wall)

        Kit (worried): Hello.

        Kit (plain): Bye.

        `ending done "Done"`
        """,
    "rules/fake.yaml": """
        render:
          for: rendering
          message: rendering {name}
          inputs: ["@brief/{key}", "workflows/{workflow}.json", "{reference}*"]
          outputs: ["@rendered/{key}", "@origin/{key}"]
          action: pictures.fake_driver:driver
          where: job
          cache: shared
          tool: false
          reproducible: false
          pool: image
        """,
}


def workflow() -> dict[str, Any]:
    """Return a workflow in API format that takes all that a brief has, but for a LoRA."""

    def text(title: str) -> dict[str, Any]:
        return {
            "class_type": "CLIPTextEncode",
            "inputs": {"text": "", "clip": ["1", 1]},
            "_meta": {"title": f"@{title}"},
        }

    return {
        "1": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "model"}},
        "2": text("prompt"),
        "3": text("negative"),
        "4": {
            "class_type": "EmptyLatentImage",
            "inputs": {"width": 64, "height": 64, "batch_size": 1},
            "_meta": {"title": "@size"},
        },
        "5": {
            "class_type": "KSampler",
            "inputs": {
                "seed": 1,
                "steps": 2,
                "cfg": 7,
                "sampler_name": "euler",
                "scheduler": "normal",
                "denoise": 1,
                "model": ["1", 0],
                "positive": ["2", 0],
                "negative": ["3", 0],
                "latent_image": ["4", 0],
            },
            "_meta": {"title": "@seed"},
        },
        "6": {"class_type": "VAEDecode", "inputs": {"samples": ["5", 0], "vae": ["1", 2]}},
        "7": {
            "class_type": "SaveImage",
            "inputs": {"images": ["6", 0], "filename_prefix": "x"},
            "_meta": {"title": "@output"},
        },
    }


def write(root: Path, **files: str) -> Path:
    """Write the project; `files` replaces some of it or adds to it."""
    flows = {
        f"workflows/{kind}.json": json.dumps(workflow())
        for kind in ("sprite", "background", "prop", "picture")
    }
    for name, text in (SOURCES | flows | files).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
    return root
