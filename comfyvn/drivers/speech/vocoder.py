"""Hibari's vocoder at another pitch and with other formants.

Its network does not give a waveform but what one is made of, for each frame of 12.5 ms: the pitch,
the spectrum of the voice, that of its noise, and a remainder with phases of its own. To speak
higher, a voice has pulses closer together under the same spectrum; to have a smaller vocal tract,
it has the same spectrum stretched. Both are done here before there is any waveform, so neither
costs quality or time, as shifting a finished recording would.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]


class Frames(NamedTuple):
    """What the network gives: arrays of shape (601, frames), and `f0` in Hz of shape (frames,).

    Attributes:
        voice: log magnitude of the harmonics.
        theta: their phase, before tanh.
        noise: log magnitude of noise.
        rest: log magnitude of the remainder.
        phase: phase of the remainder.
        f0: below 40 there is no voice.
    """

    voice: Floats
    theta: Floats
    noise: Floats
    rest: Floats
    phase: Floats
    f0: Floats


def waveform(frames: Frames, pitch: float, formants: float, seed: int) -> Floats:
    """Return the samples, 24,000 a second.

    Args:
        frames: from the network.
        pitch: semitones.
        formants: a ratio of frequencies.
        seed: of the noise.
    """
    import numpy as np
    from hibari import dsp

    random = np.random.default_rng(seed)
    if pitch == 0 and formants == 1:
        samples: Floats = dsp.synth(*frames, random)
        return samples
    ratio = 2 ** (pitch / 12)
    f0 = frames.f0 * np.float32(ratio)
    # As many more harmonics as the pitch is lower: their sum stays as loud beside the noise.
    envelope = formed(frames.voice, frames.f0, formants) + np.float32(np.log(ratio) / 2)
    spectrum = dsp.stft(dsp.pulses(f0), len(f0)) * minimum_phase(envelope)
    noise = random.standard_normal((*frames.noise.shape, 2), dtype=np.float32)
    spectrum += np.exp(warped(frames.noise, formants)) * noise.view(np.complex64)[..., 0]
    rest = _polar(np.minimum(frames.rest, 7), frames.phase)
    remainder = dsp.ola(rest)
    if formants != 1:
        remainder = scaled(remainder, formants)
    made: Floats = dsp.ola(spectrum.astype(np.complex64)) + remainder
    return made


BIN = 20.0
"""Hz from one value of a spectrum to the next."""


def formed(voice: Floats, f0: Floats, ratio: float) -> Floats:
    """Return the log envelope of the harmonics, with the formants at `ratio` times theirs.

    The network was trained on what is heard: between the harmonics of its own pitch the spectrum
    may be anything. So the envelope goes from harmonic to harmonic on straight lines.
    """
    import numpy as np

    # A harmonic is heard through the bins of its main lobe.
    power = np.exp(2 * np.minimum(voice, 7))
    padded = np.pad(power, ((1, 1), (0, 0)), mode="edge")
    log = np.log(padded[:-2] / 4 + power / 2 + padded[2:] / 4 + 1e-12) / 2
    apart = np.maximum(f0, 60) / BIN
    last = np.floor((len(voice) - 1) / apart)
    place = (np.arange(len(voice), dtype=np.float32) / np.float32(ratio))[:, None] / apart
    lower = np.clip(np.floor(place), 1, last)
    part = np.clip(place - lower, 0, 1)
    below, above = lower * apart, np.minimum(lower + 1, last) * apart
    made = (1 - part) * _at(log, below) + part * _at(log, above)
    shaped: Floats = made.astype(np.float32)
    return shaped


def _at(spectrum: Floats, bins: NDArray[np.floating[Any]]) -> Floats:
    """Return the values of each column at places between its bins."""
    import numpy as np

    low = bins.astype(np.intp)
    part = (bins - low).astype(np.float32)
    high = np.minimum(low + 1, len(spectrum) - 1)
    made: Floats = np.take_along_axis(spectrum, low, 0) * (1 - part)
    made += np.take_along_axis(spectrum, high, 0) * part
    return made


def minimum_phase(envelope: Floats) -> NDArray[np.complex64]:
    """Return the spectrum of the filter of least delay that has a log magnitude.

    Its cepstrum is the magnitude's, folded into positive time (Oppenheim and Schafer).
    """
    import numpy as np
    from hibari import dsp

    cepstrum = dsp.irfft(envelope.T.astype(np.complex64), 2 * (len(envelope) - 1), 1)
    half = cepstrum.shape[1] // 2
    cepstrum[:, 1:half] *= 2
    cepstrum[:, half + 1 :] = 0
    log = dsp.rfft(cepstrum, 1).T
    return _polar(log.real, log.imag)


def _polar(log: Floats, phase: Floats) -> NDArray[np.complex64]:
    """Return complex numbers of a log magnitude and a phase: faster by parts than `exp` is."""
    import numpy as np

    size = np.exp(log)
    made = np.empty(log.shape, np.complex64)
    np.multiply(size, np.cos(phase), out=made.real)
    np.multiply(size, np.sin(phase), out=made.imag)
    return made


def warped(spectrum: Floats, ratio: float) -> Floats:
    """Return a spectrum whose features are at `ratio` times their frequency."""
    import numpy as np

    bins = np.arange(len(spectrum), dtype=np.float32) / np.float32(ratio)
    bins = np.minimum(bins, len(spectrum) - 1)
    return _at(spectrum, np.broadcast_to(bins[:, None], spectrum.shape))


SIZE, HOP = 256, 64
"""Of the transform that stretches the remainder: short, for it is mostly consonants."""


def scaled(samples: Floats, ratio: float) -> Floats:
    """Return noise-like sound with all frequencies at `ratio` times what they were.

    Each bin takes the magnitude and phase of the one it comes from, turned on by as much as its
    own frequency turns further from frame to frame.
    """
    import numpy as np

    window = np.hanning(SIZE + 1)[:-1].astype(np.float32)
    padded = np.pad(samples, SIZE)
    parts = np.lib.stride_tricks.sliding_window_view(padded, SIZE)[::HOP] * window
    # The window's middle is the origin of the phases, so nothing moves in time.
    spectrum = np.fft.rfft(np.roll(parts, SIZE // 2, axis=1), axis=1)
    bins = np.arange(SIZE // 2 + 1)
    source = np.minimum(np.round(bins / ratio), SIZE // 2).astype(np.intp)
    turn = np.exp(2j * np.pi * (bins - source) * HOP * np.arange(len(parts))[:, None] / SIZE)
    frames = np.fft.irfft(spectrum[:, source] * turn, axis=1)
    frames = np.roll(frames, SIZE // 2, axis=1) * window
    each = SIZE // HOP
    blocks = frames.reshape(len(frames), each, HOP)
    made = np.zeros((len(frames) + each - 1, HOP))
    for offset in range(each):
        made[offset : offset + len(frames)] += blocks[:, offset]
    # Squared Hann windows a quarter apart add up to 1.5.
    return (made.reshape(-1)[SIZE : SIZE + len(samples)] / 1.5).astype(np.float32)
