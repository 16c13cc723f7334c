"""A wheelhouse."""

from __future__ import annotations

from comfyvn.drivers.painter import fixtures, hung, lamps, smalls
from comfyvn.drivers.painter.paint import darker, lighter
from comfyvn.drivers.painter.scene import Box, Scene
from comfyvn.drivers.painter.shapes import smooth
from comfyvn.drivers.painter.windows import daylight, view


def wheelhouse(scene: Scene) -> None:
    """Draw a wheelhouse: windows all round over a desk with dials, and the wheel before them."""
    sheet, paints = scene.sheet, scene.paints
    wood = scene.hue((), "#5a4030")
    scene.things.setdefault("sea", [])
    sheet.plane = 20
    wood = lighter(wood, 0.12)
    sheet.rect(0, 0, 1920, 1080, darker(wood, 0.25))
    edges = [(60, 400), (430, 830), (860, 1260), (1290, 1690), (1720, 1870)]
    for n, (left, right) in enumerate(edges):
        lift = abs(n - 2) * 14
        box = Box(left, 150 + lift, right - left, 330 - lift)
        view(scene, box, 0.62)
        sheet.rect(box.x, box.y, box.width, 8, darker(wood, 0.6))
        if n == 2:
            daylight(scene, Box(300, 150, 1320, 330), 700, 0.8)
    sheet.plane = 60
    for x in (400, 830, 1260, 1690):
        sheet.rect(x - 2, 100, 34, 420, lighter(wood, 0.06))
        sheet.rect(x - 2, 100, 6, 420, lighter(wood, 0.28))
    sheet.fade(
        [(0, 0), (1920, 0), (1920, 178), (1500, 150), (420, 150), (0, 178)],
        darker(wood, 0.55),
        wood,
    )
    for n in range(12):
        sheet.line([(n * 175, 0), (560 + n * 72, 150)], 3, darker(wood, 0.5))
    sheet.plane = 100
    desk = lighter(wood, 0.1)
    sheet.poly([(0, 520), (380, 486), (1540, 486), (1920, 520), (1920, 690), (0, 690)], desk)
    sheet.poly(
        [
            (0, 520),
            (380, 486),
            (1540, 486),
            (1920, 520),
            (1920, 534),
            (1540, 500),
            (380, 500),
            (0, 534),
        ],
        lighter(desk, 0.3),
    )
    sheet.fade(
        [(0, 640), (1920, 640), (1920, 1080), (0, 1080)], darker(wood, 0.2), darker(wood, 0.6)
    )
    for n in range(16):
        sheet.rect(n * 122, 650, 4, 430, darker(wood, 0.55))
    sheet.rect(0, 632, 1920, 18, lighter(wood, 0.24))
    for x, size in ((1190, 96), (1330, 74)):
        hung.dial(scene, Box(x, 528, size, size), ())
    if scene.said("chart", "table"):
        chart = scene.hue((), "#e8dcbc")
        sheet.poly([(150, 600), (230, 520), (640, 512), (660, 598)], chart)
        ink = scene.hue(("blue",), "#3f6a94")
        sheet.line(
            smooth([(240, 575), (330, 545), (420, 560), (500, 530), (600, 545)], 6, closed=False),
            3,
            ink,
        )
        sheet.line([(300, 590), (520, 524)], 2, scene.hue(("red",), "#b8433a"))
        for n in range(5):
            sheet.line([(262 + n * 78, 522), (236 + n * 88, 596)], 1, darker(chart, 0.2))
    if scene.light.night:
        red = scene.said("lamp") and "red" in scene.like("lamp")
        paint = (1.0, 0.32, 0.22) if red else None
        lamps.desk_lamp(scene, Box(330, 380, 150, 190), scene.like("lamp"))
        scene.lamp(400, 470, 620, 1.1, 0.3, paint)
        scene.lamp(960, 760, 800, 0.6, 0.0, lighter(paints.accent, 0.2))
    if scene.said("net"):
        hung.net(scene, Box(1530, 190, 140, 140), ())
    if scene.said("telephone"):
        smalls.telephone(scene, Box(1480, 440, 150, 112), scene.like("telephone"))
    sheet.plane = 170
    fixtures.steering(scene, Box(780, 520, 400, 560), scene.like("wheel"))
