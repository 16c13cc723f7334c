"""Custom nodes for tests, inside ComfyUI: one that tells when it runs, and does what it is told."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import comfy.model_management
import folder_paths
import torch

LOG = Path(folder_paths.get_output_directory()).parent / "rendered.log"


def note(line: str) -> None:
    with LOG.open("a", encoding="utf-8") as log:
        log.write(line + "\n")


class Watched:
    """Passes an image on, and notes in `rendered.log` when that began and ended.

    `mode`: `pass`; `error` and `oom` fail; `oom once` fails the first time for a label. It takes
    `seconds`, in which it can be interrupted.
    """

    RETURN_TYPES = ("IMAGE",)
    FUNCTION = "run"
    CATEGORY = "comfyvn/test"

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:  # noqa: N802
        return {
            "required": {
                "image": ("IMAGE",),
                "label": ("STRING", {"default": ""}),
                "mode": (["pass", "error", "oom", "oom once"],),
                "seconds": ("FLOAT", {"default": 0.0, "min": 0.0, "max": 600.0}),
            }
        }

    def run(self, image: Any, label: str, mode: str, seconds: float) -> tuple[Any]:
        note(f"begin {label}")
        if mode == "error":
            raise RuntimeError("the kiln is cold")
        if mode == "oom" or (mode == "oom once" and LOG.read_text().count(f"begin {label}\n") < 2):
            raise torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(0.02)
            comfy.model_management.throw_exception_if_processing_interrupted()
        note(f"end {label}")
        return (image,)


NODE_CLASS_MAPPINGS = {"ComfyVNWatched": Watched}
