"""What is at the water: boats, a lighthouse, bollards, gulls."""

from __future__ import annotations

from collections.abc import Sequence

from comfyvn.drivers.painter.landmarks import lamplight
from comfyvn.drivers.painter.paint import darker, lighter, mix
from comfyvn.drivers.painter.scene import Box, Scene
from comfyvn.drivers.painter.shapes import oval, smooth


def ferry(scene: Scene, box: Box, like: Sequence[str]) -> None:
    """Draw a stubby car ferry, broadside, her deck lights on after dark."""
    sheet = scene.sheet
    hull = scene.hue([word for word in like if word not in {"white"}], "#b8433a")
    white = scene.hue((), "#ece4d2")
    lit = scene.light.night
    sheet.poly(
        [
            box.at(0.02, 0.62),
            box.at(0.0, 0.48),
            box.at(0.98, 0.48),
            box.at(1.0, 0.56),
            box.at(0.955, 0.94),
            box.at(0.06, 0.94),
        ],
        hull,
    )
    sheet.poly(
        [box.at(0.015, 0.56), box.at(0.0, 0.48), box.at(0.98, 0.48), box.at(1.0, 0.56)], white
    )
    sheet.poly(
        [box.at(0.045, 0.85), box.at(0.965, 0.85), box.at(0.955, 0.94), box.at(0.06, 0.94)],
        darker(hull, 0.55),
    )
    sheet.poly(
        [box.at(0.02, 0.62), box.at(0.985, 0.62), box.at(0.982, 0.65), box.at(0.024, 0.65)],
        lighter(hull, 0.2),
    )
    sheet.rect(*box.part(0.12, 0.3, 0.74, 0.19), white)
    sheet.rect(*box.part(0.12, 0.45, 0.74, 0.035), darker(white, 0.2))
    sheet.rect(*box.part(0.1, 0.285, 0.78, 0.028), darker(white, 0.28))
    for n in range(9):
        pane = box.part(0.155 + n * 0.077, 0.345, 0.046, 0.075)
        sheet.poly(
            oval(pane.middle, pane.y + pane.height / 2, pane.width / 2, pane.height / 2),
            lamplight(scene) if lit else darker(scene.paints.ramp(0.3), 0.2),
            255 if lit else 0,
        )
    sheet.rect(*box.part(0.32, 0.1, 0.28, 0.19), lighter(white, 0.2))
    sheet.poly(
        [box.at(0.3, 0.085), box.at(0.615, 0.085), box.at(0.6, 0.115), box.at(0.31, 0.115)],
        darker(white, 0.3),
    )
    for n in range(5):
        pane = box.part(0.335 + n * 0.052, 0.14, 0.043, 0.085)
        sheet.rect(
            *pane,
            lamplight(scene) if lit else mix(scene.light.low, scene.paints.ramp(0.3), 0.5),
            255 if lit else 60,
        )
    funnel = box.part(0.68, 0.08, 0.1, 0.21)
    sheet.poly([funnel.at(0.1, 0), funnel.at(0.95, 0.06), funnel.at(1, 1), funnel.at(0, 1)], hull)
    sheet.poly(
        [funnel.at(0.09, 0.0), funnel.at(0.95, 0.06), funnel.at(0.96, 0.24), funnel.at(0.07, 0.2)],
        darker(hull, 0.7),
    )
    sheet.line([box.at(0.46, 0.09), box.at(0.46, -0.2)], 5, darker(white, 0.4))
    sheet.line([box.at(0.46, -0.18), box.at(0.04, 0.46)], 1.6, darker(white, 0.45))
    sheet.line([box.at(0.46, -0.18), box.at(0.93, 0.46)], 1.6, darker(white, 0.45))
    for n in range(20):
        x = 0.02 + n * 0.05
        sheet.line([box.at(x, 0.42), box.at(x, 0.49)], 2.4, darker(white, 0.25))
    sheet.line([box.at(0.0, 0.42), box.at(0.98, 0.42)], 3, white)
    sheet.line([box.at(0.0, 0.455), box.at(0.98, 0.455)], 1.6, darker(white, 0.15))
    for n in range(6):
        sheet.oval(
            *box.at(0.13 + n * 0.15, 0.74),
            box.height * 0.045,
            box.height * 0.075,
            darker(scene.paints.ramp(0.05), 0.5),
        )
    sheet.over(
        smooth([box.at(0.05, 0.93), box.at(0.96, 0.93), box.at(0.9, 1.02), box.at(0.12, 1.02)], 4),
        darker(scene.paints.ramp(0.1), 0.4),
        0.55,
    )
    if lit:
        sheet.oval(*box.at(0.46, -0.2), 6, 6, (1.0, 0.9, 0.7), 255)
        scene.lamp(*box.at(0.46, 0.2), box.width * 0.3, 0.7, 0.3)
        scene.lamp(*box.at(0.5, 0.4), box.width * 0.42, 0.9, 0.16, flat=1.6)
        for n in range(9):
            x, y = box.at(0.17 + n * 0.077, 1.02)
            for k in range(4):
                w = 15 - 2 * k
                sheet.poly(
                    [
                        (x - w, y + k * 17),
                        (x, y - 3 + k * 17),
                        (x + w, y + k * 17),
                        (x, y + 3 + k * 17),
                    ],
                    mix(lamplight(scene), scene.light.top, 0.15 + 0.17 * k),
                    210,
                )


def boat(scene: Scene, box: Box) -> None:
    """Draw a small sailing boat."""
    sheet = scene.sheet
    paint = scene.hue((), scene.dice.choose(("#b8433a", "#3f6a94", "#efe9dc", "#c49a52")))
    sheet.poly([box.at(0, 0.72), box.at(1, 0.72), box.at(0.84, 1), box.at(0.16, 1)], paint)
    sheet.rect(*box.part(0.02, 0.72, 0.96, 0.05), lighter(paint, 0.4))
    sheet.line([box.at(0.5, 0.72), box.at(0.5, -0.3)], 4, darker(scene.hue((), "#7d5a3c"), 0.2))
    sheet.poly(
        [box.at(0.53, -0.25), box.at(0.95, 0.6), box.at(0.53, 0.6)], scene.hue((), "#efe6d0")
    )
    sheet.poly(
        [box.at(0.47, -0.1), box.at(0.14, 0.6), box.at(0.47, 0.6)],
        darker(scene.hue((), "#efe6d0"), 0.12),
    )


def lighthouse(scene: Scene, box: Box, haze: float) -> None:
    """Draw a banded lighthouse."""
    sheet = scene.sheet
    white, red = (
        scene.far(scene.hue((), "#ece4d2"), haze),
        scene.far(scene.hue(("red",), "#b8433a"), haze),
    )
    for n in range(5):
        y0, y1 = 0.26 + n * 0.148, 0.26 + (n + 1) * 0.148
        w0, w1 = 0.26 + 0.16 * n / 5, 0.26 + 0.16 * (n + 1) / 5
        sheet.poly(
            [
                box.at(0.5 - w0, y0),
                box.at(0.5 + w0, y0),
                box.at(0.5 + w1, y1),
                box.at(0.5 - w1, y1),
            ],
            red if n % 2 == 0 else white,
        )
    lit = scene.light.night
    sheet.rect(
        *box.part(0.3, 0.12, 0.4, 0.12),
        lamplight(scene) if lit else darker(white, 0.2),
        255 if lit else 0,
    )
    sheet.poly([box.at(0.24, 0.13), box.at(0.5, -0.02), box.at(0.76, 0.13)], red)
    sheet.rect(*box.part(0.14, 0.235, 0.72, 0.035), darker(white, 0.4))
    if lit:
        x, y = box.at(0.5, 0.18)
        for side in (-1, 1):
            sheet.over(
                [(x, y - 5), (x + side * 620, y - 66), (x + side * 620, y + 40), (x, y + 5)],
                lamplight(scene),
                0.13,
            )
        scene.lamp(x, y, box.height * 0.9, 0.9, 0.5)


def bollard(scene: Scene, box: Box, like: Sequence[str]) -> None:
    """Draw an iron bollard with a rope about it."""
    sheet = scene.sheet
    iron = scene.hue(like, "#3d4248")
    sheet.oval(*box.at(0.5, 0.96), box.width * 0.6, box.height * 0.09, darker(iron, 0.6))
    sheet.poly(
        smooth(
            [
                box.at(0.24, 0.96),
                box.at(0.3, 0.5),
                box.at(0.24, 0.3),
                box.at(0.1, 0.2),
                box.at(0.12, 0.06),
                box.at(0.5, 0.0),
                box.at(0.88, 0.06),
                box.at(0.9, 0.2),
                box.at(0.76, 0.3),
                box.at(0.7, 0.5),
                box.at(0.76, 0.96),
            ],
            6,
        ),
        iron,
    )
    sheet.poly(
        smooth(
            [
                box.at(0.3, 0.9),
                box.at(0.36, 0.5),
                box.at(0.3, 0.3),
                box.at(0.2, 0.16),
                box.at(0.44, 0.06),
                box.at(0.42, 0.4),
                box.at(0.42, 0.9),
            ],
            6,
        ),
        lighter(iron, 0.24),
    )
    rope = scene.hue((), "#c9ab78")
    for n in range(3):
        y = 0.56 + n * 0.1
        sheet.line(
            smooth([box.at(0.26, y), box.at(0.5, y + 0.07), box.at(0.75, y)], 6, closed=False),
            13,
            darker(rope, 0.06 * n),
        )
        sheet.line(
            smooth(
                [box.at(0.27, y - 0.02), box.at(0.5, y + 0.045), box.at(0.74, y - 0.02)],
                6,
                closed=False,
            ),
            3,
            lighter(rope, 0.35),
        )
    sheet.line(
        smooth(
            [box.at(0.74, 0.6), box.at(1.6, 0.4), box.at(2.6, -0.12), box.at(3.2, -0.5)],
            8,
            closed=False,
        ),
        9,
        rope,
    )


def gulls(scene: Scene, places: Sequence[tuple[float, float]]) -> None:
    """Draw gulls in the air."""
    paint = mix(scene.light.low, (0.98, 0.97, 0.94), 0.6)
    for n, (x, y) in enumerate(places):
        w = 32 - 5 * (n % 3)
        line = smooth(
            [
                (x - w, y - w * 0.3),
                (x - w * 0.4, y - w * 0.5),
                (x, y),
                (x + w * 0.4, y - w * 0.55),
                (x + w, y - w * 0.4),
            ],
            5,
            closed=False,
        )
        scene.sheet.line(line, 4, paint, 200)
