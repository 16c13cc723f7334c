"""Rooms: their walls, floor, windows and ceiling by what they are."""

from __future__ import annotations

from comfyvn.drivers.painter import hung, lamps
from comfyvn.drivers.painter.aisle import aisle
from comfyvn.drivers.painter.church import nave
from comfyvn.drivers.painter.furnishing import FLOOR, furnish
from comfyvn.drivers.painter.paint import Colour, darker, lighter, mix
from comfyvn.drivers.painter.scene import Box, Scene
from comfyvn.drivers.painter.shapes import rect, smooth
from comfyvn.drivers.painter.wheelhouse import wheelhouse
from comfyvn.drivers.painter.windows import daylight, hatch, window


def draw_room(scene: Scene, kind: str) -> None:
    """Draw a room of a kind of `USUAL`; what its description mentions stands in it."""
    if scene.said("wheel", "cockpit", "wheelhouse"):
        wheelhouse(scene)
    elif scene.said("aisle") or (kind in {"stores", "hall"} and scene.said("narrow")):
        aisle(scene, kind)
    elif kind == "church":
        nave(scene)
    else:
        _stage(scene, kind)


def _walls(scene: Scene, kind: str) -> tuple[Colour, Colour]:
    """Return the colours of the wall and of the floor, and draw both."""
    sheet, said = scene.sheet, scene.said
    wall = scene.hue(scene.like("wall"), "#8a7f66") if said("wall") else _tint(scene, kind)
    dark = mix(wall, scene.paints.ramp(0.2), 0.5)
    floor = lighter(scene.hue(scene.like("floor"), "#8a6a4c"), 0.08)
    sheet.plane = 20
    wall = lighter(wall, 0.12)
    sheet.fade(rect(0, 0, 1920, FLOOR), darker(wall, 0.16), wall)
    if said("tile") or kind in {"bath", "hospital"}:
        glaze = scene.hue(scene.like("tile"), "#9fb8ac")
        for row in range(6):
            for column in range(25):
                x, y = column * 80 - (40 if row % 2 else 0), 448 + row * 60
                shade = ((column * 7 + row * 11) % 5) * 0.035
                sheet.rect(x, y, 77, 57, darker(glaze, shade))
        sheet.rect(0, 430, 1920, 18, lighter(scene.hue(("green",), "#4f7a5c"), 0.05))
    elif kind in {"stores", "workshop", "cabin"} or said("stone"):
        for n in range(24):
            sheet.rect(n * 80, 0, 77, FLOOR, mix(wall, dark, ((n * 5) % 4) / 7))
    else:
        for n in range(33):
            sheet.rect(n * 60 + 22, 0, 10, FLOOR, mix(wall, lighter(wall, 0.2), 0.35))
        panel = scene.hue((), "#86694d")
        sheet.rect(0, 590, 1920, FLOOR - 590, panel)
        for n in range(13):
            sheet.rect(n * 152 + 14, 616, 124, FLOOR - 654, darker(panel, 0.14))
            sheet.rect(n * 152 + 14, FLOOR - 42, 124, 4, lighter(panel, 0.16))
        sheet.rect(0, 582, 1920, 14, lighter(panel, 0.22))
    sheet.rect(0, FLOOR - 22, 1920, 22, darker(dark, 0.25))
    sheet.fade(rect(0, FLOOR, 1920, 280), floor, darker(floor, 0.3))
    if said("tile"):
        for row in range(4):
            joint = FLOOR + row * row * 18 + row * 22
            sheet.rect(0, joint, 1920, 3, darker(floor, 0.3))
    else:
        for n in range(-9, 10):
            sheet.line([(960 + n * 150, FLOOR), (960 + n * 330, 1080)], 3, darker(floor, 0.28))
    return wall, floor


def _tint(scene: Scene, kind: str) -> Colour:
    """Return the colour of a wall that nothing is said about: its own for each place."""
    tints = {
        "office": "#7c8a7d",
        "school": "#c9bf9f",
        "kitchen": "#cdbb8d",
        "cafe": "#a97f62",
        "bar": "#5a3f42",
        "shop": "#b0a07d",
        "bedroom": "#8f93a8",
        "library": "#77604a",
        "hospital": "#bccbc8",
        "stores": "#6a6356",
        "bath": "#a9c0bd",
        "cabin": "#80614a",
    }
    first = tints.get(kind) or scene.dice.choose(
        ("#8a7f66", "#74828a", "#97766a", "#7f8a74", "#9a8a78")
    )
    return scene.hue((), first)


def _stage(scene: Scene, kind: str) -> None:
    """Draw a room seen from where its fourth wall would be."""
    sheet = scene.sheet
    _walls(scene, kind)
    wood = scene.hue(scene.like("hatch") or scene.like("window"), "#6b4c36")
    sheet.plane = 40
    opening = _opening(scene, kind, wood)
    sheet.plane = 70
    tops = furnish(scene, kind, opening)
    sheet.plane = 110
    _ceiling(scene, kind, tops)
    _foreground(scene, kind)


def _opening(scene: Scene, kind: str, wood: Colour) -> list[Box]:
    """Draw the hatch or the windows; return what of the wall they take."""
    sheet = scene.sheet
    if scene.said("hatch"):
        box = Box(690, 190, 540, 300)
        hatch(scene, box, wood)
        daylight(scene, box, FLOOR)
        return [Box(640, 0, 640, 520)]
    if scene.said("screen"):
        return []
    if scene.said("cellar", "basement", "tunnel") or kind == "bar":
        return []
    tall = "tall" in scene.like("window") or kind in {"school", "waiting", "library", "studio"}
    few = 3 if tall else 2 if kind in {"cafe", "kitchen", "hospital"} else 1
    taken: list[Box] = []
    frame = (
        scene.hue(scene.like("window"), "#e0d6bf")
        if kind in {"hospital", "kitchen", "school"}
        else wood
    )
    for n in range(few):
        if n == 1 and tall and (kind == "school" or scene.said("board", "blackboard")):
            continue
        if n != 1 and kind == "library":
            # Its shelves stand there.
            continue
        if tall:
            box = Box((150, 800, 1450)[n] + 40, 110, 240, 400)
        elif few == 2:
            box = Box((500, 1090)[n], 170, 330, 290)
        else:
            box = Box(760, 150, 400, 340)
        window(
            scene,
            box,
            frame,
            panes=(2, 4) if tall else (2, 2),
            arched="arched" in scene.like("window"),
        )
        daylight(scene, box, FLOOR, 0.7 if few > 1 else 1.0)
        if scene.said("curtain"):
            hung.curtains(scene, box, scene.like("curtain"))
        taken.append(Box(box.x - 60, 0, box.width + 120, box.foot + 30))
    sheet.plane = 40
    return taken


def _ceiling(scene: Scene, kind: str, tops: list[Box]) -> None:
    beam = darker(scene.hue((), "#4a3a30"), 0.35)
    if scene.said("net"):
        hung.net(scene, Box(1330, 150, 130, 130), ())
    has_lamp = scene.said("lantern", "candle", "lamp")
    if not has_lamp or scene.said("ceiling_lamp"):
        for x in (520, 1280) if kind in {"cafe", "bar", "shop", "school", "hospital"} else (960,):
            lamps.hanging_lamp(scene, Box(x - 80, 96, 160, 90), scene.like("ceiling_lamp"))
    scene.sheet.rect(0, 0, 1920, 34, beam)
    scene.sheet.rect(0, 34, 1920, 8, lighter(beam, 0.1))


def _foreground(scene: Scene, kind: str) -> None:
    """Draw dark paper close by, so that the room has a near edge."""
    sheet = scene.sheet
    sheet.plane = 190
    near = darker(scene.hue((), "#4a3a30"), 0.3)
    sheet.poly([(0, 1002), (1920, 986), (1920, 1080), (0, 1080)], near)
    sheet.poly([(0, 1002), (1920, 986), (1920, 993), (0, 1009)], lighter(near, 0.16))
    if kind in {"office", "shop", "library", "stores", "bar"}:
        for n, (w, h) in enumerate(((120, 26), (104, 22), (112, 20))):
            sheet.rect(140 + n * 9, 992 - 22 * (n + 1), w, h, lighter(near, 0.05 + 0.05 * n))
        sheet.poly(
            smooth(
                [(1690, 990), (1694, 930), (1722, 918), (1764, 918), (1790, 930), (1794, 990)], 4
            ),
            lighter(near, 0.06),
        )
