"""Sound without a seam: everything here repeats after `LENGTH` samples, exactly.

Noise is made by its spectrum, filters multiply spectra, and what strikes near the end rings on at
the beginning. So a loop has no place where it begins, and nothing is to be cross-faded.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
"""Samples, of shape (LENGTH,) or, for both ears, (LENGTH, 2)."""

RATE = 48_000
SECONDS = 24
LENGTH = RATE * SECONDS
FREQUENCIES = np.fft.rfftfreq(LENGTH, 1 / RATE)
TIME = np.arange(LENGTH) / RATE


class Dice:
    """Chance that is the same everywhere, for a name."""

    def __init__(self, name: str) -> None:
        self._raw = np.random.PCG64(int.from_bytes(name.encode(), "big"))

    def uniform(self, low: float, high: float, count: int) -> Floats:
        """Return numbers between two."""
        raw = self._raw.random_raw(count) >> np.uint64(11)
        return np.asarray(low + (high - low) * (raw * 2.0**-53), np.float64)

    def one(self, low: float, high: float) -> float:
        """Return a number between two."""
        return float(self.uniform(low, high, 1)[0])

    def times(self, count: int) -> Floats:
        """Return moments, in seconds, in no order."""
        return self.uniform(0, SECONDS, count)


def noise(dice: Dice, shape: Callable[[Floats], Floats]) -> Floats:
    """Return noise of power 1 whose spectrum has the shape of a function of the frequency in Hz."""
    amplitude = shape(np.maximum(FREQUENCIES, 1e-3))
    amplitude[0] = 0
    turn = np.exp(2j * np.pi * dice.uniform(0, 1, len(FREQUENCIES)))
    return levelled(np.fft.irfft(amplitude * turn, LENGTH))


def both(left: Floats, right: Floats, width: float) -> Floats:
    """Return two channels of independent noise; `width` 0 is the same in both ears, 1 apart."""
    middle = (left + right) / np.sqrt(2)
    return np.stack(
        [np.sqrt(1 - width) * middle + np.sqrt(width) * each for each in (left, right)], axis=1
    )


def wide(dice: Dice, shape: Callable[[Floats], Floats], width: float = 0.8) -> Floats:
    """Return noise for two ears."""
    return both(noise(dice, shape), noise(dice, shape), width)


def band(low: float, high: float, slope: float = 0.0) -> Callable[[Floats], Floats]:
    """Return the shape of noise between two frequencies, soft at both ends.

    `slope` is in dB an octave: 0 white, -3 pink, -6 brown.
    """

    def shape(at: Floats) -> Floats:
        tilt = (at / np.sqrt(low * high)) ** (slope / 6.02)
        return np.asarray(tilt / np.sqrt(1 + (low / at) ** 4) / np.sqrt(1 + (at / high) ** 4))

    return shape


def filtered(sound: Floats, shape: Callable[[Floats], Floats]) -> Floats:
    """Return a sound through a filter that turns no phase, around the seam."""
    response = shape(np.maximum(FREQUENCIES, 1e-3))
    if sound.ndim > 1:
        response = response[:, None]
    return np.fft.irfft(np.fft.rfft(sound, axis=0) * response, LENGTH, axis=0)


def drift(dice: Dice, slowest: float, fastest: float) -> Floats:
    """Return a curve of mean 0 and power 1 that moves at rates between two, in Hz."""
    low, high = max(1, round(slowest * SECONDS)), max(2, round(fastest * SECONDS))
    rates = np.arange(low, high + 1)
    phases = dice.uniform(0, 2 * np.pi, len(rates))
    # One point for each hundredth of a second is enough for what is slow.
    coarse = np.arange(SECONDS * 100 + 1) / 100
    turns = 2 * np.pi * rates[:, None] * coarse / SECONDS + phases[:, None]
    curve = (np.cos(turns) / np.sqrt(rates)[:, None]).sum(axis=0)
    curve /= np.sqrt(np.square(curve[:-1]).mean())
    return np.asarray(np.interp(TIME, coarse, curve))


def swell(dice: Dice, decibels: float, slowest: float, fastest: float) -> Floats:
    """Return a gain that wanders around 1 by so many dB."""
    return np.asarray(10 ** (decibels / 20 * drift(dice, slowest, fastest)))


def struck(times: Floats, gains: Floats, pans: Floats, ring: Floats) -> Floats:
    """Return one short sound at many moments, for two ears, around the seam.

    Args:
        times: seconds.
        gains: as factors.
        pans: -1 left to 1 right.
        ring: the sound itself, at most `LENGTH` samples.
    """
    angle = (pans + 1) * np.pi / 4
    ears = gains[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    starts = np.round(times * RATE).astype(np.int64) % LENGTH
    sound, size = ring[:, None], len(ring)
    # Its short sounds added one by one take a tenth of the time of a transform of the whole.
    made = np.zeros((LENGTH + size, 2))
    for start, ear in zip(starts.tolist(), ears, strict=True):
        made[start : start + size] += sound * ear
    made[:size] += made[LENGTH:]
    return made[:LENGTH]


def placed(sound: Floats, at: float, gain: float, pan: float, into: Floats) -> None:
    """Add a sound of one channel to two, from a moment on, around the seam."""
    where = (round(at * RATE) + np.arange(len(sound))) % LENGTH
    angle = (pan + 1) * np.pi / 4
    into[where, 0] += sound * gain * np.cos(angle)
    into[where, 1] += sound * gain * np.sin(angle)


def echo(dice: Dice, sound: Floats, seconds: float, wet: float) -> Floats:
    """Return a sound in a space whose sound falls by 60 dB in so many seconds.

    `wet` is the part of its power that comes from the walls.
    """
    length = round(seconds * RATE)
    fall = 10 ** (-3 * np.arange(length) / length)
    made = np.empty_like(sound)
    for ear in range(2):
        tail = np.pad(dice.uniform(-1, 1, length) * fall, (0, LENGTH - length))
        tail /= np.sqrt(np.square(tail).sum())
        spectrum = np.fft.rfft(tail) * np.fft.rfft(sound[:, ear])
        made[:, ear] = np.fft.irfft(spectrum, LENGTH)
    return np.asarray(np.sqrt(1 - wet) * sound + np.sqrt(wet) * made)


def levelled(sound: Floats) -> Floats:
    """Return a sound of power 1."""
    power = np.square(sound).mean()
    return sound / np.sqrt(power) if power > 0 else sound


def ringing(frequency: float, seconds: float) -> Floats:
    """Return a tone that dies away by 60 dB in so many seconds, softly struck."""
    at = np.arange(round(seconds * RATE)) / RATE
    attack = np.minimum(1, at / min(0.0005, seconds / 8))
    return np.asarray(np.sin(2 * np.pi * frequency * at) * attack * 10 ** (-3 * at / seconds))
