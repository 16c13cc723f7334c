"""What belongs to a room more than to its owner: stoves, counters, doors, wheels, altars."""

from __future__ import annotations

import math

from comfyvn.drivers.painter.furniture import edged
from comfyvn.drivers.painter.paint import darker, lighter, mix
from comfyvn.drivers.painter.scene import Box, Like, Scene
from comfyvn.drivers.painter.shapes import oval, smooth


def stove(scene: Scene, box: Box, like: Like) -> None:
    """Draw a kitchen stove, a camping stove when it is low, or a fireplace's fire."""
    paint = scene.hue(like, "#4f5a60")
    sheet = scene.sheet
    edged(scene, box, paint)
    sheet.rect(*box.part(0.14, 0.34, 0.72, 0.5), darker(paint, 0.5))
    sheet.rect(
        *box.part(0.2, 0.42, 0.6, 0.34),
        mix(scene.paints.accent, (1, 0.5, 0.2), 0.4),
        190 if scene.light.night else 60,
    )
    for knob in range(4):
        sheet.oval(*box.at(0.2 + knob * 0.2, 0.17), 10, 10, lighter(paint, 0.3))
    kettle(scene, Box(box.x + box.width * 0.3, box.y - 76, 96, 76))
    scene.lamp(*box.at(0.5, 0.6), 240, 0.5, 0.2)


def kettle(scene: Scene, box: Box) -> None:
    """Draw a kettle."""
    paint = scene.hue((), "#8a4b3c")
    sheet = scene.sheet
    sheet.line(
        smooth(
            [box.at(0.2, 0.45), box.at(0.3, 0.02), box.at(0.7, 0.02), box.at(0.8, 0.45)],
            6,
            closed=False,
        ),
        6,
        darker(paint, 0.4),
    )
    sheet.poly(
        [box.at(0.75, 0.55), box.at(1.05, 0.28), box.at(1.12, 0.34), box.at(0.85, 0.85)], paint
    )
    sheet.poly(
        smooth(
            [
                box.at(0.1, 1),
                box.at(0.12, 0.6),
                box.at(0.35, 0.36),
                box.at(0.65, 0.36),
                box.at(0.88, 0.6),
                box.at(0.9, 1),
            ],
            6,
        ),
        paint,
    )
    sheet.oval(*box.at(0.5, 0.34), 7, 7, darker(paint, 0.4))


def counter(scene: Scene, box: Box, like: Like) -> None:
    """Draw a counter of boards with a top."""
    paint = scene.hue(like, "#7a5a40")
    sheet = scene.sheet
    sheet.rect(*box, paint)
    n = max(int(box.width / 130), 2)
    for i in range(n):
        panel = box.part((i + 0.1) / n, 0.2, 0.8 / n, 0.66)
        sheet.rect(*panel, darker(paint, 0.2))
        sheet.rect(panel.x, panel.foot - 4, panel.width, 4, lighter(paint, 0.15))
    sheet.rect(box.x - 14, box.y, box.width + 28, 26, lighter(paint, 0.15))
    sheet.rect(box.x - 14, box.y, box.width + 28, 6, lighter(paint, 0.36))


def door(scene: Scene, box: Box, like: Like) -> None:
    """Draw a panelled door in its frame."""
    paint = scene.hue(like, "#6b4c36")
    sheet = scene.sheet
    sheet.rect(box.x - 16, box.y - 16, box.width + 32, box.height + 16, lighter(paint, 0.22))
    sheet.rect(*box, paint)
    for y, h in ((0.06, 0.36), (0.5, 0.42)):
        for x in (0.12, 0.54):
            panel = box.part(x, y, 0.34, h)
            sheet.rect(*panel, darker(paint, 0.24))
            sheet.rect(panel.x, panel.foot - 4, panel.width, 4, lighter(paint, 0.2))
    sheet.oval(*box.at(0.9, 0.5), 9, 9, scene.hue(("brass",), "#c39a4b"))


def screen(scene: Scene, box: Box, like: Like) -> None:
    """Draw a paper screen: shoji."""
    wood = scene.hue((), "#7a5a3e")
    scene.sheet.rect(*box, wood)
    for n in range(2):
        for row in range(4):
            for column in range(3):
                cell = box.part(0.02 + n * 0.49 + column * 0.157, 0.03 + row * 0.2, 0.148, 0.19)
                scene.sheet.rect(*cell, lighter(scene.hue((), "#ebe1c8"), 0.1), 90)
        scene.sheet.rect(*box.part(0.02 + n * 0.49, 0.84, 0.462, 0.13), darker(wood, 0.2))


def steering(scene: Scene, box: Box, like: Like) -> None:
    """Draw a ship's wheel on its post."""
    paint = scene.hue(like, "#a8793f")
    sheet = scene.sheet
    x, y, r = box.middle, box.y + box.width / 2, box.width * 0.4
    sheet.poly(
        [(x - 34, y), (x + 34, y), (x + 56, box.foot), (x - 56, box.foot)],
        darker(scene.hue((), "#5a4030"), 0.3),
    )
    for n in range(8):
        turn = n * math.pi / 4 + 0.2
        dx, dy = math.cos(turn), math.sin(turn)
        sheet.line([(x, y), (x + dx * r * 1.28, y + dy * r * 1.28)], 13, darker(paint, 0.2))
        sheet.oval(x + dx * r * 1.26, y + dy * r * 1.26, 13, 13, paint)
    ring = [oval(x, y, r * k, r * k) for k in (1.06, 0.86)]
    sheet.line([*ring[0], ring[0][0], ring[0][1]], 5, darker(paint, 0.4))
    sheet.line(
        [*oval(x, y, r * 0.96, r * 0.96), (x + r * 0.96, y), (x + r * 0.95, y + 6)], r * 0.17, paint
    )
    sheet.line([*oval(x, y, r * 0.99, r * 0.99), (x + r * 0.99, y)], 4, lighter(paint, 0.4))
    sheet.oval(x, y, r * 0.24, r * 0.24, lighter(paint, 0.1))
    sheet.oval(x, y, r * 0.12, r * 0.12, darker(paint, 0.4))


def altar(scene: Scene, box: Box, like: Like) -> None:
    """Draw an altar with a cloth and two candles."""
    cloth = scene.hue(like, "#e6dcc4")
    edged(scene, box, darker(cloth, 0.5))
    scene.sheet.rect(*box.part(0.1, 0, 0.8, 0.8), cloth)
    scene.sheet.rect(*box.part(0.1, 0.66, 0.8, 0.06), scene.hue(("gold",), "#d3a74a"))
    scene.sheet.rect(*box.part(0.47, -0.75, 0.06, 0.75), scene.hue(("gold",), "#d3a74a"))
    scene.sheet.rect(*box.part(0.38, -0.55, 0.24, 0.09), scene.hue(("gold",), "#d3a74a"))


def machine(scene: Scene, box: Box, like: Like) -> None:
    """Draw a vending machine or another that shines."""
    paint = scene.hue(like, "#a8433f")
    edged(scene, box, paint, 8)
    glass = box.part(0.1, 0.08, 0.8, 0.5)
    scene.sheet.rect(*glass, lighter(scene.paints.ramp(1.0), 0.3), 170)
    for row in range(3):
        for n in range(5):
            cell = glass.part(0.06 + n * 0.19, 0.1 + row * 0.32, 0.12, 0.2)
            scene.sheet.rect(
                *cell,
                scene.hue((), scene.dice.choose(("#b8433a", "#3f6a94", "#4f7a5c", "#d9803c"))),
                130,
            )
    scene.sheet.rect(*box.part(0.16, 0.7, 0.68, 0.14), darker(paint, 0.5))
    scene.lamp(*glass.at(0.5, 0.5), 260, 0.5, 0.2, lighter(scene.paints.ramp(0.9), 0.3))
