"""Trees, bushes, grass, flowers, rocks, mountains."""

from __future__ import annotations

import math

from comfyvn.drivers.painter.finish import Lamp
from comfyvn.drivers.painter.paint import Dice, darker, lighter, mix
from comfyvn.drivers.painter.scene import Box, Scene
from comfyvn.drivers.painter.shapes import Outline, ribbon, smooth


def crown(x: float, y: float, rx: float, ry: float, dice: Dice) -> Outline:
    """Return a tree's crown: a cloud of leaves."""
    count = 11
    points = []
    for n in range(count):
        turn = 2 * math.pi * n / count
        grow = dice.draw(0.82, 1.14)
        points.append((x + math.cos(turn) * rx * grow, y + math.sin(turn) * ry * grow))
    return smooth(points, 5)


def tree(scene: Scene, x: float, foot: float, height: float, haze: float) -> None:
    """Draw a tree; snow and words (`cherry`, `pine`, `palm`, `bare`) change it."""
    sheet, dice = scene.sheet, scene.dice
    bark = scene.far(darker(scene.hue((), "#6b5240"), 0.15), haze)
    tones = "#d9a0ad" if scene.said("cherry") else "#c9743c" if scene.said("autumn") else "#5f8152"
    leaf = scene.far(scene.hue(scene.like("tree"), tones), haze)
    if scene.light.weather == "snow":
        leaf = lighter(leaf, 0.55)
    wide = height * 0.045
    sheet.poly(
        [
            (x - wide * 0.5, foot - height * 0.62),
            (x + wide * 0.5, foot - height * 0.62),
            (x + wide, foot),
            (x - wide, foot),
        ],
        bark,
    )
    if scene.said("pine", "fir"):
        for n in range(4):
            y, half = foot - height * (0.16 + 0.2 * n), height * (0.27 - 0.055 * n)
            sheet.poly(
                [(x - half, y), (x, y - height * 0.36), (x + half, y)],
                darker(leaf, 0.22 - 0.05 * n),
            )
        return
    for n, (dx, dy, size) in enumerate(
        (
            (0.0, 0.6, 0.27),
            (-0.2, 0.52, 0.2),
            (0.2, 0.54, 0.2),
            (-0.08, 0.76, 0.22),
            (0.12, 0.78, 0.18),
        )
    ):
        shade = (0.26, 0.32, 0.2, 0.08, 0.0)[n]
        shape = crown(x + dx * height, foot - dy * height, size * height, size * height * 0.8, dice)
        sheet.poly(shape, darker(leaf, shade))
    sheet.poly(
        crown(x - 0.07 * height, foot - 0.82 * height, 0.11 * height, 0.07 * height, dice),
        lighter(leaf, 0.14),
    )


def bush(scene: Scene, box: Box) -> None:
    """Draw a bush."""
    leaf = darker(scene.hue(("green",), "#4f7a5c"), 0.1)
    for n in range(4):
        x, y = box.at(0.2 + 0.2 * n, 0.6 - 0.14 * (n % 2))
        scene.sheet.poly(
            crown(x, y, box.width * 0.24, box.height * 0.5, scene.dice),
            mix(leaf, lighter(leaf, 0.2), n / 4),
        )


def grasses(scene: Scene, left: float, foot: float, count: int) -> None:
    """Draw blades of grass close by, dark against the rest."""
    paint = darker(mix(scene.paints.ramp(0.2), scene.hue(("green",), "#4f7a5c"), 0.5), 0.45)
    for _ in range(count * 3):
        x = left + scene.dice.draw() * (1920 - left)
        if 560 < x < 1360 and scene.dice.draw() < 0.55:
            continue
        high, lean = scene.dice.draw(50, 150), scene.dice.draw(-36, 36)
        blade = ribbon(
            smooth(
                [(x, foot), (x + lean * 0.3, foot - high * 0.5), (x + lean, foot - high)],
                4,
                closed=False,
            ),
            9,
            1,
        )
        scene.sheet.poly(blade, mix(paint, lighter(paint, 0.2), scene.dice.draw()))


def flowers(scene: Scene, count: int) -> None:
    """Draw flowers in the grass."""
    for _ in range(count):
        x, y = scene.dice.draw(0, 1920), scene.dice.draw(900, 1060)
        paint = scene.hue(
            scene.like("flower"), scene.dice.choose(("#cf8088", "#e0b441", "#efe9dc", "#a79cc4"))
        )
        for k in range(5):
            scene.sheet.oval(x + math.cos(k * 1.257) * 8, y + math.sin(k * 1.257) * 8, 7, 7, paint)
        scene.sheet.oval(x, y, 5, 5, scene.hue(("gold",), "#d3a74a"))


def ferns(scene: Scene) -> None:
    """Draw ferns in the lower corners."""
    paint = darker(scene.hue(("green",), "#4f7a5c"), 0.5)
    for x, way in ((70, 1), (330, 1), (1600, -1), (1860, -1)):
        for n in range(5):
            reach, rise = 200 - 22 * n, 70 + 46 * n
            spine = smooth(
                [
                    (x, 1090),
                    (x + way * reach * 0.4, 1080 - rise),
                    (x + way * reach, 1080 - rise * 0.7),
                ],
                6,
                closed=False,
            )
            scene.sheet.poly(ribbon(spine, 30, 2), mix(paint, lighter(paint, 0.14), n / 5))


def rock(scene: Scene, box: Box) -> None:
    """Draw a rock."""
    stone = scene.hue((), "#7c7f85")
    scene.sheet.poly(
        [box.at(0, 1), box.at(0.12, 0.42), box.at(0.4, 0.04), box.at(0.72, 0.2), box.at(1, 1)],
        darker(stone, 0.2),
    )
    scene.sheet.poly(
        [box.at(0.12, 0.42), box.at(0.4, 0.04), box.at(0.5, 0.4), box.at(0.3, 1), box.at(0, 1)],
        lighter(stone, 0.08),
    )


def mountains(scene: Scene, horizon: float) -> None:
    """Draw mountains, their tops white."""
    dice, sheet = scene.dice, scene.sheet
    stone = scene.far(scene.hue((), "#6f7f95"), 0.5)
    for n in range(5):
        x, height, half = (
            200 + n * 390 + dice.draw(-80, 80),
            dice.draw(240, 440),
            dice.draw(280, 420),
        )
        peak = (x, horizon - height)
        sheet.poly([(x - half, horizon + 20), peak, (x + half, horizon + 20)], stone)
        sheet.poly(
            [
                peak,
                (x + half, horizon + 20),
                (x + half * 0.1, horizon + 20),
                (x + 30, horizon - height * 0.5),
            ],
            darker(stone, 0.14),
        )
        sheet.poly(
            [
                peak,
                (x - half * 0.26, horizon - height * 0.74),
                (x - half * 0.1, horizon - height * 0.8),
                (x + 4, horizon - height * 0.68),
                (x + half * 0.14, horizon - height * 0.8),
                (x + half * 0.25, horizon - height * 0.74),
            ],
            lighter(stone, 0.6),
        )


def glade(scene: Scene) -> Lamp:
    """Return the light of a clearing where no sun is seen."""
    return Lamp(1000, 430, 620, scene.light.low, 0.35, 0.16)
