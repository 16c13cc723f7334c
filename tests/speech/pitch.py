"""What a voice is measured by: its pitch and where its formants are."""

from __future__ import annotations

from typing import Any

import numpy as np

from comfyvn.drivers.audio.clip import Clip, mono
from comfyvn.drivers.audio.resample import resampled

RATE = 24_000
FRAME, HOP = 1_600, 240
LOWEST, HIGHEST = 65, 450


def pitch_of(clip: Clip) -> float:
    """Return the geometric mean of the pitch in Hz, by autocorrelation where there is a voice."""
    samples = mono(resampled(clip, RATE)).samples[:, 0]
    loud = float(np.square(samples).mean())
    window = np.hanning(FRAME)
    own = np.fft.irfft(np.abs(np.fft.rfft(window, 4_096)) ** 2)[:FRAME]
    found = []
    first, last = RATE // HIGHEST, RATE // LOWEST
    for start in range(0, len(samples) - FRAME, HOP):
        frame = samples[start : start + FRAME]
        if np.square(frame).mean() < 0.003 * loud:
            continue
        spectrum = np.fft.rfft((frame - frame.mean()) * window, 4_096)
        alike = np.fft.irfft(np.abs(spectrum) ** 2)[:FRAME]
        alike = alike[:last] / own[:last] * own[0] / alike[0]
        best = first + int(alike[first:].argmax())
        # The shortest period that is nearly as good: a longer one is an octave too low.
        for lag in range(first + 1, best):
            if alike[lag] > 0.9 * alike[best] and alike[lag - 1] <= alike[lag] >= alike[lag + 1]:
                best = lag
                break
        if alike[best] > 0.55:
            found.append(RATE / best)
    return float(np.exp(np.mean(np.log(found))))


def warp_between(one: Clip, other: Clip) -> float:
    """Return at how many times their frequencies the formants of one are in the other.

    It is the ratio by which the long-term spectrum of one, stretched, is most like the other's.
    """
    first, second = _envelope(one), _envelope(other)
    bins = np.arange(len(first))
    used = slice(12, 170)
    ratios = np.arange(0.75, 1.35, 0.005)
    alike = [
        np.corrcoef(np.interp(bins / ratio, bins, first)[used], second[used])[0, 1]
        for ratio in ratios
    ]
    return float(ratios[int(np.argmax(alike))])


def _envelope(clip: Clip) -> Any:
    samples = mono(resampled(clip, RATE)).samples[:, 0]
    frames = np.lib.stride_tricks.sliding_window_view(samples, 1_024)[::256] * np.hanning(1_024)
    power = np.square(np.abs(np.fft.rfft(frames, axis=1)))
    heard = power[power.sum(axis=1) > power.sum(axis=1).max() * 1e-3]
    smooth = np.hanning(17)
    return np.convolve(np.log(heard + 1e-9).mean(axis=0), smooth / smooth.sum(), "same")
