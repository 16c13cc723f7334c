"""A sheet to cut and paste paper on: flat shapes, drawn at twice the size and reduced."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from comfyvn.drivers.painter.paint import Colour, ink
from comfyvn.drivers.painter.shapes import Outline, Point, cut, moved, oval, rect

FINE = 2
"""How much larger a sheet is than the picture that it becomes."""
COARSE = 4
"""How much smaller the map of depths is than the picture."""


class Sheet:
    """Flat colours, each with a fourth value, and a coarse map of how near they are.

    For scenery the fourth value says how far a shape shines by itself (0 takes all its light from
    the picture's lamps); for what is cut out it is its opacity. Coordinates are those of the
    finished picture, in pixels; `scale` makes that larger by a whole factor.

    Attributes:
        plane: how near what is drawn next is, 0 to 255; nearer paper throws shadows on farther.
        shift: what is drawn is moved by, in pixels.
        wobble: how far corners are off, as scissors leave them.
    """

    def __init__(
        self, width: int, height: int, ground: Colour, fourth: int = 0, scale: int = 1
    ) -> None:
        self.width, self.height = width, height
        self.fine = FINE * scale
        # CMYK here only means four plain channels: RGBA would be multiplied by its alpha to reduce.
        self.image = Image.new("CMYK", (width * self.fine, height * self.fine), ink(ground, fourth))
        self.pen = ImageDraw.Draw(self.image)
        self.depth = Image.new("L", (width // COARSE, height // COARSE))
        self.depth_pen = ImageDraw.Draw(self.depth)
        self.plane = 0
        self.fourth = fourth
        self.wobble = 0.0
        self.shift = (0.0, 0.0)

    def poly(self, points: Sequence[Point], paint: Colour, fourth: int | None = None) -> None:
        """Paste a shape."""
        if len(points) < 3:
            return
        if self.wobble:
            points = cut(points, self.wobble)
        points = moved(points, *self.shift)
        fourth = self.fourth if fourth is None else fourth
        self.pen.polygon(
            [(x * self.fine, y * self.fine) for x, y in points], fill=ink(paint, fourth)
        )
        self.depth_pen.polygon([(x / COARSE, y / COARSE) for x, y in points], fill=self.plane)

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        paint: Colour,
        fourth: int | None = None,
    ) -> None:
        """Paste a rectangle."""
        self.poly(rect(x, y, width, height), paint, fourth)

    def oval(
        self, x: float, y: float, rx: float, ry: float, paint: Colour, fourth: int | None = None
    ) -> None:
        """Paste an ellipse about a point."""
        self.poly(oval(x, y, rx, ry), paint, fourth)

    def line(
        self, points: Sequence[Point], width: float, paint: Colour, fourth: int | None = None
    ) -> None:
        """Draw a line; it throws no shadow."""
        fourth = self.fourth if fourth is None else fourth
        self.pen.line(
            [(x * self.fine, y * self.fine) for x, y in moved(points, *self.shift)],
            fill=ink(paint, fourth),
            width=max(round(width * self.fine), 1),
            joint="curve",
        )

    def fade(
        self,
        points: Sequence[Point],
        first: Colour,
        last: Colour,
        fourth: int | None = None,
        *,
        across: bool = False,
    ) -> None:
        """Paste a shape whose colour goes from `first` at its top to `last` at its foot.

        Or, `across`, from its left to its right.
        """
        points = moved(points, *self.shift)
        box, mask = self._mask(points)
        if mask is None:
            return
        fourth = self.fourth if fourth is None else fourth
        steps = mask.width if across else mask.height
        t = ((np.arange(steps) + 0.5) / steps)[:, None]
        rows = np.array(ink(first, fourth)) * (1 - t) + np.array(ink(last, fourth)) * t
        strip = (rows + 0.5).astype(np.uint8)
        data = strip[None, :] if across else strip[:, None]
        paper = Image.fromarray(np.ascontiguousarray(data), "CMYK")
        self.image.paste(paper.resize(mask.size, Image.Resampling.NEAREST), box, mask)
        self.depth_pen.polygon([(x / COARSE, y / COARSE) for x, y in points], fill=self.plane)

    def over(
        self, points: Sequence[Point], paint: Colour, alpha: float, inside: Outline | None = None
    ) -> None:
        """Lay a transparent shape over what is there, keeping its fourth values.

        `inside` is an outline that it stays within.
        """
        points = moved(points, *self.shift)
        box, mask = self._mask(points)
        if mask is None:
            return
        if inside is not None:
            limit = Image.new("L", mask.size)
            ImageDraw.Draw(limit).polygon(
                [
                    (x * self.fine - box[0], y * self.fine - box[1])
                    for x, y in moved(inside, *self.shift)
                ],
                fill=255,
            )
            mask = ImageChops.darker(mask, limit)
        region = self.image.crop((*box, box[0] + mask.width, box[1] + mask.height))
        fourth = region.getchannel(3)
        region.paste(ink(paint), (0, 0), mask.point([round(i * alpha) for i in range(256)]))
        self.image.paste(Image.merge("CMYK", (*region.split()[:3], fourth)), box)

    def _mask(self, points: Sequence[Point]) -> tuple[tuple[int, int], Image.Image | None]:
        xs, ys = [x * self.fine for x, _ in points], [y * self.fine for _, y in points]
        left, top = max(int(min(xs)), 0), max(int(min(ys)), 0)
        right = min(int(max(xs)) + 1, self.image.width)
        bottom = min(int(max(ys)) + 1, self.image.height)
        if right <= left or bottom <= top:
            return (0, 0), None
        mask = Image.new("L", (right - left, bottom - top))
        ImageDraw.Draw(mask).polygon(
            [(x - left, y - top) for x, y in zip(xs, ys, strict=True)], fill=255
        )
        return (left, top), mask

    def lay(self, other: Sheet, x: float, y: float) -> None:
        """Paste all of a sheet of the same ground, its upper left corner at a point."""
        self.image.paste(other.image, (int(x * self.fine), int(y * self.fine)))

    def channels(self) -> tuple[Image.Image, Image.Image]:
        """Return the picture at its own size: its colours, and its fourth channel."""
        red, green, blue, fourth = self.image.reduce(FINE).split()
        return Image.merge("RGB", (red, green, blue)), fourth
