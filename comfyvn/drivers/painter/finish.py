"""Light and grain over flat paper: shadows of near planes, lamps and their glow, a vignette."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops, ImageFilter

from comfyvn.drivers.painter.paint import Colour
from comfyvn.drivers.painter.sheet import Sheet

STEP = 8
"""How much smaller the map of light is than the picture; light is soft."""
Plane = npt.NDArray[np.float32]


class Lamp(NamedTuple):
    """A light in the picture: its place and reach in pixels, what it adds, and its halo.

    `flat` is how much wider than high its light spreads.
    """

    x: float
    y: float
    reach: float
    paint: Colour
    strength: float = 1.0
    halo: float = 0.35
    flat: float = 1.0


class Beam(NamedTuple):
    """Light through an opening: a slanted band from `x`, `width` wide, between two heights."""

    x: float
    width: float
    top: float
    foot: float
    lean: float
    paint: Colour
    strength: float


@dataclass
class Lighting:
    """The light of one picture; what `ambient` leaves, lamps and beams add to."""

    ambient: Colour
    lamps: list[Lamp] = field(default_factory=list)
    beams: list[Beam] = field(default_factory=list)
    shadow: float = 0.5
    """How dark the shadows of near paper on far paper are."""
    vignette: float = 0.32
    fall: float = 0.0
    """How much darker the foot of the picture is than its top."""


def finished(sheet: Sheet, lighting: Lighting) -> Image.Image:
    """Return a sheet as a picture in its light."""
    flat, shining = sheet.channels()
    width, height = sheet.width // STEP, sheet.height // STEP
    x = (np.arange(width, dtype=np.float32)[None, :] + 0.5) * STEP
    y = (np.arange(height, dtype=np.float32)[:, None] + 0.5) * STEP
    light = np.empty((height, width, 3), dtype=np.float32)
    light[:] = lighting.ambient
    glow = np.zeros_like(light)
    for lamp in lighting.lamps:
        square = ((x - lamp.x) / lamp.flat) ** 2 + (y - lamp.y) ** 2
        fall = 1 / (1 + 3.6 * square / lamp.reach**2) * np.exp(-square / (2.2 * lamp.reach**2))
        light += (fall * np.float32(lamp.strength))[..., None] * _array(lamp.paint)
        if lamp.halo:
            soft = np.exp(-square / (0.3 * lamp.reach) ** 2) * 0.7 + fall * 0.3
            glow += (soft * np.float32(lamp.halo))[..., None] * _array(lamp.paint)
    for beam in lighting.beams:
        across = x - beam.x - (y - beam.top) * beam.lean
        inside = np.clip(np.minimum(across, beam.width - across) / 40 + 0.5, 0, 1)
        down = np.clip((y - beam.top) / 30, 0, 1) * np.clip((beam.foot - y) / 200, 0, 1)
        light += (inside * down * np.float32(beam.strength))[..., None] * _array(beam.paint)
    light *= 1 - _shadows(sheet, lighting.shadow, width, height)[..., None]
    away = (x / sheet.width - 0.5) ** 2 + (y / sheet.height - 0.48) ** 2
    light *= (1 - np.float32(lighting.vignette) * np.clip(away * 2 - 0.12, 0, 1))[..., None]
    light *= (1 - np.float32(lighting.fall) * np.clip(y / sheet.height - 0.55, 0, 1) * 2)[..., None]
    shaded = ImageChops.multiply(flat, _enlarged(light, flat.size))
    shaded.paste(flat, mask=shining)
    if lighting.lamps:
        shaded = ImageChops.screen(shaded, _enlarged(glow, flat.size))
    return ImageChops.soft_light(shaded, paper(*flat.size))


def _array(paint: Colour) -> Plane:
    return np.array(paint, dtype=np.float32)


def _shadows(sheet: Sheet, strength: float, width: int, height: int) -> Plane:
    """Return how dark it is beside nearer paper: a low sun from the left would throw it so."""
    near = sheet.depth.filter(ImageFilter.GaussianBlur(4))
    near = ImageChops.offset(near, 3, 4)
    # What an offset pushes out comes in again at the other side.
    near.paste(0, (0, 0, near.width, 4))
    near.paste(0, (0, 0, 3, near.height))
    lower = ImageChops.subtract(near, sheet.depth).resize((width, height), Image.Resampling.BOX)
    depth = np.asarray(lower, dtype=np.float32) / np.float32(48)
    return np.asarray(np.clip(depth, 0, 1) * np.float32(strength), dtype=np.float32)


def _enlarged(values: Plane, size: tuple[int, int]) -> Image.Image:
    data = (np.clip(values, 0, 1) * 255 + 0.5).astype(np.uint8)
    return Image.fromarray(data).resize(size, Image.Resampling.BILINEAR)


@cache
def paper(width: int, height: int) -> Image.Image:
    """Return the grain of watercolour paper about middle grey: broad washes and fine tooth."""
    chance = np.random.Generator(np.random.PCG64(11))

    def noise(step: int, way: Image.Resampling) -> Plane:
        values = chance.integers(0, 255, (height // step + 1, width // step + 1), dtype=np.uint8)
        return np.asarray(Image.fromarray(values).resize((width, height), way), dtype=np.float32)

    grain = noise(90, Image.Resampling.BICUBIC) * 0.09 + noise(14, Image.Resampling.BICUBIC) * 0.05
    grain += noise(3, Image.Resampling.BILINEAR) * 0.075
    grain += 128 - grain.mean()
    return Image.fromarray(np.clip(grain, 0, 255).astype(np.uint8)).convert("RGB")
