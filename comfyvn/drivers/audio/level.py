"""Levels: how loud a sound is made, where it begins and ends."""

from __future__ import annotations

import math

from comfyvn.drivers.audio.clip import Clip
from comfyvn.drivers.audio.loudness import SILENCE, loudness, peaks, true_peak

VOICE_LUFS = -18.0
CEILING = -1.0
"""dBTP: what lossy codecs add stays below full scale."""

BEFORE, AFTER = 0.03, 0.12
"""Seconds of quiet that are kept around what sounds."""
FADE_IN, FADE_OUT = 0.005, 0.03
"""Seconds."""
QUIET = -50.0
"""dB below the loudest moment: quieter is silence."""
MOMENT = 0.01
"""Seconds."""


def normalised(clip: Clip, lufs: float = VOICE_LUFS, ceiling: float = CEILING) -> Clip:
    """Return a sound of an integrated loudness, with no true peak above a ceiling (dBTP).

    Peaks that would be higher are turned down for a few milliseconds around them. Silence stays.
    """
    import numpy as np

    measured = loudness(clip)
    if measured == SILENCE:
        return clip
    made = clip
    # Turning peaks down takes a little loudness: the second pass gives it back.
    for _ in range(2):
        gain = 10 ** ((lufs - measured) / 20)
        made = limited(Clip((made.samples * np.float32(gain)), clip.rate), ceiling)
        measured = loudness(made)
        if abs(measured - lufs) < 0.1:
            break
    return made


def limited(clip: Clip, ceiling: float = CEILING) -> Clip:
    """Return a sound with no true peak above a ceiling (dBTP): peaks are turned down smoothly."""
    import numpy as np

    highest = peaks(clip)
    limit = 10 ** (ceiling / 20)
    if highest.max(initial=0) <= limit:
        return clip
    # A gain for each millisecond; then the least of its neighbours, and of those the mean: it is
    # smooth, and nowhere above what any peak within reach allows.
    step = max(1, clip.rate // 1000)
    loudest = np.maximum.reduceat(highest, np.arange(0, len(highest), step))
    needed = np.minimum(1, limit / np.maximum(loudest, 1e-9))
    reach = 4
    padded = np.pad(needed, 2 * reach + 1, mode="edge")
    window = np.lib.stride_tricks.sliding_window_view
    least = window(padded, 2 * reach + 3).min(axis=1)
    smooth = window(least, 2 * reach + 1).mean(axis=1)
    centres = np.arange(len(smooth)) * step + step / 2
    gain = np.interp(np.arange(len(highest)), centres, smooth)
    made = Clip((clip.samples * gain[:, None]).astype(np.float32), clip.rate)
    # The gain moves, so what is between two samples may differ by a hair.
    over = true_peak(made) - ceiling
    if over > 0:
        made = Clip(made.samples * np.float32(10 ** (-over / 20)), clip.rate)
    return made


def unclipped(clip: Clip) -> Clip:
    """Return a sound within full scale, as whole numbers need it: turned down if it is not."""
    import numpy as np

    peak = float(np.abs(clip.samples).max(initial=0))
    return clip if peak <= 1 else Clip(clip.samples / np.float32(peak), clip.rate)


def sounding(clip: Clip) -> tuple[int, int]:
    """Return from which sample to which something sounds, with a little quiet around it.

    Silence sounds nowhere: (0, 0).
    """
    import numpy as np

    size = max(1, round(MOMENT * clip.rate))
    if not len(clip.samples):
        return 0, 0
    power = np.square(clip.samples, dtype=np.float64).mean(axis=1)
    starts = np.arange(0, len(power), size)
    moments = np.add.reduceat(power, starts) / np.diff(starts, append=len(power))
    loudest = moments.max()
    if loudest < 10 ** (-90 / 10):
        return 0, 0
    heard = np.flatnonzero(moments > loudest * 10 ** (QUIET / 10))
    first = heard[0] * size - math.ceil(BEFORE * clip.rate)
    last = (heard[-1] + 1) * size + math.ceil(AFTER * clip.rate)
    return max(0, int(first)), min(len(clip.samples), int(last))


def faded(clip: Clip, into: float = FADE_IN, out: float = FADE_OUT) -> Clip:
    """Return a sound that is faded in and out, in seconds, along half a cosine."""
    import numpy as np

    samples = clip.samples.copy()
    for seconds, part in ((into, samples), (out, samples[::-1])):
        length = min(len(samples), round(seconds * clip.rate))
        ramp = 0.5 - 0.5 * np.cos(np.pi * (np.arange(length) + 0.5) / max(1, length))
        part[:length] *= ramp[:, None].astype(np.float32)
    return Clip(samples, clip.rate)
