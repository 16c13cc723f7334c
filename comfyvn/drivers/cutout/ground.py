"""What of a picture is its ground: even, or shading evenly, as its border shows it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comfyvn.drivers.cutout.flood import Mask, reached, regions

Colours = NDArray[np.float32]
"""Height x width x 3, from 0 to 255."""

_HOLE, _SPECK = 0.0004, 0.001
"""The least area of a hole that is ground too, and of a part of the figure, of the whole."""


class Ground(NamedTuple):
    """The ground of a picture.

    Attributes:
        mask: where it is.
        colours: what it would look like everywhere.
        tolerance: how far a pixel of it may be from that, as a distance of colours.
    """

    mask: Mask
    colours: Colours
    tolerance: float


def find_ground(picture: Colours) -> Ground | None:
    """Return the ground of a picture; None if its border does not show an even one."""
    border = _border(picture.shape[:2])
    colours, noise = _surface(picture, border)
    tolerance = max(9.0, 3.2 * noise)
    distance = np.linalg.norm(picture - colours, axis=2)
    near = distance < tolerance
    if near[border].mean() < 0.75 or tolerance > 60:
        return None
    ground = reached(near, border)
    ground |= _holes(picture - colours, near & ~ground, tolerance)
    figure = _without_specks(~ground)
    share = float(figure.mean())
    return Ground(~figure, colours, tolerance) if 0.002 < share < 0.97 else None


def _border(shape: tuple[int, int]) -> Mask:
    """Return the edges but the lowest, which a figure often stands upon."""
    width = max(2, min(shape) // 64)
    border = np.zeros(shape, dtype=bool)
    border[:width] = border[:, :width] = border[:, -width:] = True
    return border


def _surface(picture: Colours, border: Mask) -> tuple[Colours, float]:
    """Fit a quadratic surface to the border, without what is not of it.

    Returns:
        The surface, and the median distance of the border's own pixels from it.
    """
    height, width = border.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1).astype(np.float32)
    known, wanted = terms[border], picture[border]
    residual = np.linalg.norm(wanted - np.median(wanted, axis=0), axis=1)
    noise = 0.0
    factors = np.zeros((terms.shape[-1], 3), dtype=np.float32)
    for _ in range(6):
        inside = residual <= max(12.0, 3.0 * float(np.median(residual)))
        factors = np.linalg.lstsq(known[inside], wanted[inside], rcond=None)[0]
        residual = np.linalg.norm(wanted - known @ factors, axis=1)
        noise = float(np.median(residual[inside]))
    return (terms @ factors).astype(np.float32), noise


def _holes(residual: Colours, near: Mask, tolerance: float) -> Mask:
    """Return what the figure encloses of the ground, as between an arm and the body.

    It is taken for ground only if it is as even as that, and of its very colour.
    """
    found = np.zeros_like(near)
    labels = regions(near)
    numbers, counts = np.unique(labels, return_counts=True)
    for number in numbers[(counts >= _HOLE * near.size) & (numbers > 0)]:
        inside = labels == number
        off = residual[inside]
        shift = float(np.linalg.norm(off.mean(axis=0)))
        if shift < tolerance * 0.3 and float(off.std(axis=0).max()) < tolerance * 0.4:
            found |= inside
    return found


def _without_specks(figure: Mask) -> Mask:
    """Return a figure without what is too small to be a part of it."""
    labels = regions(figure)
    numbers, counts = np.unique(labels, return_counts=True)
    large = numbers[(counts >= _SPECK * figure.size) & (numbers > 0)]
    return np.isin(labels, large)
