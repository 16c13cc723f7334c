"""Other sampling rates, and samples as FFmpeg takes them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from comfyvn.drivers.audio.clip import Clip

if TYPE_CHECKING:
    from av import AudioFrame

FRAME = 4096
"""Samples that are handed over at once."""


def resampled(clip: Clip, rate: int) -> Clip:
    """Return a sound at another rate, as long as it was."""
    import av
    import numpy as np

    if rate == clip.rate:
        return clip
    layout = "mono" if clip.channels == 1 else "stereo"
    resampler = av.AudioResampler("fltp", layout, rate)
    parts = [part for frame in frames(clip, "fltp") for part in resampler.resample(frame)]
    parts += resampler.resample(None)
    length = round(len(clip.samples) * rate / clip.rate)
    joined = np.concatenate(
        [np.empty((clip.channels, 0), np.float32), *(part.to_ndarray() for part in parts)], axis=1
    )
    samples = np.zeros((length, clip.channels), np.float32)
    kept = min(length, joined.shape[1])
    samples[:kept] = joined.T[:kept]
    return Clip(samples, rate)


def frames(clip: Clip, sample_format: str) -> Iterator[AudioFrame]:
    """Yield a sound as frames of one of the formats `fltp`, `flt` and `s16`, which is rounded."""
    import av
    import numpy as np

    samples = clip.samples
    if sample_format == "s16":
        samples = np.round(np.clip(samples, -1, 32767 / 32768) * 32768).astype(np.int16)
    for start in range(0, len(samples), FRAME):
        part = samples[start : start + FRAME]
        # Planar formats have a row for each channel, packed ones a single row.
        array = part.T if sample_format.endswith("p") else part.reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(array),
            format=sample_format,
            layout="mono" if clip.channels == 1 else "stereo",
        )
        frame.sample_rate = clip.rate
        frame.pts = start
        frame.time_base = Fraction(1, clip.rate)
        yield frame
