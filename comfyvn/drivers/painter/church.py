"""A church."""

from __future__ import annotations

from comfyvn.drivers.painter import fixtures, lamps
from comfyvn.drivers.painter.paint import darker, lighter
from comfyvn.drivers.painter.scene import Box, Scene
from comfyvn.drivers.painter.shapes import rect
from comfyvn.drivers.painter.windows import stained


def nave(scene: Scene) -> None:
    """Draw a church: columns and pews towards an altar under coloured glass."""
    sheet = scene.sheet
    stone = scene.hue(scene.like("wall"), "#a39b8a")
    sheet.fade(rect(0, 0, 1920, 800), darker(stone, 0.45), darker(stone, 0.12))
    sheet.fade(rect(0, 780, 1920, 300), darker(stone, 0.25), darker(stone, 0.6))
    stained(scene, Box(860, 130, 200, 420))
    for x in (560, 1240):
        stained(scene, Box(x, 230, 120, 290))
    fixtures.altar(scene, Box(790, 640, 340, 150), ())
    for n in range(3):
        sheet.plane = 50 + n * 45
        inset = 380 - n * 190
        paint = darker(stone, 0.28 - n * 0.08)
        for left in (inset - 60.0, 1920 - inset - 60.0):
            sheet.rect(left, 0, 110 + n * 26, 900, paint)
            sheet.rect(left, 0, 20, 900, lighter(paint, 0.22))
            sheet.rect(left - 16, 180 - n * 30, 142 + n * 26, 40, lighter(paint, 0.1))
    for row in range(4):
        sheet.plane = 120 + row * 26
        y, half = 770 + row * 62, 300 + row * 170
        pew = darker(scene.hue(scene.like("bench"), "#6b4630"), 0.1 * (3 - row))
        for left in (960 - half, 960 + 90 + row * 36):
            width = half - 90 - row * 36
            sheet.rect(left, y, width, 60 + row * 16, pew)
            sheet.rect(left, y, width, 8, lighter(pew, 0.28))
    if scene.light.night or scene.said("candle"):
        for x in (830, 1060):
            lamps.candle(scene, Box(x, 548, 40, 96), ())
