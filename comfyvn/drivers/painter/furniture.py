"""Pieces that stand in rooms, each drawn into a box from its floor up."""

from __future__ import annotations

import math
from collections.abc import Sequence

from comfyvn.drivers.painter.paint import Colour, darker, lighter, mix
from comfyvn.drivers.painter.scene import Box, Scene
from comfyvn.drivers.painter.shapes import arch, oval, rect, ribbon, smooth
from comfyvn.drivers.painter.smalls import umbrella_hung

Like = Sequence[str]


def edged(scene: Scene, box: Box, paint: Colour, edge: float = 5) -> None:
    """Draw a board: its face, a light upper edge, a dark foot."""
    scene.sheet.rect(*box, paint)
    scene.sheet.rect(box.x, box.y, box.width, edge, lighter(paint, 0.25))
    scene.sheet.rect(box.x, box.foot - edge, box.width, edge, darker(paint, 0.3))


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


def desk(scene: Scene, box: Box, like: Like) -> None:
    """Draw a desk with drawers, or a school desk's plain top."""
    paint = scene.hue(like, "#7d5a3c")
    sheet = scene.sheet
    for part in (0.02, 0.68):
        ped = box.part(part, 0.1, 0.3, 0.9)
        sheet.rect(*ped, darker(paint, 0.16))
        for row in range(3):
            drawer = ped.part(0.08, 0.06 + row * 0.31, 0.84, 0.27)
            sheet.rect(*drawer, darker(paint, 0.04))
            sheet.rect(drawer.x, drawer.foot - 4, drawer.width, 4, darker(paint, 0.4))
            sheet.rect(
                drawer.middle - 16,
                drawer.y + drawer.height * 0.45,
                32,
                6,
                scene.hue(("brass",), "#c39a4b"),
            )
    sheet.rect(*box.part(0.3, 0.1, 0.4, 0.9), darker(paint, 0.62))
    sheet.rect(box.x - 16, box.y, box.width + 32, box.height * 0.11, paint)
    sheet.rect(box.x - 16, box.y, box.width + 32, 6, lighter(paint, 0.28))


def table(scene: Scene, box: Box, like: Like) -> None:
    """Draw a table; a chart or papers lie on it where they are mentioned."""
    paint = scene.hue(like, "#86613f")
    sheet = scene.sheet
    for leg in (0.05, 0.9):
        sheet.poly(
            [
                box.at(leg, 0.1),
                box.at(leg + 0.05, 0.1),
                box.at(leg + 0.04, 1),
                box.at(leg + 0.01, 1),
            ],
            darker(paint, 0.32),
        )
    sheet.rect(*box.part(0.03, 0.08, 0.94, 0.14), darker(paint, 0.25))
    sheet.rect(box.x - 10, box.y, box.width + 20, box.height * 0.1, paint)
    sheet.rect(box.x - 10, box.y, box.width + 20, 5, lighter(paint, 0.28))
    if scene.said("chart", "map", "letter", "form"):
        chart = scene.hue((), "#e8dcbc")
        sheet.poly(
            [box.at(0.12, 0.01), box.at(0.2, -0.13), box.at(0.74, -0.13), box.at(0.84, 0.01)], chart
        )
        sheet.line(
            [box.at(0.24, -0.05), box.at(0.4, -0.1), box.at(0.52, -0.04), box.at(0.7, -0.09)],
            3,
            scene.hue(("blue",), "#3f6a94"),
        )


def bench(scene: Scene, box: Box, like: Like) -> None:
    """Draw a slatted bench, seen from the front."""
    paint = scene.hue(like, "#94663d")
    sheet = scene.sheet
    for end in (0.0, 0.5, 0.965):
        sheet.rect(*box.part(end, 0.0, 0.035, 1.0), darker(paint, 0.35))
    for row in range(4):
        slat = box.part(0, 0.03 + row * 0.14, 1, 0.1)
        sheet.rect(*slat, mix(paint, darker(paint, 0.2), row / 4))
        sheet.rect(slat.x, slat.y, slat.width, 4, lighter(paint, 0.25))
    seat = box.part(-0.015, 0.6, 1.03, 0.13)
    sheet.rect(*seat, lighter(paint, 0.08))
    sheet.rect(seat.x, seat.y, seat.width, 5, lighter(paint, 0.35))
    sheet.rect(seat.x, seat.foot, seat.width, 9, darker(paint, 0.45))


def sofa(scene: Scene, box: Box, like: Like) -> None:
    """Draw a sofa or an armchair."""
    paint = scene.hue(like, "#7a5560")
    sheet = scene.sheet
    sheet.poly(
        smooth(
            [
                box.at(0.06, 1),
                box.at(0.07, 0.1),
                box.at(0.2, 0),
                box.at(0.8, 0),
                box.at(0.93, 0.1),
                box.at(0.94, 1),
            ],
            6,
        ),
        darker(paint, 0.14),
    )
    seats = 1 if box.width < 300 else 2
    for n in range(seats):
        w = 0.72 / seats
        sheet.poly(smooth(rounded(box.part(0.14 + n * w, 0.12, w - 0.015, 0.42)), 4), paint)
        sheet.poly(
            smooth(rounded(box.part(0.14 + n * w, 0.48, w - 0.015, 0.24)), 4), lighter(paint, 0.13)
        )
    for part in (0.0, 0.86):
        sheet.poly(smooth(rounded(box.part(part, 0.34, 0.14, 0.58)), 4), lighter(paint, 0.04))
    sheet.rect(*box.part(0.08, 0.72, 0.84, 0.2), darker(paint, 0.22))
    for leg in (0.08, 0.88):
        sheet.rect(*box.part(leg, 0.92, 0.04, 0.08), darker(paint, 0.6))


def rounded(box: Box) -> list[tuple[float, float]]:
    """Return a box's outline for `smooth`, its corners given to rounding."""
    return [
        box.at(0.04, 0.12),
        box.at(0.14, 0.02),
        box.at(0.86, 0.02),
        box.at(0.96, 0.12),
        box.at(0.97, 0.9),
        box.at(0.88, 0.99),
        box.at(0.12, 0.99),
        box.at(0.03, 0.9),
    ]


def bed(scene: Scene, box: Box, like: Like) -> None:
    """Draw a bed from its side."""
    wood = scene.hue((), "#7d5a3c")
    cover = scene.hue(like, "#5f7f93")
    sheet = scene.sheet
    sheet.poly(arch(*box.part(-0.02, -0.42, 0.07, 1.42)), wood)
    sheet.poly(arch(*box.part(0.95, 0.05, 0.06, 0.95)), wood)
    sheet.rect(*box.part(0.03, 0.52, 0.94, 0.3), darker(wood, 0.2))
    sheet.poly(smooth(rounded(box.part(0.05, 0.02, 0.24, 0.42)), 4), scene.hue((), "#efe9dc"))
    sheet.poly(
        smooth(
            [
                box.at(0.04, 0.36),
                box.at(0.3, 0.28),
                box.at(0.6, 0.18),
                box.at(0.96, 0.3),
                box.at(0.965, 0.74),
                box.at(0.5, 0.78),
                box.at(0.04, 0.7),
            ],
            6,
        ),
        cover,
    )
    sheet.poly(
        smooth([box.at(0.22, 0.3), box.at(0.36, 0.24), box.at(0.34, 0.74), box.at(0.22, 0.72)], 6),
        lighter(cover, 0.45),
    )


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


def drawers(scene: Scene, box: Box, like: Like) -> None:
    """Draw a chest of small drawers with cards."""
    paint = scene.hue(like, "#a07a4c")
    sheet = scene.sheet
    edged(scene, box, darker(paint, 0.25), 8)
    rows, columns = max(int(box.height / 66), 2), max(int(box.width / 96), 2)
    for row in range(rows):
        for column in range(columns):
            cell = box.part(
                (column + 0.05) / columns, (row + 0.07) / rows, 0.9 / columns, 0.86 / rows
            )
            sheet.rect(*cell, mix(paint, darker(paint, 0.2), ((row * 3 + column * 5) % 4) / 5))
            sheet.rect(cell.middle - 17, cell.y + 9, 34, 15, scene.hue((), "#e6dbc2"))
            sheet.oval(
                cell.middle, cell.y + cell.height * 0.68, 5, 5, scene.hue(("brass",), "#c39a4b")
            )


def cabinet(scene: Scene, box: Box, like: Like) -> None:
    """Draw a cupboard, a wardrobe, a fridge or lockers: doors side by side."""
    paint = scene.hue(like, "#6f7f7c")
    edged(scene, box, paint, 8)
    doors = max(int(box.width / 120), 2)
    for n in range(doors):
        door = box.part((n + 0.06) / doors, 0.04, 0.88 / doors, 0.92)
        scene.sheet.rect(*door, lighter(paint, 0.06))
        scene.sheet.rect(door.right - 3, door.y, 3, door.height, darker(paint, 0.35))
        for slit in range(3):
            scene.sheet.rect(
                door.x + door.width * 0.25,
                door.y + 26 + slit * 13,
                door.width * 0.5,
                4,
                darker(paint, 0.4),
            )
        scene.sheet.rect(
            door.right - 20, door.y + door.height * 0.5, 7, 30, scene.hue(("brass",), "#c39a4b")
        )


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


def plant(scene: Scene, box: Box, like: Like) -> None:
    """Draw a plant in a pot."""
    green = scene.hue(like, "#4f7a5c")
    sheet, dice = scene.sheet, scene.dice
    for n in range(9):
        turn = (n - 4) / 4.5
        tip = box.at(0.5 + turn * 0.55, dice.draw(0.0, 0.25) + abs(turn) * 0.25)
        root = box.at(0.5 + turn * 0.05, 0.72)
        bend = ((tip[0] + root[0]) / 2 + turn * 10, (tip[1] + root[1]) / 2 - 24)
        leaf = ribbon(smooth([root, bend, tip], 6, closed=False), 26, 3)
        sheet.poly(leaf, mix(green, darker(green, 0.35), dice.draw()))
    sheet.poly(
        [box.at(0.26, 0.68), box.at(0.74, 0.68), box.at(0.66, 1), box.at(0.34, 1)],
        scene.hue((), "#ad6f4e"),
    )
    sheet.rect(*box.part(0.23, 0.66, 0.54, 0.07), scene.hue((), "#c08060"))


def stool(scene: Scene, box: Box, like: Like) -> None:
    """Draw a chair or stool from the front."""
    paint = scene.hue(like, "#8a6240")
    sheet = scene.sheet
    for leg in (0.08, 0.82):
        sheet.rect(*box.part(leg, 0.0, 0.1, 1), darker(paint, 0.25))
    for slat in (0.04, 0.2):
        sheet.rect(*box.part(0.08, slat, 0.84, 0.1), paint)
    sheet.rect(*box.part(0, 0.52, 1, 0.1), lighter(paint, 0.16))
    sheet.rect(*box.part(0.12, 0.78, 0.76, 0.05), darker(paint, 0.3))


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
