"""Custom nodes for tests, inside ComfyUI: they tell when they run, and do what they are told."""

from __future__ import annotations

import io
import subprocess
import time
import wave
from pathlib import Path
from typing import Any

import comfy.model_management
import folder_paths
import numpy as np
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


class Speaks:
    """Speaks a text by espeak-ng, and notes in `rendered.log` when it began and ended.

    `voice` is one of its variants; `speed` 1 is 160 words a minute. A `sample` is put before the
    text, as nothing else would show that it came.
    """

    RETURN_TYPES = ("AUDIO",)
    FUNCTION = "run"
    CATEGORY = "comfyvn/test"

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:  # noqa: N802
        return {
            "required": {
                "text": ("STRING", {"multiline": True}),
                "voice": ("STRING", {"default": ""}),
                "language": ("STRING", {"default": "en"}),
                "speed": ("FLOAT", {"default": 1.0, "min": 0.5, "max": 2.0}),
                "seed": ("INT", {"default": 0, "min": 0, "max": 2**53}),
            },
            "optional": {"sample": ("AUDIO",)},
        }

    def run(
        self, text: str, voice: str, language: str, speed: float, seed: int, sample: Any = None
    ) -> tuple[Any]:
        note(f"begin {text}")
        command = ["espeak-ng", "-v", f"{language}+{voice}" if voice else language]
        command += ["-s", str(round(160 * speed)), "--stdout", "--", text]
        wave_file = subprocess.run(command, check=True, capture_output=True).stdout
        with wave.open(io.BytesIO(wave_file)) as read:
            rate = read.getframerate()
            # Written to a pipe, its header does not know the length.
            pcm = np.frombuffer(read.readframes(1 << 30), dtype="<i2").astype(np.float32) / 32768
        if sample is not None:
            before = sample["waveform"][0, 0].numpy()
            pcm = np.concatenate([before[:: max(sample["sample_rate"] // rate, 1)], pcm])
        note(f"end {text}")
        # Two channels, as most such nodes give.
        both = torch.from_numpy(np.stack([pcm, pcm]))[None]
        return ({"waveform": both, "sample_rate": rate},)


NODE_CLASS_MAPPINGS = {"ComfyVNWatched": Watched, "ComfyVNSpeaks": Speaks}
