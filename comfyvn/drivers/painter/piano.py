"""Pianos."""

from __future__ import annotations

from comfyvn.drivers.painter.furniture import edged
from comfyvn.drivers.painter.paint import darker, lighter
from comfyvn.drivers.painter.scene import Box, Like, Scene
from comfyvn.drivers.painter.shapes import smooth


def piano(scene: Scene, box: Box, like: Like) -> None:
    """Draw an upright piano, or a grand one, with its keys."""
    paint = scene.hue(like, "#5a3b2b")
    sheet = scene.sheet
    key = box.part(0, 0.47, 1, 0.1)
    if "grand" in like:
        lid = smooth(
            [
                box.at(0.02, 0.4),
                box.at(0.1, -0.3),
                box.at(0.5, -0.22),
                box.at(0.96, 0.2),
                box.at(1, 0.44),
            ],
            8,
        )
        sheet.poly(lid, darker(paint, 0.25))
        sheet.rect(box.x, box.y + box.height * 0.4, box.width, box.height * 0.16, paint)
        for leg in (0.06, 0.5, 0.9):
            sheet.rect(
                box.x + box.width * leg,
                box.y + box.height * 0.5,
                18,
                box.height * 0.5,
                darker(paint, 0.3),
            )
    else:
        edged(scene, box, paint, 8)
        sheet.rect(box.x - 10, box.y - 8, box.width + 20, 16, lighter(paint, 0.2))
        for part in (0.07, 0.54):
            panel = box.part(part, 0.1, 0.39, 0.3)
            sheet.rect(*panel, darker(paint, 0.18))
            sheet.rect(panel.x, panel.y, panel.width, 4, darker(paint, 0.45))
            sheet.rect(panel.x, panel.foot - 4, panel.width, 4, lighter(paint, 0.18))
        sheet.rect(*box.part(0.06, 0.64, 0.88, 0.29), darker(paint, 0.2))
        sheet.rect(*box.part(0.06, 0.64, 0.88, 0.014), darker(paint, 0.5))
    sheet.rect(key.x - 8, key.y - 8, key.width + 16, key.height + 18, darker(paint, 0.32))
    ivory = scene.hue((), "#efe6d0")
    sheet.rect(key.x + 10, key.y, key.width - 20, key.height, ivory)
    step = (key.width - 20) / 28
    for n in range(28):
        x = key.x + 10 + n * step
        sheet.rect(x - 0.8, key.y, 1.6, key.height, darker(ivory, 0.35))
        if n % 7 not in (0, 3):
            sheet.rect(x - step * 0.28, key.y, step * 0.56, key.height * 0.6, darker(paint, 0.78))
    sheet.rect(key.x - 8, key.foot + 4, key.width + 16, 10, lighter(paint, 0.14))
    if "grand" not in like:
        for foot in (0.02, 0.9):
            sheet.poly(
                [
                    box.at(foot, 0.58),
                    box.at(foot + 0.08, 0.58),
                    box.at(foot + 0.06, 0.98),
                    box.at(foot + 0.02, 0.98),
                ],
                darker(paint, 0.2),
            )
    if scene.said("label"):
        tag = scene.hue((), "#e2c998")
        x, y = box.at(0.8, 0.03)
        sheet.line([(x + 20, y - 6), (x + 8, y + 40)], 2, darker(tag, 0.3))
        sheet.poly(
            [
                (x - 16, y + 44),
                (x + 8, y + 32),
                (x + 34, y + 44),
                (x + 34, y + 104),
                (x - 16, y + 104),
            ],
            tag,
        )
        sheet.oval(x + 8, y + 46, 5, 5, darker(paint, 0.4))
        for row in (66, 80):
            sheet.rect(x - 8, y + row, 34, 4, darker(tag, 0.45))
