"""Places by the water."""

from __future__ import annotations

from comfyvn.drivers.painter import boats, landmarks, plants
from comfyvn.drivers.painter.ground import HEIGHT, WIDTH, draw_land, open_sky
from comfyvn.drivers.painter.paint import Colour, darker, lighter, mix
from comfyvn.drivers.painter.scene import Box, Scene
from comfyvn.drivers.painter.shapes import oval, rect, smooth


def _water(scene: Scene, top: float, bottom: float, *, still: bool = False) -> None:
    """Draw water with the sky's light in it."""
    sheet, light, dice = scene.sheet, scene.light, scene.dice
    deep = mix(scene.paints.ramp(0.22), light.top, 0.4)
    # Water mirrors the sky, and shines as the sky does.
    sheet.fade(
        rect(0, top, WIDTH, bottom - top), mix(light.low, light.haze, 0.5), darker(deep, 0.18), 150
    )
    glint = mix(light.low, light.sun, 0.5)
    rough = light.weather == "storm"
    for _ in range(90):
        near = dice.draw() ** 1.7
        y = top + 6 + (bottom - top - 12) * near
        length = (24 + 170 * near) * dice.draw(0.4, 1)
        x = dice.draw(-0.05, 1.0) * WIDTH
        paint = mix(mix(light.low, deep, min(near * 1.2, 0.85)), glint, dice.draw(0.0, 0.45))
        if rough:
            paint = mix(paint, deep, 0.3)
            h = 4 + 22 * near
            sheet.poly(
                smooth(
                    [
                        (x, y),
                        (x + length * 0.4, y - h),
                        (x + length, y),
                        (x + length * 0.5, y - h * 0.3),
                    ],
                    4,
                ),
                lighter(paint, 0.1),
                120,
            )
        else:
            sheet.poly(
                [
                    (x, y),
                    (x + length * 0.5, y - 1 - 2.2 * near),
                    (x + length, y),
                    (x + length * 0.5, y + 1 + 2.2 * near),
                ],
                paint,
                170,
            )
    lamp = scene.lighting.lamps[0] if scene.lighting.lamps and light.dull < 0.5 else None
    if lamp:
        for n in range(16):
            y = top + 6 + (bottom - top) * (n / 16) ** 1.3
            half = (30 + 70 * n / 16) * dice.draw(0.4, 1)
            x = lamp.x + dice.draw(-24, 24)
            sheet.poly(
                [(x - half, y), (x, y - 3), (x + half, y), (x, y + 3)],
                mix(glint, light.sun, 0.5),
                235,
            )


def harbour(scene: Scene) -> None:
    """Draw a quay: water, a breakwater, the ferry alongside, a bollard close by."""
    sheet, light = scene.sheet, scene.light
    horizon = 560.0
    open_sky(scene, horizon)
    land = mix(scene.paints.ramp(0.25), scene.hue(("green",), "#4f7a5c"), 0.3)
    sheet.plane = 20
    draw_land(
        scene,
        smooth(
            [(-40, 500), (150, 440), (380, 452), (560, 520), (760, 556), (1960, 560)],
            8,
            closed=False,
        ),
        scene.far(land, 0.62),
        scene.far(land, 0.72),
        horizon + 4,
    )
    sheet.plane = 30
    draw_land(
        scene,
        smooth(
            [(-40, 562), (1180, 560), (1380, 512), (1600, 476), (1790, 420), (1960, 430)],
            8,
            closed=False,
        ),
        scene.far(land, 0.45),
        scene.far(land, 0.6),
        horizon + 6,
    )
    for n in range(5):
        x, y = 1590 + n * 62.0, 474 - n * 9.0
        landmarks.cottage(scene, Box(x, y - 34, 44, 40), 0.4)
    sheet.plane = 10
    _water(scene, horizon, HEIGHT)
    sheet.plane = 46
    stone = scene.hue(scene.like("breakwater"), "#7c7f85")
    sheet.poly([(560, 566), (1120, 560), (1150, 584), (540, 592)], scene.far(stone, 0.4))
    sheet.poly(
        [(560, 566), (1120, 560), (1124, 565), (556, 572)], scene.far(lighter(stone, 0.3), 0.35)
    )
    boats.lighthouse(scene, Box(1058, 430, 52, 134), 0.3)
    sheet.plane = 80
    if scene.said("ferry"):
        boats.ferry(scene, Box(600, 366, 900, 350), scene.like("ferry"))
    else:
        for n in range(3):
            boats.boat(scene, Box(640 + n * 290, 560 + n * 26, 230, 150))
    sheet.plane = 130
    _quay(scene, 770, scene.hue(scene.like("quay"), "#7c7f85"))
    if light.dull < 0.5 or light.weather == "overcast":
        boats.gulls(scene, ((430, 250), (520, 210), (1270, 190), (1350, 236)))
    sheet.plane = 200
    landmarks.lamp_post(scene, 250, 905, 600)
    if scene.said("bollard"):
        boats.bollard(scene, Box(890, 760, 150, 190), scene.like("bollard"))


def _quay(scene: Scene, top: float, stone: Colour) -> None:
    """Draw a quay of blocks, its steps worn, wet with the sky's light where it rains."""
    sheet, dice, light = scene.sheet, scene.dice, scene.light
    sheet.poly([(0, top + 40), (1920, top - 6), (1920, 1080), (0, 1080)], darker(stone, 0.42))
    sheet.poly(
        [(0, top + 40), (1920, top - 6), (1920, top + 30), (0, top + 86)], lighter(stone, 0.14)
    )
    sheet.poly(
        [(0, top + 40), (1920, top - 6), (1920, top - 1), (0, top + 47)], lighter(stone, 0.4)
    )
    for row in range(4):
        for n in range(9):
            x = n * 236 - (110 if row % 2 else 0) + dice.draw(-14, 14)
            y = top + 92 + row * 74 - x * 0.028
            sheet.poly(
                [(x, y), (x + 224, y - 6), (x + 224, y + 60), (x, y + 66)],
                darker(stone, 0.22 + 0.05 * row + dice.draw(0, 0.09)),
            )
    if light.weather in {"rain", "storm"}:
        for _ in range(12):
            x, y = dice.draw(0, 1800), top + dice.draw(110, 290)
            sheet.poly(
                oval(x, y, dice.draw(50, 130), dice.draw(5, 11)),
                mix(darker(stone, 0.3), light.low, 0.45),
                90,
            )
    if scene.said("steps"):
        for n in range(4):
            y = top + 70 + n * 52
            sheet.poly(
                [
                    (1500 - n * 26, y),
                    (1800 - n * 10, y - 10),
                    (1800 - n * 10, y + 24),
                    (1500 - n * 26, y + 34),
                ],
                lighter(stone, 0.06 - n * 0.03),
            )
            sheet.poly(
                [
                    (1500 - n * 26, y + 34),
                    (1800 - n * 10, y + 24),
                    (1800 - n * 10, y + 50),
                    (1500 - n * 26, y + 60),
                ],
                darker(stone, 0.6),
            )


def sea(scene: Scene) -> None:
    """Draw a shore, or the open sea from a deck."""
    sheet = scene.sheet
    horizon = 520.0
    open_sky(scene, horizon)
    land = mix(scene.paints.ramp(0.3), scene.hue(("green",), "#4f7a5c"), 0.35)
    sheet.plane = 20
    draw_land(
        scene,
        smooth(
            [(-40, 522), (1160, 520), (1360, 480), (1560, 410), (1740, 400), (1960, 330)],
            8,
            closed=False,
        ),
        scene.far(land, 0.45),
        scene.far(land, 0.65),
        horizon + 4,
    )
    if scene.said("lighthouse"):
        boats.lighthouse(scene, Box(1660, 250, 66, 170), 0.25)
    sheet.plane = 10
    _water(scene, horizon, HEIGHT)
    if scene.said("ferry"):
        boats.ferry(scene, Box(780, 420, 360, 150), scene.like("ferry"))
    elif scene.said("boat"):
        boats.boat(scene, Box(860, 500, 170, 110))
    sheet.plane = 120
    if scene.said("deck"):
        wood = scene.hue((), "#9a7448")
        sheet.poly([(0, 860), (1920, 860), (1920, 1080), (0, 1080)], wood)
        for n in range(21):
            sheet.line(
                [(960 + (n - 10) * 96, 860), (960 + (n - 10) * 170, 1080)], 3, darker(wood, 0.35)
            )
        sheet.plane = 170
        rail = scene.hue((), "#efe9dc")
        for y in (700, 770):
            sheet.rect(0, y, 1920, 12, rail)
        for n in range(9):
            sheet.rect(60 + n * 225, 690, 16, 180, darker(rail, 0.12))
        return
    sand = scene.hue(scene.like("sand"), "#d8c096")
    shore = smooth(
        [(-40, 790), (300, 770), (700, 800), (1150, 850), (1600, 830), (1960, 870)], 8, closed=False
    )
    sheet.poly(
        [*[(x, y - 22) for x, y in shore], (1960, 1080), (-40, 1080)],
        lighter(scene.light.low, 0.3),
        120,
    )
    draw_land(scene, shore, sand, darker(sand, 0.3))
    sheet.plane = 190
    for x, size in ((180, 90), (300, 54), (1650, 110), (1780, 60)):
        plants.rock(scene, Box(x, 960 - size, size * 1.7, size))
    plants.grasses(scene, 60, 1000, 12)
