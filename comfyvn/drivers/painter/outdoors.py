"""Places under the sky, in planes from the far to the near."""

from __future__ import annotations

from collections.abc import Callable

from comfyvn.drivers.painter import furniture, landmarks, smalls
from comfyvn.drivers.painter.paint import Colour, darker, lighter, mix
from comfyvn.drivers.painter.scene import Box, Scene
from comfyvn.drivers.painter.shapes import Outline, oval, rect, smooth
from comfyvn.drivers.painter.sky import draw_sky

WIDTH, HEIGHT = 1920.0, 1080.0


def _sky(scene: Scene, horizon: float) -> None:
    scene.lighting.lamps += draw_sky(
        scene.sheet, scene.light, scene.dice, (0, 0, WIDTH, horizon + 60)
    )


def _ridge(scene: Scene, base: float, height: float, heads: int) -> Outline:
    """Return the upper line of hills, from left to right."""
    dice = scene.dice
    points = [(-40.0, base - height * dice.draw(0.1, 0.7))]
    for n in range(heads * 2):
        up = dice.draw(0.55, 1.0) if n % 2 == 0 else dice.draw(0.0, 0.35)
        points.append((WIDTH * (n + dice.draw(0.3, 0.9)) / (heads * 2), base - height * up))
    points.append((WIDTH + 40, base - height * dice.draw(0.1, 0.7)))
    return smooth(points, 8, closed=False)


def _land(scene: Scene, line: Outline, top: Colour, foot: Colour, bottom: float = HEIGHT) -> None:
    """Fill everything below a line."""
    scene.sheet.fade([*line, (WIDTH + 40, bottom), (-40, bottom)], top, foot)


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
    _sky(scene, horizon)
    land = mix(scene.paints.ramp(0.25), scene.hue(("green",), "#4f7a5c"), 0.3)
    sheet.plane = 20
    _land(
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
    _land(
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
    landmarks.lighthouse(scene, Box(1058, 430, 52, 134), 0.3)
    sheet.plane = 80
    if scene.said("ferry"):
        landmarks.ferry(scene, Box(600, 366, 900, 350), scene.like("ferry"))
    else:
        for n in range(3):
            landmarks.boat(scene, Box(640 + n * 290, 560 + n * 26, 230, 150))
    sheet.plane = 130
    _quay(scene, 770, scene.hue(scene.like("quay"), "#7c7f85"))
    if light.dull < 0.5 or light.weather == "overcast":
        landmarks.gulls(scene, ((430, 250), (520, 210), (1270, 190), (1350, 236)))
    sheet.plane = 200
    landmarks.lamp_post(scene, 250, 905, 600)
    if scene.said("bollard"):
        landmarks.bollard(scene, Box(890, 760, 150, 190), scene.like("bollard"))


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
    _sky(scene, horizon)
    land = mix(scene.paints.ramp(0.3), scene.hue(("green",), "#4f7a5c"), 0.35)
    sheet.plane = 20
    _land(
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
        landmarks.lighthouse(scene, Box(1660, 250, 66, 170), 0.25)
    sheet.plane = 10
    _water(scene, horizon, HEIGHT)
    if scene.said("ferry"):
        landmarks.ferry(scene, Box(420, 420, 360, 150), scene.like("ferry"))
    elif scene.said("boat"):
        landmarks.boat(scene, Box(520, 500, 170, 110))
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
    _land(scene, shore, sand, darker(sand, 0.3))
    sheet.plane = 190
    for x, size in ((180, 90), (300, 54), (1650, 110), (1780, 60)):
        landmarks.rock(scene, Box(x, 960 - size, size * 1.7, size))
    landmarks.grasses(scene, 60, 1000, 12)


def street(scene: Scene) -> None:
    """Draw a street of houses towards a far point, with lamps."""
    sheet, light = scene.sheet, scene.light
    horizon = 640.0
    _sky(scene, horizon)
    dice = scene.dice
    city = scene.said("city", "tower", "neon")
    for layer in range(2):
        sheet.plane = 16 + layer * 14
        x = -20.0
        while x < WIDTH:
            width = dice.draw(70, 150) * (1 + 0.3 * layer)
            height = (
                dice.draw(120, 420 if city else 240)
                * (1 - 0.15 * layer)
                * (0.5 + abs(x / WIDTH - 0.5) * 1.3)
            )
            paint = scene.far(scene.paints.ramp(0.3), 0.66 - 0.2 * layer)
            sheet.rect(x, horizon - height, width, height + 30, paint)
            _panes(
                scene, Box(x, horizon - height, width, height), paint, 0.24 if light.night else 0
            )
            x += width
    ground = scene.hue(scene.like("road"), "#6d6a70")
    sheet.plane = 24
    sheet.fade(
        [(0, 690), (900, 640), (1020, 640), (1920, 690), (1920, 1080), (0, 1080)],
        scene.far(ground, 0.25),
        darker(ground, 0.35),
    )
    for depth in (3, 2, 1, 0):
        sheet.plane = 60 + (3 - depth) * 34
        share = depth / 4
        for side in (0, 1):
            width = 470 - depth * 95
            x = _inset(depth) if side == 0 else WIDTH - _inset(depth) - width
            top = 60 + depth * 118 + dice.draw(-24, 34)
            box = Box(x, top, width, 700 + (3 - depth) * 46 - top)
            landmarks.house(scene, box, share * 0.5, shop=depth < 2)
    sheet.plane = 150
    for side in (-1, 1):
        for n in range(3):
            x = 960 + side * (560 - n * 150)
            landmarks.lamp_post(scene, x, 830 - n * 56, 470 - n * 110)
    if light.weather in {"rain", "storm"}:
        for _ in range(16):
            x, y = dice.draw(200, 1700), dice.draw(760, 1040)
            sheet.poly(
                oval(x, y, dice.draw(40, 140), dice.draw(4, 10)), mix(ground, light.low, 0.5), 110
            )
    sheet.plane = 200
    if scene.said("tree"):
        landmarks.tree(scene, 150, 1040, 620, 0.0)
    kerb = darker(ground, 0.55)
    sheet.poly([(0, 1010), (520, 1080), (0, 1080)], kerb)
    sheet.poly([(1920, 1010), (1400, 1080), (1920, 1080)], kerb)


def _inset(depth: int) -> float:
    return (-120.0, 300.0, 560.0, 730.0)[depth]


def _panes(scene: Scene, box: Box, wall: Colour, lit: float) -> None:
    """Draw rows of small windows on a far house."""
    glow = mix(scene.paints.accent, (1.0, 0.85, 0.55), 0.5)
    rows, columns = int(box.height / 44), max(int(box.width / 38), 1)
    for row in range(rows):
        for column in range(columns):
            chance = scene.dice.draw()
            paint, shine = (mix(wall, glow, 0.8), 230) if chance < lit else (darker(wall, 0.12), 0)
            scene.sheet.rect(box.x + 12 + column * 36, box.y + 16 + row * 44, 16, 22, paint, shine)


def rooftop(scene: Scene) -> None:
    """Draw a roof over a town: a fence, a water tank, a door house."""
    sheet, dice = scene.sheet, scene.dice
    horizon = 640.0
    _sky(scene, horizon)
    for layer in range(3):
        sheet.plane = 14 + layer * 14
        x = -30.0
        while x < WIDTH:
            width = dice.draw(80, 190)
            height = dice.draw(60, 260) * (1 - 0.12 * layer)
            paint = scene.far(scene.paints.ramp(0.3), 0.7 - 0.17 * layer)
            sheet.rect(x, horizon - height + layer * 50, width, height + 200, paint)
            _panes(
                scene,
                Box(x, horizon - height + layer * 50, width, height + 60),
                paint,
                0.3 if scene.light.night else 0,
            )
            x += width + dice.draw(-6, 16)
    floor = scene.hue(scene.like("roof"), "#8f908d")
    sheet.plane = 90
    sheet.fade([(0, 800), (1920, 800), (1920, 1080), (0, 1080)], floor, darker(floor, 0.35))
    for n in range(-7, 8):
        sheet.line([(960 + n * 150, 800), (960 + n * 330, 1080)], 3, darker(floor, 0.22))
    sheet.plane = 110
    wall = scene.hue((), "#a89f90")
    sheet.rect(1370, 330, 420, 480, wall)
    sheet.rect(1350, 312, 460, 30, lighter(wall, 0.2))
    sheet.rect(1370, 342, 26, 468, darker(wall, 0.25))
    sheet.rect(1490, 470, 170, 340, darker(scene.hue((), "#5f7f7a"), 0.1))
    sheet.oval(1640, 650, 8, 8, scene.hue(("brass",), "#c39a4b"))
    tank = scene.hue((), "#8f999b")
    sheet.rect(1420, 180, 250, 132, tank)
    sheet.rect(1420, 180, 60, 132, lighter(tank, 0.25))
    scene.lamp(1575, 440, 320, 0.9, 0.4)
    sheet.plane = 140
    rail = darker(scene.hue((), "#6f8f86"), 0.1)
    for n in range(31):
        sheet.line([(n * 45.0, 560), (n * 45.0 + 0.1, 826)], 3, rail)
    for y in (556, 690, 818):
        sheet.rect(0, y, 1380, 9, rail)
    for n in range(5):
        sheet.rect(n * 330 + 6, 540, 16, 290, darker(rail, 0.3))
    if scene.said("plant", "flower", "garden"):
        for n in range(3):
            landmarks.bush(scene, Box(90 + n * 170, 780, 170, 90))


def nature(scene: Scene) -> None:
    """Draw hills or mountains, with a path, trees, and grass close by."""
    sheet = scene.sheet
    horizon = 620.0
    _sky(scene, horizon)
    green = scene.hue(scene.like("hill") or scene.like("field"), "#6f8a5a")
    far = scene.hue((), "#5d7f8f")
    if scene.said("mountain"):
        sheet.plane = 14
        landmarks.mountains(scene, horizon)
    for layer in range(4):
        sheet.plane = 24 + layer * 26
        base = (580, 640, 730, 850)[layer]
        paint = scene.far(mix(far, green, (layer + 1) / 4), 0.62 - layer * 0.19)
        _land(
            scene,
            _ridge(scene, base, (150, 120, 90, 60)[layer], 2 + layer % 2),
            lighter(paint, 0.06),
            darker(paint, 0.16),
        )
        if layer == 1:
            for n in range(9):
                landmarks.tree(
                    scene,
                    120 + n * 212 + scene.dice.draw(-60, 60),
                    640,
                    scene.dice.draw(50, 90),
                    0.45,
                )
        if layer == 2:
            if scene.said("house", "village", "church"):
                for n in range(3):
                    landmarks.cottage(scene, Box(560 + n * 190, 620 + n * 14, 110, 100), 0.18)
            landmarks.tree(scene, 330, 800, 290, 0.14)
            landmarks.tree(scene, 1560, 790, 330, 0.14)
    if scene.said("river", "lake", "pond"):
        sheet.plane = 60
        _pond(scene)
    elif scene.said("path", "road"):
        sheet.poly(
            smooth(
                [
                    (900, 800),
                    (1010, 800),
                    (1000, 860),
                    (1140, 960),
                    (1200, 1090),
                    (620, 1090),
                    (780, 960),
                    (930, 860),
                ],
                6,
            ),
            scene.hue((), "#cdb68a"),
        )
    sheet.plane = 190
    landmarks.grasses(scene, 0, 1090, 40)
    if scene.said("flower"):
        landmarks.flowers(scene, 26)


def _pond(scene: Scene) -> None:
    light = scene.light
    shape = smooth(
        [(420, 860), (760, 800), (1200, 806), (1520, 870), (1300, 940), (900, 956), (540, 930)], 8
    )
    scene.sheet.fade(
        shape, mix(light.low, light.haze, 0.4), mix(light.top, scene.paints.ramp(0.3), 0.4), 140
    )
    for _ in range(9):
        x, y = scene.dice.draw(640, 1260), scene.dice.draw(830, 920)
        scene.sheet.poly(
            [(x, y), (x + 50, y - 3), (x + 100, y), (x + 50, y + 3)], lighter(light.low, 0.25), 170
        )


def forest(scene: Scene) -> None:
    """Draw a wood: trunks in three planes, light between them."""
    sheet, light, dice = scene.sheet, scene.light, scene.dice
    _sky(scene, 760)
    leaf = scene.hue(scene.like("tree"), "#587a4f")
    if light.dull < 0.8:
        scene.lighting.lamps.append(
            scene.lighting.lamps[0]._replace(x=1010, y=420, reach=620, strength=0.5, halo=0.3)
            if scene.lighting.lamps
            else landmarks.glade(scene)
        )
    for layer in range(4):
        share = 0.68 - layer * 0.21
        sheet.plane = 20 + layer * 52
        paint = scene.far(darker(leaf, 0.12 * layer), max(share, 0))
        bark = scene.far(darker(scene.hue((), "#5a4636"), 0.1 + 0.12 * layer), max(share, 0))
        floor = 690 + layer * 80
        _land(
            scene,
            smooth(
                [
                    (-40, floor + 20),
                    (500, floor - 12),
                    (960, floor + 24),
                    (1500, floor - 8),
                    (1960, floor + 16),
                ],
                6,
                closed=False,
            ),
            paint,
            darker(paint, 0.3),
        )
        spots = {0: 13, 1: 9, 2: 6, 3: 4}[layer]
        for n in range(spots):
            x = WIDTH * (n + dice.draw(0.2, 0.8)) / spots
            if layer == 3:
                x = (60.0, 330.0, 1610.0, 1850.0)[n] + dice.draw(-20, 20)
            width = (16, 28, 46, 84)[layer] * dice.draw(0.75, 1.25)
            lean = dice.draw(-26, 26)
            sheet.poly(
                [
                    (x - width * 0.36 + lean, -20),
                    (x + width * 0.36 + lean, -20),
                    (x + width * 0.5, floor),
                    (x + width * 0.9, floor + 30),
                    (x - width * 0.9, floor + 30),
                    (x - width * 0.5, floor),
                ],
                bark,
            )
            sheet.poly(
                [
                    (x + width * 0.1 + lean, -20),
                    (x + width * 0.36 + lean, -20),
                    (x + width * 0.5, floor),
                    (x + width * 0.2, floor),
                ],
                darker(bark, 0.25),
            )
        for n in range(9):
            x, y = WIDTH * (n + dice.draw(0, 1)) / 9, dice.draw(-30, 110 + 40 * (3 - layer))
            size = dice.draw(90, 180)
            if layer == 3 and 420 < x < 1500:
                continue
            sheet.poly(
                landmarks.crown(x, y, size * 1.3, size * 0.8, dice),
                mix(paint, darker(paint, 0.3), dice.draw()),
            )
    if scene.said("path", "road", "trail"):
        sheet.plane = 200
        path = scene.hue((), "#b39c74")
        sheet.poly(
            smooth(
                [
                    (940, 770),
                    (1000, 770),
                    (1040, 860),
                    (1180, 980),
                    (1260, 1090),
                    (700, 1090),
                    (820, 980),
                    (930, 860),
                ],
                6,
            ),
            path,
        )
    if scene.said("torii", "shrine"):
        sheet.plane = 150
        landmarks.gate(scene, Box(760, 400, 420, 420))
    sheet.plane = 220
    landmarks.ferns(scene)


def garden(scene: Scene) -> None:
    """Draw a park or a garden: a lawn, trees, a bench, a path, flowers."""
    sheet = scene.sheet
    _sky(scene, 620)
    green = scene.hue(scene.like("grass"), "#7a9a5c")
    for layer in range(2):
        sheet.plane = 20 + layer * 30
        for n in range(8):
            landmarks.tree(
                scene,
                n * 270 + scene.dice.draw(-60, 80),
                690 + layer * 20,
                scene.dice.draw(260, 420) - layer * 60,
                0.5 - layer * 0.25,
            )
    sheet.plane = 70
    _land(
        scene,
        smooth([(-40, 700), (600, 684), (1300, 690), (1960, 706)], 6, closed=False),
        lighter(green, 0.08),
        darker(green, 0.3),
    )
    sheet.poly(
        smooth(
            [
                (880, 700),
                (1000, 700),
                (1060, 790),
                (1240, 920),
                (1380, 1090),
                (560, 1090),
                (720, 920),
                (860, 790),
            ],
            6,
        ),
        scene.hue((), "#d3c09a"),
    )
    if scene.said("fountain"):
        landmarks.fountain(scene, Box(800, 560, 340, 260))
    if scene.said("shrine", "torii"):
        landmarks.gate(scene, Box(740, 380, 420, 400))
    sheet.plane = 120
    for x in (250, 1450):
        landmarks.bush(scene, Box(x, 700, 260, 120))
    furniture.bench(scene, Box(1290, 700, 330, 170), scene.like("bench"))
    landmarks.lamp_post(scene, 640, 850, 480)
    sheet.plane = 190
    landmarks.tree(scene, 120, 1020, 780, 0.0)
    landmarks.flowers(scene, 34)
    landmarks.grasses(scene, 0, 1090, 24)


def station(scene: Scene) -> None:
    """Draw a platform: rails, a roof on posts, a clock, a bench, a train where one is said."""
    sheet = scene.sheet
    horizon = 600.0
    _sky(scene, horizon)
    sheet.plane = 20
    _land(
        scene,
        _ridge(scene, 600, 110, 3),
        scene.far(scene.paints.ramp(0.35), 0.55),
        scene.far(scene.paints.ramp(0.35), 0.4),
    )
    bed = scene.hue((), "#7a706a")
    sheet.plane = 40
    sheet.poly([(0, 720), (900, 600), (1010, 600), (1210, 1080), (0, 1080)], bed)
    for n in range(16):
        t = (n / 16) ** 1.8
        y = 606 + 470 * t
        sheet.poly(
            [
                (880 - 760 * t, y),
                (985 - 60 * t, y),
                (985 - 50 * t, y + 6 + 14 * t),
                (880 - 770 * t, y + 6 + 14 * t),
            ],
            darker(bed, 0.4),
        )
    rail = scene.hue((), "#b5bfc4")
    sheet.poly([(908, 600), (914, 600), (330, 1080), (290, 1080)], rail)
    sheet.poly([(952, 600), (957, 600), (820, 1080), (780, 1080)], rail)
    if scene.said("train"):
        sheet.plane = 70
        landmarks.train(scene, scene.like("train"))
    sheet.plane = 100
    stone = scene.hue(scene.like("platform"), "#a39b8a")
    sheet.poly([(990, 606), (1920, 640), (1920, 1080), (1130, 1080)], stone)
    sheet.poly(
        [(990, 606), (1012, 606), (1240, 1080), (1130, 1080)], scene.hue(("yellow",), "#e0b441")
    )
    sheet.plane = 130
    post = darker(scene.hue((), "#3f5f5a"), 0.1)
    for n in range(4):
        x, foot, top = 1820 - n * 240, 960 - n * 104, 190 + n * 74
        sheet.rect(x, top, 34 - n * 6, foot - top, post)
        sheet.rect(x, top, 8, foot - top, lighter(post, 0.2))
    sheet.poly([(1040, 470), (1080, 440), (1920, 110), (1920, 220), (1080, 480)], darker(post, 0.3))
    sheet.poly([(1040, 470), (1920, 190), (1920, 220), (1080, 480)], lighter(post, 0.15))
    smalls.clock(scene, Box(1330, 380, 110, 110), ())
    smalls.board(scene, Box(1500, 420, 250, 150), ())
    furniture.bench(scene, Box(1440, 660, 330, 160), scene.like("bench"))
    scene.lamp(1390, 420, 460, 0.9, 0.3)


def school(scene: Scene) -> None:
    """Draw a large building from its yard: rows of windows, a gate, trees."""
    sheet, light = scene.sheet, scene.light
    _sky(scene, 640)
    sheet.plane = 16
    _land(
        scene,
        _ridge(scene, 640, 120, 3),
        scene.far(scene.paints.ramp(0.35), 0.6),
        scene.far(scene.paints.ramp(0.35), 0.5),
    )
    wall = scene.hue(scene.like("wall") or scene.like("house"), "#cfc3a6")
    sheet.plane = 50
    sheet.rect(330, 260, 1260, 480, wall)
    sheet.rect(310, 236, 1300, 34, darker(wall, 0.3))
    sheet.rect(820, 150, 280, 590, lighter(wall, 0.12))
    sheet.poly([(800, 160), (960, 76), (1120, 160)], darker(scene.hue((), "#7a4f44"), 0.1))
    smalls.clock(scene, Box(910, 190, 100, 100), ())
    for row in range(3):
        for n in range(8):
            x = 372 + n * 112 if n < 4 else 1136 + (n - 4) * 112
            lit = light.night and (n * 5 + row * 3) % 4 == 0
            paint = (
                mix(scene.paints.accent, (1, 0.85, 0.55), 0.5)
                if lit
                else mix(light.low, scene.paints.ramp(0.3), 0.45)
            )
            sheet.rect(x - 6, 306 + row * 140, 92, 92, lighter(wall, 0.25))
            sheet.rect(x, 312 + row * 140, 80, 80, paint, 235 if lit else 60)
            sheet.rect(x + 37, 312 + row * 140, 6, 80, lighter(wall, 0.25))
    sheet.rect(890, 560, 140, 180, darker(scene.hue((), "#5a4636"), 0.1))
    sheet.plane = 80
    ground = scene.hue(scene.like("ground"), "#c9b48c")
    sheet.fade([(0, 730), (1920, 730), (1920, 1080), (0, 1080)], ground, darker(ground, 0.3))
    for x, size in ((180, 400), (1740, 430)):
        landmarks.tree(scene, x, 780, size, 0.08)
    sheet.plane = 130
    brick = scene.hue((), "#a05a45")
    for x in (430, 1370):
        sheet.rect(x, 640, 120, 330, brick)
        sheet.rect(x - 12, 620, 144, 30, lighter(brick, 0.25))
    sheet.plane = 190
    landmarks.grasses(scene, 0, 1090, 20)


OUTSIDE: dict[str, Callable[[Scene], None]] = {
    "harbour": harbour,
    "sea": sea,
    "street": street,
    "rooftop": rooftop,
    "nature": nature,
    "forest": forest,
    "garden": garden,
    "station": station,
    "school_yard": school,
}
"""Kinds of places under the sky, and what draws each."""
