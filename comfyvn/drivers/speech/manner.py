"""How a line is said, as a treatment of its sound: whispered, thought, or from elsewhere.

Actors do this themselves: recordings are left as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from comfyvn.drivers.audio.clip import Clip

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]


def treated(clip: Clip, manner: str, seed: int) -> Clip:
    """Return a clip of one channel as it sounds in a manner; `""` and others leave it alone.

    - `whisper`: the voice is replaced by breath of the same shape.
    - `thought`: close and soft, with the last of a small room around it.
    - `off`: through a telephone or a door, 300 to 3,400 Hz.
    """
    treat = _TREATMENTS.get(manner)
    if treat is None or not len(clip.samples):
        return clip
    return Clip(treat(clip.samples[:, 0], clip.rate, seed)[:, None], clip.rate)


FORMANT_HZ = 350.0
"""Finer structure of a spectrum than this is the pitch."""


def _whisper(samples: Floats, rate: int, seed: int) -> Floats:
    """Noise through the envelope of the speech (a channel vocoder excited by noise).

    Without a voice there is little below the first formant, and more above: that is the tilt.
    """
    import numpy as np

    size = 1 << (rate // 80).bit_length()
    hop = size // 4
    window = np.hanning(size + 1)[:-1].astype(np.float32)
    power = np.square(np.abs(np.fft.rfft(_frames(samples, size, hop) * window, axis=1)))
    frequencies = np.fft.rfftfreq(size, 1 / rate)
    kernel = np.hanning(2 * int(FORMANT_HZ * size / rate / 2) + 3)
    smooth = np.apply_along_axis(np.convolve, 1, power, kernel / kernel.sum(), "same")
    tilt = (
        1 / (1 + (500 / np.maximum(frequencies, 1)) ** 2) * np.sqrt(1 + (frequencies / 2500) ** 2)
    )
    noise = np.random.default_rng(seed).standard_normal(len(samples), dtype=np.float32)
    breath = np.fft.rfft(_frames(noise, size, hop) * window, axis=1)
    return _overlapped(np.fft.irfft(breath * np.sqrt(smooth) * tilt) * window, hop, len(samples))


def _thought(samples: Floats, rate: int, seed: int) -> Floats:
    """A low-pass and the late sound of a small room: noise that dies away in a quarter second."""
    import numpy as np

    soft = _band(samples, rate, 60, 5_000)
    length = round(0.3 * rate)
    time = np.arange(length) / rate
    # The same room for every thought, so nothing of the line's own seed.
    room = np.random.default_rng(7).standard_normal(length) * 10 ** (-3 * time / 0.28)
    room[: round(0.012 * rate)] = 0
    room *= 0.32 / np.sqrt(np.square(room).sum())
    padded = np.pad(soft, (0, length))
    wet = _convolved(_band(padded, rate, 200, 3_500), room)
    return (padded + wet).astype(np.float32)


def _off(samples: Floats, rate: int, seed: int) -> Floats:
    """The band of a telephone (ITU-T G.712), a little overdriven as its small capsule is."""
    import numpy as np

    band = _band(samples, rate, 300, 3_400)
    peak = max(float(np.abs(band).max()), 1e-6)
    driven = np.tanh(2.5 * band / peak) * peak / 2.5
    return _band(driven.astype(np.float32), rate, 300, 3_400)


def _band(samples: Floats, rate: int, low: float, high: float) -> Floats:
    """Return what is between two frequencies, by the gain of Butterworth filters of 4th order."""
    import numpy as np

    size = 1 << (len(samples) + rate // 10).bit_length()
    frequencies = np.maximum(np.fft.rfftfreq(size, 1 / rate), 1e-3)
    gain = 1 / np.sqrt((1 + (low / frequencies) ** 8) * (1 + (frequencies / high) ** 8))
    made = np.fft.irfft(np.fft.rfft(samples, size) * gain, size)[: len(samples)]
    return made.astype(np.float32)


def _convolved(samples: Floats, response: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    size = 1 << (len(samples) + len(response)).bit_length()
    made: NDArray[np.float64] = np.fft.irfft(
        np.fft.rfft(samples, size) * np.fft.rfft(response, size), size
    )[: len(samples)]
    return made


def _frames(samples: Floats, size: int, hop: int) -> Floats:
    import numpy as np

    padded = np.pad(samples, (size, size + hop))
    return np.lib.stride_tricks.sliding_window_view(padded, size)[::hop]


def _overlapped(frames: NDArray[np.float64], hop: int, length: int) -> Floats:
    """Return the sum of frames a quarter of their size apart, without the padding of `_frames`."""
    import numpy as np

    each = frames.shape[1] // hop
    blocks = frames.reshape(len(frames), each, hop)
    made = np.zeros((len(frames) + each - 1, hop))
    for offset in range(each):
        made[offset : offset + len(frames)] += blocks[:, offset]
    size = each * hop
    return made.reshape(-1)[size : size + length].astype(np.float32)


_TREATMENTS: Mapping[str, Callable[[Floats, int, int], Floats]] = {
    "whisper": _whisper,
    "thought": _thought,
    "off": _off,
}
