"""Heads: the neck, the outline of the face, the ears."""

from __future__ import annotations

from comfyvn.drivers.painter.body import MIDDLE, Body
from comfyvn.drivers.painter.paint import darker, lighter
from comfyvn.drivers.painter.shapes import Outline, smooth

CHIN = 446.0
"""How low a chin is in the picture, in pixels."""


def face_outline(body: Body) -> Outline:
    """Return the outline of the head."""
    person = body.figure["person"]
    man, age = person["build"] == "he", person["age"]
    jaw = 1.07 if man else 0.97
    jaw *= {"old": 0.97, "child": 1.06}.get(age, 1.0)
    chin = CHIN + (10 if man else 0) - (26 if age == "child" else 0)
    half = [
        (0.0, 148.0),
        (70.0, 160.0),
        (113.0, 212.0),
        (119.0, 290.0),
        (114.0 * min(jaw, 1.04), 344.0),
        (98.0 * jaw, 394.0),
        (62.0 * jaw, chin - 17),
        (25.0 * jaw, chin),
    ]
    right = [(MIDDLE + x, y) for x, y in half]
    return smooth([*right, *((2 * MIDDLE - x, y) for x, y in reversed(right[1:]))], 7)


def draw_neck(body: Body) -> None:
    """Draw the neck, in the shade of the chin."""
    wide = 62 if body.figure["person"]["build"] == "he" else 52
    neck = [
        (MIDDLE - wide, 400),
        (MIDDLE + wide, 400),
        (MIDDLE + wide + 6, 500),
        (MIDDLE + wide + 60, 560),
        (MIDDLE - wide - 60, 560),
        (MIDDLE - wide - 6, 500),
    ]
    body.sheet.poly(smooth(neck, 5), darker(body.skin, 0.14))
    shadow = smooth(
        [
            (MIDDLE - wide - 4, 400),
            (MIDDLE + wide + 8, 400),
            (MIDDLE + wide + 10, 505),
            (MIDDLE + 10, 496),
            (MIDDLE - wide, 452),
        ],
        5,
    )
    body.sheet.over(shadow, darker(body.skin, 0.75), 0.3, inside=smooth(neck, 5))


def draw_head(body: Body) -> None:
    """Draw ears and the head with its shade."""
    sheet, skin = body.sheet, body.skin
    for side in (-1, 1):
        ear = smooth(
            [
                (MIDDLE + side * 112, 296),
                (MIDDLE + side * 134, 290),
                (MIDDLE + side * 140, 318),
                (MIDDLE + side * 130, 352),
                (MIDDLE + side * 112, 356),
            ],
            5,
        )
        sheet.poly(ear, darker(skin, 0.06 if side < 0 else 0.2))
        sheet.line(
            [(MIDDLE + side * 126, 306), (MIDDLE + side * 129, 322), (MIDDLE + side * 121, 338)],
            3,
            darker(skin, 0.32),
        )
        if body.has("earrings"):
            sheet.oval(MIDDLE + side * 128, 364, 7, 9, body.tint("earrings", "#d3a74a"))
    outline = face_outline(body)
    sheet.poly(outline, skin)
    shade = smooth(
        [
            (MIDDLE + 90, 150),
            (MIDDLE + 84, 250),
            (MIDDLE + 96, 320),
            (MIDDLE + 74, 390),
            (MIDDLE + 22, 432),
            (MIDDLE - 30, 446),
            (MIDDLE + 20, 480),
            (MIDDLE + 170, 440),
            (MIDDLE + 170, 150),
        ],
        6,
    )
    sheet.over(shade, darker(skin, 0.5), 0.3, inside=outline)
    light = smooth(
        [
            (MIDDLE - 130, 250),
            (MIDDLE - 96, 260),
            (MIDDLE - 98, 340),
            (MIDDLE - 70, 402),
            (MIDDLE - 120, 390),
        ],
        5,
    )
    sheet.over(light, lighter(skin, 0.7), 0.22, inside=outline)
