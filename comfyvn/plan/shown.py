"""How large pictures are shown: what `templates/web/style.css` and `vn/stage.rpy` do, in pixels."""

from __future__ import annotations

from math import ceil
from typing import NamedTuple

HEIGHTS = {"sprite": 940 / 1080, "prop": 228 / 1080, "image": 648 / 1080}
"""What part of the stage's height pictures take that stand on it, whatever their width."""


class Size(NamedTuple):
    """Width and height in pixels."""

    width: int
    height: int


SCREEN = Size(1920, 1080)
"""The screen that pictures are made for."""


def screen(width: int) -> Size:
    """Return the screen of 16:9 that is so wide."""
    return Size(width, ceil(width * 9 / 16))


def shown_size(kind: str, width: int, height: int, on: Size) -> Size:
    """Return how large a picture is shown on a screen.

    A background covers it, a full-screen picture is seen whole, others stand on it.

    Args:
        kind: what it is used as.
        width: of the picture.
        height: likewise.
        on: the screen.
    """
    if kind == "background":
        scale = max(on.width / width, on.height / height)
    elif kind in HEIGHTS:
        scale = on.height * HEIGHTS[kind] / height
    else:
        scale = min(on.width / width, on.height / height)
    return Size(max(1, ceil(width * scale - 1e-9)), max(1, ceil(height * scale - 1e-9)))
