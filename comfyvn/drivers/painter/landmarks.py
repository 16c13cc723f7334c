"""Things that stand in landscapes and streets: boats, houses, lamps, trees."""

from __future__ import annotations

import math
from collections.abc import Sequence

from comfyvn.drivers.painter.finish import Lamp
from comfyvn.drivers.painter.paint import Colour, Dice, darker, lighter, mix
from comfyvn.drivers.painter.scene import Box, Scene
from comfyvn.drivers.painter.shapes import Outline, oval, ribbon, smooth


def _glow(scene: Scene) -> Colour:
    return mix(scene.paints.accent, (1.0, 0.86, 0.56), 0.55)


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
            _glow(scene) if lit else darker(scene.paints.ramp(0.3), 0.2),
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
            _glow(scene) if lit else mix(scene.light.low, scene.paints.ramp(0.3), 0.5),
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
                    mix(_glow(scene), scene.light.top, 0.15 + 0.17 * k),
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
        _glow(scene) if lit else darker(white, 0.2),
        255 if lit else 0,
    )
    sheet.poly([box.at(0.24, 0.13), box.at(0.5, -0.02), box.at(0.76, 0.13)], red)
    sheet.rect(*box.part(0.14, 0.235, 0.72, 0.035), darker(white, 0.4))
    if lit:
        x, y = box.at(0.5, 0.18)
        for side in (-1, 1):
            sheet.over(
                [(x, y - 5), (x + side * 620, y - 66), (x + side * 620, y + 40), (x, y + 5)],
                _glow(scene),
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
    sheet.poly(glass, _glow(scene) if lit else mix(scene.light.low, iron, 0.25), 255 if lit else 90)
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
            _glow(scene) if lit else darker(wall, 0.4),
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
                _glow(scene)
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
            _glow(scene) if lit else mix(scene.light.low, scene.paints.ramp(0.25), 0.5),
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


def crown(x: float, y: float, rx: float, ry: float, dice: Dice) -> Outline:
    """Return a tree's crown: a cloud of leaves."""
    count = 11
    points = []
    for n in range(count):
        turn = 2 * math.pi * n / count
        grow = dice.draw(0.82, 1.14)
        points.append((x + math.cos(turn) * rx * grow, y + math.sin(turn) * ry * grow))
    return smooth(points, 5)


def tree(scene: Scene, x: float, foot: float, height: float, haze: float) -> None:
    """Draw a tree; snow and words (`cherry`, `pine`, `palm`, `bare`) change it."""
    sheet, dice = scene.sheet, scene.dice
    bark = scene.far(darker(scene.hue((), "#6b5240"), 0.15), haze)
    tones = "#d9a0ad" if scene.said("cherry") else "#c9743c" if scene.said("autumn") else "#5f8152"
    leaf = scene.far(scene.hue(scene.like("tree"), tones), haze)
    if scene.light.weather == "snow":
        leaf = lighter(leaf, 0.55)
    wide = height * 0.045
    sheet.poly(
        [
            (x - wide * 0.5, foot - height * 0.62),
            (x + wide * 0.5, foot - height * 0.62),
            (x + wide, foot),
            (x - wide, foot),
        ],
        bark,
    )
    if scene.said("pine", "fir"):
        for n in range(4):
            y, half = foot - height * (0.16 + 0.2 * n), height * (0.27 - 0.055 * n)
            sheet.poly(
                [(x - half, y), (x, y - height * 0.36), (x + half, y)],
                darker(leaf, 0.22 - 0.05 * n),
            )
        return
    for n, (dx, dy, size) in enumerate(
        (
            (0.0, 0.6, 0.27),
            (-0.2, 0.52, 0.2),
            (0.2, 0.54, 0.2),
            (-0.08, 0.76, 0.22),
            (0.12, 0.78, 0.18),
        )
    ):
        shade = (0.26, 0.32, 0.2, 0.08, 0.0)[n]
        shape = crown(x + dx * height, foot - dy * height, size * height, size * height * 0.8, dice)
        sheet.poly(shape, darker(leaf, shade))
    sheet.poly(
        crown(x - 0.07 * height, foot - 0.82 * height, 0.11 * height, 0.07 * height, dice),
        lighter(leaf, 0.14),
    )


def bush(scene: Scene, box: Box) -> None:
    """Draw a bush."""
    leaf = darker(scene.hue(("green",), "#4f7a5c"), 0.1)
    for n in range(4):
        x, y = box.at(0.2 + 0.2 * n, 0.6 - 0.14 * (n % 2))
        scene.sheet.poly(
            crown(x, y, box.width * 0.24, box.height * 0.5, scene.dice),
            mix(leaf, lighter(leaf, 0.2), n / 4),
        )


def grasses(scene: Scene, left: float, foot: float, count: int) -> None:
    """Draw blades of grass close by, dark against the rest."""
    paint = darker(mix(scene.paints.ramp(0.2), scene.hue(("green",), "#4f7a5c"), 0.5), 0.45)
    for _ in range(count * 3):
        x = left + scene.dice.draw() * (1920 - left)
        if 560 < x < 1360 and scene.dice.draw() < 0.55:
            continue
        high, lean = scene.dice.draw(50, 150), scene.dice.draw(-36, 36)
        blade = ribbon(
            smooth(
                [(x, foot), (x + lean * 0.3, foot - high * 0.5), (x + lean, foot - high)],
                4,
                closed=False,
            ),
            9,
            1,
        )
        scene.sheet.poly(blade, mix(paint, lighter(paint, 0.2), scene.dice.draw()))


def flowers(scene: Scene, count: int) -> None:
    """Draw flowers in the grass."""
    for _ in range(count):
        x, y = scene.dice.draw(0, 1920), scene.dice.draw(900, 1060)
        paint = scene.hue(
            scene.like("flower"), scene.dice.choose(("#cf8088", "#e0b441", "#efe9dc", "#a79cc4"))
        )
        for k in range(5):
            scene.sheet.oval(x + math.cos(k * 1.257) * 8, y + math.sin(k * 1.257) * 8, 7, 7, paint)
        scene.sheet.oval(x, y, 5, 5, scene.hue(("gold",), "#d3a74a"))


def ferns(scene: Scene) -> None:
    """Draw ferns in the lower corners."""
    paint = darker(scene.hue(("green",), "#4f7a5c"), 0.5)
    for x, way in ((70, 1), (330, 1), (1600, -1), (1860, -1)):
        for n in range(5):
            reach, rise = 200 - 22 * n, 70 + 46 * n
            spine = smooth(
                [
                    (x, 1090),
                    (x + way * reach * 0.4, 1080 - rise),
                    (x + way * reach, 1080 - rise * 0.7),
                ],
                6,
                closed=False,
            )
            scene.sheet.poly(ribbon(spine, 30, 2), mix(paint, lighter(paint, 0.14), n / 5))


def rock(scene: Scene, box: Box) -> None:
    """Draw a rock."""
    stone = scene.hue((), "#7c7f85")
    scene.sheet.poly(
        [box.at(0, 1), box.at(0.12, 0.42), box.at(0.4, 0.04), box.at(0.72, 0.2), box.at(1, 1)],
        darker(stone, 0.2),
    )
    scene.sheet.poly(
        [box.at(0.12, 0.42), box.at(0.4, 0.04), box.at(0.5, 0.4), box.at(0.3, 1), box.at(0, 1)],
        lighter(stone, 0.08),
    )


def mountains(scene: Scene, horizon: float) -> None:
    """Draw mountains, their tops white."""
    dice, sheet = scene.dice, scene.sheet
    stone = scene.far(scene.hue((), "#6f7f95"), 0.5)
    for n in range(5):
        x, height, half = (
            200 + n * 390 + dice.draw(-80, 80),
            dice.draw(240, 440),
            dice.draw(280, 420),
        )
        peak = (x, horizon - height)
        sheet.poly([(x - half, horizon + 20), peak, (x + half, horizon + 20)], stone)
        sheet.poly(
            [
                peak,
                (x + half, horizon + 20),
                (x + half * 0.1, horizon + 20),
                (x + 30, horizon - height * 0.5),
            ],
            darker(stone, 0.14),
        )
        sheet.poly(
            [
                peak,
                (x - half * 0.26, horizon - height * 0.74),
                (x - half * 0.1, horizon - height * 0.8),
                (x + 4, horizon - height * 0.68),
                (x + half * 0.14, horizon - height * 0.8),
                (x + half * 0.25, horizon - height * 0.74),
            ],
            lighter(stone, 0.6),
        )


def glade(scene: Scene) -> Lamp:
    """Return the light of a clearing where no sun is seen."""
    return Lamp(1000, 430, 620, scene.light.low, 0.35, 0.16)


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
            _glow(scene) if lit else mix(scene.light.low, scene.paints.ramp(0.25), 0.5),
            230 if lit else 60,
        )
    sheet.poly([(0, 940), (700, 880), (640, 990), (0, 1010)], darker(paint, 0.6))
