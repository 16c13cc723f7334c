"""Loudness and true peak, as ITU-R BS.1770-4 measures them."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

from comfyvn.drivers.audio.clip import Clip

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SILENCE = -math.inf
"""LUFS or dBTP of nothing."""

GATE = -70.0
"""LUFS: blocks below it are silence."""
RELATIVE_GATE = -10.0
"""LU below the loudness of the blocks above `GATE`."""
BLOCK, STEP = 0.4, 0.1
"""Seconds of a gating block, and from one to the next: they overlap by three quarters."""
EACH = 4
"""Steps in a block."""


def loudness(clip: Clip) -> float:
    """Return the integrated loudness in LUFS; `SILENCE` if all of it is below the gate.

    -0.691 + 10 log10 of the K-weighted mean square, summed over the channels with weight 1, over
    the blocks that pass both gates (BS.1770-4, annex 1). A sound shorter than one block is one.
    """
    import numpy as np

    if not len(clip.samples):
        return SILENCE
    power = weighted_power(clip)
    step = max(1, round(STEP * clip.rate))
    # The last step may be short: it belongs to no block.
    steps = power[: len(power) // step * step].reshape(-1, step).mean(axis=1)
    return integrated(steps) if len(steps) >= EACH else integrated(np.full(EACH, power.mean()))


def weighted_power(clip: Clip) -> Floats:
    """Return the K-weighted square of each sample, summed over the channels."""
    import numpy as np

    return np.asarray(np.square(_k_weighted(clip)).sum(axis=1))


def integrated(steps: Floats) -> float:
    """Return the integrated loudness in LUFS of at least `EACH` steps of `STEP` seconds.

    `steps` are their means of `weighted_power`.
    """
    import numpy as np

    blocks = np.convolve(steps, np.ones(EACH) / EACH, "valid")
    blocks = blocks[_lufs(blocks) >= GATE]
    if not len(blocks):
        return SILENCE
    kept = blocks[_lufs(blocks) >= _lufs(blocks.mean()) + RELATIVE_GATE]
    return float(_lufs(kept.mean()))


def true_peak(clip: Clip) -> float:
    """Return the highest absolute value of the signal between the samples, in dBTP.

    It is oversampled four times (BS.1770-4, annex 2), by the sinc of `_phases`.
    """
    peak = float(peaks(clip).max(initial=0))
    return 20 * math.log10(peak) if peak > 0 else SILENCE


def peaks(clip: Clip) -> NDArray[np.float32]:
    """Return for each sample the highest absolute value from it to the next, over the channels."""
    import numpy as np

    highest: NDArray[np.float32] = np.abs(clip.samples).max(axis=1, initial=0)
    if len(highest):
        for channel in clip.samples.T:
            for phase in _phases():
                between = np.convolve(channel, phase, "same")
                np.maximum(highest, np.abs(between), out=highest)
    return highest


OVERSAMPLING = 4
TAPS = 12
"""Of each phase, to either side."""


@lru_cache(maxsize=1)
def _phases() -> list[NDArray[np.float32]]:
    """Return the filters that give the signal at a quarter, a half, three quarters of a sample."""
    import numpy as np

    made = []
    for phase in range(1, OVERSAMPLING):
        at = np.arange(-TAPS, TAPS + 1) + phase / OVERSAMPLING
        window = np.where(np.abs(at) <= TAPS, np.cos(np.pi * at / (2 * TAPS)) ** 2, 0)
        taps = np.sinc(at) * window
        made.append((taps / taps.sum()).astype(np.float32))
    return made


def _lufs(power: Floats | np.float64) -> Floats:
    import numpy as np

    with np.errstate(divide="ignore"):
        return np.asarray(-0.691 + 10 * np.log10(power))


WHOLE = 1 << 17
"""Samples that are filtered at once."""


def _k_weighted(clip: Clip) -> Floats:
    """Return the samples through the filters of BS.1770-4, annex 1: a shelf for the head, then
    the high-pass RLB.

    Both are recursive and short of memory: multiplied in the frequency domain, with a second of
    silence behind them to ring out in, they are what the recursion gives.
    """
    import numpy as np

    tail = clip.rate
    made = np.zeros((len(clip.samples) + tail, clip.channels))
    for start in range(0, len(clip.samples), WHOLE):
        part = clip.samples[start : start + WHOLE]
        size = 1 << (len(part) + tail - 1).bit_length()
        spectrum = np.fft.rfft(part, size, axis=0)
        spectrum *= _k_response(clip.rate, size)[:, None]
        sounding = np.fft.irfft(spectrum, size, axis=0)[: len(part) + tail]
        made[start : start + len(sounding)] += sounding
    return made[: len(clip.samples)]


@lru_cache(maxsize=8)
def _k_response(rate: int, size: int) -> NDArray[np.complex128]:
    """Return the response of both filters at the frequencies of a transform of `size`.

    The standard gives coefficients for 48 kHz alone. These are the analogue filters they came
    from, by the bilinear transform, which give those same coefficients at 48 kHz (the constants
    are those of libebur128).
    """
    import numpy as np

    z = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    k = math.tan(math.pi * 1681.974450955533 / rate)
    q = 0.7071752369554196
    high = 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    shelf = (
        (high + band * k / q + k * k)
        + 2 * (k * k - high) * z
        + (high - band * k / q + k * k) * z * z
    ) / ((1 + k / q + k * k) + 2 * (k * k - 1) * z + (1 - k / q + k * k) * z * z)
    k = math.tan(math.pi * 38.13547087602444 / rate)
    q = 0.5003270373238773
    scale = 1 + k / q + k * k
    high_pass = (1 - 2 * z + z * z) / (
        1 + 2 * (k * k - 1) / scale * z + (1 - k / q + k * k) / scale * z * z
    )
    response: NDArray[np.complex128] = shelf * high_pass
    return response
