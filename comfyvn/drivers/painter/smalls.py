"""Small things: what stands on furniture, hangs on walls and from ceilings."""

from __future__ import annotations

import math
from collections.abc import Sequence

from comfyvn.drivers.painter.paint import Colour, darker, lighter, mix
from comfyvn.drivers.painter.scene import Box, Scene
from comfyvn.drivers.painter.shapes import arch, oval, ribbon, smooth

Like = Sequence[str]


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


def telephone(scene: Scene, box: Box, like: Like) -> None:
    """Draw a telephone with a dial and its receiver on the hook."""
    paint = scene.hue(like, "#2b2a2d")
    sheet = scene.sheet
    shine = lighter(paint, 0.28)
    sheet.poly(
        smooth(
            [
                box.at(0.1, 1),
                box.at(0.18, 0.62),
                box.at(0.32, 0.36),
                box.at(0.68, 0.36),
                box.at(0.82, 0.62),
                box.at(0.9, 1),
            ],
            6,
        ),
        paint,
    )
    sheet.oval(*box.at(0.5, 0.68), box.width * 0.19, box.width * 0.19, scene.hue((), "#cfc3a6"))
    for n in range(9):
        turn = n * 0.6 + 0.4
        x, y = box.at(0.5, 0.68)
        sheet.oval(
            x + math.cos(turn) * box.width * 0.13,
            y + math.sin(turn) * box.width * 0.13,
            box.width * 0.03,
            box.width * 0.03,
            paint,
        )
    sheet.oval(*box.at(0.5, 0.68), box.width * 0.06, box.width * 0.06, paint)
    sheet.poly(
        smooth(
            [
                box.at(-0.04, 0.36),
                box.at(0.0, 0.12),
                box.at(0.2, 0.06),
                box.at(0.5, 0.1),
                box.at(0.8, 0.06),
                box.at(1.0, 0.12),
                box.at(1.04, 0.36),
                box.at(0.82, 0.38),
                box.at(0.76, 0.27),
                box.at(0.5, 0.25),
                box.at(0.24, 0.27),
                box.at(0.18, 0.38),
            ],
            5,
        ),
        paint,
    )
    sheet.line(
        smooth(
            [box.at(0.06, 0.17), box.at(0.22, 0.1), box.at(0.5, 0.14), box.at(0.78, 0.1)],
            5,
            closed=False,
        ),
        max(box.width * 0.02, 2),
        shine,
    )
    sheet.line(
        smooth([box.at(0.24, 0.62), box.at(0.34, 0.42)], 4, closed=False),
        max(box.width * 0.02, 2),
        shine,
    )


def camp_stove(scene: Scene, box: Box, like: Like) -> None:
    """Draw a camping stove with a blue flame and a pot."""
    paint = scene.hue(like, "#3f6a94")
    sheet = scene.sheet
    sheet.poly(
        smooth(
            [
                box.at(0.24, 1),
                box.at(0.2, 0.7),
                box.at(0.5, 0.6),
                box.at(0.8, 0.7),
                box.at(0.76, 1),
            ],
            5,
        ),
        paint,
    )
    sheet.rect(*box.part(0.44, 0.48, 0.12, 0.14), darker(paint, 0.4))
    for n in range(5):
        x, y = box.at(0.3 + n * 0.1, 0.5)
        sheet.poly([(x - 4, y), (x, y - box.height * 0.12), (x + 4, y)], (0.5, 0.72, 0.95), 255)
    pot = scene.hue((), "#9aa1a2")
    sheet.rect(*box.part(0.2, 0.08, 0.6, 0.32), pot)
    sheet.rect(*box.part(0.2, 0.08, 0.12, 0.32), lighter(pot, 0.3))
    sheet.rect(*box.part(0.16, 0.06, 0.68, 0.05), darker(pot, 0.2))
    sheet.rect(*box.part(0.8, 0.14, 0.4, 0.05), darker(pot, 0.5))
    scene.lamp(*box.at(0.5, 0.5), 160, 0.5, 0.15, (0.5, 0.7, 1.0))


def mug(scene: Scene, box: Box, paint: Colour) -> None:
    """Draw a mug."""
    scene.sheet.line(
        smooth(
            [box.at(0.76, 0.3), box.at(1.08, 0.34), box.at(1.05, 0.68), box.at(0.76, 0.74)],
            6,
            closed=False,
        ),
        max(box.width * 0.09, 2),
        darker(paint, 0.15),
    )
    scene.sheet.rect(*box.part(0.08, 0.12, 0.72, 0.88), paint)
    scene.sheet.rect(*box.part(0.08, 0.12, 0.16, 0.88), lighter(paint, 0.3))
    scene.sheet.oval(*box.at(0.44, 0.13), box.width * 0.36, box.height * 0.09, darker(paint, 0.4))


def mugs(scene: Scene, box: Box, like: Like) -> None:
    """Draw two mugs."""
    mug(scene, box.part(0, 0.3, 0.45, 0.7), scene.hue(like, "#c49a52"))
    mug(scene, box.part(0.55, 0.2, 0.45, 0.8), scene.hue((), "#6f8f96"))


def books(scene: Scene, box: Box, like: Like) -> None:
    """Draw a pile of books."""
    tones = ("#a8624a", "#3f6a7c", "#c49a52", "#5d7458")
    for n in range(4):
        shift = scene.dice.draw(-0.06, 0.06)
        part = box.part(0.05 + shift, 0.76 - n * 0.22, 0.9, 0.2)
        paint = scene.hue((), tones[n])
        scene.sheet.rect(*part, paint)
        scene.sheet.rect(part.right - 14, part.y + 3, 14, part.height - 6, scene.hue((), "#e6dbc2"))


def vase(scene: Scene, box: Box, like: Like) -> None:
    """Draw flowers in a vase."""
    flower = scene.hue(like, "#cf8088")
    sheet = scene.sheet
    for n, (x, y) in enumerate(((0.2, 0.2), (0.5, 0.06), (0.8, 0.22), (0.36, 0.3), (0.66, 0.32))):
        sheet.line([box.at(0.5, 0.7), box.at(x, y)], 3, scene.hue(("green",), "#4f7a5c"))
        for k in range(5):
            cx, cy = box.at(x, y)
            r = box.width * 0.07
            sheet.oval(
                cx + math.cos(k * 1.257 + n) * r,
                cy + math.sin(k * 1.257 + n) * r,
                r * 0.9,
                r * 0.9,
                mix(flower, lighter(flower, 0.4), n % 2),
            )
        sheet.oval(
            *box.at(x, y), box.width * 0.05, box.width * 0.05, scene.hue(("gold",), "#d3a74a")
        )
    sheet.poly(
        smooth(
            [
                box.at(0.4, 0.6),
                box.at(0.3, 0.8),
                box.at(0.38, 1),
                box.at(0.62, 1),
                box.at(0.7, 0.8),
                box.at(0.6, 0.6),
            ],
            5,
        ),
        scene.hue((), "#8fa9ad"),
    )


def computer(scene: Scene, box: Box, like: Like) -> None:
    """Draw a computer's screen."""
    scene.sheet.rect(*box.part(0.44, 0.7, 0.12, 0.3), (0.2, 0.2, 0.23))
    scene.sheet.rect(*box.part(0.3, 0.95, 0.4, 0.05), (0.2, 0.2, 0.23))
    scene.sheet.rect(*box.part(0, 0, 1, 0.76), (0.17, 0.18, 0.21))
    pane = box.part(0.05, 0.06, 0.9, 0.62)
    scene.sheet.rect(*pane, mix(scene.paints.ramp(0.5), (0.6, 0.85, 0.95), 0.4), 220)
    for row in range(4):
        scene.sheet.rect(
            pane.x + 12,
            pane.y + 14 + row * 20,
            pane.width * scene.dice.draw(0.3, 0.8),
            6,
            lighter(scene.paints.ramp(0.9), 0.4),
            220,
        )
    scene.lamp(*pane.at(0.5, 0.5), 240, 0.5, 0.15, (0.55, 0.8, 0.95))


def bucket(scene: Scene, box: Box, like: Like) -> None:
    """Draw a tin bucket."""
    paint = scene.hue(like, "#8f999b")
    scene.sheet.poly([box.at(0.05, 0.1), box.at(0.95, 0.1), box.at(0.8, 1), box.at(0.2, 1)], paint)
    scene.sheet.poly(
        [box.at(0.12, 0.1), box.at(0.3, 0.1), box.at(0.36, 1), box.at(0.24, 1)], lighter(paint, 0.3)
    )
    scene.sheet.oval(*box.at(0.5, 0.1), box.width * 0.45, box.height * 0.09, darker(paint, 0.5))


def umbrella_hung(
    scene: Scene, x: float, y: float, height: float, width: float, paint: Colour
) -> None:
    """Draw a furled umbrella hung by its handle."""
    sheet = scene.sheet
    wood = scene.hue((), "#7d5a3c")
    crook = smooth(
        [
            (x - width * 0.34, y + height * 0.16),
            (x - width * 0.3, y + 4),
            (x, y - 2),
            (x + width * 0.1, y + height * 0.1),
            (x, y + height * 0.3),
        ],
        4,
        closed=False,
    )
    sheet.line(crook, 4, wood)
    body = [
        (x - width * 0.26, y + height * 0.3),
        (x + width * 0.26, y + height * 0.3),
        (x + width * 0.34, y + height * 0.42),
        (x + 2, y + height),
        (x - 2, y + height),
        (x - width * 0.34, y + height * 0.42),
    ]
    sheet.poly(body, paint)
    sheet.poly(
        [
            (x, y + height * 0.3),
            (x + width * 0.26, y + height * 0.3),
            (x + width * 0.34, y + height * 0.42),
            (x + 2, y + height),
        ],
        darker(paint, 0.3),
    )


def umbrellas(scene: Scene, box: Box, like: Like) -> None:
    """Draw a row of umbrellas hung from a rail."""
    tones = ("#24323f", "#a8433f", "#3f6a7c", "#c49a52", "#5d7458", "#6a4a7c")
    scene.sheet.rect(box.x, box.y, box.width, 8, scene.hue((), "#6b4c36"))
    count = max(int(box.width / 46), 2)
    for n in range(count):
        x = box.x + (n + 0.5) * box.width / count
        umbrella_hung(
            scene,
            x,
            box.y + 2,
            box.height * scene.dice.draw(0.84, 1),
            38,
            scene.hue(like if n == 0 else (), scene.dice.choose(tones)),
        )


def clock(scene: Scene, box: Box, like: Like) -> None:
    """Draw a round clock on the wall."""
    x, y, r = box.middle, box.y + box.height / 2, box.width / 2
    scene.sheet.oval(x, y, r, r, scene.hue(like, "#5a4030"))
    scene.sheet.oval(x, y, r * 0.84, r * 0.84, scene.hue((), "#efe6d0"), 30)
    for n in range(12):
        turn = n * math.pi / 6
        scene.sheet.oval(
            x + math.cos(turn) * r * 0.7, y + math.sin(turn) * r * 0.7, 3, 3, (0.2, 0.17, 0.17)
        )
    for length, turn in ((0.44, -0.9), (0.64, -2.3)):
        scene.sheet.line(
            [(x, y), (x + math.cos(turn) * r * length, y + math.sin(turn) * r * length)],
            5,
            (0.17, 0.15, 0.16),
        )


def board(scene: Scene, box: Box, like: Like) -> None:
    """Draw a timetable or notice board: rows of painted lines."""
    paint = scene.hue(like, "#24424a")
    frame = scene.hue((), "#8a6240")
    sheet = scene.sheet
    sheet.rect(box.x - 14, box.y - 14, box.width + 28, box.height + 28, frame)
    sheet.rect(box.x - 14, box.y - 14, box.width + 28, 5, lighter(frame, 0.3))
    sheet.rect(*box, paint)
    ivory, gold = scene.hue((), "#e8dfc8"), scene.hue(("gold",), "#d3a74a")
    sheet.rect(*box.part(0.06, 0.07, 0.6, 0.07), gold)
    sheet.rect(*box.part(0.06, 0.18, 0.88, 0.01), mix(paint, ivory, 0.5))
    rows = max(int(box.height / 46), 3)
    for row in range(rows):
        y = 0.25 + row * 0.7 / rows
        sheet.rect(*box.part(0.06, y, 0.13, 0.022), gold)
        sheet.rect(*box.part(0.26, y, scene.dice.draw(0.2, 0.36), 0.022), ivory)
        sheet.rect(*box.part(0.76, y, scene.dice.draw(0.08, 0.18), 0.022), mix(paint, ivory, 0.7))


def blackboard(scene: Scene, box: Box, like: Like) -> None:
    """Draw a blackboard with a few chalk marks."""
    paint = scene.hue(like, "#2f4f44")
    sheet = scene.sheet
    sheet.rect(box.x - 12, box.y - 12, box.width + 24, box.height + 24, scene.hue((), "#9a7448"))
    sheet.rect(*box, paint)
    for row in range(3):
        y = box.y + box.height * (0.2 + row * 0.2)
        sheet.line(
            [(box.x + 40, y), (box.x + box.width * scene.dice.draw(0.3, 0.7), y + 4)],
            4,
            mix(paint, (1, 1, 1), 0.5),
        )
    sheet.rect(box.x, box.foot + 12, box.width, 10, scene.hue((), "#7d5a3c"))


def poster(scene: Scene, box: Box, like: Like) -> None:
    """Draw a framed picture: hills and a sun."""
    sheet, p = scene.sheet, scene.paints
    sheet.rect(box.x - 9, box.y - 9, box.width + 18, box.height + 18, scene.hue(like, "#6b4c36"))
    sheet.rect(*box, p.ramp(0.85))
    sheet.oval(*box.at(0.66, 0.3), box.width * 0.13, box.width * 0.13, p.accent)
    sheet.poly(
        [
            box.at(0, 0.62),
            box.at(0.35, 0.42),
            box.at(0.7, 0.66),
            box.at(1, 0.5),
            box.at(1, 1),
            box.at(0, 1),
        ],
        p.ramp(0.5),
    )
    sheet.poly(
        [box.at(0, 0.8), box.at(0.5, 0.7), box.at(1, 0.84), box.at(1, 1), box.at(0, 1)], p.ramp(0.2)
    )


def mirror(scene: Scene, box: Box, like: Like) -> None:
    """Draw a mirror."""
    scene.sheet.poly(
        arch(box.x - 9, box.y - 9, box.width + 18, box.height + 18), scene.hue(like, "#b98d45")
    )
    scene.sheet.poly(arch(*box), mix(scene.light.low, scene.paints.ramp(0.4), 0.5), 70)
    scene.sheet.poly(
        [box.at(0.2, 0.5), box.at(0.6, 0.2), box.at(0.7, 0.26), box.at(0.25, 0.62)],
        lighter(scene.light.low, 0.3),
        70,
    )


def net(scene: Scene, box: Box, like: Like) -> None:
    """Draw a net of oranges that hangs from the ceiling."""
    orange = scene.hue(("orange",), "#d9803c")
    sheet = scene.sheet
    top = (box.middle, box.y - 60)
    sheet.line([(box.middle + 12, 0), top], 3, scene.hue((), "#cbb893"))
    for x, y in (
        (0.5, 0.2),
        (0.28, 0.42),
        (0.7, 0.42),
        (0.48, 0.5),
        (0.2, 0.72),
        (0.46, 0.8),
        (0.76, 0.72),
    ):
        sheet.oval(
            *box.at(x, y),
            box.width * 0.2,
            box.width * 0.2,
            mix(orange, darker(orange, 0.3), y * 0.6),
        )
        cx, cy = box.at(x, y)
        sheet.oval(
            cx - box.width * 0.06,
            cy - box.width * 0.07,
            box.width * 0.07,
            box.width * 0.05,
            lighter(orange, 0.4),
        )
    string = scene.hue((), "#e0d2b0")
    for k in range(5):
        t = k / 4
        sheet.line(
            smooth([top, box.at(t * 1.1 - 0.05, 0.5), box.at(0.3 + t * 0.4, 1.0)], 5, closed=False),
            2,
            string,
        )
        sheet.line(
            smooth(
                [top, box.at(1.05 - t * 1.1, 0.4), box.at(0.7 - t * 0.4, 1.02)], 5, closed=False
            ),
            2,
            string,
        )


def curtains(scene: Scene, box: Box, like: Like) -> None:
    """Draw drawn-back curtains at both sides of a box."""
    paint = scene.hue(like, "#8f4f4a")
    for side in (0, 1):
        x = box.x - 40 if side == 0 else box.right - 50
        for fold in range(3):
            scene.sheet.poly(
                ribbon(
                    [
                        (x + 15 + fold * 30, box.y - 30),
                        (x + 15 + fold * 30 + (8 if side else -8), box.foot + 40),
                    ],
                    34,
                    28,
                ),
                mix(paint, darker(paint, 0.3), fold % 2),
            )
    scene.sheet.rect(box.x - 60, box.y - 38, box.width + 120, 10, scene.hue(("brass",), "#b98d45"))


def dial(scene: Scene, box: Box, like: Like) -> None:
    """Draw a lit dial."""
    r = box.width / 2
    glow = (0.45, 0.86, 0.6)
    scene.sheet.oval(*box.at(0.5, 0.5), r, r, scene.hue(("brass",), "#b98d45"))
    scene.sheet.oval(*box.at(0.5, 0.5), r * 0.8, r * 0.8, mix(glow, (0.1, 0.2, 0.18), 0.45), 235)
    x, y = box.at(0.5, 0.5)
    for n in range(8):
        turn = n * math.pi / 4
        scene.sheet.oval(
            x + math.cos(turn) * r * 0.6, y + math.sin(turn) * r * 0.6, 2.5, 2.5, glow, 255
        )
    scene.sheet.line([(x, y), (x + r * 0.4, y - r * 0.42)], 4, lighter(glow, 0.5), 255)
    scene.lamp(x, y, 180, 0.55, 0.2, glow)


def crate(scene: Scene, box: Box, like: Like) -> None:
    """Draw a crate or a box."""
    paint = scene.hue(like, "#9a7448")
    sheet = scene.sheet
    sheet.rect(*box, paint)
    for y in (0.02, 0.36, 0.7):
        sheet.rect(*box.part(0, y, 1, 0.28), lighter(paint, 0.06))
        sheet.rect(*box.part(0, y + 0.28, 1, 0.04), darker(paint, 0.45))
    for x in (0.02, 0.86):
        sheet.rect(*box.part(x, 0, 0.12, 1), darker(paint, 0.12))


def barrel(scene: Scene, box: Box, like: Like) -> None:
    """Draw a barrel."""
    paint = scene.hue(like, "#86613f")
    scene.sheet.poly(
        smooth(
            [
                box.at(0.14, 0),
                box.at(0.86, 0),
                box.at(1, 0.5),
                box.at(0.86, 1),
                box.at(0.14, 1),
                box.at(0, 0.5),
            ],
            5,
        ),
        paint,
    )
    for y in (0.2, 0.74):
        scene.sheet.rect(*box.part(0.02, y, 0.96, 0.07), darker(paint, 0.55))


def moon_window(scene: Scene, box: Box) -> None:
    """Draw a porthole."""
    r = box.width / 2
    scene.sheet.oval(*box.at(0.5, 0.5), r, r, scene.hue(("brass",), "#b98d45"))
    scene.sheet.poly(
        oval(*box.at(0.5, 0.5), r * 0.78, r * 0.78), mix(scene.light.top, scene.light.low, 0.6), 200
    )
