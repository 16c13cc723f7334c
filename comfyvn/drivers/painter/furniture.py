"""Pieces that stand in rooms, each drawn into a box from its floor up."""

from __future__ import annotations

from comfyvn.drivers.painter.paint import Colour, darker, lighter, mix
from comfyvn.drivers.painter.scene import Box, Like, Scene
from comfyvn.drivers.painter.shapes import arch, ribbon, smooth


def edged(scene: Scene, box: Box, paint: Colour, edge: float = 5) -> None:
    """Draw a board: its face, a light upper edge, a dark foot."""
    scene.sheet.rect(*box, paint)
    scene.sheet.rect(box.x, box.y, box.width, edge, lighter(paint, 0.25))
    scene.sheet.rect(box.x, box.foot - edge, box.width, edge, darker(paint, 0.3))


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
