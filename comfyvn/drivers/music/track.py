"""A track with the part of it that is repeated, and how two versions of that part are joined."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

RATE = 48_000
"""Samples a second, as Opus has them: nothing is converted again behind what is made here."""
FADE = 0.06
"""Seconds in which what is not of one piece is faded into each other."""


class Track(NamedTuple):
    """Music in memory: an introduction, what is repeated, and an end.

    Attributes:
        samples: of shape (samples, 1 or 2), `RATE` a second.
        start: the sample at which what is repeated begins.
        end: that before which it ends: `end - 1` is followed by `start`.
    """

    samples: Floats
    start: int
    end: int

    @property
    def loop(self) -> Floats:
        """What is repeated."""
        return self.samples[self.start : self.end]

    @property
    def whole(self) -> bool:
        """Whether it is repeated as a whole, without an introduction or an end."""
        return self.start == 0 and self.end == len(self.samples)


def turned(track: Track, before: int, after: int) -> Floats:
    """Return what is repeated, with what is heard before and after it when it goes round."""
    length = track.end - track.start
    places = np.arange(-before, length + after) % length
    return track.loop[places]


def joined(straight: Floats, round_: Floats, start: int, end: int) -> Floats:
    """Return a sound played straight, in which what is repeated is as it is going round.

    Where the two differ at the ends of what is repeated, the difference fades away outside of it,
    mirrored: nothing leaps where the introduction ends and where the end begins.
    """
    made = straight.copy()
    apart = round_ - straight[start:end]
    made[start:end] = round_
    length = min(round(FADE * RATE), end - start)
    ramp = np.cos(np.pi / 2 * (np.arange(length) + 0.5) / length)[:, None] ** 2
    ahead = min(length, start)
    made[start - ahead : start] += (apart[:length] * ramp)[:ahead][::-1]
    behind = min(length, len(straight) - end)
    made[end : end + behind] += (apart[::-1][:length] * ramp)[:behind]
    return made
