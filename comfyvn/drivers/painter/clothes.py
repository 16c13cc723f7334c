"""Clothes: the torso, its sleeves by the pose, and what is held."""

from __future__ import annotations

from comfyvn.drivers.painter.body import MIDDLE, Body, across, both
from comfyvn.drivers.painter.paint import Colour, colour, darker, lighter, mix
from comfyvn.drivers.painter.shapes import Outline, Point, ribbon, smooth

M = MIDDLE
OPEN = frozenset({"oilskins", "raincoat", "coat", "cardigan", "uniform", "suit", "jacket"})
"""What is worn open at the neck, over something."""
DEFAULTS = {"oilskins": "#dda936", "raincoat": "", "apron": "#d9d3c3"}

TORSO: list[Point] = [
    (58, 492),
    (120, 512),
    (178, 532),
    (218, 580),
    (220, 690),
    (206, 820),
    (204, 980),
    (224, 1220),
]
"""The right half of a torso, from the neck to below the picture, from the middle outwards."""
SHOULDER, ELBOW = (176.0, 580.0), (247.0, 828.0)
WRISTS: dict[str, tuple[Point, Point]] = {
    "sides": ((-232, 1050), (232, 1050)),
    "sleeves": ((-214, 1040), (214, 1040)),
    "clasped": ((-30, 930), (30, 944)),
    "held": ((-108, 880), (108, 890)),
    "seated": ((-84, 1010), (84, 1020)),
    "crossed": ((86, 776), (-86, 790)),
    "hip": ((-168, 1000), (168, 1000)),
    "chin": ((60, 800), (44, 560)),
    "raised": ((-232, 1050), (236, 560)),
}
"""Where the wrists are in each pose, the left one (of the picture) first."""


def cloth_of(body: Body) -> Colour:
    """Return the colour of the outfit."""
    dress = body.figure["dress"]
    if dress["colour"]:
        return body.word(dress["colour"], "#888888")
    default = DEFAULTS.get(dress["kind"], "")
    return body.paints.tone(colour(default), 0.12) if default else darker(body.own, 0.08)


def draw_clothes(body: Body) -> None:
    """Draw the torso and the upper arms: all that the pose leaves where it is."""
    dress = body.figure["dress"]
    kind, cloth = dress["kind"], cloth_of(body)
    torso = both(body, TORSO)
    for side in (-1, 1):
        _sleeve(
            body, [SHOULDER, (232, 690), ELBOW], side, darker(cloth, 0.07 if side < 0 else 0.17)
        )
    body.lit(torso, cloth, 0.2, 60)
    _folds(body, torso, cloth)
    under = body.word(dress["under"], "#e2dac6") if dress["under"] else _under(body, kind)
    draw = {
        "oilskins": _oilskins,
        "raincoat": _coat,
        "coat": _coat,
        "cardigan": _cardigan,
        "jumper": _jumper,
        "kimono": _kimono,
        "apron": _apron,
        "uniform": _suit,
        "suit": _suit,
        "jacket": _jacket,
        "dress": _dress,
        "blouse": _blouse,
        "tee": _tee,
    }.get(kind, _blouse)
    draw(body, torso, cloth, under)
    extras = dress["extras"]
    if "tag" in extras:
        string = (0.85, 0.78, 0.62)
        body.sheet.line([(M - 34, 520), (M + 6, 706)], 3, string)
        body.sheet.line([(M + 46, 520), (M + 8, 706)], 3, string)
        body.lit(
            smooth([(M - 22, 716), (M + 7, 700), (M + 36, 716), (M + 36, 790), (M - 22, 790)], 2),
            (0.62, 0.46, 0.31),
            0.14,
        )
        body.sheet.oval(M + 7, 718, 5, 5, (0.25, 0.18, 0.14))
        for row in (742, 758, 772):
            body.sheet.rect(M - 12, row, 38, 3, (0.36, 0.25, 0.18))
    if "scarf" in extras or body.has("scarf"):
        wool = (
            body.word(dress["trim"], "#a8433f") if dress["trim"] else body.tint("scarf", "#a8433f")
        )
        body.lit(
            smooth(
                [(M - 92, 456), (M, 490), (M + 92, 456), (M + 110, 520), (M, 560), (M - 110, 520)],
                6,
            ),
            wool,
        )
        body.lit(
            smooth([(M + 20, 530), (M + 84, 520), (M + 92, 740), (M + 30, 750)], 4),
            darker(wool, 0.1),
        )
    if "necklace" in extras:
        body.sheet.line(
            smooth([(M - 56, 496), (M, 566), (M + 56, 496)], 6, closed=False), 4, (0.85, 0.72, 0.42)
        )


def _under(body: Body, kind: str) -> Colour:
    tint = {
        "oilskins": "#39506b",
        "raincoat": "#7d8f8c",
        "coat": "#c9bda6",
        "jacket": "#e2dac6",
    }.get(kind, "#e2dac6")
    return body.paints.tone(colour(tint), 0.15)


def _sleeve(
    body: Body, points: list[Point], side: int, paint: Colour, first: float = 112, last: float = 92
) -> None:
    line = smooth([(M + side * x * body.broad, y) for x, y in points], 8, closed=False)
    shape = ribbon(line, first * min(body.broad + 0.1, 1.05), last * min(body.broad + 0.1, 1.05))
    top = first * min(body.broad + 0.1, 1.05) / 2
    body.sheet.oval(*line[0], top, top, paint)
    body.lit(shape, paint, 0.22, 26)
    body.sheet.oval(
        *line[-1],
        last * min(body.broad + 0.1, 1.05) / 2,
        last * min(body.broad + 0.1, 1.05) / 2,
        paint,
    )


def _folds(body: Body, torso: Outline, cloth: Colour) -> None:
    for points in (
        [(190, 560), (168, 680), (176, 800)],
        [(-190, 560), (-170, 690), (-182, 800)],
        [(120, 900), (90, 1000), (110, 1180)],
        [(-120, 920), (-84, 1010), (-110, 1180)],
    ):
        fold = ribbon(smooth(across(body, points), 6, closed=False), 3, 13)
        body.sheet.over(fold, darker(cloth, 0.9), 0.2, inside=torso)


def _vee(body: Body, low: float, wide: float, paint: Colour) -> None:
    """Show what is worn underneath, in a V."""
    vee = across(body, [(-wide, 488), (wide, 488), (8, low), (-8, low)])
    body.lit(vee, paint, 0.16)


def _shirt(body: Body, paint: Colour, low: float) -> None:
    """Draw a shirt's collar and buttons."""
    for side in (-1, 1):
        collar = smooth(
            [(M + side * 62, 472), (M + side * 6, 530), (M + side * 44, 566), (M + side * 96, 516)],
            2,
        )
        body.lit(collar, lighter(paint, 0.25), 0.12)
    body.sheet.line([(M, 530), (M, low)], 2.5, darker(paint, 0.3))
    y = 576.0
    while y < low - 16:
        body.sheet.oval(M + 8, y, 5, 5, darker(paint, 0.35))
        y += 62


def _lapels(body: Body, cloth: Colour, low: float, wide: float) -> None:
    for side in (-1, 1):
        lapel = [
            (M + side * 60, 474),
            (M + side * wide * body.broad, 520),
            (M + side * (wide + 14) * body.broad, 590),
            (M + side * (wide - 16) * body.broad, 606),
            (M + side * 6, low),
            (M + side * 22, 560),
        ]
        body.lit(lapel, lighter(cloth, 0.1) if side < 0 else darker(cloth, 0.12), 0.14)
        body.sheet.line([lapel[0], lapel[5], lapel[4]], 2.5, darker(cloth, 0.45))


def _front(
    body: Body, cloth: Colour, top: float, *, buttons: Colour | None = None, gap: float = 104
) -> None:
    """Draw the line where a coat closes, and its buttons."""
    body.sheet.line([(M + 3, top), (M + 8, 1210)], 3.5, darker(cloth, 0.45))
    y = top + 50
    while buttons is not None and y < 1190:
        body.sheet.oval(M + 30, y + 3, 12, 12, darker(cloth, 0.5))
        body.sheet.oval(M + 29, y, 12, 12, buttons)
        body.sheet.oval(M + 26, y - 3, 4, 4, lighter(buttons, 0.6))
        y += gap


def _pockets(body: Body, cloth: Colour, y: float = 930) -> None:
    for side in (-1, 1):
        x = M + side * 126 * body.broad
        body.sheet.poly(
            [(x - 54, y), (x + 54, y - 4), (x + 50, y + 132), (x - 50, y + 136)], darker(cloth, 0.1)
        )
        body.sheet.poly(
            [(x - 56, y - 4), (x + 56, y - 8), (x + 54, y + 18), (x - 54, y + 22)],
            lighter(cloth, 0.1),
        )


def _oilskins(body: Body, torso: Outline, cloth: Colour, under: Colour) -> None:
    _vee(body, 640, 70, under)
    _jumper_neck(body, under)
    for side in (-1, 1):
        flap = smooth(
            [
                (M + side * 54, 440),
                (M + side * 112, 470),
                (M + side * 132, 540),
                (M + side * 64, 620),
                (M + side * 14, 660),
                (M + side * 36, 560),
            ],
            4,
        )
        body.lit(flap, lighter(cloth, 0.08) if side < 0 else darker(cloth, 0.08), 0.2)
        body.sheet.line(
            smooth(
                [(M + side * 54, 446), (M + side * 40, 556), (M + side * 14, 656)], 5, closed=False
            ),
            3,
            darker(cloth, 0.42),
        )
    _front(body, cloth, 656)
    for y in (700, 850, 1000):
        body.sheet.rect(M - 56, y, 120, 11, darker(cloth, 0.55))
        body.sheet.rect(M - 56, y, 34, 26, (0.28, 0.3, 0.33))
        body.sheet.rect(M - 52, y + 3, 12, 6, (0.72, 0.74, 0.75))
    for side in (-1, 1):
        seam = smooth(
            across(body, [(side * 96, 520), (side * 130, 640), (side * 140, 900)]), 6, closed=False
        )
        body.sheet.line(seam, 3, darker(cloth, 0.28))
    gloss = smooth(across(body, [(-176, 570), (-150, 556), (-146, 700), (-168, 760)]), 5)
    body.sheet.over(gloss, (1.0, 0.98, 0.86), 0.34, inside=torso)
    _pockets(body, cloth)


def _coat(body: Body, torso: Outline, cloth: Colour, under: Colour) -> None:
    dress = body.figure["dress"]
    _vee(body, 610, 58, under)
    _shirt(body, under, 600)
    velvet = body.word(dress["trim"], "#333333") if dress["trim"] else darker(cloth, 0.18)
    if dress["trim"]:
        velvet = darker(mix(velvet, cloth, 0.25), 0.1)
    _lapels(body, cloth, 650, 116)
    for side in (-1, 1):
        collar = smooth(
            [
                (M + side * 58, 452),
                (M + side * 88, 458),
                (M + side * 126, 520),
                (M + side * 92, 556),
                (M + side * 58, 506),
            ],
            3,
        )
        body.lit(collar, velvet, 0.2)
    _front(
        body,
        cloth,
        640,
        buttons=darker(cloth, 0.35) if dress["kind"] == "coat" else lighter(cloth, 0.3),
    )
    if dress["kind"] == "raincoat":
        belt = across(body, [(-206, 856), (206, 848), (206, 892), (-206, 900)])
        body.lit(belt, darker(cloth, 0.14), 0.15)
        body.sheet.line(
            [(M - 22, 846), (M + 38, 846), (M + 38, 904), (M - 22, 904), (M - 22, 842)],
            7,
            darker(cloth, 0.55),
        )
        for side in (-1, 1):
            body.lit(
                across(
                    body,
                    [(side * 104, 506), (side * 206, 542), (side * 196, 562), (side * 96, 530)],
                ),
                lighter(cloth, 0.1),
                0.1,
            )
        return
    _pockets(body, cloth)


def _cardigan(body: Body, torso: Outline, cloth: Colour, under: Colour) -> None:
    _vee(body, 790, 88, under)
    _shirt(body, under, 780)
    for side in (-1, 1):
        band = ribbon(
            smooth(
                [
                    (M + side * 66, 470),
                    (M + side * 84 * body.broad, 560),
                    (M + side * 8 + 4, 800),
                    (M + 6 + side * 5, 1210),
                ],
                7,
                closed=False,
            ),
            34,
            30,
        )
        body.sheet.poly(band, lighter(cloth, 0.12) if side < 0 else darker(cloth, 0.1))
        body.sheet.line(
            smooth(
                [
                    (M + side * 82, 470),
                    (M + side * 102 * body.broad, 560),
                    (M + side * 24 + 4, 800),
                    (M + 6 + side * 20, 1210),
                ],
                7,
                closed=False,
            ),
            2.5,
            darker(cloth, 0.35),
        )
    for y in (830, 930, 1030):
        body.sheet.oval(M + 6, y, 11, 11, darker(cloth, 0.6))
        body.sheet.oval(M + 4, y - 2, 4, 4, lighter(cloth, 0.5))
    for n in range(-9, 10):
        if abs(n) > 3:
            body.sheet.line(
                across(body, [(n * 22, 600 + abs(n) * 5), (n * 22, 900)]), 1.6, darker(cloth, 0.16)
            )
    _pockets(body, cloth, 900)


def _jumper_neck(body: Body, paint: Colour) -> None:
    collar = smooth(
        [
            (M - 74, 464),
            (M, 498),
            (M + 74, 464),
            (M + 84, 506),
            (M + 42, 542),
            (M, 550),
            (M - 42, 542),
            (M - 84, 506),
        ],
        6,
    )
    body.lit(collar, lighter(paint, 0.08), 0.2)
    for n in range(-5, 6):
        body.sheet.line(
            [(M + n * 13, 490 + 12 - abs(n) * 4), (M + n * 14.5, 540 - abs(n) * 5)],
            2,
            darker(paint, 0.3),
        )


def _jumper(body: Body, torso: Outline, cloth: Colour, under: Colour) -> None:
    _jumper_neck(body, cloth)
    for x in (-112, 0, 112):
        for row in range(16):
            y = 590 + row * 38
            for side in (-1, 1):
                stitch = smooth(
                    across(
                        body,
                        [
                            (x - side * 14, y),
                            (x + side * 15, y + 18),
                            (x + side * 13, y + 28),
                            (x - side * 14, y + 11),
                        ],
                    ),
                    3,
                )
                body.sheet.over(
                    stitch,
                    lighter(cloth, 0.6) if side < 0 else darker(cloth, 0.8),
                    0.24,
                    inside=torso,
                )
    for x in (-58, 58, -164, 164):
        body.sheet.line(across(body, [(x, 570 + abs(x) * 0.2), (x, 1150)]), 2, darker(cloth, 0.24))


def _kimono(body: Body, torso: Outline, cloth: Colour, under: Colour) -> None:
    _vee(body, 640, 62, lighter(under, 0.3))
    for side, paint in ((1, darker(cloth, 0.1)), (-1, lighter(cloth, 0.05))):
        body.lit(
            [
                (M + side * 58, 466),
                (M + side * 120, 512),
                (M - side * 46, 860),
                (M - side * 96, 860),
            ],
            paint,
            0.12,
        )
        body.sheet.line([(M + side * 58, 468), (M - side * 74, 800)], 13, lighter(cloth, 0.5))
    sash = (
        body.word(body.figure["dress"]["trim"], "#a8433f")
        if body.figure["dress"]["trim"]
        else darker(mix(cloth, body.paints.accent, 0.6), 0.05)
    )
    body.lit(across(body, [(-214, 800), (214, 800), (210, 950), (-210, 950)]), sash, 0.2, 60)
    body.sheet.rect(M - 205 * body.broad, 866, 410 * body.broad, 15, lighter(sash, 0.4))


def _apron(body: Body, torso: Outline, cloth: Colour, under: Colour) -> None:
    body.lit(torso, darker(body.own, 0.1), 0.2, 60)
    _shirt(body, darker(body.own, 0.1), 640)
    bib = across(
        body,
        [
            (-98, 620),
            (98, 620),
            (120, 800),
            (190, 860),
            (206, 1220),
            (-206, 1220),
            (-190, 860),
            (-120, 800),
        ],
    )
    body.lit(smooth(bib, 3), cloth, 0.14)
    for side in (-1, 1):
        body.sheet.line([(M + side * 90 * body.broad, 626), (M + side * 60, 480)], 14, cloth)
    body.sheet.rect(M - 66, 700, 132, 92, darker(cloth, 0.08))


def _suit(body: Body, torso: Outline, cloth: Colour, under: Colour) -> None:
    _vee(body, 760, 76, under)
    _shirt(body, under, 740)
    tie = (
        body.word(body.figure["dress"]["trim"], "#8f3f4a")
        if body.figure["dress"]["trim"]
        else darker(body.own, 0.3)
    )
    body.lit(
        [
            (M - 17, 530),
            (M + 17, 530),
            (M + 13, 560),
            (M + 27, 700),
            (M, 742),
            (M - 27, 700),
            (M - 13, 560),
        ],
        tie,
        0.2,
    )
    _lapels(body, cloth, 770, 110)
    _front(
        body,
        cloth,
        765,
        buttons=darker(cloth, 0.4)
        if body.figure["dress"]["kind"] == "suit"
        else (0.82, 0.68, 0.36),
    )
    body.sheet.rect(M + 92, 664, 62, 9, darker(cloth, 0.35))


def _jacket(body: Body, torso: Outline, cloth: Colour, under: Colour) -> None:
    _vee(body, 1000, 92, under)
    _jumper_neck(body, under)
    _lapels(body, cloth, 880, 118)
    body.sheet.line([(M - 8, 880), (M - 10, 1210)], 7, (0.74, 0.75, 0.76))


def _dress(body: Body, torso: Outline, cloth: Colour, under: Colour) -> None:
    neck = smooth(
        [(M - 92, 488), (M - 60, 560), (M, 588), (M + 60, 560), (M + 92, 488), (M, 470)], 6
    )
    body.lit(neck, body.skin, 0.12)
    body.sheet.line(
        smooth(
            [(M - 92, 490), (M - 60, 562), (M, 590), (M + 60, 562), (M + 92, 490)], 6, closed=False
        ),
        8,
        lighter(cloth, 0.3),
    )
    body.lit(
        across(body, [(-200, 836), (200, 836), (202, 880), (-202, 880)]), darker(cloth, 0.25), 0.2
    )
    for n in range(-3, 4):
        fold = ribbon(smooth(across(body, [(n * 40, 884), (n * 58, 1220)]), 4, closed=False), 3, 12)
        body.sheet.over(fold, darker(cloth, 0.8), 0.22, inside=torso)


def _blouse(body: Body, torso: Outline, cloth: Colour, under: Colour) -> None:
    _shirt(body, cloth, 1200)


def _tee(body: Body, torso: Outline, cloth: Colour, under: Colour) -> None:
    neck = smooth(
        [(M - 74, 484), (M - 44, 530), (M, 546), (M + 44, 530), (M + 74, 484), (M, 470)], 6
    )
    body.lit(neck, body.skin, 0.12)
    body.sheet.line(
        smooth(
            [(M - 76, 486), (M - 44, 534), (M, 550), (M + 44, 534), (M + 76, 486)], 6, closed=False
        ),
        9,
        darker(cloth, 0.14),
    )


def draw_arms(body: Body) -> None:
    """Draw the forearms, the hands and what they hold."""
    figure = body.figure
    arms = figure["arms"] or "sides"
    held = figure["held"]
    if held and arms in {"sides", "clasped", "hip", "sleeves"}:
        arms = "held" if held != "handbag" else "clasped"
    cloth = cloth_of(body)
    wrists = WRISTS.get(arms, WRISTS["sides"])
    order = (-1, 1) if arms != "crossed" else (1, -1)
    if held and arms in {"held", "clasped", "seated"}:
        _held(body, held, 900 if arms != "seated" else 960)
    if arms == "seated":
        lap = both(body, [(60, 1090), (180, 1070), (236, 1110), (240, 1220)])
        body.lit(lap, darker(cloth, 0.16), 0.16, 60)
    for side in order:
        wrist = wrists[0] if side < 0 else wrists[1]
        elbow = (ELBOW[0] * side, ELBOW[1])
        middle = (
            (elbow[0] * 0.6 + wrist[0] * 0.4),
            (elbow[1] * 0.5 + wrist[1] * 0.5) + (20 if abs(wrist[0]) < 180 else 0),
        )
        line = smooth(across(body, [elbow, middle, wrist]), 8, closed=False)
        wide = min(body.broad + 0.1, 1.05)
        tone = darker(cloth, 0.03 if side < 0 else 0.13)
        short = figure["dress"]["kind"] in {"tee", "dress"}
        hand = wrist
        _hand(body, (M + hand[0] * body.broad, hand[1]), line, arms, side)
        shape = ribbon(line, 92 * wide, 70 * wide)
        body.sheet.over(
            [(x + 5, y + 13) for x, y in shape],
            darker(cloth, 1.0),
            0.2,
            inside=[(x, y) for x, y in both(body, TORSO)],
        )
        body.lit(shape, body.skin if short else tone, 0.22, 24)
        if not short:
            cuff = ribbon(line[-5:], 74 * wide, 76 * wide)
            body.sheet.poly(
                cuff,
                lighter(cloth, 0.2)
                if figure["dress"]["kind"] in {"oilskins", "cardigan", "jumper"}
                else darker(cloth, 0.2),
            )


def _hand(body: Body, at: Point, line: Outline, arms: str, side: int) -> None:
    before = line[-4]
    dx, dy = at[0] - before[0], at[1] - before[1]
    length = (dx * dx + dy * dy) ** 0.5 or 1.0
    ux, uy = dx / length, dy / length
    gloved = body.has("gloves")
    paint = body.tint("gloves", "#6e4733") if gloved else darker(body.skin, 0.03)
    reach = 62 if arms != "sleeves" else 30
    tip = (at[0] + ux * reach, at[1] + uy * reach)
    nx, ny = -uy, ux
    palm = smooth(
        [
            (at[0] + nx * 27, at[1] + ny * 27),
            (tip[0] + nx * 25, tip[1] + ny * 25),
            (tip[0] + ux * 16 + nx * 6, tip[1] + uy * 16 + ny * 6),
            (tip[0] - nx * 22, tip[1] - ny * 22),
            (at[0] - nx * 27, at[1] - ny * 27),
        ],
        6,
    )
    body.lit(palm, paint, 0.18, 12)
    thumb = ribbon(
        smooth(
            [
                (at[0] - nx * 20 * side, at[1] - ny * 20 * side),
                (at[0] + ux * 24 - nx * 31 * side, at[1] + uy * 24 - ny * 31 * side),
                (at[0] + ux * 44 - nx * 26 * side, at[1] + uy * 44 - ny * 26 * side),
            ],
            5,
            closed=False,
        ),
        19,
        12,
    )
    body.sheet.poly(thumb, darker(paint, 0.08))
    for n in (-1, 0, 1):
        a = (tip[0] - ux * 22 + nx * n * 11, tip[1] - uy * 22 + ny * n * 11)
        b = (tip[0] + ux * 8 + nx * n * 11, tip[1] + uy * 8 + ny * n * 11)
        body.sheet.line([a, b], 2.4, darker(paint, 0.3))


def _held(body: Body, held: str, y: float) -> None:
    """Draw what is held before the body."""
    sheet, tone = body.sheet, body.paints.tone
    match held:
        case "handbag":
            leather = tone(colour("#4a2f35"), 0.1)
            sheet.line(
                smooth(
                    [(M - 60, y + 70), (M - 40, y + 4), (M + 44, y + 4), (M + 64, y + 70)],
                    6,
                    closed=False,
                ),
                11,
                darker(leather, 0.25),
            )
            body.lit(
                smooth(
                    [(M - 104, y + 66), (M + 108, y + 66), (M + 122, y + 220), (M - 118, y + 220)],
                    3,
                ),
                leather,
                0.25,
            )
            sheet.rect(M - 104, y + 62, 212, 20, lighter(leather, 0.16))
            sheet.oval(M + 2, y + 76, 12, 12, (0.84, 0.7, 0.38))
        case "roll":
            canvas = tone(colour("#a8936a"), 0.15)
            body.lit(
                smooth(
                    [(M - 196, y - 70), (M + 190, y - 112), (M + 200, y - 24), (M - 186, y + 22)], 3
                ),
                canvas,
                0.22,
            )
            for x in (-96, 84):
                sheet.poly(
                    [
                        (M + x, y - 88 - x * 0.1),
                        (M + x + 30, y - 92 - x * 0.1),
                        (M + x + 36, y + 6 - x * 0.12),
                        (M + x + 6, y + 8 - x * 0.12),
                    ],
                    darker(canvas, 0.45),
                )
            sheet.oval(M - 191, y - 24, 20, 46, darker(canvas, 0.3))
            sheet.oval(M - 191, y - 24, 11, 28, lighter(canvas, 0.2))
            for n in range(3):
                sheet.line(
                    [(M - 178 - n * 4, y - 40 + n * 14), (M - 226, y - 50 + n * 16)],
                    7,
                    (0.5, 0.52, 0.55),
                )
        case "book" | "letter" | "box" | "case":
            paint = tone(
                colour(
                    {"book": "#7a3f3f", "letter": "#e8dcbc", "box": "#9a7448", "case": "#5a4030"}[
                        held
                    ]
                ),
                0.12,
            )
            w, h = {"book": (120, 150), "letter": (130, 90), "box": (170, 150), "case": (180, 140)}[
                held
            ]
            body.lit(
                [(M - w, y - 60), (M + w, y - 72), (M + w, y - 60 + h), (M - w, y - 50 + h)],
                paint,
                0.16,
            )
            if held == "letter":
                sheet.line([(M - w, y - 60), (M, y - 10), (M + w, y - 72)], 3, darker(paint, 0.3))
            else:
                sheet.line([(M, y - 66), (M, y - 56 + h)], 6, darker(paint, 0.3))
        case "mug" | "lantern":
            paint = tone(colour("#c49a52"), 0.15)
            body.lit(
                [(M - 46, y - 76), (M + 46, y - 76), (M + 42, y + 26), (M - 42, y + 26)], paint, 0.2
            )
            sheet.oval(M, y - 76, 46, 11, darker(paint, 0.5))
        case "flowers":
            for n in range(9):
                x, dy = (n % 3 - 1) * 52, (n // 3) * 40
                sheet.oval(
                    M + x,
                    y - 110 + dy,
                    31,
                    29,
                    tone(colour(("#cf8088", "#e0b441", "#efe9dc")[n % 3]), 0.1),
                )
            body.lit(
                [(M - 76, y - 20), (M + 76, y - 20), (M + 22, y + 130), (M - 22, y + 130)],
                (0.86, 0.82, 0.72),
                0.16,
            )
        case _:
            paint = tone(colour("#2b3a58"), 0.1)
            body.lit(
                [
                    (M - 20, y - 150),
                    (M + 20, y - 150),
                    (M + 34, y + 200),
                    (M - 6, y + 270),
                    (M - 34, y + 200),
                ],
                paint,
                0.25,
            )
