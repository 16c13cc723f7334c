"""An ambience as a file, and what is known of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from comfyvn.drivers.ambience import places, weather
from comfyvn.drivers.ambience.periodic import LENGTH, RATE, Dice, Floats
from comfyvn.drivers.audio.clip import Clip
from comfyvn.drivers.audio.encode import encode
from comfyvn.drivers.audio.level import normalised
from comfyvn.drivers.audio.loudness import true_peak

LUFS = -30.0
"""Beds of sound lie well below music (-20) and voices (-18)."""
BITRATE = 72_000
MARGIN = 0.1
"""Seconds that the file begins before its loop and goes on after it.

What an encoder does at the edges of a file, and what a player skips there, is then no part of it.
"""

RECIPES: Mapping[str, Callable[[Dice], Floats]] = {
    "rain": weather.rain,
    "drizzle": weather.drizzle,
    "downpour": weather.downpour,
    "storm": weather.storm,
    "wind": weather.wind,
    "sea": weather.sea,
    "stream": weather.stream,
    "room": places.room,
    "hum": places.hum,
    "crowd": places.crowd,
    "city": places.city,
    "train": places.train,
    "fire": places.fire,
    "night": places.night,
    "forest": places.forest,
}


class Ambience(NamedTuple):
    """A loop.

    Attributes:
        data: Ogg Opus, stereo.
        aac: the same as AAC, for browsers that do not read Ogg.
        seconds: how long the file is.
        loop: from and to, in seconds: between them nothing is heard of the seam.
        peak: dBTP.
    """

    data: bytes
    aac: bytes
    seconds: float
    loop: tuple[float, float]
    peak: float


def loop(recipe: str) -> Clip:
    """Return an ambience from its beginning to where it begins again, at `LUFS`.

    Raises:
        KeyError: there is no such recipe.
    """
    samples = RECIPES[recipe](Dice(recipe)).astype(np.float32)
    return normalised(Clip(samples, RATE), LUFS)


def make(recipe: str) -> Ambience:
    """Return an ambience as a file. The same recipe gives the same bytes.

    Raises:
        KeyError: there is no such recipe.
    """
    samples = loop(recipe).samples
    margin = round(MARGIN * RATE)
    around = np.concatenate([samples[-margin:], samples, samples[:margin]])
    clip = Clip(around, RATE)
    return Ambience(
        encode(clip, "opus", BITRATE),
        encode(clip, "aac", BITRATE),
        len(around) / RATE,
        (MARGIN, MARGIN + LENGTH / RATE),
        round(true_peak(clip), 2),
    )
