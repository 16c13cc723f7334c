"""Places in a town: streets, roofs, platforms, schools."""

from __future__ import annotations

from comfyvn.drivers.painter import furniture, hung, landmarks, plants
from comfyvn.drivers.painter.ground import WIDTH, draw_land, open_sky, ridge
from comfyvn.drivers.painter.paint import Colour, darker, lighter, mix
from comfyvn.drivers.painter.scene import Box, Scene
from comfyvn.drivers.painter.shapes import oval


def street(scene: Scene) -> None:
    """Draw a street of houses towards a far point, with lamps."""
    sheet, light = scene.sheet, scene.light
    horizon = 640.0
    open_sky(scene, horizon)
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
        plants.tree(scene, 150, 1040, 620, 0.0)
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
    open_sky(scene, horizon)
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
            plants.bush(scene, Box(90 + n * 170, 780, 170, 90))


def station(scene: Scene) -> None:
    """Draw a platform: rails, a roof on posts, a clock, a bench, a train where one is said."""
    sheet = scene.sheet
    horizon = 600.0
    open_sky(scene, horizon)
    sheet.plane = 20
    draw_land(
        scene,
        ridge(scene, 600, 110, 3),
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
    hung.clock(scene, Box(1330, 380, 110, 110), ())
    hung.board(scene, Box(1500, 420, 250, 150), ())
    furniture.bench(scene, Box(1440, 660, 330, 160), scene.like("bench"))
    scene.lamp(1390, 420, 460, 0.9, 0.3)


def school(scene: Scene) -> None:
    """Draw a large building from its yard: rows of windows, a gate, trees."""
    sheet, light = scene.sheet, scene.light
    open_sky(scene, 640)
    sheet.plane = 16
    draw_land(
        scene,
        ridge(scene, 640, 120, 3),
        scene.far(scene.paints.ramp(0.35), 0.6),
        scene.far(scene.paints.ramp(0.35), 0.5),
    )
    wall = scene.hue(scene.like("wall") or scene.like("house"), "#cfc3a6")
    sheet.plane = 50
    sheet.rect(330, 260, 1260, 480, wall)
    sheet.rect(310, 236, 1300, 34, darker(wall, 0.3))
    sheet.rect(820, 150, 280, 590, lighter(wall, 0.12))
    sheet.poly([(800, 160), (960, 76), (1120, 160)], darker(scene.hue((), "#7a4f44"), 0.1))
    hung.clock(scene, Box(910, 190, 100, 100), ())
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
        plants.tree(scene, x, 780, size, 0.08)
    sheet.plane = 130
    brick = scene.hue((), "#a05a45")
    for x in (430, 1370):
        sheet.rect(x, 640, 120, 330, brick)
        sheet.rect(x - 12, 620, 144, 30, lighter(brick, 0.25))
    sheet.plane = 190
    plants.grasses(scene, 0, 1090, 20)
