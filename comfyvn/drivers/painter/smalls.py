"""Small things that stand on furniture and floors."""

from __future__ import annotations

import math

from comfyvn.drivers.painter.paint import Colour, darker, lighter, mix
from comfyvn.drivers.painter.scene import Box, Like, Scene
from comfyvn.drivers.painter.shapes import smooth


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
