"""One crop and one baseline for all figures of a set, so that they can take each other's place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from comfyvn.drivers.cutout.matte import Picture

_SEEN = 24
"""The alpha from which on a pixel counts as a part of the figure."""
_MARGIN = 0.02
"""What is left free above a figure and beside it, of its height."""


class Figure(NamedTuple):
    """Where a figure is in its picture, in pixels.

    Attributes:
        left: its first column; so with `top`.
        right: the column after its last; so with `bottom`.
        stand: the column to the right of the middle of its lowest third.
    """

    left: int
    top: int
    right: int
    bottom: int
    stand: int


class Place(NamedTuple):
    """How a picture is put onto the canvas of its set.

    Attributes:
        size: width and height of the canvas.
        at: where the picture's left upper corner comes to be; it may be outside.
    """

    size: tuple[int, int]
    at: tuple[int, int]


def measure(picture: Picture) -> Figure:
    """Return where the figure of a picture is; of an empty picture, all of it."""
    seen = picture[..., 3] >= _SEEN
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    height, width = seen.shape
    if not len(rows):
        return Figure(0, 0, width, height, width // 2)
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    low = seen[bottom - max(1, (bottom - top) // 3) : bottom].sum(axis=0).cumsum()
    stand = int(np.searchsorted(low, low[-1] / 2)) + 1
    return Figure(int(columns[0]), top, int(columns[-1]) + 1, bottom, stand)


def places(figures: Mapping[str, Figure]) -> dict[str, Place]:
    """Return how each picture of a set is placed.

    All figures stand on the lower edge of one canvas, over its middle; it is just large enough for
    each of them.
    """
    height = max(each.bottom - each.top for each in figures.values())
    half = max(max(each.stand - each.left, each.right - each.stand) for each in figures.values())
    margin = round(height * _MARGIN)
    size = (2 * (half + margin), height + margin)
    return {
        key: Place(size, (half + margin - each.stand, size[1] - each.bottom))
        for key, each in figures.items()
    }


def placed(picture: Picture, place: Place) -> Picture:
    """Return a picture on the canvas of its set."""
    (width, height), (x, y) = place
    canvas = np.zeros((height, width, 4), dtype=np.uint8)
    rows, columns = picture.shape[:2]
    top, left = max(0, y), max(0, x)
    bottom, right = min(height, y + rows), min(width, x + columns)
    if top < bottom and left < right:
        canvas[top:bottom, left:right] = picture[top - y : bottom - y, left - x : right - x]
    return canvas
