"""The icon of a game: its initial on the theme's colours."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw

from comfyvn.drivers.placeholder.canvas import Canvas
from comfyvn.drivers.placeholder.paint import legible, lettering, mix, palette_of, rgb


def draw_icon(palette: dict[str, object], title: str, size: int) -> bytes:
    """Draw a square icon as PNG; nothing that matters is in the outer tenth, which may be cut."""
    paints = palette_of(palette)
    canvas = Canvas(size * 2, size * 2)
    canvas.gradient(paints.ramp(0.12) * np.float32(0.8), mix(paints.ramp(0.45), paints.accent, 0.2))
    canvas.glow(0.5, 0.62, 0.4, mix(paints.accent, paints.ramp(1.0), 0.4), 0.5)
    line = 0.7 + 0.03 * np.sin(canvas.x * 7)
    canvas.below(line.astype(np.float32), paints.ramp(0.06), paints.ramp(0.0) * np.float32(0.6))
    image = canvas.image(1)
    initial = legible(next((letter for letter in title if letter.isalnum()), "")).upper()
    pen = ImageDraw.Draw(image)
    place = (size, size * 1.36)
    pen.text(
        place,
        initial,
        font=lettering("display", int(size * 1.15)),
        fill=rgb(paints.text),
        anchor="ms",
    )
    data = io.BytesIO()
    small = image.convert("RGB").resize((size, size), Image.Resampling.LANCZOS)
    small.quantize(128, dither=Image.Dither.NONE).save(data, "PNG", optimize=True)
    return data.getvalue()
