"""Full-screen pictures: a moment at a place, composed from the words of its alt text."""

from __future__ import annotations

from dataclasses import replace

from PIL import Image, ImageChops, ImageFilter

from comfyvn.drivers.painter import smalls
from comfyvn.drivers.painter.body import SKINS
from comfyvn.drivers.painter.finish import Lamp, Lighting, finished, paper
from comfyvn.drivers.painter.keepsakes import SIZE as KEEPSAKE
from comfyvn.drivers.painter.keepsakes import draw_keepsake
from comfyvn.drivers.painter.light import light_of
from comfyvn.drivers.painter.outdoors import OUTSIDE
from comfyvn.drivers.painter.paint import Colour, Dice, Paints, colour, darker, ink, lighter, mix
from comfyvn.drivers.painter.pieces import PIECES
from comfyvn.drivers.painter.reading import Picture
from comfyvn.drivers.painter.rooms import draw_room
from comfyvn.drivers.painter.scene import Box, Scene
from comfyvn.drivers.painter.shapes import Outline, oval, ribbon, smooth
from comfyvn.drivers.painter.sheet import Sheet
from comfyvn.drivers.painter.sky import weathered

SIZE = (1920, 1080)
CLOTHS = ("#c4972f", "#3f4a60", "#d8a93c", "#8c8fae", "#7a4a55", "#4f7a6c")


def draw_picture(paints: Paints, picture: Picture) -> Image.Image:
    """Draw a moment: its place behind, and what it is about close by."""
    place = picture["place"]
    light = light_of(paints, place["time"], place["weather"])
    outside = OUTSIDE.get(place["kind"])
    ambient = light.ambient if outside else light.indoors
    things = {**place["things"], **picture["things"]}
    close = _close(picture)
    stove = bool(picture["people"]) and not close and things.pop("camp_stove", None) is not None
    scene = Scene(
        Sheet(*SIZE, light.low),
        paints,
        light,
        Dice(place["name"]),
        Lighting(ambient, fall=0.1),
        things,
        frozenset(place["brought"]),
    )
    if outside:
        outside(scene)
    else:
        draw_room(scene, place["kind"])
    if picture["people"] and not close:
        _people(scene, picture, stove=stove)
    image = finished(scene.sheet, scene.lighting)
    if outside:
        image = weathered(image, light, Dice("weather"))
    if close:
        image = (
            image.reduce(4)
            .filter(ImageFilter.GaussianBlur(2))
            .resize(SIZE, Image.Resampling.BICUBIC)
        )
        _laid(image, scene, close, picture)
    return image


def _close(picture: Picture) -> str:
    """Return what the picture shows so close that its place is only behind it."""
    for name in ("hand", "glove", "letter"):
        if name in picture["things"]:
            return "hands" if name in {"hand", "glove"} else name
    if not picture["people"]:
        return picture["shown"] or next(
            (name for name in picture["things"] if name in PIECES and PIECES[name].where == "top"),
            "",
        )
    return ""


def _people(scene: Scene, picture: Picture, *, stove: bool) -> None:
    """Draw people from behind, in a half circle about the light."""
    count = min(picture["people"], 6)
    dice = Dice(picture["name"])
    sheet = scene.sheet
    seat = scene.stands.get(picture["at"])
    if seat is not None:
        count -= 1
        sheet.plane = 120
        _player(scene, seat, dice)
    lamp = max(
        scene.lighting.lamps,
        key=lambda each: each.strength * each.reach,
        default=Lamp(960, 500, 500, (1, 0.8, 0.5)),
    )
    scene.lighting.lamps.append(Lamp(960, 760, 760, lamp.paint, 0.8, 0.1))
    if stove:
        sheet.plane = 150
        smalls.crate(scene, Box(860, 850, 200, 150), ())
        smalls.camp_stove(scene, Box(880, 710, 150, 145), ())
    for n in range(count):
        t = (n + 0.5) / count
        x = 1920 * (0.13 + (0.74 if seat is None else 0.5) * t)
        # Those in the middle sit farther off; nobody sits before the light, or before who plays.
        if count % 2 and n == count // 2:
            x += 130
        near = abs(t - 0.5) * 2
        size = 0.82 + 0.42 * near
        sheet.plane = 160 + int(70 * near)
        _person(
            scene,
            x,
            1110,
            size,
            scene.hue((), CLOTHS[n % len(CLOTHS)]),
            dice,
            toward=1 if t < 0.5 else -1,
            style=n,
        )


def _player(scene: Scene, piano: Box, dice: Dice) -> None:
    """Draw somebody who sits at a piano, on a stool."""
    x, seat = piano.middle, piano.foot + 40
    wood = darker(scene.hue((), "#6b4630"), 0.1)
    for leg in (-70, 56):
        scene.sheet.rect(x + leg, seat, 14, 96, darker(wood, 0.3))
    _person(scene, x, seat, 0.66, scene.hue((), "#cbbf9f"), dice, toward=-1, style=2)
    scene.sheet.rect(x - 104, seat + 8, 208, 26, wood)
    scene.sheet.rect(x - 104, seat + 8, 208, 6, lighter(wood, 0.25))


def _person(
    scene: Scene,
    x: float,
    foot: float,
    size: float,
    cloth: Colour,
    dice: Dice,
    toward: int,
    style: int,
) -> None:
    """Draw head and shoulders from behind, lit from the side they face."""
    sheet = scene.sheet

    def put(points: Outline) -> Outline:
        return [(x + px * size * toward, foot + py * size) for px, py in points]

    hair = scene.hue(
        (), ("#2b2528", "#a8613a", "#8f9298", "#5a3a2a", "#d9d3c8", "#3a2c2a")[style % 6]
    )
    skin = darker(colour(SKINS[("brown", "pale", "light", "tan")[style % 4]]), 0.2)
    shoulders = smooth(
        put(
            [
                (-210, 30),
                (-196, -150),
                (-130, -222),
                (-60, -250),
                (66, -250),
                (136, -220),
                (196, -150),
                (212, 30),
            ]
        ),
        6,
    )
    sheet.poly(shoulders, darker(cloth, 0.28))
    sheet.over(
        smooth(put([(110, 30), (130, -150), (96, -220), (140, -222), (230, -140), (230, 30)]), 5),
        lighter(cloth, 0.35),
        0.4,
        inside=shoulders,
    )
    sheet.poly(
        smooth(put([(-54, -210), (-50, -300), (56, -300), (60, -210), (0, -190)]), 5),
        darker(skin, 0.25),
    )
    sheet.poly(
        smooth(
            put(
                [
                    (-92, -350),
                    (-70, -440),
                    (0, -480),
                    (72, -446),
                    (98, -372),
                    (92, -310),
                    (60, -262),
                    (-50, -258),
                    (-88, -300),
                ]
            ),
            6,
        ),
        skin,
    )
    cap = smooth(
        put(
            [
                (-104, -330),
                (-96, -430),
                (-40, -492),
                (40, -494),
                (92, -450),
                (72, -398),
                (58, -330),
                (20, -262),
                (-62, -250),
                (-100, -280),
            ]
        ),
        6,
    )
    sheet.poly(cap, darker(hair, 0.15))
    sheet.over(
        smooth(put([(30, -500), (96, -450), (72, -398), (58, -330), (30, -320), (48, -420)]), 5),
        lighter(hair, 0.6),
        0.35,
        inside=cap,
    )
    if style % 4 == 0:
        for n in range(5):
            sheet.poly(
                oval(*put([(-48 + n * 4, -232 + n * 38)])[0], 27 * size, 25 * size),
                darker(hair, 0.1 + 0.12 * (n % 2)),
            )
    if style % 4 == 3:
        sheet.poly(
            smooth(
                put([(-150, -430), (-60, -450), (60, -455), (150, -440), (60, -420), (-60, -415)]),
                5,
            ),
            darker(scene.hue((), "#5b4a58"), 0.2),
        )
        sheet.poly(
            smooth(
                put([(-96, -430), (-88, -530), (0, -516), (88, -534), (98, -436), (0, -424)]), 5
            ),
            darker(scene.hue((), "#5b4a58"), 0.1),
        )


def _laid(image: Image.Image, scene: Scene, close: str, picture: Picture) -> None:
    """Lay what is close over the picture, with its shadow, in the light of the place."""
    ground = darker(scene.paints.ramp(0.1), 0.3)
    sheet = Sheet(*SIZE, ground)
    sheet.fourth = 255
    front = Scene(
        sheet,
        scene.paints,
        scene.light,
        Dice(picture["name"]),
        Lighting((1, 1, 1)),
        picture["things"],
    )
    if close == "hands":
        _hands(front, picture)
    elif close == "letter":
        _letter(front, picture)
    elif close == picture["shown"]:
        large = Sheet(KEEPSAKE, KEEPSAKE, ground, scale=2)
        large.fourth = 255
        draw_keepsake(replace(front, sheet=large), close, front.like(close))
        sheet.lay(large, SIZE[0] / 2 - KEEPSAKE, SIZE[1] / 2 - KEEPSAKE)
    else:
        piece = PIECES[close]
        grow = min(760 / piece.height, 900 / piece.width)
        piece.draw(
            front,
            Box(960 - piece.width * grow / 2, 200, piece.width * grow, piece.height * grow),
            front.like(close),
        )
    flat, alpha = sheet.channels()
    light = scene.lighting.ambient
    lift = 0.45 if scene.light.time == "night" else 0.2
    tone = mix(light, mix((1, 1, 1), scene.light.sun, 0.25), lift)
    flat = Image.composite(
        flat.point([round(min(v * part, 255)) for part in tone for v in range(256)]),
        flat,
        Image.new("L", SIZE, 235),
    )
    flat = ImageChops.soft_light(flat, paper(*SIZE))
    small = alpha.resize((240, 135)).filter(ImageFilter.GaussianBlur(4))
    shadow = ImageChops.offset(small, 4, 5)
    shadow.paste(0, (0, 0, 240, 6))
    shadow = shadow.resize(SIZE, Image.Resampling.BILINEAR).point([i // 2 for i in range(256)])
    image.paste((8, 10, 20), (0, 0), shadow)
    image.paste(flat, (0, 0), alpha)
    edge = ImageChops.subtract(alpha, ImageChops.offset(alpha, 5, 5)).point(
        [i * 2 // 5 for i in range(256)]
    )
    image.paste(ink(lighter(scene.light.sun, 0.3))[:3], (0, 0), edge)


def _hands(scene: Scene, picture: Picture) -> None:
    """Draw two arms that meet: each with a glove where gloves are said."""
    gloves = "glove" in picture["things"]
    paint = scene.hue(scene.like("glove") or scene.like("hand"), "#b8433a")
    sheet = scene.sheet
    skins = (colour(SKINS["pale"]), colour(SKINS["brown"]))
    cloths = (scene.hue((), "#3e434b"), scene.hue((), "#c4972f"))
    for side in (1, -1):
        n = 0 if side < 0 else 1

        def at(x: float, y: float, way: int = side) -> tuple[float, float]:
            return 960 + way * x, y

        # The bare hands are clasped below, the gloved ones lie above.
        _arm(scene, [at(1010, 1010), at(560, 900), at(230, 800)], cloths[n], 250)
        _palm(scene, at(230, 800), side, skins[n], clasped=True)
    for side in (-1, 1):
        n = 0 if side < 0 else 1
        wrist = (960 + side * 330.0, 500.0)
        _arm(scene, [(960 + side * 1040, 720), (960 + side * 660, 570), wrist], cloths[n], 230)
        _palm(scene, wrist, side, paint if gloves else skins[n], clasped=False)
        if gloves:
            cuff = ribbon(
                [(wrist[0] + side * 66, wrist[1] + 26), (wrist[0] - side * 6, wrist[1] + 2)],
                190,
                176,
            )
            sheet.poly(cuff, darker(paint, 0.16))
            for k in range(9):
                y = wrist[1] - 76 + k * 20
                sheet.line(
                    [(wrist[0] + side * 60, y + 24), (wrist[0] - side * 2, y + 2)],
                    5,
                    lighter(paint, 0.2),
                )


def _arm(scene: Scene, points: list[tuple[float, float]], cloth: Colour, wide: float) -> None:
    line = smooth(points, 10, closed=False)
    shape = ribbon(line, wide * 1.3, wide)
    scene.sheet.poly(shape, cloth)
    scene.sheet.over(
        [(x, y + wide * 0.34) for x, y in shape], darker(cloth, 0.8), 0.3, inside=shape
    )
    scene.sheet.poly(ribbon(line[-5:], wide * 1.06, wide * 1.06), lighter(cloth, 0.14))


def _palm(
    scene: Scene, wrist: tuple[float, float], side: int, paint: Colour, *, clasped: bool
) -> None:
    """Draw a hand that reaches towards the middle."""
    x, y = wrist
    sheet = scene.sheet

    def at(dx: float, dy: float) -> tuple[float, float]:
        return x - side * dx, y + dy

    back = smooth(
        [
            at(-30, -82),
            at(90, -104),
            at(200, -84),
            at(236, -20),
            at(216, 70),
            at(100, 98),
            at(-30, 84),
        ],
        7,
    )
    thumb = smooth(
        [at(50, -70), at(120, -118), at(214, -128), at(240, -100), at(170, -78), at(110, -36)], 6
    )
    if not clasped:
        sheet.poly(thumb, darker(paint, 0.1))
    for n in range(4):
        reach = (330, 372, 360, 318)[n] if not clasped else (286, 304, 296, 268)[n]
        top = -72 + n * 40
        finger = ribbon(
            smooth([at(150, top + 6), at(240, top), at(reach, top + 16 + 5 * n)], 7, closed=False),
            50,
            40,
        )
        tip = at(reach, top + 16 + 5 * n)
        sheet.poly(finger, darker(paint, 0.05 + 0.05 * n))
        sheet.oval(*tip, 21, 20, darker(paint, 0.05 + 0.05 * n))
        sheet.line([at(178, top + 26), at(reach - 6, top + 38 + 5 * n)], 4, darker(paint, 0.34))
    sheet.poly(back, paint)
    sheet.over([(px, py + 46) for px, py in back], darker(paint, 0.7), 0.24, inside=back)
    sheet.over([(px, py - 60) for px, py in back], lighter(paint, 0.7), 0.16, inside=back)
    if clasped:
        sheet.poly(thumb, lighter(paint, 0.04))


def _letter(scene: Scene, picture: Picture) -> None:
    """Draw a letter that lies on a seat's slats, a tag tied to it."""
    sheet = scene.sheet
    wood = scene.hue(scene.like("seat") or scene.like("bench"), "#a8703f")
    seats = 2 if "seat" in picture["things"] else 1
    for n in range(seats):
        left, width = (70 + n * 950, 830) if seats == 2 else (120, 1680)
        for row in range(4):
            back = 400 + row * 52
            sheet.rect(left + 30, back, width - 60, 40, darker(wood, 0.12 + 0.04 * row))
            sheet.rect(left + 30, back, width - 60, 6, lighter(wood, 0.25))
        for row in range(5):
            slat, grow = 640 + row * 74, row * 16
            sheet.poly(
                [
                    (left - grow, slat),
                    (left + width + grow, slat),
                    (left + width + grow + 14, slat + 60),
                    (left - grow - 14, slat + 60),
                ],
                lighter(wood, 0.1 - 0.03 * row),
            )
            sheet.rect(left - grow, slat, width + 2 * grow, 6, lighter(wood, 0.4))
        for post in (left + 40, left + width - 80):
            sheet.rect(post, 380, 40, 280, (0.22, 0.24, 0.27))
        sheet.rect(left - 66, 1010, width + 132, 70, darker(wood, 0.6))
    page = scene.hue((), "#f0e6cc")
    x, y = (1200.0, 690.0) if seats == 2 else (720.0, 690.0)
    body = [(x, y), (x + 470, y - 34), (x + 540, y + 190), (x + 40, y + 236)]
    sheet.over([(px + 14, py + 22) for px, py in body], (0.1, 0.07, 0.08), 0.4)
    sheet.poly(body, page)
    sheet.poly([(x, y), (x + 470, y - 34), (x + 290, y + 112)], darker(page, 0.1))
    sheet.line([(x, y), (x + 290, y + 112), (x + 470, y - 34)], 5, darker(page, 0.3))
    sheet.line([(x + 40, y + 236), (x + 262, y + 92)], 3, darker(page, 0.18))
    sheet.line([(x + 540, y + 190), (x + 322, y + 88)], 3, darker(page, 0.18))
    string = scene.hue((), "#b8433a")
    sheet.line([(x + 18, y + 104), (x + 508, y + 74)], 7, string)
    sheet.line([(x + 230, y - 18), (x + 288, y + 214)], 7, string)
    if "label" in picture["things"] or "card" in picture["things"]:
        tag = scene.hue((), "#a67c4e")
        sheet.line(
            smooth([(x + 260, y + 92), (x + 190, y + 190), (x + 90, y + 226)], 6, closed=False),
            6,
            string,
        )
        shape = [
            (x + 96, y + 206),
            (x + 64, y + 262),
            (x - 150, y + 300),
            (x - 178, y + 226),
            (x + 36, y + 186),
        ]
        sheet.over([(px + 8, py + 14) for px, py in shape], (0.1, 0.07, 0.08), 0.35)
        sheet.poly(shape, tag)
        sheet.oval(x + 62, y + 226, 10, 10, darker(tag, 0.6))
        for row in range(3):
            sheet.line(
                [(x - 146, y + 240 + row * 18), (x + 12, y + 212 + row * 18)], 5, darker(tag, 0.45)
            )
