"""What hangs on walls, at windows and from ceilings."""

from __future__ import annotations

import math

from comfyvn.drivers.painter.paint import Colour, darker, lighter, mix
from comfyvn.drivers.painter.scene import Box, Like, Scene
from comfyvn.drivers.painter.shapes import arch, ribbon, smooth


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
