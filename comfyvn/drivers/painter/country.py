"""Places among plants: hills, woods, gardens."""

from __future__ import annotations

from comfyvn.drivers.painter import furniture, landmarks, plants
from comfyvn.drivers.painter.ground import WIDTH, draw_land, open_sky, ridge
from comfyvn.drivers.painter.paint import darker, lighter, mix
from comfyvn.drivers.painter.scene import Box, Scene
from comfyvn.drivers.painter.shapes import smooth


def nature(scene: Scene) -> None:
    """Draw hills or mountains, with a path, trees, and grass close by."""
    sheet = scene.sheet
    horizon = 620.0
    open_sky(scene, horizon)
    green = scene.hue(scene.like("hill") or scene.like("field"), "#6f8a5a")
    far = scene.hue((), "#5d7f8f")
    if scene.said("mountain"):
        sheet.plane = 14
        plants.mountains(scene, horizon)
    for layer in range(4):
        sheet.plane = 24 + layer * 26
        base = (580, 640, 730, 850)[layer]
        paint = scene.far(mix(far, green, (layer + 1) / 4), 0.62 - layer * 0.19)
        draw_land(
            scene,
            ridge(scene, base, (150, 120, 90, 60)[layer], 2 + layer % 2),
            lighter(paint, 0.06),
            darker(paint, 0.16),
        )
        if layer == 1:
            for n in range(9):
                plants.tree(
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
            plants.tree(scene, 330, 800, 290, 0.14)
            plants.tree(scene, 1560, 790, 330, 0.14)
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
    plants.grasses(scene, 0, 1090, 40)
    if scene.said("flower"):
        plants.flowers(scene, 26)


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
    open_sky(scene, 760)
    leaf = scene.hue(scene.like("tree"), "#587a4f")
    if light.dull < 0.8:
        scene.lighting.lamps.append(
            scene.lighting.lamps[0]._replace(x=1010, y=420, reach=620, strength=0.5, halo=0.3)
            if scene.lighting.lamps
            else plants.glade(scene)
        )
    for layer in range(4):
        share = 0.68 - layer * 0.21
        sheet.plane = 20 + layer * 52
        paint = scene.far(darker(leaf, 0.12 * layer), max(share, 0))
        bark = scene.far(darker(scene.hue((), "#5a4636"), 0.1 + 0.12 * layer), max(share, 0))
        floor = 690 + layer * 80
        draw_land(
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
                plants.crown(x, y, size * 1.3, size * 0.8, dice),
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
    plants.ferns(scene)


def garden(scene: Scene) -> None:
    """Draw a park or a garden: a lawn, trees, a bench, a path, flowers."""
    sheet = scene.sheet
    open_sky(scene, 620)
    green = scene.hue(scene.like("grass"), "#7a9a5c")
    for layer in range(2):
        sheet.plane = 20 + layer * 30
        for n in range(8):
            plants.tree(
                scene,
                n * 270 + scene.dice.draw(-60, 80),
                690 + layer * 20,
                scene.dice.draw(260, 420) - layer * 60,
                0.5 - layer * 0.25,
            )
    sheet.plane = 70
    draw_land(
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
        plants.bush(scene, Box(x, 700, 260, 120))
    furniture.bench(scene, Box(1290, 700, 330, 170), scene.like("bench"))
    landmarks.lamp_post(scene, 640, 850, 480)
    sheet.plane = 190
    plants.tree(scene, 120, 1020, 780, 0.0)
    plants.flowers(scene, 34)
    plants.grasses(scene, 0, 1090, 24)
