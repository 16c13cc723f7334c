"""Props: one thing on transparent ground."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageChops, ImageFilter

from comfyvn.drivers.painter.finish import Lighting, paper
from comfyvn.drivers.painter.keepsakes import KEEPSAKES, SIZE, draw_keepsake
from comfyvn.drivers.painter.light import light_of
from comfyvn.drivers.painter.paint import Dice, Paints, darker, ink
from comfyvn.drivers.painter.pieces import PIECES
from comfyvn.drivers.painter.scene import Box, Scene
from comfyvn.drivers.painter.sheet import Sheet
from comfyvn.drivers.painter.words import Things


def draw_prop(
    paints: Paints, name: str, thing: str, like: Sequence[str], things: Things
) -> Image.Image:
    """Draw a thing: a key of `KEEPSAKES` or of `PIECES`."""
    sheet = Sheet(SIZE, SIZE, darker(paints.ramp(0.1), 0.3))
    sheet.fourth = 255
    scene = Scene(
        sheet, paints, light_of(paints, "night", ""), Dice(name), Lighting((1, 1, 1)), things
    )
    if thing in KEEPSAKES:
        draw_keepsake(scene, thing, like)
    else:
        piece = PIECES[thing]
        grow = min(360 / piece.height, 380 / piece.width)
        width, height = piece.width * grow, piece.height * grow
        piece.draw(scene, Box((SIZE - width) / 2, 430 - height, width, height), like)
    flat, cover = sheet.channels()
    # A drawing's fourth values tell how it shines; here all that is drawn is there.
    flat = ImageChops.soft_light(flat, paper(SIZE, SIZE))
    alpha = cover.point([min(i * 4, 255) for i in range(256)])
    ground = Image.new("RGB", (SIZE, SIZE), (8, 10, 18))
    shadow = (
        ImageChops.offset(alpha, 5, 9)
        .filter(ImageFilter.GaussianBlur(9))
        .point([i // 2 for i in range(256)])
    )
    edge = ImageChops.subtract(alpha, ImageChops.offset(alpha, 3, 3)).point(
        [i // 3 for i in range(256)]
    )
    flat.paste(ink((1.0, 0.96, 0.86))[:3], (0, 0), edge)
    ground.paste(flat, (0, 0), alpha)
    ground.putalpha(ImageChops.lighter(alpha, shadow))
    return ground
