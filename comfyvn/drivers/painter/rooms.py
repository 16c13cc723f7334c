"""Rooms: their walls and floor by what they are, their furniture by the words about them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from comfyvn.drivers.painter import furniture, smalls
from comfyvn.drivers.painter.paint import Colour, darker, lighter, mix
from comfyvn.drivers.painter.scene import Box, Scene
from comfyvn.drivers.painter.shapes import rect, smooth
from comfyvn.drivers.painter.windows import daylight, hatch, stained, view, window

FLOOR = 800.0
"""Where the wall meets the floor, in pixels."""

Draw = Callable[[Scene, Box, Sequence[str]], None]


class Piece(NamedTuple):
    """A kind of thing in a room: how large it is, and where it stands."""

    draw: Draw
    width: float
    height: float
    where: str
    """`floor`: against the wall; `top`: on furniture; `wall`; `ceiling`."""


PIECES = {
    "piano": Piece(furniture.piano, 430, 400, "floor"),
    "desk": Piece(furniture.desk, 420, 220, "floor"),
    "shelf": Piece(furniture.shelves, 340, 640, "floor"),
    "bench": Piece(furniture.bench, 480, 230, "floor"),
    "drawer": Piece(furniture.drawers, 320, 330, "floor"),
    "counter": Piece(furniture.counter, 520, 260, "floor"),
    "bed": Piece(furniture.bed, 520, 230, "floor"),
    "sofa": Piece(furniture.sofa, 440, 250, "floor"),
    "armchair": Piece(furniture.sofa, 250, 260, "floor"),
    "table": Piece(furniture.table, 420, 220, "floor"),
    "stove": Piece(furniture.stove, 230, 260, "floor"),
    "cabinet": Piece(furniture.cabinet, 340, 480, "floor"),
    "door": Piece(furniture.door, 220, 520, "floor"),
    "altar": Piece(furniture.altar, 380, 230, "floor"),
    "machine": Piece(furniture.machine, 230, 470, "floor"),
    "screen": Piece(furniture.screen, 480, 540, "floor"),
    "plant": Piece(furniture.plant, 150, 290, "floor"),
    "chair": Piece(furniture.stool, 130, 230, "floor"),
    "crate": Piece(smalls.crate, 190, 160, "floor"),
    "barrel": Piece(smalls.barrel, 150, 210, "floor"),
    "lantern": Piece(smalls.lantern, 96, 140, "top"),
    "candle": Piece(smalls.candle, 54, 120, "top"),
    "lamp": Piece(smalls.desk_lamp, 150, 190, "top"),
    "telephone": Piece(smalls.telephone, 150, 112, "top"),
    "camp_stove": Piece(smalls.camp_stove, 110, 110, "top"),
    "mug": Piece(smalls.mugs, 110, 60, "top"),
    "pile": Piece(smalls.books, 130, 92, "top"),
    "flower": Piece(smalls.vase, 90, 150, "top"),
    "computer": Piece(smalls.computer, 210, 170, "top"),
    "clock": Piece(smalls.clock, 110, 110, "wall"),
    "board": Piece(smalls.board, 420, 330, "wall"),
    "blackboard": Piece(smalls.blackboard, 760, 300, "wall"),
    "poster": Piece(smalls.poster, 170, 220, "wall"),
    "mirror": Piece(smalls.mirror, 150, 230, "wall"),
    "dial": Piece(smalls.dial, 96, 96, "wall"),
    "umbrella": Piece(smalls.umbrellas, 330, 230, "wall"),
    "net": Piece(smalls.net, 130, 130, "ceiling"),
    "bucket": Piece(smalls.bucket, 110, 110, "floor"),
}

USUAL = {
    "office": ("desk", "cabinet", "lamp", "pile", "clock"),
    "school": ("blackboard", "desk", "desk", "clock"),
    "kitchen": ("counter", "stove", "cabinet", "mug", "ceiling_lamp"),
    "cafe": ("counter", "table", "chair", "mug", "ceiling_lamp", "poster", "plant"),
    "bar": ("counter", "shelf", "ceiling_lamp", "chair"),
    "shop": ("shelf", "counter", "shelf", "ceiling_lamp", "crate"),
    "bedroom": ("bed", "lamp", "table", "poster", "shelf"),
    "home": ("sofa", "lamp", "table", "shelf", "plant", "poster"),
    "library": ("shelf", "shelf", "table", "lamp", "pile", "shelf"),
    "hall": ("door", "clock", "bench", "poster"),
    "waiting": ("bench", "clock", "board"),
    "hospital": ("bed", "cabinet", "clock", "curtain", "chair"),
    "workshop": ("table", "shelf", "crate", "ceiling_lamp", "board"),
    "stores": ("shelf", "crate", "shelf"),
    "studio": ("table", "poster", "plant", "lamp", "chair"),
    "bath": ("mirror", "cabinet", "plant"),
    "cabin": ("bed", "lantern", "crate", "barrel", "table"),
    "room": ("sofa", "table", "lamp", "shelf", "poster"),
}
"""What stands in a room that nothing more is said about."""


def draw_room(scene: Scene, kind: str) -> None:
    """Draw a room of a kind of `USUAL`; what its description mentions stands in it."""
    if scene.said("wheel", "cockpit", "wheelhouse"):
        _bay(scene)
    elif scene.said("aisle") or (kind in {"stores", "hall"} and scene.said("narrow")):
        _aisle(scene, kind)
    elif kind == "church":
        _nave(scene)
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
    tops = _furnish(scene, kind, opening)
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
        if n == 1 and tall and scene.said("board", "blackboard"):
            continue
        if tall:
            box = Box((150, 800, 1450)[n] + 40, 110, 240, 400)
        elif few == 2:
            box = Box((300, 1260)[n], 170, 330, 290)
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
            smalls.curtains(scene, box, scene.like("curtain"))
        taken.append(Box(box.x - 60, 0, box.width + 120, box.foot + 30))
    sheet.plane = 40
    return taken


def _wanted(scene: Scene, kind: str) -> list[str]:
    """Return what stands in the room: what is mentioned, else what is usual."""
    said = [name for name in scene.things if name in PIECES]
    usual = [name for name in USUAL.get(kind, USUAL["room"]) if name in PIECES]
    floor = [name for name in said if PIECES[name].where == "floor"]
    if len(floor) < 2:
        said += [name for name in usual if name not in said]
    if [name for name in said if PIECES[name].where == "floor"] == ["bench"]:
        said.append("bench")
    return said


def _furnish(scene: Scene, kind: str, taken: list[Box]) -> list[Box]:
    """Stand the furniture along the wall, and what is small upon it; return their tops."""
    wanted = _wanted(scene, kind)
    floor = [name for name in wanted if PIECES[name].where == "floor"][:5]
    tops: list[tuple[str, Box]] = []
    for name, box in _placed(scene, floor, taken):
        PIECES[name].draw(scene, box, scene.like(name))
        if PIECES[name].height < 450 and name not in {
            "bench",
            "bed",
            "sofa",
            "armchair",
            "plant",
            "chair",
            "bucket",
        }:
            tops.append((name, Box(box.x, box.y, box.width, 0)))
        if name in {"bench"}:
            tops.append((name, Box(box.x, box.y + box.height * 0.6, box.width, 0)))
    scene.sheet.plane = 90
    _upon(scene, [name for name in wanted if PIECES[name].where == "top"], tops)
    scene.sheet.plane = 40
    _hung(scene, [name for name in wanted if PIECES[name].where == "wall"], taken, floor)
    return [box for _, box in tops]


def _placed(scene: Scene, names: Sequence[str], taken: list[Box]) -> list[tuple[str, Box]]:
    """Return where furniture stands: tall pieces at the sides, low ones under the windows."""
    tall = [name for name in names if PIECES[name].height > 450]
    low = [name for name in names if PIECES[name].height <= 450]
    places: list[tuple[str, Box]] = []
    left, right = 70.0, 1850.0
    for n, name in enumerate(tall[:2]):
        width = PIECES[name].width * (1.0 if len(names) > 3 else 1.15)
        x = left if n % 2 == 0 else right - width
        places.append((name, Box(x, FLOOR + 12 - PIECES[name].height, width, PIECES[name].height)))
        if n % 2 == 0:
            left += width + 36
        else:
            right -= width + 36
    total = sum(PIECES[name].width for name in low)
    shrink = min((right - left - 30 * len(low)) / max(total, 1), 1.12)
    gap = (right - left - total * shrink) / max(len(low), 1)
    x = left + gap / 2
    # What is said first of the low pieces stands in the middle, where a narrow screen looks.
    order = [*low[1::2], *low[:1], *low[2::2]] if len(low) > 2 else low[::-1] if tall else low
    for name in order:
        piece = PIECES[name]
        width, height = piece.width * shrink, piece.height * max(shrink, 0.86)
        places.append((name, Box(x, FLOOR + 18 - height, width, height)))
        x += width + gap
    return places


def _upon(scene: Scene, names: Sequence[str], tops: list[tuple[str, Box]]) -> None:
    """Stand small things on the furniture: a telephone on the desk, a lantern on the piano."""
    likely = {
        "telephone": "desk",
        "lamp": "desk",
        "computer": "desk",
        "lantern": "piano",
        "candle": "bench",
        "pile": "desk",
        "camp_stove": "drawer",
        "mug": "table",
    }
    used: dict[int, int] = {}
    slots = (0.16, 0.78, 0.47)
    for name in names:
        if name in {"lamp", "candle", "lantern"} and _unlit(scene, name):
            continue
        choice = [i for i, (at, _) in enumerate(tops) if at == likely.get(name)]
        free = [i for i in range(len(tops)) if used.get(i, 0) < 2]
        index = next((i for i in choice if used.get(i, 0) < 3), free[0] if free else None)
        piece = PIECES[name]
        if index is None:
            box = Box(820 + 90 * len(used), FLOOR + 40 - piece.height, piece.width, piece.height)
        else:
            top = tops[index][1]
            x = top.x + top.width * slots[used.get(index, 0) % 3] - piece.width / 2
            box = Box(max(x, top.x - 8), top.y - piece.height + 3, piece.width, piece.height)
            used[index] = used.get(index, 0) + 1
        piece.draw(scene, box, scene.like(name))


def _unlit(scene: Scene, name: str) -> bool:
    """Whether a lamp is not to be seen now: a lantern by day has no business here."""
    return name in {"candle", "lantern"} and not scene.light.night and scene.light.time != "dawn"


def _hung(scene: Scene, names: Sequence[str], taken: list[Box], floor: Sequence[str]) -> None:
    """Hang things on what is free of the wall."""
    spots = [
        Box(1300, 130, 480, 320),
        Box(150, 130, 480, 320),
        Box(700, 120, 520, 320),
        Box(560, 200, 150, 200),
        Box(1230, 200, 150, 200),
    ]
    tall = sum(PIECES[name].height > 450 for name in floor)
    if tall > 1:
        spots = spots[2:] + spots[:1]
    elif tall:
        spots = [spots[0], *spots[2:]]
    free = [spot for spot in spots if not any(_meet(spot, box) for box in taken)]
    for name in names:
        piece = PIECES[name]
        spot = next((s for s in free if s.width * 1.6 >= piece.width), None)
        if spot is None:
            continue
        free.remove(spot)
        box = Box(
            spot.middle - piece.width / 2,
            spot.y + (spot.height - min(piece.height, 330)) / 2,
            piece.width,
            piece.height,
        )
        piece.draw(scene, box, scene.like(name))


def _meet(a: Box, b: Box) -> bool:
    return a.x < b.right and b.x < a.right and a.y < b.foot and b.y < a.foot


def _ceiling(scene: Scene, kind: str, tops: list[Box]) -> None:
    beam = darker(scene.hue((), "#4a3a30"), 0.35)
    if scene.said("net"):
        smalls.net(scene, Box(1330, 150, 130, 130), ())
    has_lamp = scene.said("lantern", "candle", "lamp")
    if not has_lamp or scene.said("ceiling_lamp"):
        for x in (520, 1280) if kind in {"cafe", "bar", "shop", "school", "hospital"} else (960,):
            smalls.hanging_lamp(scene, Box(x - 80, 96, 160, 90), scene.like("ceiling_lamp"))
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


def _aisle(scene: Scene, kind: str) -> None:
    """Draw an aisle between shelves that runs to a far point."""
    sheet, paints = scene.sheet, scene.paints
    vx, vy = 980.0, 470.0
    paint = lighter(scene.hue(scene.like("shelf"), "#5d6f5c"), 0.12)
    dark = darker(paints.ramp(0.1), 0.2)
    sheet.fade(rect(0, 0, 1920, 1080), dark, mix(dark, paints.ramp(0.3), 0.2))

    def point(x: float, y: float, depth: float) -> tuple[float, float]:
        """Return where a point of the front plane is, `depth` of the way to the far point."""
        return x + (vx - x) * depth, y + (vy - y) * depth

    floor = scene.hue(scene.like("floor"), "#6a5240")
    sheet.fade(
        [
            point(-200, 1150, 0),
            point(2120, 1150, 0),
            point(2120, 1150, 0.9),
            point(-200, 1150, 0.9),
        ],
        darker(floor, 0.6),
        floor,
    )
    for n in range(14):
        depth = 0.9 * (1 - (1 - n / 14) ** 2.2)
        sheet.line([point(-200, 1150, depth), point(2120, 1150, depth)], 3, darker(floor, 0.4))
    end = [
        point(-200, -200, 0.9),
        point(2120, -200, 0.9),
        point(2120, 1150, 0.9),
        point(-200, 1150, 0.9),
    ]
    sheet.poly(end, darker(paint, 0.5))
    bays = 6
    loads = [name for name in ("umbrella", "hat", "book", "box") if scene.said(name)] or [
        "box",
        "book",
    ]
    for bay in reversed(range(bays)):
        near, far = 0.9 * (1 - (1 - bay / bays) ** 1.9), 0.9 * (1 - (1 - (bay + 1) / bays) ** 1.9)
        sheet.plane = 180 - bay * 26
        shade = 0.09 * bay
        for side in (-200.0, 2120.0):
            post = darker(paint, 0.2 + shade)
            sheet.poly(
                [
                    point(side, -200, near),
                    point(side, -200, far),
                    point(side, 1150, far),
                    point(side, 1150, near),
                ],
                darker(paint, 0.62),
            )
            for row in range(5):
                low, high = -150 + row * 260.0, -150 + (row + 1) * 260.0
                _stocked(
                    scene,
                    side,
                    (low + 40, high),
                    (near, far),
                    point,
                    loads[(row + bay) % len(loads)],
                    shade,
                )
                sheet.poly(
                    [
                        point(side, high, near),
                        point(side, high, far),
                        point(side, high + 26, far),
                        point(side, high + 26, near),
                    ],
                    lighter(post, 0.12),
                )
                tag = near + (far - near) * 0.5
                wide = (far - near) * 0.16
                sheet.poly(
                    [
                        point(side, high + 3, tag - wide),
                        point(side, high + 3, tag + wide),
                        point(side, high + 24, tag + wide),
                        point(side, high + 24, tag - wide),
                    ],
                    darker(scene.hue((), "#e6dbc2"), shade),
                )
            width = 46 if side < 0 else -46
            sheet.poly(
                [
                    point(side, -200, near),
                    point(side + width, -200, near),
                    point(side + width, 1150, near),
                    point(side, 1150, near),
                ],
                lighter(post, 0.1),
            )
            sheet.poly(
                [
                    point(side + width, -200, near),
                    point(side + width * 1.5, -200, near),
                    point(side + width * 1.5, 1150, near),
                    point(side + width, 1150, near),
                ],
                darker(post, 0.4),
            )
    sheet.plane = 120
    if scene.said("candle", "lantern") or not scene.said("lamp"):
        if scene.said("lantern"):
            smalls.lantern(scene, Box(840, 650, 110, 160), scene.like("lantern"))
        else:
            smalls.crate(scene, Box(760, 790, 170, 130), ())
            smalls.candle(scene, Box(815, 655, 62, 138), ())
            scene.lamp(846, 640, 900, 0.6, 0.0)
    if not scene.light.night:
        scene.lamp(vx, 120, 900, 1.6, 0.2, lighter(scene.light.low, 0.3))
    if scene.said("drawer"):
        furniture.drawers(scene, Box(1080, 640, 250, 210), scene.like("drawer"))


def _stocked(
    scene: Scene,
    side: float,
    span: tuple[float, float],
    depths: tuple[float, float],
    point: Callable[[float, float, float], tuple[float, float]],
    load: str,
    shade: float,
) -> None:
    """Fill one shelf of an aisle, in its perspective."""
    dice = scene.dice
    tones = ("#a8433f", "#3f6a7c", "#c49a52", "#5d7458", "#6a4a7c", "#24323f", "#d3c3a0", "#8f5a6b")
    low, high = span
    t = depths[0] + 0.01
    while t < depths[1] - 0.004:
        size = (depths[1] - depths[0]) * dice.draw(0.1, 0.2)
        end = min(t + size, depths[1] - 0.003)
        paint = darker(scene.hue((), dice.choose(tones)), shade + dice.draw(0, 0.12))
        tall = dice.draw(0.5, 0.95)
        if load == "umbrella":
            middle = (t + end) / 2
            scene.sheet.poly(
                [
                    point(side, low + 40, t),
                    point(side, low + 40, end),
                    point(side, low + 80, end),
                    point(side, low + (high - low) * tall, middle),
                    point(side, low + 80, t),
                ],
                paint,
            )
            scene.sheet.line(
                [point(side, low, middle), point(side, low + 44, middle)],
                4,
                darker(scene.hue((), "#9a7448"), shade),
            )
        else:
            top = high - (high - low) * (tall if load != "hat" else tall * 0.5)
            if load == "hat":
                middle = (t + end) / 2
                scene.sheet.poly(
                    [
                        point(side, high, t),
                        point(side, high - 22, t),
                        point(side, top, middle - size * 0.2),
                        point(side, top, middle + size * 0.2),
                        point(side, high - 22, end),
                        point(side, high, end),
                    ],
                    paint,
                )
            else:
                scene.sheet.poly(
                    [
                        point(side, top, t),
                        point(side, top, end),
                        point(side, high, end),
                        point(side, high, t),
                    ],
                    paint,
                )
                scene.sheet.poly(
                    [
                        point(side, top + 18, t),
                        point(side, top + 18, end),
                        point(side, top + 32, end),
                        point(side, top + 32, t),
                    ],
                    lighter(paint, 0.3),
                )
        t = end + 0.003


def _bay(scene: Scene) -> None:
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
        smalls.dial(scene, Box(x, 528, size, size), ())
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
        smalls.desk_lamp(scene, Box(330, 380, 150, 190), scene.like("lamp"))
        scene.lamp(400, 470, 620, 1.1, 0.3, paint)
        scene.lamp(960, 760, 800, 0.6, 0.0, lighter(paints.accent, 0.2))
    if scene.said("net"):
        smalls.net(scene, Box(1530, 190, 140, 140), ())
    if scene.said("telephone"):
        smalls.telephone(scene, Box(1480, 440, 150, 112), scene.like("telephone"))
    sheet.plane = 170
    furniture.steering(scene, Box(780, 520, 400, 560), scene.like("wheel"))


def _nave(scene: Scene) -> None:
    """Draw a church: columns and pews towards an altar under coloured glass."""
    sheet = scene.sheet
    stone = scene.hue(scene.like("wall"), "#a39b8a")
    sheet.fade(rect(0, 0, 1920, 800), darker(stone, 0.45), darker(stone, 0.12))
    sheet.fade(rect(0, 780, 1920, 300), darker(stone, 0.25), darker(stone, 0.6))
    stained(scene, Box(860, 130, 200, 420))
    for x in (560, 1240):
        stained(scene, Box(x, 230, 120, 290))
    furniture.altar(scene, Box(790, 640, 340, 150), ())
    for n in range(3):
        sheet.plane = 50 + n * 45
        inset = 380 - n * 190
        paint = darker(stone, 0.28 - n * 0.08)
        for left in (inset - 60.0, 1920 - inset - 60.0):
            sheet.rect(left, 0, 110 + n * 26, 900, paint)
            sheet.rect(left, 0, 20, 900, lighter(paint, 0.22))
            sheet.rect(left - 16, 180 - n * 30, 142 + n * 26, 40, lighter(paint, 0.1))
    for row in range(4):
        sheet.plane = 120 + row * 26
        y, half = 770 + row * 62, 300 + row * 170
        pew = darker(scene.hue(scene.like("bench"), "#6b4630"), 0.1 * (3 - row))
        for left in (960 - half, 960 + 90 + row * 36):
            width = half - 90 - row * 36
            sheet.rect(left, y, width, 60 + row * 16, pew)
            sheet.rect(left, y, width, 8, lighter(pew, 0.28))
    if scene.light.night or scene.said("candle"):
        for x in (830, 1060):
            smalls.candle(scene, Box(x, 548, 40, 96), ())
