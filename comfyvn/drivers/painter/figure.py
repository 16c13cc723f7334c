"""Sprites: a person from the hips up, in one light, always at the same place in the picture."""

from __future__ import annotations

from PIL import Image, ImageChops

from comfyvn.drivers.painter.arms import draw_arms
from comfyvn.drivers.painter.body import body_of
from comfyvn.drivers.painter.clothes import draw_clothes
from comfyvn.drivers.painter.expressions import look_of
from comfyvn.drivers.painter.face import draw_face
from comfyvn.drivers.painter.finish import paper
from comfyvn.drivers.painter.hair import draw_before, draw_behind, style_of
from comfyvn.drivers.painter.head import draw_head, draw_neck
from comfyvn.drivers.painter.paint import Paints, darker, ink
from comfyvn.drivers.painter.person import Figure
from comfyvn.drivers.painter.sheet import Sheet

SIZE = (840, 1200)
DROPS = {"child": 150, "young": 24, "old": 26}
"""How much shorter than an adult's a figure of an age stands, in pixels."""


def draw_figure(paints: Paints, figure: Figure) -> Image.Image:
    """Draw a sprite."""
    person = figure["person"]
    # What is not covered takes the colour of the edges, so that they do not darken when reduced.
    sheet = Sheet(*SIZE, darker(paints.ramp(0.1), 0.3))
    sheet.fourth = 255
    sheet.shift = (
        0.0,
        float(DROPS.get(person["age"], 0)) + (14 if person["build"] == "she" else 0),
    )
    body = body_of(sheet, paints, figure)
    style = style_of(body)
    draw_behind(body, style)
    draw_neck(body)
    draw_clothes(body)
    draw_head(body)
    draw_face(body, look_of(figure["face"]))
    draw_before(body, style)
    draw_arms(body)
    flat, alpha = sheet.channels()
    flat = ImageChops.soft_light(flat, paper(*SIZE))
    edge = ImageChops.subtract(alpha, ImageChops.offset(alpha, 4, 4)).point(
        [i * 2 // 5 for i in range(256)]
    )
    flat.paste(ink((1.0, 0.96, 0.86))[:3], (0, 0), edge)
    flat.putalpha(alpha)
    return flat
