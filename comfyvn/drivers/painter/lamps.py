"""Things that shine: flames, lanterns, lamps."""

from __future__ import annotations

from comfyvn.drivers.painter.paint import darker, lighter, mix
from comfyvn.drivers.painter.scene import Box, Like, Scene
from comfyvn.drivers.painter.shapes import smooth


def flame(scene: Scene, x: float, y: float, height: float) -> None:
    """Draw a flame that stands on a point, and let it shine."""
    outer = mix(scene.paints.accent, (1.0, 0.62, 0.22), 0.6)
    for size, paint in ((1.0, outer), (0.62, lighter(outer, 0.75))):
        h, w = height * size, height * 0.3 * size
        shape = smooth(
            [
                (x, y),
                (x - w, y - h * 0.32),
                (x - w * 0.3, y - h * 0.72),
                (x + w * 0.1, y - h),
                (x + w * 0.5, y - h * 0.62),
                (x + w, y - h * 0.3),
            ],
            5,
        )
        scene.sheet.poly(shape, paint, 255)


def lantern(scene: Scene, box: Box, like: Like) -> None:
    """Draw a ship's lantern, lit, with its wire guard."""
    brass = scene.hue(like, "#b98d45")
    sheet = scene.sheet
    sheet.line(
        smooth(
            [
                box.at(0.2, 0.3),
                box.at(0.24, 0.04),
                box.at(0.5, -0.06),
                box.at(0.76, 0.04),
                box.at(0.8, 0.3),
            ],
            6,
            closed=False,
        ),
        max(box.width * 0.045, 2),
        darker(brass, 0.35),
    )
    glow = mix(scene.paints.accent, (1.0, 0.86, 0.55), 0.6)
    sheet.poly(
        smooth(
            [
                box.at(0.26, 0.34),
                box.at(0.2, 0.55),
                box.at(0.26, 0.78),
                box.at(0.74, 0.78),
                box.at(0.8, 0.55),
                box.at(0.74, 0.34),
            ],
            5,
        ),
        glow,
        255,
    )
    flame(scene, *box.at(0.5, 0.74), box.height * 0.3)
    for x in (0.34, 0.66):
        sheet.line(
            [box.at(x, 0.34), box.at(0.5 + (x - 0.5) * 1.35, 0.56), box.at(x, 0.78)],
            max(box.width * 0.025, 1.5),
            darker(brass, 0.3),
        )
    sheet.rect(*box.part(0.21, 0.54, 0.58, 0.025), darker(brass, 0.3))
    sheet.poly(
        [
            box.at(0.2, 0.34),
            box.at(0.32, 0.2),
            box.at(0.4, 0.12),
            box.at(0.6, 0.12),
            box.at(0.68, 0.2),
            box.at(0.8, 0.34),
        ],
        brass,
    )
    sheet.poly(
        [box.at(0.2, 0.34), box.at(0.3, 0.22), box.at(0.44, 0.22), box.at(0.4, 0.34)],
        lighter(brass, 0.35),
    )
    sheet.rect(*box.part(0.16, 0.32, 0.68, 0.05), darker(brass, 0.18))
    sheet.poly([box.at(0.22, 0.77), box.at(0.78, 0.77), box.at(0.86, 1), box.at(0.14, 1)], brass)
    sheet.rect(*box.part(0.12, 0.93, 0.76, 0.07), darker(brass, 0.28))
    sheet.poly(
        [box.at(0.24, 0.78), box.at(0.36, 0.78), box.at(0.32, 0.93), box.at(0.19, 0.93)],
        lighter(brass, 0.3),
    )
    scene.lamp(*box.at(0.5, 0.58), 620, 1.5, 0.42)


def candle(scene: Scene, box: Box, like: Like) -> None:
    """Draw a candle in a saucer, lit."""
    wax = scene.hue((), "#efe3c6")
    scene.sheet.oval(
        *box.at(0.5, 0.97), box.width * 0.62, box.height * 0.07, scene.hue(("brass",), "#b98d45")
    )
    scene.sheet.rect(*box.part(0.32, 0.42, 0.36, 0.55), wax, 70)
    scene.sheet.oval(*box.at(0.5, 0.42), box.width * 0.18, 4, lighter(wax, 0.5), 140)
    scene.sheet.rect(*box.part(0.48, 0.36, 0.04, 0.08), (0.15, 0.1, 0.1))
    flame(scene, *box.at(0.5, 0.4), box.height * 0.42)
    scene.lamp(*box.at(0.5, 0.22), 560, 1.35, 0.42)


def desk_lamp(scene: Scene, box: Box, like: Like) -> None:
    """Draw a desk lamp with a shade."""
    shade = scene.hue(like, "#3f7358")
    brass = scene.hue(("brass",), "#b98d45")
    sheet = scene.sheet
    sheet.rect(*box.part(0.47, 0.3, 0.06, 0.66), brass)
    sheet.oval(*box.at(0.5, 0.97), box.width * 0.32, box.height * 0.045, darker(brass, 0.2))
    lit = scene.light.night
    sheet.poly(
        [box.at(0.06, 0.38), box.at(0.94, 0.38), box.at(0.88, 0.43), box.at(0.12, 0.43)],
        lighter(scene.paints.accent, 0.6),
        255 if lit else 60,
    )
    sheet.poly(
        smooth(
            [
                box.at(0.02, 0.39),
                box.at(0.12, 0.14),
                box.at(0.34, 0.04),
                box.at(0.66, 0.04),
                box.at(0.88, 0.14),
                box.at(0.98, 0.39),
            ],
            6,
        ),
        shade,
        150 if lit else 0,
    )
    sheet.poly(
        smooth([box.at(0.14, 0.33), box.at(0.2, 0.16), box.at(0.36, 0.08), box.at(0.3, 0.33)], 6),
        lighter(shade, 0.35),
        150 if lit else 0,
    )
    if lit:
        scene.lamp(*box.at(0.5, 0.62), 460, 1.25, 0.3)


def hanging_lamp(scene: Scene, box: Box, like: Like) -> None:
    """Draw a lamp on a cord from the ceiling."""
    shade = scene.hue(like, "#3d4a50")
    sheet = scene.sheet
    sheet.rect(box.middle - 1.5, 0, 3, box.y + 8, darker(shade, 0.5))
    lit = scene.light.night
    sheet.oval(
        box.middle,
        box.foot - 8,
        box.width * 0.2,
        13,
        lighter(scene.paints.accent, 0.65),
        255 if lit else 80,
    )
    sheet.poly(
        smooth(
            [
                box.at(0, 0.86),
                box.at(0.16, 0.5),
                box.at(0.42, 0.3),
                box.at(0.44, 0),
                box.at(0.56, 0),
                box.at(0.58, 0.3),
                box.at(0.84, 0.5),
                box.at(1, 0.86),
            ],
            5,
        ),
        shade,
    )
    if lit:
        scene.lamp(box.middle, box.foot + 10, 620, 1.1, 0.35)
