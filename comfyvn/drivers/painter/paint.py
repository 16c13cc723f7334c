"""Colours and chance that all of the painter's pictures share."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from comfyvn.model.theme import Palette

Colour = tuple[float, float, float]
"""Red, green, blue from 0 to 1, as a screen takes them."""
WHITE: Colour = (1.0, 1.0, 1.0)
BLACK: Colour = (0.0, 0.0, 0.0)

_Option = TypeVar("_Option")


@dataclass(frozen=True)
class Paints:
    """A theme's palette, ready to paint with."""

    scenery: tuple[Colour, ...]
    text: Colour
    accent: Colour

    def ramp(self, t: float) -> Colour:
        """Return the scenery colour at `t`, from the darkest at 0 to the lightest at 1."""
        place = min(max(t, 0.0), 1.0) * (len(self.scenery) - 1)
        low = min(int(place), len(self.scenery) - 2)
        return mix(self.scenery[low], self.scenery[low + 1], place - low)

    def tone(self, value: Colour, share: float = 0.34) -> Colour:
        """Bring a colour towards the palette: to the scenery colour that is as light as it is."""
        return mix(value, self.ramp(lightness(value)), share)


def palette_of(values: Mapping[str, object]) -> Paints:
    """Return the paints of a theme's palette; what it lacks comes from the default one."""
    palette = Palette.model_validate(dict(values))
    return Paints(
        tuple(colour(value) for value in palette.scenery),
        colour(palette.text),
        colour(palette.accent),
    )


def colour(value: str) -> Colour:
    """Read `#rrggbb`."""
    red, green, blue = (int(value[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def mix(a: Colour, b: Colour, t: float) -> Colour:
    """Return the colour a part `t` of the way from `a` to `b`."""
    return a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t


def darker(value: Colour, share: float) -> Colour:
    """Return the colour with this part of its light taken away; shades grow cooler."""
    keep = 1 - share
    return value[0] * keep, value[1] * (keep + 0.02 * share), value[2] * (keep + 0.14 * share)


def lighter(value: Colour, share: float) -> Colour:
    """Return the colour this part of the way to warm white."""
    return mix(value, (1.0, 0.97, 0.9), share)


def lightness(value: Colour) -> float:
    """Return how light a colour looks, 0 to 1: the luma of Rec. 601."""
    return 0.299 * value[0] + 0.587 * value[1] + 0.114 * value[2]


def ink(value: Colour, fourth: int = 255) -> tuple[int, int, int, int]:
    """Return a colour as bytes, with a fourth channel."""
    red, green, blue = (round(min(max(part, 0.0), 1.0) * 255) for part in value)
    return red, green, blue, fourth


class Dice:
    """Numbers that depend on a name alone, the same on every machine."""

    def __init__(self, *names: str) -> None:
        self.seed = "\n".join(names)
        self.count = 0

    def draw(self, low: float = 0.0, high: float = 1.0) -> float:
        """Return the next number in the range."""
        self.count += 1
        digest = hashlib.sha256(f"{self.seed}\n{self.count}".encode()).digest()
        return low + int.from_bytes(digest[:6]) / 2**48 * (high - low)

    def choose(self, options: Sequence[_Option]) -> _Option:
        """Return one of the options."""
        return options[int(self.draw() * len(options))]
