"""The icon of a game: its initial on the theme's colours."""

from __future__ import annotations

import io
import math

from PIL import Image, ImageChops, ImageDraw, ImageFont

from comfyvn.data import data_folder
from comfyvn.drivers.painter.finish import paper
from comfyvn.drivers.painter.paint import darker, ink, lighter, mix, palette_of
from comfyvn.drivers.painter.shapes import rect
from comfyvn.drivers.painter.sheet import Sheet


def draw_icon(palette: dict[str, object], title: str, size: int) -> bytes:
    """Draw a square icon as PNG; nothing that matters is in the outer tenth, which may be cut."""
    paints = palette_of(palette)
    sheet = Sheet(size, size, paints.ramp(0.2))
    sheet.fade(
        rect(0, 0, size, size),
        darker(paints.ramp(0.1), 0.2),
        mix(paints.ramp(0.5), paints.accent, 0.3),
    )
    sheet.oval(
        size * 0.5, size * 0.56, size * 0.3, size * 0.3, mix(paints.accent, paints.ramp(1.0), 0.3)
    )
    for n in range(3):
        y = size * (0.7 + 0.09 * n)
        line = [(size * x / 12, y + size * 0.014 * math.sin(x * 1.4 + n * 2)) for x in range(13)]
        sheet.poly(
            [*line, (size, size), (0, size)],
            mix(paints.ramp(0.3), darker(paints.ramp(0.0), 0.4), n / 2),
        )
    image, _ = sheet.channels()
    image = ImageChops.soft_light(image, paper(size, size))
    # The shipped Latin fonts have no other letters, and an empty box would tell less than none.
    initial = next(
        (letter for letter in title if letter.isalnum() and ord(letter) < 0x100), ""
    ).upper()
    font = ImageFont.truetype(
        str(data_folder("templates") / "web" / "fonts" / "cormorant-latin-600.woff2"),
        int(size * 0.575),
        layout_engine=ImageFont.Layout.BASIC,
    )
    pen = ImageDraw.Draw(image)
    for shift, paint in (
        (size * 0.012, darker(paints.ramp(0.0), 0.5)),
        (0.0, lighter(paints.text, 0.1)),
    ):
        pen.text(
            (size / 2 + shift, size * 0.68 + shift),
            initial,
            font=font,
            fill=ink(paint)[:3],
            anchor="ms",
        )
    data = io.BytesIO()
    image.quantize(128, dither=Image.Dither.NONE).save(data, "PNG", optimize=True)
    return data.getvalue()
