"""What a sound file is, found by listening to it once; memory is bounded, however long it is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from comfyvn.drivers.audio.clip import Clip
from comfyvn.drivers.audio.decode import DamagedError, NoAudioError, told
from comfyvn.drivers.audio.loudness import (
    EACH,
    SILENCE,
    STEP,
    integrated,
    true_peak,
    weighted_power,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LISTENED = 600.0
"""Seconds that are listened to; of a longer sound, the rest is taken to be like its beginning."""
ABSURD = 1000.0
"""Times full scale: nothing that was meant is so loud."""
PART = 10
"""Seconds that are measured at once."""
BEFORE = 1
"""Seconds before a part that the filters ring from."""


class Heard(NamedTuple):
    """What a sound is.

    Attributes:
        container: as FFmpeg calls it: `ogg`, `wav`, `mp3`…
        codec: as FFmpeg calls it: `vorbis`, `opus`, `pcm_s16le`…
        rate: samples a second.
        channels: how many there are in the file.
        seconds: how long it is.
        loudness: LUFS of all of it, None of silence.
        peak: dBTP, None of silence.
        clipped: how many times the signal stays flat at full scale, for three samples or more.
        offset: the mean of the samples, as a part of full scale.
        damage: why it cannot be read to the end; empty if it can.
    """

    container: str
    codec: str
    rate: int
    channels: int
    seconds: float
    loudness: float | None
    peak: float | None
    clipped: int
    offset: float
    damage: str


def hear(path: Path, listened: float = LISTENED) -> Heard:
    """Listen to a file.

    Raises:
        NoAudioError: there is no sound in it that can be read.
        DamagedError: none of its sound can be used.
        OSError: the file cannot be read.
    """
    import av

    with path.open("rb") as file:
        try:
            with av.open(file, "r") as container:
                if not container.streams.audio:
                    raise NoAudioError("there is no sound in it")
                return _heard(container, listened)
        except av.FFmpegError as error:
            raise NoAudioError(f"it is no sound that can be read: {told(error)}") from error


def _heard(container: Any, listened: float) -> Heard:
    stream = container.streams.audio[0]
    codec = stream.codec_context
    if not codec.sample_rate or not codec.layout.nb_channels:
        raise DamagedError("it has no channels")
    meter = _Meter(codec.sample_rate)
    damage = ""
    try:
        for samples in _samples(container, stream):
            meter.add(samples)
            if meter.length > listened * meter.rate:
                break
    except DamagedError as error:
        damage = str(error)
    if not meter.length:
        raise DamagedError(damage or "it holds no sound")
    meter.close()
    seconds = meter.length / meter.rate
    if seconds > listened and stream.duration:
        seconds = max(seconds, float(stream.duration * stream.time_base))
    return Heard(
        container.format.name,
        codec.name,
        codec.sample_rate,
        codec.layout.nb_channels,
        round(seconds, 3),
        meter.loudness(),
        None if meter.peak == SILENCE else round(meter.peak, 2),
        meter.clipped,
        round(abs(meter.total) / meter.length, 4),
        damage,
    )


def _samples(container: Any, stream: Any) -> Iterator[NDArray[np.float32]]:
    """Yield the samples, of shape (samples, 1 or 2), as they are decoded.

    Raises:
        DamagedError: it goes no further.
    """
    import av
    import numpy as np

    layout = "mono" if stream.codec_context.layout.nb_channels == 1 else "stereo"
    resampler = av.AudioResampler("fltp", layout, stream.codec_context.sample_rate)
    try:
        for frame in container.decode(stream):
            for part in resampler.resample(frame):
                samples = part.to_ndarray().T
                # Also true of what is no number.
                if not np.abs(samples).max(initial=0) < ABSURD:
                    raise DamagedError("some of its samples are no numbers, or beyond all measure")
                yield samples.astype(np.float32, copy=False)
    except (av.FFmpegError, ValueError) as error:
        raise DamagedError(f"it is damaged: {told(error)}") from error


class _Meter:
    """Loudness, peak, clipping and offset of what comes in parts."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.length = 0
        self.clipped = 0
        self.total = 0.0
        self.peak = SILENCE
        self._steps: list[NDArray[np.float64]] = []
        self._waiting: list[NDArray[np.float32]] = []
        self._ready = 0
        self._before: NDArray[np.float32] | None = None

    def add(self, samples: NDArray[np.float32]) -> None:
        """Take in samples of shape (samples, channels)."""
        self.length += len(samples)
        self._waiting.append(samples)
        self._ready += len(samples)
        if self._ready >= PART * self.rate:
            self.close()

    def close(self) -> None:
        """Measure what came in since."""
        import numpy as np

        if not self._ready:
            return
        samples = np.ascontiguousarray(np.concatenate(self._waiting))
        self._waiting, self._ready = [], 0
        before = samples[:0] if self._before is None else self._before
        clip = Clip(np.concatenate([before, samples]), self.rate)
        step = max(1, round(STEP * self.rate))
        power = weighted_power(clip)[len(before) :]
        whole = len(power) // step * step
        if whole:
            self._steps.append(power[:whole].reshape(-1, step).mean(axis=1))
        elif not self._steps:
            self._steps.append(np.full(EACH, power.mean()))
        highest = float(np.abs(samples).max())
        # Between samples it is at most some dB higher: what is far below the peak cannot be one.
        if highest > 0 and 20 * math.log10(highest) > self.peak - 6:
            self.peak = max(self.peak, true_peak(clip))
        full = (np.abs(samples) >= 0.999).astype(np.int8)
        runs = full[2:] & full[1:-1] & full[:-2]
        self.clipped += int((np.diff(runs, axis=0, prepend=0) == 1).sum())
        self.total += float(samples.mean(axis=1, dtype=np.float64).sum())
        self._before = samples[-BEFORE * self.rate :]

    def loudness(self) -> float | None:
        """Return the loudness in LUFS of all that came in; None if it is silence."""
        import numpy as np

        steps = np.concatenate(self._steps)
        if len(steps) < EACH:
            steps = np.full(EACH, steps.mean())
        found = integrated(steps)
        return None if found == SILENCE else round(found, 2)
