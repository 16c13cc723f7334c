"""Shelves and what is on them."""

from __future__ import annotations

from collections.abc import Sequence

from comfyvn.drivers.painter.hung import umbrella_hung
from comfyvn.drivers.painter.paint import darker, lighter, mix
from comfyvn.drivers.painter.scene import Box, Like, Scene
from comfyvn.drivers.painter.shapes import rect, smooth


def shelves(scene: Scene, box: Box, like: Like, load: Sequence[str] = ()) -> None:
    """Draw a shelf to the ceiling, packed with what there is: umbrellas, hats, books, boxes."""
    paint = scene.hue(like, "#6c5a48")
    inner = darker(paint, 0.55)
    sheet, dice = scene.sheet, scene.dice
    sheet.rect(*box, paint)
    rows = max(int(box.height / 150), 2)
    high = (box.height - 16) / rows
    loads = [name for name in ("umbrella", "hat", "book", "box", "bottle") if scene.said(name)]
    loads = list(load) or loads or ["book", "box"]
    for row in range(rows):
        y = box.y + 12 + row * high
        sheet.rect(box.x + 12, y, box.width - 24, high - 14, inner)
        sheet.rect(box.x + 12, y, box.width - 24, 14, darker(inner, 0.35))
        _filled(
            scene, Box(box.x + 18, y + 8, box.width - 36, high - 22), loads[row % len(loads)], row
        )
        sheet.rect(box.x, y + high - 14, box.width, 5, lighter(paint, 0.22))
        if "card" in scene.things or dice.draw() < 0.35:
            sheet.rect(
                box.x + box.width * dice.draw(0.3, 0.5),
                y + high - 13,
                46,
                15,
                scene.hue((), "#e6dbc2"),
            )
    sheet.rect(box.x, box.y, 8, box.height, lighter(paint, 0.14))
    sheet.rect(box.right - 8, box.y, 8, box.height, darker(paint, 0.25))


def _filled(scene: Scene, box: Box, load: str, row: int) -> None:
    dice, sheet = scene.dice, scene.sheet
    tones = ("#a8624a", "#3f6a7c", "#c49a52", "#5d7458", "#8f5a6b", "#d3c3a0", "#4b4f69", "#7c6a52")
    x = box.x
    if load == "umbrella":
        while x < box.right - 16:
            width = dice.draw(20, 30)
            umbrella_hung(
                scene,
                x + width / 2,
                box.y - 4,
                box.height * dice.draw(0.86, 1.0),
                width,
                scene.hue((), dice.choose(tones)),
            )
            x += width + 3
        return
    while x < box.right - 20:
        paint = mix(scene.hue((), dice.choose(tones)), darker(scene.paints.ramp(0.3), 0.2), 0.25)
        if load == "book":
            width, height = dice.draw(11, 24), box.height * dice.draw(0.55, 0.92)
            if dice.draw() < 0.88:
                sheet.rect(x, box.foot - height, min(width, box.right - x), height, paint)
                sheet.rect(
                    x, box.foot - height * 0.84, min(width, box.right - x), 4, lighter(paint, 0.35)
                )
            x += width + 2
        elif load == "hat":
            width = dice.draw(58, 84)
            if x + width > box.right:
                break
            crown = dice.draw(0.34, 0.5) * box.height
            sheet.poly(
                smooth(
                    [
                        (x + width * 0.2, box.foot - 8),
                        (x + width * 0.26, box.foot - crown),
                        (x + width * 0.5, box.foot - crown * 1.1),
                        (x + width * 0.74, box.foot - crown),
                        (x + width * 0.8, box.foot - 8),
                    ],
                    5,
                ),
                paint,
            )
            sheet.oval(x + width / 2, box.foot - 8, width / 2, 7, darker(paint, 0.12))
            sheet.rect(x + width * 0.22, box.foot - 20, width * 0.56, 8, darker(paint, 0.45))
            x += width + 8
        elif load == "bottle":
            width, height = dice.draw(16, 24), box.height * dice.draw(0.55, 0.9)
            sheet.poly(rect(x, box.foot - height * 0.66, width, height * 0.66), paint)
            sheet.rect(x + width * 0.34, box.foot - height, width * 0.32, height * 0.4, paint)
            sheet.rect(
                x + 3, box.foot - height * 0.44, width - 6, height * 0.24, lighter(paint, 0.5)
            )
            x += width + 7
        else:
            width, height = dice.draw(48, 92), box.height * dice.draw(0.4, 0.8)
            if x + width > box.right:
                break
            sheet.rect(x, box.foot - height, width, height, paint)
            sheet.rect(x, box.foot - height, width, height * 0.22, lighter(paint, 0.16))
            if dice.draw() < 0.5:
                sheet.rect(
                    x + width * 0.34,
                    box.foot - height * 0.6,
                    width * 0.3,
                    height * 0.28,
                    scene.hue((), "#e6dbc2"),
                )
            x += width + 5
