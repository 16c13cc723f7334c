"""Colours, shapes and lettering that all placeholders share."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from comfyvn.data import data_folder
from comfyvn.model.theme import Palette

Colour = npt.NDArray[np.float32]
"""Red, green, blue from 0 to 1."""
Plane = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Paints:
    """A palette ready to paint with."""

    scenery: list[Colour]
    background: Colour
    surface: Colour
    text: Colour
    muted: Colour
    accent: Colour

    def ramp(self, t: float) -> Colour:
        """Return the scenery colour at `t`, from the darkest at 0 to the lightest at 1."""
        place = min(max(t, 0.0), 1.0) * (len(self.scenery) - 1)
        low = min(int(place), len(self.scenery) - 2)
        return mix(self.scenery[low], self.scenery[low + 1], place - low)


def palette_of(values: Mapping[str, object]) -> Paints:
    """Return the paints of a theme's palette; what it lacks comes from the default one."""
    palette = Palette.model_validate(dict(values))
    return Paints(
        [colour(value) for value in palette.scenery],
        *(
            colour(getattr(palette, name))
            for name in ("background", "surface", "text", "muted", "accent")
        ),
    )


def colour(value: str) -> Colour:
    """Read `#rrggbb`."""
    return np.array([int(value[i : i + 2], 16) / 255 for i in (1, 3, 5)], dtype=np.float32)


def mix(a: Colour, b: Colour, t: float) -> Colour:
    """Return the colour a part `t` of the way from `a` to `b`."""
    return np.asarray(a + (b - a) * np.float32(t), dtype=np.float32)


def luminance(value: Colour) -> float:
    """Return WCAG 2 relative luminance, 0 to 1."""
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return float(linear @ np.array([0.2126, 0.7152, 0.0722], dtype=np.float32))


def rgb(value: Colour, alpha: float = 1.0) -> tuple[int, int, int, int]:
    """Return a colour as Pillow wants it."""
    red, green, blue = (round(float(part) * 255) for part in np.clip(value, 0, 1))
    return red, green, blue, round(alpha * 255)


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

    def choose(self, options: Sequence[Any]) -> Any:
        """Return one of the options."""
        return options[int(self.draw() * len(options))]


@cache
def lettering(family: str, size: int) -> ImageFont.FreeTypeFont:
    """Return a shipped font: `serif`, `sans` or `display`."""
    name = {
        "serif": "literata-latin-normal",
        "sans": "inter-latin-normal",
        "display": "cormorant-latin-600",
    }
    return ImageFont.truetype(
        str(data_folder("templates") / "web" / "fonts" / f"{name[family]}.woff2"),
        size,
        layout_engine=ImageFont.Layout.BASIC,
    )


def legible(text: str) -> str:
    """Return the text if the shipped Latin fonts have all of it, else nothing.

    A row of empty boxes would tell less than no label.
    """
    return text if all(ord(letter) < 0x100 or letter in "’‘“”…–—" for letter in text) else ""


def spaced(
    pen: ImageDraw.ImageDraw,
    at: tuple[float, float],
    text: str,
    size: int,
    fill: tuple[int, int, int, int],
    *,
    anchor: str = "left",
    tracking: float = 0.14,
) -> None:
    """Write a line of small capitals, letter-spaced by `tracking` of its size."""
    font = lettering("sans", size)
    letters = legible(text).upper()
    gap = size * tracking
    width = sum(font.getlength(letter) + gap for letter in letters) - gap
    x = at[0] - (width if anchor == "right" else width / 2 if anchor == "middle" else 0)
    for letter in letters:
        pen.text((x, at[1]), letter, font=font, fill=fill, anchor="ls")
        x += font.getlength(letter) + gap


def encode(image: Image.Image) -> bytes:
    """Return the picture as WebP, small and without metadata."""
    data = io.BytesIO()
    image.save(data, "WEBP", quality=80, method=4, exact=False)
    return data.getvalue()
