"""What garments look like from the front: collars, lapels, buttons, pockets, knit."""

from __future__ import annotations

from collections.abc import Callable

from comfyvn.drivers.painter.body import MIDDLE as M
from comfyvn.drivers.painter.body import Body, across
from comfyvn.drivers.painter.paint import Colour, colour, darker, lighter, mix
from comfyvn.drivers.painter.shapes import Outline, ribbon, smooth

DEFAULTS = {"oilskins": "#dda936", "raincoat": "", "apron": "#d9d3c3"}


def cloth_of(body: Body) -> Colour:
    """Return the colour of the outfit."""
    dress = body.figure["dress"]
    if dress["colour"]:
        return body.word(dress["colour"], "#888888")
    default = DEFAULTS.get(dress["kind"], "")
    return body.paints.tone(colour(default), 0.12) if default else darker(body.own, 0.08)


def sleeves_of(body: Body) -> Colour:
    """Return the colour of the sleeves: an apron has none, so they are of what is worn under it."""
    dress = body.figure["dress"]
    if dress["kind"] != "apron":
        return cloth_of(body)
    return body.word(dress["under"], "#888888") if dress["under"] else darker(body.own, 0.1)


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
    worn = sleeves_of(body)
    body.lit(torso, worn, 0.2, 60)
    _shirt(body, worn, 640)
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


Draw = Callable[[Body, Outline, Colour, Colour], None]
"""Draws a garment: the body, the outline of the torso, the cloth, what is worn under it."""

GARMENTS: dict[str, Draw] = {
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
}
"""What draws each kind of garment."""
