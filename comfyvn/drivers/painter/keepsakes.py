"""Things that a hand holds, as props show them: letters, keys, watches, bags…."""

from __future__ import annotations

import math
from collections.abc import Callable

from comfyvn.drivers.painter.paint import Colour, darker, lighter
from comfyvn.drivers.painter.scene import Box, Like, Scene
from comfyvn.drivers.painter.shapes import Outline, Point, oval, ribbon, smooth


def _rounded(box: Box, radius: float) -> Outline:
    """Return a box with round corners."""
    left, right = box.x + radius, box.right - radius
    top, foot = box.y + radius, box.foot - radius
    corners = [(right, foot), (left, foot), (left, top), (right, top)]
    return [
        (x + radius * math.cos(turn * math.pi / 12), y + radius * math.sin(turn * math.pi / 12))
        for n, (x, y) in enumerate(corners)
        for turn in range(n * 6, n * 6 + 7)
    ]


def _hoop(scene: Scene, around: Outline, width: float, paint: Colour) -> None:
    """Draw a line that ends where it begins, its joint closed."""
    scene.sheet.line([*around, *around[:2]], width, paint)


def _letter(scene: Scene, box: Box, like: Like) -> None:
    paper = scene.hue(like, "#e8dcbc")
    sheet = scene.sheet
    sheet.rect(*box, paper)
    sheet.poly(
        [box.at(0, 1), box.at(0.42, 0.5), box.at(0.58, 0.5), box.at(1, 1)], darker(paper, 0.1)
    )
    sheet.poly([box.at(0, 0), box.at(1, 0), box.at(0.5, 0.62)], lighter(paper, 0.25))
    sheet.line([box.at(0, 0), box.at(0.5, 0.62), box.at(1, 0)], 4, darker(paper, 0.3))
    sheet.oval(*box.at(0.5, 0.58), 30, 28, scene.hue((), "#9c2f3a"))
    sheet.oval(*box.at(0.49, 0.565), 17, 15, scene.hue((), "#b8433a"))


def _page(scene: Scene, box: Box, like: Like) -> None:
    paper = scene.hue(like, "#efe4c8")
    sheet = scene.sheet
    sheet.poly([box.at(0, 0), box.at(0.8, 0), box.at(1, 0.14), box.at(1, 1), box.at(0, 1)], paper)
    sheet.poly([box.at(0.8, 0), box.at(0.8, 0.14), box.at(1, 0.14)], darker(paper, 0.22))
    for n in range(7):
        end = 0.86 if n % 3 != 2 else 0.58
        sheet.rect(*box.part(0.14, 0.24 + n * 0.1, end - 0.14, 0.022), darker(paper, 0.5))


def _book(scene: Scene, box: Box, like: Like) -> None:
    cover = scene.hue(like, "#7a3f3f")
    sheet = scene.sheet
    sheet.rect(*box, darker(cover, 0.35))
    sheet.rect(*box.part(0.05, 0.95, 0.93, 0.035), (0.91, 0.87, 0.76))
    sheet.rect(*box.part(0, 0, 1, 0.94), cover)
    sheet.rect(*box.part(0, 0, 0.13, 0.94), darker(cover, 0.25))
    gold = scene.hue((), "#d3a74a")
    for y in (0.2, 0.34):
        sheet.rect(*box.part(0.28, y, 0.56, 0.025), gold)
    sheet.line(
        [box.at(*at) for at in ((0.2, 0.06), (0.93, 0.06), (0.93, 0.88), (0.2, 0.88), (0.2, 0.06))],
        4,
        gold,
    )
    sheet.poly([box.at(0.8, 0.94), box.at(0.87, 0.94), box.at(0.87, 1.1), box.at(0.8, 1.1)], gold)


def _bottle(scene: Scene, box: Box, like: Like) -> None:
    glass = scene.hue(like, "#4f7a5c")
    half: list[Point] = [(0.5, 0.12), (0.62, 0.12), (0.62, 0.3), (0.9, 0.46), (0.92, 0.97)]
    right = [box.at(*at) for at in half]
    outline = [*right, *(box.at(1 - x, y) for x, y in reversed(half))]
    scene.sheet.poly(outline, glass)
    scene.sheet.rect(*box.part(0.36, 0, 0.28, 0.13), scene.hue((), "#a07a4c"))
    scene.sheet.rect(*box.part(0.08, 0.56, 0.84, 0.26), (0.91, 0.87, 0.76))
    scene.sheet.rect(*box.part(0.2, 0.64, 0.6, 0.022), darker(glass, 0.4))
    scene.sheet.rect(*box.part(0.2, 0.71, 0.42, 0.022), darker(glass, 0.4))
    scene.sheet.over(ribbon([box.at(0.2, 0.46), box.at(0.18, 0.94)], 14), (1, 1, 1), 0.35)


def _key(scene: Scene, box: Box, like: Like) -> None:
    metal = scene.hue(like, "#c39a4b")
    sheet = scene.sheet
    bow = box.at(0.5, 0.19)
    _hoop(scene, oval(*bow, 62, 62), 26, metal)
    sheet.line(
        smooth([box.at(0.3, 0.24), box.at(0.3, 0.14), box.at(0.44, 0.05)], 5, closed=False),
        7,
        lighter(metal, 0.5),
    )
    sheet.rect(*box.part(0.45, 0.36, 0.1, 0.62), metal)
    sheet.rect(*box.part(0.45, 0.36, 0.03, 0.62), lighter(metal, 0.35))
    sheet.rect(*box.part(0.4, 0.38, 0.2, 0.035), darker(metal, 0.15))
    for y, wide in ((0.78, 0.22), (0.88, 0.3)):
        sheet.rect(*box.part(0.54, y, wide, 0.055), darker(metal, 0.1))


def _ring(scene: Scene, box: Box, like: Like) -> None:
    metal = scene.hue(like, "#d3a74a")
    sheet = scene.sheet
    around = oval(*box.at(0.5, 0.62), box.width * 0.36, box.width * 0.36)
    _hoop(scene, around, 34, metal)
    inner = oval(*box.at(0.5, 0.62), box.width * 0.32, box.width * 0.32)
    sheet.line([*inner[22:36]], 8, lighter(metal, 0.5))
    stone = scene.paints.accent
    gem = [box.at(*at) for at in ((0.33, 0.1), (0.42, 0), (0.58, 0), (0.67, 0.1), (0.5, 0.28))]
    sheet.poly(gem, stone)
    sheet.poly([gem[0], gem[3], gem[4]], darker(stone, 0.2))
    sheet.poly([gem[1], gem[2], box.at(0.5, 0.1)], lighter(stone, 0.5))


def _necklace(scene: Scene, box: Box, like: Like) -> None:
    metal = scene.hue(like, "#d3a74a")
    chain = smooth(
        [box.at(0.14, 0), box.at(0.2, 0.3), box.at(0.5, 0.62), box.at(0.8, 0.3), box.at(0.86, 0)],
        9,
        closed=False,
    )
    for x, y in chain:
        scene.sheet.oval(x, y, 9, 9, metal)
        scene.sheet.oval(x - 2, y - 2, 3, 3, lighter(metal, 0.5))
    x, y = box.at(0.5, 0.8)
    scene.sheet.oval(x, y, 66, 76, darker(metal, 0.1))
    scene.sheet.oval(x, y, 52, 62, scene.paints.accent)
    scene.sheet.oval(x - 16, y - 22, 14, 18, lighter(scene.paints.accent, 0.5))


def _watch(scene: Scene, box: Box, like: Like) -> None:
    metal = scene.hue(like, "#c39a4b")
    sheet = scene.sheet
    x, y = box.at(0.5, 0.58)
    ring = oval(x, box.at(0, 0.06)[1], 30, 28)
    _hoop(scene, ring, 12, metal)
    sheet.rect(x - 20, box.at(0, 0.12)[1], 40, 34, darker(metal, 0.2))
    radius = box.width * 0.48
    sheet.oval(x, y, radius, radius, metal)
    sheet.oval(x, y, radius * 0.84, radius * 0.84, darker(metal, 0.4))
    sheet.oval(x, y, radius * 0.8, radius * 0.8, (0.94, 0.91, 0.82))
    for n in range(12):
        turn = n * math.pi / 6
        sheet.line(
            [
                (x + math.sin(turn) * radius * part, y - math.cos(turn) * radius * part)
                for part in (0.62 if n % 3 == 0 else 0.68, 0.74)
            ],
            7 if n % 3 == 0 else 4,
            (0.2, 0.18, 0.18),
        )
    for turn, length, width in ((5.3, 0.4, 10), (0.9, 0.58, 7)):
        tip = (x + math.sin(turn) * radius * length, y - math.cos(turn) * radius * length)
        sheet.line([(x, y), tip], width, (0.2, 0.18, 0.18))
    sheet.oval(x, y, 10, 10, darker(metal, 0.2))


def _compass(scene: Scene, box: Box, like: Like) -> None:
    metal = scene.hue(like, "#c39a4b")
    sheet = scene.sheet
    x, y = box.at(0.5, 0.5)
    radius = box.width / 2
    sheet.oval(x, y, radius, radius, metal)
    sheet.oval(x, y, radius * 0.84, radius * 0.84, darker(metal, 0.4))
    sheet.oval(x, y, radius * 0.8, radius * 0.8, (0.94, 0.91, 0.82))
    for n in range(16):
        turn = n * math.pi / 8
        first = (0.58, 0.64, 0.7)[0 if n % 4 == 0 else 1 if n % 2 == 0 else 2]
        ends = [
            (x + math.sin(turn) * radius * part, y - math.cos(turn) * radius * part)
            for part in (first, 0.76)
        ]
        sheet.line(ends, 5, darker(metal, 0.5))
    lean = 0.5
    wing = (math.cos(lean) * radius * 0.1, math.sin(lean) * radius * 0.1)
    for way, paint in ((1, scene.hue((), "#b8433a")), (-1, scene.hue((), "#3e434b"))):
        tip = (x + way * math.sin(lean) * radius * 0.56, y - way * math.cos(lean) * radius * 0.56)
        sheet.poly([tip, (x + wing[0], y + wing[1]), (x - wing[0], y - wing[1])], paint)
    sheet.oval(x, y, 11, 11, metal)


def _blade(scene: Scene, box: Box, like: Like) -> None:
    steel = scene.hue(like, "#b5bfc4")
    sheet = scene.sheet
    tip = box.at(0.5, 0)
    sheet.poly([tip, box.at(0.68, 0.12), box.at(0.66, 0.68), box.at(0.5, 0.68)], darker(steel, 0.2))
    sheet.poly(
        [tip, box.at(0.32, 0.12), box.at(0.34, 0.68), box.at(0.5, 0.68)], lighter(steel, 0.2)
    )
    brass = scene.hue((), "#c39a4b")
    sheet.rect(*box.part(0.04, 0.67, 0.92, 0.045), brass)
    grip = scene.hue((), "#5a4030")
    sheet.rect(*box.part(0.38, 0.715, 0.24, 0.22), grip)
    for n in range(4):
        sheet.line(
            [box.at(0.38, 0.75 + n * 0.05), box.at(0.62, 0.735 + n * 0.05)], 4, darker(grip, 0.4)
        )
    sheet.oval(*box.at(0.5, 0.95), 26, 22, brass)


def _camera(scene: Scene, box: Box, like: Like) -> None:
    body = scene.hue(like, "#3e434b")
    sheet = scene.sheet
    sheet.rect(*box.part(0.34, 0, 0.32, 0.24), lighter(body, 0.15))
    sheet.rect(*box.part(0.1, 0.08, 0.14, 0.12), lighter(body, 0.4))
    sheet.rect(*box.part(0, 0.18, 1, 0.82), body)
    sheet.rect(*box.part(0, 0.18, 1, 0.16), lighter(body, 0.5))
    x, y = box.at(0.5, 0.62)
    for radius, paint in (
        (104, lighter(body, 0.35)),
        (90, darker(body, 0.5)),
        (62, (0.24, 0.36, 0.46)),
        (34, (0.1, 0.14, 0.2)),
    ):
        sheet.oval(x, y, radius, radius, paint)
    sheet.oval(x - 26, y - 28, 14, 11, (0.86, 0.93, 0.96))
    sheet.rect(*box.part(0.8, 0.22, 0.13, 0.09), (0.86, 0.93, 0.96))


def _radio(scene: Scene, box: Box, like: Like) -> None:
    case = scene.hue(like, "#8c5b35")
    sheet = scene.sheet
    sheet.line([box.at(0.82, 0.02), box.at(0.98, -0.42)], 7, (0.72, 0.74, 0.75))
    sheet.poly(_rounded(box, 22), case)
    cloth = scene.hue((), "#cdbb98")
    sheet.rect(*box.part(0.07, 0.14, 0.5, 0.7), cloth)
    for n in range(9):
        sheet.rect(*box.part(0.07, 0.18 + n * 0.073, 0.5, 0.02), darker(cloth, 0.3))
    sheet.rect(*box.part(0.63, 0.14, 0.3, 0.22), (0.94, 0.88, 0.7))
    sheet.rect(*box.part(0.8, 0.14, 0.015, 0.22), scene.hue((), "#b8433a"))
    for x in (0.69, 0.87):
        sheet.oval(*box.at(x, 0.62), 26, 26, darker(case, 0.5))
        sheet.line([box.at(x, 0.62), box.at(x + 0.03, 0.54)], 6, cloth)


def _bag(scene: Scene, box: Box, like: Like) -> None:
    leather = scene.hue(like, "#6e4733")
    sheet = scene.sheet
    handle = smooth(
        [box.at(0.34, 0.22), box.at(0.36, 0), box.at(0.64, 0), box.at(0.66, 0.22)], 6, closed=False
    )
    sheet.line(handle, 20, darker(leather, 0.35))
    sheet.poly(_rounded(box.part(0, 0.2, 1, 0.8), 30), leather)
    sheet.rect(*box.part(0.01, 0.44, 0.98, 0.03), darker(leather, 0.35))
    for x in (0.2, 0.72):
        sheet.rect(*box.part(x, 0.22, 0.08, 0.78), darker(leather, 0.2))
        sheet.rect(*box.part(x - 0.015, 0.4, 0.11, 0.1), scene.hue((), "#c39a4b"))


def _hat(scene: Scene, box: Box, like: Like) -> None:
    felt = scene.hue(like, "#5b4a58")
    sheet = scene.sheet
    sheet.oval(*box.at(0.5, 0.82), box.width / 2, box.height * 0.18, darker(felt, 0.2))
    crown = smooth(
        [
            box.at(0.2, 0.8),
            box.at(0.24, 0.2),
            box.at(0.38, 0.02),
            box.at(0.5, 0.1),
            box.at(0.62, 0.02),
            box.at(0.76, 0.2),
            box.at(0.8, 0.8),
            box.at(0.5, 0.88),
        ],
        6,
    )
    sheet.poly(crown, felt)
    band = [
        box.at(0.205, 0.62),
        box.at(0.5, 0.7),
        box.at(0.795, 0.62),
        box.at(0.8, 0.8),
        box.at(0.5, 0.88),
        box.at(0.2, 0.8),
    ]
    sheet.poly(band, scene.paints.accent)


def _coin(scene: Scene, box: Box, like: Like) -> None:
    metal = scene.hue(like, "#d3a74a")
    x, y = box.at(0.5, 0.5)
    radius = box.width / 2
    for part, paint in (
        (1.0, darker(metal, 0.25)),
        (0.94, metal),
        (0.78, darker(metal, 0.18)),
        (0.75, lighter(metal, 0.12)),
    ):
        scene.sheet.oval(x, y, radius * part, radius * part, paint)
    star = [
        (x + math.sin(n * math.pi / 5) * radius * r, y - math.cos(n * math.pi / 5) * radius * r)
        for n, r in ((n, 0.52 if n % 2 == 0 else 0.22) for n in range(10))
    ]
    scene.sheet.poly(star, darker(metal, 0.3))


def _guitar(scene: Scene, box: Box, like: Like) -> None:
    wood = scene.hue(like, "#b9753a")
    sheet = scene.sheet
    sheet.rect(*box.part(0.45, 0.08, 0.1, 0.5), scene.hue((), "#4a3226"))
    sheet.rect(*box.part(0.4, 0, 0.2, 0.1), scene.hue((), "#3a2820"))
    half: list[Point] = [
        (0.5, 0.46),
        (0.78, 0.5),
        (0.82, 0.6),
        (0.74, 0.68),
        (0.98, 0.8),
        (0.92, 0.95),
        (0.5, 1),
    ]
    outline = smooth(
        [*(box.at(*at) for at in half), *(box.at(1 - x, y) for x, y in reversed(half[1:-1]))], 6
    )
    sheet.poly(outline, wood)
    sheet.oval(*box.at(0.5, 0.68), box.width * 0.13, box.width * 0.13, darker(wood, 0.7))
    sheet.rect(*box.part(0.34, 0.84, 0.32, 0.025), darker(wood, 0.6))
    for n in range(4):
        x = 0.465 + n * 0.0235
        sheet.line([box.at(x, 0.06), box.at(x, 0.85)], 2, (0.88, 0.87, 0.82))


def _parcel(scene: Scene, box: Box, like: Like) -> None:
    paper = scene.hue(like, "#b48c63")
    sheet = scene.sheet
    sheet.rect(*box, paper)
    top = [box.at(0, 0), box.at(0.12, -0.16), box.at(1.1, -0.16), box.at(1, 0)]
    sheet.poly(top, lighter(paper, 0.2))
    side = [box.at(1, 0), box.at(1.1, -0.16), box.at(1.1, 0.84), box.at(1, 1)]
    sheet.poly(side, darker(paper, 0.3))
    string = scene.paints.accent
    sheet.rect(*box.part(0.46, 0, 0.06, 1), string)
    sheet.rect(*box.part(0, 0.44, 1, 0.06), string)
    tie = [box.at(0.46, 0), box.at(0.58, -0.16), box.at(0.64, -0.16), box.at(0.52, 0)]
    sheet.poly(tie, string)


SIZE = 480
"""How wide and high the sheet is that they are drawn on."""
KEEPSAKES: dict[str, tuple[Callable[[Scene, Box, Like], None], Box]] = {
    "letter": (_letter, Box(60, 130, 360, 240)),
    "page": (_page, Box(110, 70, 260, 350)),
    "book": (_book, Box(110, 60, 260, 340)),
    "bottle": (_bottle, Box(165, 40, 150, 390)),
    "key": (_key, Box(110, 50, 260, 380)),
    "ring": (_ring, Box(90, 70, 300, 340)),
    "necklace": (_necklace, Box(90, 50, 300, 350)),
    "watch": (_watch, Box(90, 50, 300, 370)),
    "compass": (_compass, Box(80, 80, 320, 320)),
    "blade": (_blade, Box(165, 30, 150, 420)),
    "camera": (_camera, Box(60, 110, 360, 260)),
    "radio": (_radio, Box(70, 170, 340, 230)),
    "bag": (_bag, Box(70, 100, 340, 300)),
    "hat": (_hat, Box(60, 130, 360, 240)),
    "coin": (_coin, Box(100, 100, 280, 280)),
    "guitar": (_guitar, Box(125, 20, 230, 430)),
    "parcel": (_parcel, Box(90, 150, 300, 260)),
}
"""What draws each, and where it lies in a prop's picture."""


def draw_keepsake(scene: Scene, name: str, like: Like) -> None:
    """Draw one of `KEEPSAKES`, on a sheet of `SIZE`."""
    draw, place = KEEPSAKES[name]
    draw(scene, place, like)
