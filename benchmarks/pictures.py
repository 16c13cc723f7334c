"""Delivering pictures on one core, against the ffmpeg command: `python benchmarks/pictures.py`.

Each picture is decoded, looked into, scaled to the screen and encoded, as a build does; `ffmpeg`
decodes, scales and encodes with the same libwebp at the same quality. That it has to start is
measured alone and taken off.
"""

from __future__ import annotations

import io
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1]))

from comfyvn.drivers.deliver import QUALITY, Codec, deliver
from comfyvn.drivers.picture import read_picture
from comfyvn.plan.shown import SCREEN, shown_size

RUNS = 5


def main() -> None:
    print("delivering pictures, on one core: median of", RUNS)
    for name, size in (("1920x1080", (1920, 1080)), ("3840x2160", (3840, 2160))):
        source = _saved(photograph(size))
        print(f"  {name} PNG of {len(source) / 1e6:.1f} MB")
        checked = _median(lambda source=source: read_picture(source))  # type: ignore[misc]
        print(f"    looked into    {checked:5.2f} s")
        ours = 0.0
        codecs: tuple[Codec, ...] = ("webp", "avif")
        for codec in codecs:
            seconds = _median(lambda source=source, codec=codec: deliver(source, codec, fit))  # type: ignore[misc]
            made = deliver(source, codec, fit)
            size_kb = (len(made.avif) or len(made.data)) / 1e3
            print(f"    as {codec}        {seconds:5.2f} s, {size_kb:5.0f} kB")
            ours = ours or seconds
        if theirs := ffmpeg(source):
            print(f"    ffmpeg, WebP   {theirs:5.2f} s: {theirs / ours:.2f} times as long as ours")


def fit(width: int, height: int) -> tuple[int, int]:
    return shown_size("background", width, height, SCREEN)


def photograph(size: tuple[int, int]) -> Image.Image:
    """A picture with soft shapes and grain."""
    random = np.random.default_rng(7)
    rough = Image.fromarray(random.integers(0, 256, (12, 20, 3), np.uint8))
    soft = np.asarray(rough.resize(size, Image.Resampling.BICUBIC)).astype(int)
    return Image.fromarray(np.clip(soft + random.normal(0, 4, soft.shape), 0, 255).astype(np.uint8))


def ffmpeg(source: bytes) -> float:
    """Return the seconds that ffmpeg takes, or 0 where there is none."""
    if not shutil.which("ffmpeg"):
        print("    no ffmpeg to compare with")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "in.png"
        path.write_bytes(source)
        start = ["ffmpeg", "-v", "error", "-y", "-threads", "1"]
        command = [
            *(*start, "-i", str(path), "-vf", "scale=1920:1080:flags=lanczos"),
            *("-c:v", "libwebp", "-quality", str(QUALITY), "-compression_level", "4"),
            f"{folder}/out.webp",
        ]
        alone = _median(
            lambda: subprocess.run(["ffmpeg", "-version"], capture_output=True, check=True)
        )
        return _median(lambda: subprocess.run(command, check=True)) - alone


def _saved(image: Image.Image) -> bytes:
    data = io.BytesIO()
    image.save(data, "PNG", compress_level=3)
    return data.getvalue()


def _median(work: Callable[[], object]) -> float:
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


if __name__ == "__main__":
    main()
