"""An aisle between shelves, in perspective."""

from __future__ import annotations

from collections.abc import Callable

from comfyvn.drivers.painter import furniture, lamps, smalls
from comfyvn.drivers.painter.paint import darker, lighter, mix
from comfyvn.drivers.painter.scene import Box, Scene
from comfyvn.drivers.painter.shapes import rect


def aisle(scene: Scene, kind: str) -> None:
    """Draw an aisle between shelves that runs to a far point."""
    sheet, paints = scene.sheet, scene.paints
    vx, vy = 980.0, 470.0
    paint = lighter(scene.hue(scene.like("shelf"), "#5d6f5c"), 0.12)
    dark = darker(paints.ramp(0.1), 0.2)
    sheet.fade(rect(0, 0, 1920, 1080), dark, mix(dark, paints.ramp(0.3), 0.2))

    def point(x: float, y: float, depth: float) -> tuple[float, float]:
        """Return where a point of the front plane is, `depth` of the way to the far point."""
        return x + (vx - x) * depth, y + (vy - y) * depth

    floor = scene.hue(scene.like("floor"), "#6a5240")
    sheet.fade(
        [
            point(-200, 1150, 0),
            point(2120, 1150, 0),
            point(2120, 1150, 0.9),
            point(-200, 1150, 0.9),
        ],
        darker(floor, 0.6),
        floor,
    )
    for n in range(14):
        depth = 0.9 * (1 - (1 - n / 14) ** 2.2)
        sheet.line([point(-200, 1150, depth), point(2120, 1150, depth)], 3, darker(floor, 0.4))
    end = [
        point(-200, -200, 0.9),
        point(2120, -200, 0.9),
        point(2120, 1150, 0.9),
        point(-200, 1150, 0.9),
    ]
    sheet.poly(end, darker(paint, 0.5))
    bays = 6
    loads = [name for name in ("umbrella", "hat", "book", "box") if scene.said(name)] or [
        "box",
        "book",
    ]
    for bay in reversed(range(bays)):
        near, far = 0.9 * (1 - (1 - bay / bays) ** 1.9), 0.9 * (1 - (1 - (bay + 1) / bays) ** 1.9)
        sheet.plane = 180 - bay * 26
        shade = 0.09 * bay
        for side in (-200.0, 2120.0):
            post = darker(paint, 0.2 + shade)
            sheet.poly(
                [
                    point(side, -200, near),
                    point(side, -200, far),
                    point(side, 1150, far),
                    point(side, 1150, near),
                ],
                darker(paint, 0.62),
            )
            for row in range(5):
                low, high = -150 + row * 260.0, -150 + (row + 1) * 260.0
                _stocked(
                    scene,
                    side,
                    (low + 40, high),
                    (near, far),
                    point,
                    loads[(row + bay) % len(loads)],
                    shade,
                )
                sheet.poly(
                    [
                        point(side, high, near),
                        point(side, high, far),
                        point(side, high + 26, far),
                        point(side, high + 26, near),
                    ],
                    lighter(post, 0.12),
                )
                tag = near + (far - near) * 0.5
                wide = (far - near) * 0.16
                sheet.poly(
                    [
                        point(side, high + 3, tag - wide),
                        point(side, high + 3, tag + wide),
                        point(side, high + 24, tag + wide),
                        point(side, high + 24, tag - wide),
                    ],
                    darker(scene.hue((), "#e6dbc2"), shade),
                )
            width = 46 if side < 0 else -46
            sheet.poly(
                [
                    point(side, -200, near),
                    point(side + width, -200, near),
                    point(side + width, 1150, near),
                    point(side, 1150, near),
                ],
                lighter(post, 0.1),
            )
            sheet.poly(
                [
                    point(side + width, -200, near),
                    point(side + width * 1.5, -200, near),
                    point(side + width * 1.5, 1150, near),
                    point(side + width, 1150, near),
                ],
                darker(post, 0.4),
            )
    sheet.plane = 120
    if scene.said("candle", "lantern") or not scene.said("lamp"):
        if scene.said("lantern"):
            lamps.lantern(scene, Box(840, 650, 110, 160), scene.like("lantern"))
        else:
            smalls.crate(scene, Box(760, 790, 170, 130), ())
            lamps.candle(scene, Box(815, 655, 62, 138), ())
            scene.lamp(846, 640, 900, 0.6, 0.0)
    if not scene.light.night:
        scene.lamp(vx, 120, 900, 1.6, 0.2, lighter(scene.light.low, 0.3))
    if scene.said("drawer"):
        furniture.drawers(scene, Box(1080, 640, 250, 210), scene.like("drawer"))


def _stocked(
    scene: Scene,
    side: float,
    span: tuple[float, float],
    depths: tuple[float, float],
    point: Callable[[float, float, float], tuple[float, float]],
    load: str,
    shade: float,
) -> None:
    """Fill one shelf of an aisle, in its perspective."""
    dice = scene.dice
    tones = ("#a8433f", "#3f6a7c", "#c49a52", "#5d7458", "#6a4a7c", "#24323f", "#d3c3a0", "#8f5a6b")
    low, high = span
    t = depths[0] + 0.01
    while t < depths[1] - 0.004:
        size = (depths[1] - depths[0]) * dice.draw(0.1, 0.2)
        if load == "umbrella":
            size *= 0.5
        end = min(t + size, depths[1] - 0.003)
        paint = darker(scene.hue((), dice.choose(tones)), shade + dice.draw(0, 0.12))
        tall = dice.draw(0.5, 0.95)
        if load == "umbrella":
            # Furled, hung by the crook: a collar, a slim belly, a point.
            middle, deep = (t + end) / 2, low + (high - low) * (0.68 + 0.3 * tall)
            half, narrow = (end - t) / 2, (end - t) * 0.2
            scene.sheet.line(
                [point(side, low - 6, middle), point(side, low + 50, middle)],
                4,
                darker(scene.hue((), "#9a7448"), shade),
            )
            furled = [
                point(side, low + 44, middle - narrow),
                point(side, low + 44, middle + narrow),
                point(side, low + 110, middle + half),
                point(side, deep - 30, middle + narrow),
                point(side, deep, middle),
                point(side, deep - 30, middle - narrow),
                point(side, low + 110, middle - half),
            ]
            scene.sheet.poly(furled, paint)
            scene.sheet.line(
                [point(side, low + 50, middle), point(side, deep - 16, middle)],
                2,
                darker(paint, 0.3),
            )
        else:
            top = high - (high - low) * (tall if load != "hat" else tall * 0.5)
            if load == "hat":
                middle = (t + end) / 2
                scene.sheet.poly(
                    [
                        point(side, high, t),
                        point(side, high - 22, t),
                        point(side, top, middle - size * 0.2),
                        point(side, top, middle + size * 0.2),
                        point(side, high - 22, end),
                        point(side, high, end),
                    ],
                    paint,
                )
            else:
                scene.sheet.poly(
                    [
                        point(side, top, t),
                        point(side, top, end),
                        point(side, high, end),
                        point(side, high, t),
                    ],
                    paint,
                )
                scene.sheet.poly(
                    [
                        point(side, top + 18, t),
                        point(side, top + 18, end),
                        point(side, top + 32, end),
                        point(side, top + 32, t),
                    ],
                    lighter(paint, 0.3),
                )
        t = end + 0.003
