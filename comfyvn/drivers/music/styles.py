"""The styles: how a track is coloured. Around its loop every one of them goes on without a seam."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from comfyvn.drivers.ambience.periodic import Dice
from comfyvn.drivers.music.track import RATE, Floats, Track, joined, turned

_PADDED = RATE
"""Samples around what is filtered: filters that turn no phase ring on both sides."""


class Style(NamedTuple):
    """How a track is coloured; each attribute is for a strength from 0 to 1.

    Attributes:
        low, high: Hz below and above which less is heard.
        bass: dB that what lies below 160 Hz is louder.
        width: how far the ears stay apart: 0 is mono.
        hall: seconds in which the echo of a hall fades by 60 dB, 0 for none.
        wet: how much of what is heard is the echo, by power.
        drive: how far it is driven into a valve, 0 for not at all.
        dust: dB, under the music, of what crackles and hisses; None for none.
    """

    low: Callable[[float], float] = lambda _: 0.0
    high: Callable[[float], float] = lambda _: 0.0
    bass: float = 0.0
    width: Callable[[float], float] = lambda _: 1.0
    hall: Callable[[float], float] = lambda _: 0.0
    wet: Callable[[float], float] = lambda _: 0.0
    drive: Callable[[float], float] = lambda _: 0.0
    dust: Callable[[float], float] | None = None


def _between(weak: float, strong: float) -> Callable[[float], float]:
    """Return frequencies by strength, as far apart as they sound."""
    return lambda strength: weak * (strong / weak) ** strength


def _line(weak: float, strong: float) -> Callable[[float], float]:
    return lambda strength: weak + (strong - weak) * strength


STYLES: Mapping[str, Style] = {
    "as_is": Style(),
    "muffled": Style(high=_between(2000, 260), bass=4, width=_line(0.9, 0.2)),
    "distant": Style(
        low=_between(60, 220),
        high=_between(7000, 1500),
        hall=_line(1.2, 3.4),
        wet=_line(0.3, 0.92),
        width=_line(1, 0.6),
    ),
    "radio": Style(
        low=_between(180, 480),
        high=_between(5200, 2500),
        width=lambda _: 0,
        drive=_line(0.4, 2.2),
        dust=_line(-44, -28),
    ),
    "lofi": Style(
        low=_between(25, 70),
        high=_between(9000, 2800),
        width=_line(0.9, 0.4),
        drive=_line(0.2, 0.9),
        dust=_line(-44, -26),
    ),
}


def styled(track: Track, style: str, strength: float, seed: int) -> Track:
    """Return a track in a style.

    Raises:
        KeyError: there is no such style.
    """
    how = STYLES[style]
    dice = Dice(f"{style} {seed}")
    low, high, hall = how.low(strength), how.high(strength), how.hall(strength)
    samples = track.samples
    if low or high or hall:
        wet, echo = how.wet(strength), _echo(dice, hall)

        def through(part: Floats, before: int, after: int) -> Floats:
            # A length of many small factors is transformed several times as fast.
            padded = np.pad(part, ((0, -len(part) % _PADDED), (0, 0)))
            made = _through(padded, (low, high, how.bass * strength), echo, wet)
            return made[before : len(part) - after]

        memory = _PADDED + len(echo)
        straight = through(np.pad(samples, ((_PADDED, memory), (0, 0))), _PADDED, memory)
        around = through(turned(track, memory, _PADDED), memory, _PADDED)
        samples = joined(straight, around, track.start, track.end)
    if samples.shape[1] == 2 and (width := how.width(strength)) < 1:
        middle = samples.mean(axis=1, keepdims=True)
        samples = middle + width * (samples - middle)
    if drive := how.drive(strength):
        level = np.sqrt(np.mean(samples**2)) + 1e-9
        bent = drive / (4 * level)
        samples = np.tanh(samples * bent) / bent
    if how.dust is not None:
        level = np.sqrt(np.mean(samples**2)) * 10 ** (how.dust(strength) / 20)
        length = track.end - track.start
        dust = _dust(dice, length, low, high) * level
        # It goes round with the loop, before and behind it too.
        samples = samples + dust[(np.arange(len(samples)) - track.start) % length][:, None]
    return Track(samples, track.start, track.end)


def _through(samples: Floats, tone: tuple[float, float, float], echo: Floats, wet: float) -> Floats:
    """Return a sound through a filter that turns no phase, and a hall; it goes round."""
    low, high, bass = tone
    length = len(samples)
    at = np.maximum(np.fft.rfftfreq(length, 1 / RATE), 1e-3)
    shape = np.ones_like(at)
    if low:
        shape /= np.sqrt(1 + (low / at) ** 4)
    if high:
        shape /= np.sqrt(1 + (at / high) ** 6)
    if bass:
        shape *= 1 + (10 ** (bass / 20) - 1) / (1 + (at / 160) ** 4)
    spectrum = np.fft.rfft(samples, axis=0) * shape[:, None]
    if wet:
        spectrum *= np.sqrt(1 - wet) + np.sqrt(wet) * np.fft.rfft(
            echo[:, : samples.shape[1]], length, axis=0
        )
    return np.asarray(np.fft.irfft(spectrum, length, axis=0), np.float64)


def _echo(dice: Dice, seconds: float) -> Floats:
    """Return the echo of a hall, of power 1 for each ear: noise that fades, darker as it does."""
    length = max(1, round(seconds * RATE))
    if not seconds:
        return np.zeros((0, 2))
    time = np.arange(length) / RATE
    noise = dice.uniform(-1, 1, 2 * length).reshape(length, 2)
    # What a moving mean takes away grows with time: walls keep treble.
    dark = np.cumsum(noise, axis=0)
    dark[24:] = (dark[24:] - dark[:-24]) / 24**0.5
    share = np.minimum(1, time / (0.4 * seconds))[:, None]
    made = (noise * (1 - share) + dark * share) * 10 ** (-3 * time / seconds)[:, None]
    made *= np.minimum(1, time / 0.012)[:, None]
    return np.asarray(made / np.sqrt((made**2).sum(axis=0)))


def _dust(dice: Dice, length: int, low: float, high: float) -> Floats:
    """Return hiss and crackles that go round, of power 1."""
    hiss = dice.uniform(-1, 1, length) * 0.25
    count = max(1, round(9 * length / RATE))
    places = (dice.uniform(0, 1, count) * length).astype(int) % length
    gains = dice.uniform(-1, 1, count) ** 5 * 60
    crackle = np.zeros(length)
    np.add.at(crackle, places, gains)
    at = np.maximum(np.fft.rfftfreq(length, 1 / RATE), 1e-3)
    shape = 1 / np.sqrt((1 + (max(low, 200) / at) ** 4) * (1 + (at / (1.6 * high)) ** 4))
    made = np.fft.irfft(np.fft.rfft(hiss + crackle) * shape, length)
    return np.asarray(made / (np.sqrt(np.mean(made**2)) + 1e-12))
