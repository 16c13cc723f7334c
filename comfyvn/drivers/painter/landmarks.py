"""What people built: lamps, houses, gates, fountains, trains."""

from __future__ import annotations

from collections.abc import Sequence

from comfyvn.drivers.painter.paint import Colour, darker, lighter, mix
from comfyvn.drivers.painter.scene import Box, Scene
from comfyvn.drivers.painter.shapes import smooth


def lamplight(scene: Scene) -> Colour:
    """Return the colour of lit glass."""
    return mix(scene.paints.accent, (1.0, 0.86, 0.56), 0.55)


def lamp_post(scene: Scene, x: float, foot: float, height: float) -> None:
    """Draw a street lamp."""
    sheet = scene.sheet
    iron = darker(scene.hue((), "#2f3d42"), 0.15)
    wide = height / 46
    top = foot - height
    sheet.poly(
        [
            (x - wide * 0.5, top + height * 0.16),
            (x + wide * 0.5, top + height * 0.16),
            (x + wide * 0.8, foot),
            (x - wide * 0.8, foot),
        ],
        iron,
    )
    sheet.rect(x - wide * 1.6, foot - height * 0.05, wide * 3.2, height * 0.05, iron)
    sheet.rect(x - wide * 1.3, top + height * 0.19, wide * 2.6, wide * 0.6, iron)
    lit = scene.light.night
    glass = [
        (x - wide * 1.7, top + height * 0.03),
        (x + wide * 1.7, top + height * 0.03),
        (x + wide, top + height * 0.155),
        (x - wide, top + height * 0.155),
    ]
    sheet.poly(
        glass, lamplight(scene) if lit else mix(scene.light.low, iron, 0.25), 255 if lit else 90
    )
    sheet.line([(x, top + height * 0.03), (x, top + height * 0.155)], 2, iron)
    sheet.poly(
        [
            (x - wide * 2.1, top + height * 0.035),
            (x, top - height * 0.02),
            (x + wide * 2.1, top + height * 0.035),
        ],
        iron,
    )
    sheet.rect(x - wide * 1.1, top + height * 0.15, wide * 2.2, wide * 0.7, iron)
    if lit:
        scene.lamp(x, top + height * 0.1, height * 0.75, 1.0, 0.5)


def cottage(scene: Scene, box: Box, haze: float) -> None:
    """Draw a small gabled house."""
    wall = scene.far(scene.hue((), scene.dice.choose(("#e2d8c0", "#c9b48c", "#b9a79a"))), haze)
    roof = scene.far(scene.hue((), scene.dice.choose(("#7a4f44", "#56626f"))), haze)
    sheet = scene.sheet
    sheet.rect(*box.part(0.06, 0.42, 0.88, 0.58), wall)
    sheet.poly(
        [box.at(-0.04, 0.46), box.at(0.2, 0.04), box.at(0.8, 0.04), box.at(1.04, 0.46)], roof
    )
    sheet.rect(*box.part(0.66, -0.1, 0.12, 0.24), darker(roof, 0.2))
    lit = scene.light.night
    for x in (0.22, 0.62):
        sheet.rect(
            *box.part(x, 0.58, 0.17, 0.2),
            lamplight(scene) if lit else darker(wall, 0.4),
            240 if lit else 0,
        )


def house(scene: Scene, box: Box, haze: float, *, shop: bool) -> None:
    """Draw a town house's front, with a shop at its foot."""
    dice, sheet = scene.dice, scene.sheet
    wall = scene.far(
        scene.hue(
            scene.like("house"),
            dice.choose(("#b98d6b", "#8f7f8a", "#7d8f8c", "#c2a67c", "#9a6f62", "#a9a48f")),
        ),
        haze,
    )
    sheet.fade([box.at(0, 0), box.at(1, 0), box.at(1, 1), box.at(0, 1)], wall, darker(wall, 0.24))
    roof = scene.far(darker(scene.hue((), "#5d4a4a"), 0.1), haze)
    sheet.poly(
        [box.at(-0.04, 0.03), box.at(0.1, -0.09), box.at(0.9, -0.09), box.at(1.04, 0.03)], roof
    )
    sheet.rect(*box.part(-0.04, 0.02, 1.08, 0.022), lighter(wall, 0.3))
    columns = max(int(box.width / 110), 2)
    rows = 3
    low = 0.64 if shop else 0.9
    for row in range(rows):
        for column in range(columns):
            pane = box.part(
                (column + 0.26) / columns,
                0.09 + row * low / rows * 0.92,
                0.48 / columns,
                low / rows * 0.58,
            )
            lit = scene.light.night and dice.draw() < 0.42
            sheet.rect(
                pane.x - 7, pane.y - 7, pane.width + 14, pane.height + 14, lighter(wall, 0.26)
            )
            sheet.rect(
                *pane,
                lamplight(scene)
                if lit
                else mix(scene.far(scene.paints.ramp(0.2), haze), scene.light.low, 0.22),
                225 if lit else 40,
            )
            sheet.rect(pane.middle - 2.5, pane.y, 5, pane.height, lighter(wall, 0.2))
            sheet.rect(pane.x, pane.y + pane.height * 0.45, pane.width, 5, lighter(wall, 0.2))
            sheet.rect(pane.x - 12, pane.foot + 6, pane.width + 24, 8, darker(wall, 0.3))
    if shop:
        awning = scene.far(scene.hue((), dice.choose(("#a8433f", "#3f6a7c", "#5d7458"))), haze)
        front = box.part(0.06, 0.74, 0.88, 0.26)
        lit = scene.light.night
        sheet.rect(*front, darker(wall, 0.55))
        sheet.rect(
            *front.part(0.06, 0.2, 0.54, 0.6),
            lamplight(scene) if lit else mix(scene.light.low, scene.paints.ramp(0.25), 0.5),
            225 if lit else 50,
        )
        sheet.rect(*front.part(0.68, 0.16, 0.24, 0.84), darker(awning, 0.5))
        stripes = 8
        for n in range(stripes):
            sheet.poly(
                [
                    front.at(n / stripes, -0.04),
                    front.at((n + 1) / stripes, -0.04),
                    front.at((n + 1) / stripes + 0.01, 0.22),
                    front.at(n / stripes - 0.01, 0.22),
                ],
                awning if n % 2 else lighter(awning, 0.6),
            )
        if lit:
            scene.lamp(*front.at(0.35, 0.5), box.width * 0.6, 0.6, 0.12)


def gate(scene: Scene, box: Box) -> None:
    """Draw a shrine's gate."""
    red = scene.hue(("red",), "#b8433a")
    sheet = scene.sheet
    for x in (0.14, 0.78):
        sheet.poly(
            [box.at(x, 0.1), box.at(x + 0.08, 0.1), box.at(x + 0.1, 1), box.at(x - 0.02, 1)], red
        )
    sheet.rect(*box.part(0.06, 0.24, 0.88, 0.07), darker(red, 0.12))
    sheet.poly(
        smooth(
            [
                box.at(-0.08, -0.02),
                box.at(0.5, 0.05),
                box.at(1.08, -0.02),
                box.at(1.04, 0.11),
                box.at(0.5, 0.14),
                box.at(-0.04, 0.11),
            ],
            6,
        ),
        darker(red, 0.05),
    )
    sheet.poly(
        smooth(
            [
                box.at(-0.08, -0.04),
                box.at(0.5, 0.03),
                box.at(1.08, -0.04),
                box.at(1.06, 0.02),
                box.at(0.5, 0.07),
                box.at(-0.06, 0.02),
            ],
            6,
        ),
        (0.16, 0.15, 0.18),
    )


def fountain(scene: Scene, box: Box) -> None:
    """Draw a fountain."""
    stone = scene.hue((), "#a39b8a")
    sheet = scene.sheet
    sheet.rect(*box.part(0.44, 0.3, 0.12, 0.5), stone)
    for y, half in ((0.3, 0.2), (0.72, 0.46)):
        sheet.poly(
            smooth(
                [
                    box.at(0.5 - half, y),
                    box.at(0.5 + half, y),
                    box.at(0.5 + half * 0.6, y + 0.18),
                    box.at(0.5 - half * 0.6, y + 0.18),
                ],
                5,
            ),
            darker(stone, 0.12),
        )
        sheet.oval(
            *box.at(0.5, y + 0.01),
            box.width * half,
            box.height * 0.04,
            mix(scene.light.low, (0.6, 0.8, 0.9), 0.4),
            120,
        )
    for side in (-1, 1):
        for k in range(2):
            sheet.line(
                smooth(
                    [
                        box.at(0.5, 0.3),
                        box.at(0.5 + side * (0.08 + 0.06 * k), 0.04 + 0.06 * k),
                        box.at(0.5 + side * (0.2 + 0.1 * k), 0.3 + 0.36 * k),
                    ],
                    6,
                    closed=False,
                ),
                5,
                lighter(scene.light.low, 0.5),
                190,
            )


def train(scene: Scene, like: Sequence[str]) -> None:
    """Draw a train that stands at the platform."""
    paint = scene.hue(like, "#3f6a7c")
    sheet = scene.sheet
    sheet.poly([(0, 330), (860, 520), (950, 520), (1010, 640), (640, 990), (0, 1010)], paint)
    sheet.poly([(860, 520), (950, 520), (1010, 640), (880, 700)], lighter(paint, 0.2))
    sheet.poly([(0, 700), (890, 632), (880, 660), (0, 770)], scene.hue((), "#efe6d0"))
    lit = scene.light.night
    for n in range(6):
        x0, x1 = 30 + n * 146, 138 + n * 146
        sheet.poly(
            [
                (x0, 440 + x0 * 0.137),
                (x1, 440 + x1 * 0.137),
                (x1, 640 - x1 * 0.05),
                (x0, 640 - x0 * 0.05),
            ],
            lamplight(scene) if lit else mix(scene.light.low, scene.paints.ramp(0.25), 0.5),
            230 if lit else 60,
        )
    sheet.poly([(0, 940), (700, 880), (640, 990), (0, 1010)], darker(paint, 0.6))
