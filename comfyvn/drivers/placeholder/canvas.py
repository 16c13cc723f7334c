"""A picture in floating point, half the final size: fills, horizons, glows, boxes."""

from __future__ import annotations

import numpy as np
from PIL import Image

from comfyvn.drivers.placeholder.paint import Colour, Dice, Plane


class Canvas:
    """An RGB plane. Coordinates run from 0 to 1, x to the right and y down."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.pixels = np.zeros((height, width, 3), dtype=np.float32)
        rows = (np.arange(height, dtype=np.float32) + 0.5) / height
        columns = (np.arange(width, dtype=np.float32) + 0.5) / width
        self.y: Plane = rows[:, None]
        self.x: Plane = columns[None, :]
        self.aspect = width / height

    def over(self, alpha: Plane, top: Colour, bottom: Colour | None = None) -> None:
        """Lay a colour, or a vertical gradient, over the picture where `alpha` says."""
        paint = top if bottom is None else top + (bottom - top) * self.y[..., None]
        cover = np.broadcast_to(alpha, (self.height, self.width))[..., None]
        self.pixels += (paint - self.pixels) * cover

    def gradient(self, top: Colour, bottom: Colour, end: float = 1.0) -> None:
        """Fill with a gradient that reaches `bottom` at height `end`."""
        t = np.clip(self.y / end, 0, 1)[..., None]
        self.pixels[:] = top + (bottom - top) * (t * t * (3 - 2 * t))

    def below(self, line: Plane, top: Colour, bottom: Colour) -> None:
        """Fill everything below a horizon line, shading from `top` to `bottom` downwards."""
        alpha = np.clip((self.y - line) * self.height + 0.5, 0, 1)
        depth = np.clip((self.y - line) / np.maximum(1 - line, 0.05), 0, 1)[..., None]
        self.pixels += (top + (bottom - top) * depth - self.pixels) * alpha[..., None]

    def glow(self, x: float, y: float, radius: float, light: Colour, strength: float) -> None:
        """Add a soft light; `radius` is a part of the height."""
        square = ((self.x - x) * self.aspect) ** 2 + (self.y - y) ** 2
        self.over(np.exp(-square / (radius * radius)) * np.float32(strength), light)

    def disc(self, x: float, y: float, radius: float, light: Colour, alpha: float = 1.0) -> None:
        """Fill a circle; `radius` is a part of the height."""
        away = np.sqrt(((self.x - x) * self.aspect) ** 2 + (self.y - y) ** 2)
        self.over(np.clip((radius - away) * self.height + 0.5, 0, 1) * np.float32(alpha), light)

    def box(
        self, x: float, y: float, width: float, height: float, paint: Colour, alpha: float = 1.0
    ) -> None:
        """Fill a rectangle."""
        across = _cover(self.x, x, x + width, self.width)
        down = _cover(self.y, y, y + height, self.height)
        self.over(across * down * np.float32(alpha), paint)

    def paste(self, other: Canvas, x: float, y: float) -> None:
        """Put another canvas at a place; what sticks out is cut off."""
        left, top = int(x * self.width), int(y * self.height)
        into = self.pixels[top : top + other.height, left : left + other.width]
        into[:] = other.pixels[: into.shape[0], : into.shape[1]]

    def ridge(self, dice: Dice, base: float, height: float, waves: float = 1.0) -> Plane:
        """Return a rolling horizon line around `base`, `height` high."""
        line = np.zeros_like(self.x)
        for octave, share in ((1.0, 0.55), (2.3, 0.27), (5.1, 0.12), (11.0, 0.06)):
            turns = waves * octave * dice.draw(0.8, 1.25)
            line = line + share * np.sin(self.x * turns * 6.2832 + dice.draw(0, 6.2832))
        return np.asarray(base - height * line, dtype=np.float32)

    def shade(self, towards: Colour, amount: float) -> None:
        """Bring the whole picture towards a colour."""
        self.pixels += (towards - self.pixels) * np.float32(amount)

    def vignette(self, strength: float) -> None:
        """Darken the corners."""
        square = (self.x - 0.5) ** 2 + (self.y - 0.5) ** 2
        self.pixels *= (1 - np.float32(strength) * square * 2)[..., None]

    def image(self, scale: int) -> Image.Image:
        """Return the picture enlarged, with a grain so fine that gradients do not band."""
        grain = np.random.Generator(np.random.PCG64(7)).random((self.height, self.width, 1)) - 0.5
        data = np.clip(self.pixels * 255 + grain + 0.5, 0, 255).astype(np.uint8)
        image = Image.fromarray(data)
        return image.resize(
            (self.width * scale, self.height * scale), Image.Resampling.BICUBIC
        ).convert("RGBA")


def _cover(axis: Plane, low: float, high: float, size: int) -> Plane:
    """Return how much of each pixel lies between two edges."""
    inside = np.minimum(axis - low, high - axis) * size + 0.5
    return np.asarray(np.clip(inside, 0, 1), dtype=np.float32)
