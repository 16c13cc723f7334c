"""Rain, storm, wind, sea and running water."""

from __future__ import annotations

import numpy as np

from comfyvn.drivers.ambience.periodic import (
    RATE,
    SECONDS,
    TIME,
    Dice,
    Floats,
    band,
    drift,
    echo,
    levelled,
    noise,
    placed,
    ringing,
    struck,
    swell,
    wide,
)


def _drops(dice: Dice, a_second: float, low: float, high: float, ring: float) -> Floats:
    """Return drops that strike at random; their pitches lie between two, few are loud."""
    made = np.zeros((len(TIME), 2))
    # Two dozen pitches are as good as one for each drop.
    for _ in range(24):
        count = max(1, round(a_second * SECONDS / 24))
        pitch = low * (high / low) ** dice.one(0, 1)
        gains = dice.uniform(0, 1, count) ** 4
        pans = dice.uniform(-0.9, 0.9, count)
        made += struck(dice.times(count), gains, pans, ringing(pitch, ring * dice.one(0.6, 1.6)))
    return levelled(made)


def rain(dice: Dice) -> Floats:
    """Return steady rain on stone and leaves."""
    far = wide(dice, band(500, 9000, -2.5)) * swell(dice, 0.8, 0.04, 0.3)[:, None]
    near = _drops(dice, 900, 1800, 7000, 0.006)
    puddles = _drops(dice, 40, 500, 1400, 0.03)
    return far + 0.55 * near + 0.22 * puddles + 0.25 * wide(dice, band(80, 500, -3), 0.5)


def drizzle(dice: Dice) -> Floats:
    """Return light rain, and drops from the eaves."""
    far = wide(dice, band(1500, 11_000, -2)) * swell(dice, 1.2, 0.04, 0.3)[:, None]
    eaves = echo(dice, _drops(dice, 9, 700, 1800, 0.05), 0.4, 0.3)
    return 0.5 * far + 0.5 * _drops(dice, 160, 1800, 6500, 0.007) + 0.25 * eaves


def downpour(dice: Dice) -> Floats:
    """Return heavy rain that drums on a roof."""
    sheets = wide(dice, band(250, 8000, -3)) * swell(dice, 1.5, 0.05, 0.6)[:, None]
    drumming = _drops(dice, 1200, 220, 900, 0.02)
    return sheets + 0.4 * _drops(dice, 1500, 1500, 6000, 0.005) + 0.4 * drumming


def thunder(dice: Dice, seconds: float) -> Floats:
    """Return one peal, one channel, that rolls away in so many seconds."""
    length = round(seconds * RATE)
    at = np.arange(length) / RATE
    low = noise(dice, band(25, 110, -3))[:length]
    high = noise(dice, band(110, 900, -5))[:length]
    rolls = np.zeros(length)
    for start, weight in zip(
        np.cumsum(dice.uniform(0.15, 0.8, 9)), dice.uniform(0.3, 1, 9), strict=True
    ):
        after = np.maximum(at - start, 0)
        rolls += weight * np.where(at > start, (after / 0.06) * np.exp(-after / 0.35), 0)
    rolls = np.minimum(rolls, 4) * np.exp(-at / (seconds / 4))
    rolls *= np.minimum(1, at / 0.05) * np.minimum(1, (seconds - at) / 0.5)
    return np.asarray(rolls * low + 0.35 * rolls**1.5 * high * np.exp(-at / 1.2))


def storm(dice: Dice) -> Floats:
    """Return rain in the wind, and two peals of thunder."""
    made = levelled(downpour(dice)) + 0.6 * levelled(wind(dice))
    for at, gain, pan in ((4.0, 1.3, -0.4), (15.5, 0.8, 0.5)):
        placed(thunder(dice, 7.0), at, gain, pan, made)
    return made


def wind(dice: Dice) -> Floats:
    """Return gusts around a house: the harder they blow, the higher they sound."""
    gust = drift(dice, 0.04, 0.35)
    made = 0.5 * wide(dice, band(60, 250, -4), 0.6) * swell(dice, 2, 0.05, 0.3)[:, None]
    for step, centre in enumerate(np.geomspace(180, 1400, 6)):
        # Each band follows the gust, the high ones more steeply and a little by themselves.
        follows = gust * (2.5 + 0.9 * step) + 1.5 * drift(dice, 0.2, 1.2)
        level = 10 ** ((follows - 2.2 * step) / 20)
        made += 0.5 * wide(dice, band(centre / 1.2, centre * 1.2), 0.7) * level[:, None]
    whistle = 10 ** ((5 * gust - 20) / 20)
    return np.asarray(made + wide(dice, band(640, 660), 0.5) * whistle[:, None])


def sea(dice: Dice) -> Floats:
    """Return waves on a beach, one in eight seconds or so."""
    made = 0.3 * wide(dice, band(40, 200, -3), 0.4)
    made += 0.18 * wide(dice, band(300, 6000, -3)) * swell(dice, 1, 0.1, 0.6)[:, None]
    for wave in range(3):
        begins = 8 * wave + dice.one(-0.9, 0.9)
        size = dice.one(0.7, 1.1)
        lean = dice.one(-0.35, 0.35)
        pan = np.sqrt(np.array([1 - lean, 1 + lean]))
        # It swells darkly, breaks, and draws back as foam that is ever higher and fainter.
        for low, high, peak, rise, fall, gain in (
            (60, 350, 2.6, 1.3, 1.5, 0.9),
            (250, 1800, 3.2, 0.9, 1.6, 0.8),
            (1200, 9000, 3.7, 0.7, 2.4, 0.5),
        ):
            after = (TIME - begins - peak + SECONDS / 2) % SECONDS - SECONDS / 2
            level = np.where(after < 0, np.exp(-((after / rise) ** 2)), np.exp(-after / fall))
            made += size * gain * level[:, None] * wide(dice, band(low, high, -2)) * pan
    return made


def stream(dice: Dice) -> Floats:
    """Return a brook over stones."""
    rush = wide(dice, band(350, 5000, -3)) * swell(dice, 1.2, 0.3, 3)[:, None]
    return rush + 0.9 * _drops(dice, 220, 380, 1600, 0.045) + 0.25 * wide(dice, band(90, 350, -3))
