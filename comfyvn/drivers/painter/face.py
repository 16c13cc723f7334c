"""Faces: brows, eyes, nose and mouth, beards and glasses."""

from __future__ import annotations

from comfyvn.drivers.painter.body import MIDDLE, Body
from comfyvn.drivers.painter.expressions import Look
from comfyvn.drivers.painter.paint import BLACK, Colour, darker, lighter, mix
from comfyvn.drivers.painter.shapes import Outline, oval, ribbon, smooth

EYE_Y, EYE_X = 316.0, 53.0
"""How low the eyes are in the picture, and how far from its middle, in pixels."""


def draw_face(body: Body, look: Look) -> None:
    """Draw cheeks, nose, eyes, brows and mouth."""
    sheet, skin = body.sheet, body.skin
    person = body.figure["person"]
    warm = mix(skin, (0.86, 0.32, 0.28), 0.5)
    for side in (-1, 1):
        cheek = (MIDDLE + side * 74, 368.0)
        for grow in (1.0, 0.66):
            sheet.over(oval(*cheek, 31 * grow, 21 * grow), warm, 0.13 + 0.17 * look.blush)
        if person["age"] == "old":
            line = smooth(
                [(MIDDLE + side * 38, 366), (MIDDLE + side * 56, 384), (MIDDLE + side * 58, 408)],
                5,
                closed=False,
            )
            sheet.line(line, 3, darker(skin, 0.2))
            for n in range(2):
                sheet.line(
                    [(MIDDLE + side * 92, 316 + n * 10), (MIDDLE + side * 106, 312 + n * 15)],
                    2,
                    darker(skin, 0.2),
                )
        if person["age"] in {"old", "middle"} or body.figure["face"][0] == "tired":
            bag = smooth(
                [(MIDDLE + side * 34, 338), (MIDDLE + side * 54, 347), (MIDDLE + side * 76, 338)],
                5,
                closed=False,
            )
            sheet.line(bag, 2.6, darker(skin, 0.18))
    if body.has("freckles"):
        spots = (
            (-92, 352),
            (-76, 346),
            (-62, 358),
            (-84, 366),
            (-48, 350),
            (-24, 352),
            (20, 350),
            (46, 352),
            (62, 360),
            (76, 348),
            (90, 356),
            (82, 368),
            (-70, 374),
            (66, 374),
            (-4, 346),
        )
        for x, y in spots:
            sheet.oval(MIDDLE + x, y, 3.2, 2.8, darker(mix(skin, (0.62, 0.3, 0.16), 0.45), 0.1))
    _nose(body)
    for side in (-1, 1):
        _eye(body, look, side)
        _brow(body, look, side)
    _mouth(body, look)
    if look.tear:
        for side in (-1, 1):
            run = MIDDLE + side * 72
            drop = smooth([(run, 344), (run + 8, 368), (run, 380), (run - 8, 368)], 5)
            sheet.over(drop, (0.75, 0.9, 1.0), 0.85)
    if body.has("scar"):
        sheet.line([(MIDDLE + 62, 250), (MIDDLE + 84, 366)], 4, mix(skin, (0.7, 0.25, 0.25), 0.45))
    if body.has("beard") or body.has("moustache"):
        _beard(body)
        if body.has("beard"):
            _mouth(body, look)
    if body.has("glasses"):
        _glasses(body)


def _nose(body: Body) -> None:
    skin, sheet = body.skin, body.sheet
    shape = smooth(
        [
            (MIDDLE + 3, 316),
            (MIDDLE + 9, 340),
            (MIDDLE + 19, 364),
            (MIDDLE + 12, 374),
            (MIDDLE - 5, 372),
            (MIDDLE + 3, 356),
        ],
        5,
    )
    sheet.over(shape, darker(skin, 0.5), 0.32)
    sheet.line(
        smooth([(MIDDLE - 11, 370), (MIDDLE, 377), (MIDDLE + 14, 371)], 5, closed=False),
        3.4,
        darker(skin, 0.36),
    )
    sheet.over(oval(MIDDLE - 4, 352, 5, 13), lighter(skin, 0.9), 0.3)


def _eye(body: Body, look: Look, side: int) -> None:
    sheet = body.sheet
    x, y = MIDDLE + side * EYE_X, EYE_Y
    lash = darker(mix(body.hair, (0.12, 0.08, 0.1), 0.72), 0.2)
    heavy = body.figure["person"]["build"] != "he"
    wide = 29.0 if body.figure["person"]["age"] in {"child", "young"} else 27.0
    if look.eye <= 0:
        curve = 12 * look.lid
        lid = smooth(
            [(x - wide, y + curve * 0.4), (x, y - curve), (x + wide, y + curve * 0.4)],
            8,
            closed=False,
        )
        sheet.line(lid, 6.5, lash)
        if heavy:
            sheet.line(
                [(x + side * wide, y + curve * 0.4), (x + side * (wide + 8), y - 4)], 5, lash
            )
        return
    high = 20.0 * min(look.eye, 1.0) + max(look.eye - 1, 0) * 16
    inner, outer = x - side * wide, x + side * wide
    top = smooth(
        [
            (inner, y + 7),
            (x - side * 8, y - high),
            (x + side * 14, y - high * 0.88),
            (outer, y + 0),
        ],
        6,
        closed=False,
    )
    low = smooth(
        [(outer, y + 0), (x + side * 12, y + 15), (x - side * 8, y + 17), (inner, y + 7)],
        6,
        closed=False,
    )
    almond = [*top, *low]
    sheet.poly(almond, (0.97, 0.945, 0.905))
    cx, cy, r = x + look.aside * 9, y + 0.5, 16.5
    limit = almond
    sheet.over(oval(cx, cy, r, r + 1.5), darker(body.eyes, 0.35), 1.0, inside=limit)
    sheet.over(oval(cx, cy + 3, r * 0.78, r * 0.8), lighter(body.eyes, 0.18), 1.0, inside=limit)
    sheet.over(oval(cx, cy, r * 0.5, r * 0.54), (0.09, 0.07, 0.09), 1.0, inside=limit)
    cover = smooth(
        [
            (inner, y + 7),
            (x - side * 8, y - high),
            (x + side * 14, y - high * 0.88),
            (outer, y),
            (x + side * 10, y - high + 10),
            (x - side * 6, y - high + 9),
        ],
        5,
    )
    sheet.over(cover, darker(body.skin, 0.85), 0.3, inside=limit)
    sheet.over(oval(cx - 5.5, cy - 5.5, 4.6, 4.6), (1.0, 1.0, 0.98), 0.95)
    sheet.poly(_tapered(top, 3.5, 7.5 if heavy else 5.6), lash)
    if heavy:
        sheet.poly([(outer - side * 5, y - 7), (outer + side * 10, y - 9), (outer, y + 3)], lash)
    sheet.line(low[3:-3], 2, darker(body.skin, 0.34))
    crease = [(px + side * 1, py - 9 - (4 if heavy else 2)) for px, py in top[4:-3]]
    sheet.line(crease, 2.2, darker(body.skin, 0.28))


def _tapered(line: Outline, first: float, last: float) -> Outline:
    return ribbon(line, first, last)


def _brow(body: Body, look: Look, side: int) -> None:
    man = body.figure["person"]["build"] == "he"
    x = MIDDLE + side * (EYE_X + 1)
    lift = look.lift * 13 + (look.skew * 13 if side > 0 else -look.skew * 3)
    y = 272 - lift + (5 if man else 0)
    inner = (x - side * 30, y + look.brow * 14 + 4)
    outer = (x + side * 36, y - look.brow * 5 + 6)
    arch = (x + side * 6, y - 8 - abs(look.skew) * (5 if side > 0 else 0))
    thick = (13, 6) if man else (10, 3.5)
    paint = darker(mix(body.hair, (0.2, 0.14, 0.12), 0.3), 0.22)
    body.sheet.poly(
        ribbon(smooth([inner, arch, outer], 7, closed=False), thick[0], thick[1]), paint
    )


def _mouth(body: Body, look: Look) -> None:
    sheet, skin = body.sheet, body.skin
    lips = mix(skin, (0.70, 0.24, 0.24), 0.5 if body.figure["person"]["build"] != "he" else 0.36)
    dark = mix(darker(lips, 0.5), BLACK, 0.1)
    wide = 27 + 13 * max(look.mouth, 0) + (2 if look.gape else 0)
    y, curve = 403.0, look.mouth * 13
    skew = look.skew * 7
    left, right = (MIDDLE - wide, y - curve + skew * 0.5), (MIDDLE + wide, y - curve - skew)
    bottom = y + curve * 0.75
    if look.gape > 0:
        deep = 12 + 30 * look.gape
        round_ = look.mouth < 0.3
        if round_:
            wide *= 0.62
            left, right = (MIDDLE - wide, y - curve), (MIDDLE + wide, y - curve)
        top = [
            left,
            (MIDDLE - wide * 0.4, y - curve * 0.5 - (8 if round_ else 0)),
            (MIDDLE + wide * 0.4, y - curve * 0.5 - (8 if round_ else 0)),
            right,
        ]
        shape = smooth(
            [
                *top,
                (MIDDLE + wide * 0.6, bottom + deep * 0.62),
                (MIDDLE, bottom + deep * 0.8),
                (MIDDLE - wide * 0.6, bottom + deep * 0.62),
            ],
            7,
        )
        sheet.poly(shape, (0.30, 0.09, 0.11))
        tongue = oval(MIDDLE + 2, bottom + deep * 0.74, wide * 0.55, deep * 0.34)
        sheet.over(tongue, (0.80, 0.40, 0.38), 1.0, inside=shape)
        if look.teeth:
            teeth = smooth(
                [
                    *top,
                    (MIDDLE + wide * 0.5, y + curve * 0.25 + 5),
                    (MIDDLE, y + curve * 0.5 + 6),
                    (MIDDLE - wide * 0.5, y + curve * 0.25 + 5),
                ],
                6,
            )
            sheet.over(teeth, (0.97, 0.94, 0.88), 1.0, inside=shape)
            if body.has("gap"):
                sheet.over(
                    [
                        (MIDDLE - 2.5, y - 14),
                        (MIDDLE + 2.5, y - 14),
                        (MIDDLE + 2.5, y + 18),
                        (MIDDLE - 2.5, y + 18),
                    ],
                    (0.30, 0.09, 0.11),
                    1.0,
                    inside=shape,
                )
        sheet.line([*shape, shape[0]], 3, dark)
        return
    line = smooth(
        [
            left,
            (MIDDLE - wide * 0.45, y + curve * 0.4),
            (MIDDLE, bottom),
            (MIDDLE + wide * 0.45, y + curve * 0.4),
            right,
        ],
        7,
        closed=False,
    )
    lower = smooth(
        [
            (MIDDLE - wide * 0.62, y + curve * 0.2 + 2),
            (MIDDLE, bottom + 2),
            (MIDDLE + wide * 0.62, y + curve * 0.2 + 2),
            (MIDDLE, bottom + 13),
        ],
        7,
    )
    sheet.over(lower, lips, 0.75)
    upper = smooth(
        [
            (MIDDLE - wide * 0.7, y + curve * 0.1),
            (MIDDLE - 7, bottom - 9),
            (MIDDLE, bottom - 6),
            (MIDDLE + 7, bottom - 9),
            (MIDDLE + wide * 0.7, y + curve * 0.1),
            (MIDDLE, bottom + 1),
        ],
        5,
    )
    sheet.over(upper, darker(lips, 0.1), 0.7)
    sheet.poly(ribbon(line, 4.4, 4.4), dark)
    if look.mouth > 0.4:
        for corner, side in ((left, -1), (right, 1)):
            sheet.line(
                [(corner[0] + side * 2, corner[1] - 5), (corner[0] + side * 5, corner[1] + 5)],
                2.6,
                darker(skin, 0.34),
            )


def _beard(body: Body) -> None:
    sheet = body.sheet
    hair = body.tint("beard" if body.has("beard") else "moustache", body.hair)
    if body.has("beard"):
        shape = smooth(
            [
                (MIDDLE - 117, 320),
                (MIDDLE - 96, 366),
                (MIDDLE - 52, 384),
                (MIDDLE, 380),
                (MIDDLE + 52, 384),
                (MIDDLE + 96, 366),
                (MIDDLE + 117, 320),
                (MIDDLE + 112, 400),
                (MIDDLE + 70, 470),
                (MIDDLE, 496),
                (MIDDLE - 70, 470),
                (MIDDLE - 112, 400),
            ],
            6,
        )
        body.lit(shape, hair)
    sheet.poly(
        smooth(
            [
                (MIDDLE - 52, 396),
                (MIDDLE - 20, 380),
                (MIDDLE, 384),
                (MIDDLE + 20, 380),
                (MIDDLE + 52, 396),
                (MIDDLE + 20, 398),
                (MIDDLE, 393),
                (MIDDLE - 20, 398),
            ],
            5,
        ),
        darker(hair, 0.12),
    )


def _glasses(body: Body) -> None:
    frame: Colour = body.tint("glasses", "#4a4a50")
    frame = darker(frame, 0.35)
    sheet = body.sheet
    for side in (-1, 1):
        x = MIDDLE + side * (EYE_X + 2)
        ring = oval(x, EYE_Y + 3, 43, 41)
        sheet.over(ring, (0.85, 0.93, 0.97), 0.16)
        sheet.over(
            [(x - 30, EYE_Y + 22), (x + 6, EYE_Y - 34), (x + 18, EYE_Y - 30), (x - 18, EYE_Y + 32)],
            (1.0, 1.0, 1.0),
            0.2,
            inside=ring,
        )
        sheet.line([*ring, ring[0], ring[1]], 5, frame)
        sheet.line([(x + side * 43, EYE_Y - 6), (x + side * 76, EYE_Y - 14)], 5, frame)
    sheet.line(
        smooth(
            [(MIDDLE - 13, EYE_Y - 3), (MIDDLE, EYE_Y - 10), (MIDDLE + 13, EYE_Y - 3)],
            5,
            closed=False,
        ),
        5,
        frame,
    )
