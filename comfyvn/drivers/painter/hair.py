"""Hair and what is worn on it: what hangs behind the body, and what lies before the face."""

from __future__ import annotations

import math

from comfyvn.drivers.painter.body import MIDDLE, Body
from comfyvn.drivers.painter.head import face_outline
from comfyvn.drivers.painter.paint import darker, lighter
from comfyvn.drivers.painter.shapes import Outline, Point, oval, ribbon, smooth

M = MIDDLE


def style_of(body: Body) -> str:
    """Return how the hair is worn; where nothing is said it follows from the name."""
    person = body.figure["person"]
    if person["style"]:
        return person["style"]
    if person["age"] in {"old", "middle"} and person["build"] == "she":
        return "bun"
    options = {"she": ("long", "bob", "ponytail", "bun"), "he": ("short", "cropped", "flat")}
    return body.dice.choose(options.get(person["build"], ("short", "bob", "cropped")))


def draw_behind(body: Body, style: str) -> None:
    """Draw the hair that hangs behind neck and shoulders."""
    paint = darker(body.hair, 0.3)
    shapes: dict[str, Outline] = {
        "long": smooth(
            [
                (M - 120, 170),
                (M, 124),
                (M + 120, 170),
                (M + 148, 330),
                (M + 172, 520),
                (M + 164, 690),
                (M + 70, 716),
                (M - 70, 716),
                (M - 164, 690),
                (M - 172, 520),
                (M - 148, 330),
            ],
            7,
        ),
        "bob": smooth(
            [
                (M - 118, 170),
                (M, 124),
                (M + 118, 170),
                (M + 146, 320),
                (M + 150, 440),
                (M + 96, 474),
                (M - 96, 474),
                (M - 150, 440),
                (M - 146, 320),
            ],
            7,
        ),
        "plait": smooth(
            [
                (M - 118, 180),
                (M, 124),
                (M + 118, 180),
                (M + 138, 320),
                (M + 112, 430),
                (M - 112, 430),
                (M - 138, 320),
            ],
            7,
        ),
        "curly": smooth(
            [
                (M - 140, 170),
                (M, 100),
                (M + 140, 170),
                (M + 176, 300),
                (M + 168, 430),
                (M + 100, 500),
                (M - 100, 500),
                (M - 168, 430),
                (M - 176, 300),
            ],
            7,
        ),
        "twintails": smooth(
            [(M - 118, 180), (M, 124), (M + 118, 180), (M + 132, 330), (M - 132, 330)], 7
        ),
    }
    if style in shapes:
        body.sheet.poly(shapes[style], paint)
        if style == "curly":
            for n in range(20):
                turn = math.pi * (0.86 + 1.28 * n / 19) + 0.0
                body.sheet.oval(M + math.cos(turn) * 152, 310 + math.sin(turn) * 180, 44, 42, paint)
            for side in (-1, 1):
                for n in range(4):
                    body.sheet.oval(M + side * (158 - n * 14), 380 + n * 36, 42, 40, paint)
    if style == "ponytail":
        body.lit(
            smooth(
                [
                    (M + 60, 170),
                    (M + 150, 190),
                    (M + 200, 300),
                    (M + 206, 460),
                    (M + 170, 610),
                    (M + 150, 450),
                    (M + 120, 320),
                ],
                7,
            ),
            darker(body.hair, 0.15),
        )
    if style == "twintails":
        for side in (-1, 1):
            body.lit(
                smooth(
                    [
                        (M + side * 112, 230),
                        (M + side * 170, 236),
                        (M + side * 212, 360),
                        (M + side * 204, 540),
                        (M + side * 168, 650),
                        (M + side * 152, 500),
                        (M + side * 132, 360),
                    ],
                    7,
                ),
                darker(body.hair, 0.1),
            )
    if style == "bun":
        body.lit(oval(M + 6, 122, 66, 58), darker(body.hair, 0.12))
        body.sheet.line(
            smooth([(M - 40, 120), (M, 96), (M + 46, 114)], 6, closed=False),
            4,
            darker(body.hair, 0.35),
        )


CAP: list[Point] = [
    (-126, 318),
    (-134, 240),
    (-108, 160),
    (-50, 122),
    (20, 116),
    (86, 138),
    (128, 200),
    (132, 262),
    (126, 320),
]
"""The outside of hair that lies close, from the left ear over the top to the right one."""
LINES: dict[str, list[Point]] = {
    "long": [
        (112, 330),
        (104, 262),
        (64, 214),
        (8, 192),
        (-18, 210),
        (-62, 240),
        (-100, 286),
        (-112, 340),
    ],
    "bob": [
        (114, 350),
        (108, 276),
        (84, 252),
        (40, 262),
        (0, 248),
        (-44, 264),
        (-88, 252),
        (-108, 280),
        (-114, 350),
    ],
    "plait": [
        (114, 330),
        (104, 256),
        (58, 212),
        (-30, 184),
        (-56, 214),
        (-92, 248),
        (-110, 300),
        (-116, 346),
    ],
    "bun": [(114, 320), (102, 240), (56, 202), (0, 194), (-56, 204), (-100, 240), (-114, 320)],
    "ponytail": [
        (112, 320),
        (100, 246),
        (70, 234),
        (36, 246),
        (4, 226),
        (-40, 244),
        (-70, 232),
        (-100, 250),
        (-114, 320),
    ],
    "short": [
        (116, 304),
        (106, 246),
        (64, 224),
        (10, 222),
        (-50, 196),
        (-86, 220),
        (-106, 252),
        (-116, 304),
    ],
    "flat": [
        (116, 300),
        (106, 244),
        (78, 226),
        (58, 256),
        (34, 230),
        (6, 262),
        (-14, 232),
        (-46, 256),
        (-66, 228),
        (-104, 246),
        (-116, 300),
    ],
    "cropped": [
        (116, 286),
        (108, 246),
        (88, 236),
        (70, 258),
        (46, 232),
        (22, 254),
        (-6, 228),
        (-36, 250),
        (-58, 226),
        (-88, 248),
        (-106, 242),
        (-116, 286),
    ],
    "curly": [
        (120, 330),
        (106, 262),
        (82, 240),
        (48, 250),
        (14, 232),
        (-24, 248),
        (-62, 236),
        (-98, 258),
        (-118, 330),
    ],
    "twintails": [
        (114, 320),
        (104, 262),
        (72, 254),
        (30, 262),
        (0, 244),
        (-34, 262),
        (-72, 254),
        (-104, 262),
        (-114, 320),
    ],
}
"""The hairline, from the right ear over the brow to the left one."""
ANGULAR = frozenset({"cropped", "flat"})
"""Styles whose ends are cut to points."""


def draw_before(body: Body, style: str) -> None:
    """Draw the hair on the head, and hats."""
    sheet, hair = body.sheet, body.hair
    hatted = any(body.has(hat) for hat in ("hat", "cap", "beanie", "headscarf"))
    if style != "bald":
        _cap(body, style, hatted=hatted)
    if style == "plait":
        _plait(body)
    if style in {"long", "bob"}:
        low = 640 if style == "long" else 446
        for side in (-1, 1):
            lock = smooth(
                [
                    (M + side * 112, 250),
                    (M + side * 136, 300),
                    (M + side * 150, low * 0.62 + 130),
                    (M + side * 142, low),
                    (M + side * 104, low - 30),
                    (M + side * 116, low * 0.6 + 120),
                    (M + side * 104, 340),
                ],
                6,
            )
            body.lit(lock, hair if side < 0 else darker(hair, 0.12), 0.2)
    if body.has("pencil"):
        sheet.line([(M + 66, 168), (M + 172, 232)], 9, (0.86, 0.66, 0.24))
        sheet.line([(M + 163, 227), (M + 172, 232)], 9, (0.25, 0.2, 0.2))
        sheet.line([(M + 58, 163), (M + 68, 169)], 9, (0.8, 0.42, 0.4))
    if body.has("ribbon"):
        paint = body.tint("ribbon", "#b8433a")
        for side in (-1, 1):
            body.lit(
                smooth([(M + 96, 176), (M + 96 + side * 44, 148), (M + 96 + side * 50, 200)], 4),
                paint,
            )
        sheet.oval(M + 96, 176, 11, 11, darker(paint, 0.2))
    if body.has("flower"):
        for n in range(5):
            sheet.oval(
                M - 104 + math.cos(n * 1.257) * 17,
                206 + math.sin(n * 1.257) * 17,
                13,
                13,
                body.tint("flower", "#cf8088"),
            )
        sheet.oval(M - 104, 206, 9, 9, (0.88, 0.72, 0.3))
    if body.has("headphones"):
        sheet.line(
            smooth(
                [(M - 136, 300), (M - 128, 170), (M, 104), (M + 128, 170), (M + 136, 300)],
                8,
                closed=False,
            ),
            13,
            (0.2, 0.21, 0.25),
        )
        for side in (-1, 1):
            body.lit(oval(M + side * 138, 320, 22, 40), (0.26, 0.27, 0.32))
    _hats(body)


def _cap(body: Body, style: str, *, hatted: bool) -> None:
    sheet, hair = body.sheet, body.hair
    line = LINES.get(style, LINES["short"])
    inner = [(M + x, y) for x, y in line]
    top = [(M + x, y) for x, y in CAP]
    if style == "cropped" and not hatted:
        spikes = [
            (-128, 300),
            (-140, 236),
            (-126, 214),
            (-132, 176),
            (-100, 164),
            (-92, 128),
            (-58, 136),
            (-34, 102),
            (-6, 122),
            (26, 92),
            (46, 118),
            (84, 106),
            (90, 140),
            (124, 148),
            (118, 184),
            (140, 208),
            (130, 250),
            (128, 300),
        ]
        top = [(M + x, y) for x, y in spikes]
        outline = [*top, *inner]
    elif style in ANGULAR:
        outline = [*smooth(top, 6, closed=False), *inner]
    else:
        outline = [*smooth(top, 6, closed=False), *smooth(inner, 6, closed=False)]
    shadow = [
        (x, y + 11) for x, y in (inner if style in ANGULAR else smooth(inner, 6, closed=False))
    ]
    sheet.over(
        [*shadow, (M - 120, 150), (M + 120, 150)],
        darker(body.skin, 0.6),
        0.26,
        inside=face_outline(body),
    )
    sheet.poly(outline, hair)
    shade = smooth(
        [
            (M + 30, 100),
            (M + 70, 160),
            (M + 96, 240),
            (M + 108, 330),
            (M + 160, 330),
            (M + 150, 110),
        ],
        6,
    )
    sheet.over(shade, darker(hair, 0.9), 0.26, inside=outline)
    strands = {"flat": 7, "short": 5, "cropped": 5}.get(style, 6)
    for n in range(strands):
        t = (n + 0.5) / strands
        x0, x1 = M - 20 + (t - 0.5) * 120, M + (t - 0.5) * 236
        y1 = 212 + 66 * abs(t - 0.5) ** 1.3 * 2
        strand = smooth(
            [(x0, 134 + 30 * abs(t - 0.5)), ((x0 + x1) / 2 + (t - 0.5) * 40, 164), (x1, y1)],
            6,
            closed=False,
        )
        sheet.over(
            ribbon(strand, 5, 2),
            darker(hair, 0.7) if n % 2 else lighter(hair, 0.8),
            0.24,
            inside=outline,
        )
    gloss = smooth(
        [(M - 104, 214), (M - 78, 170), (M - 30, 148), (M - 24, 158), (M - 66, 184), (M - 92, 226)],
        6,
    )
    sheet.over(gloss, lighter(hair, 0.9), 0.22, inside=outline)
    if style == "curly" and not hatted:
        for n in range(11):
            turn = math.pi * (1.0 + n / 10)
            sheet.oval(
                M + math.cos(turn) * 118,
                238 + math.sin(turn) * 104,
                40,
                36,
                hair if n % 2 else darker(hair, 0.08),
            )


def _plait(body: Body) -> None:
    """Draw a plait that comes over the left shoulder."""
    hair = body.hair
    body.lit(
        smooth(
            [
                (M - 118, 330),
                (M - 136, 400),
                (M - 118, 500),
                (M - 92, 520),
                (M - 92, 430),
                (M - 100, 360),
            ],
            6,
        ),
        darker(hair, 0.12),
        0.2,
    )
    for n in range(6):
        y = 492 + n * 44
        x = M - 112 + 6 * math.sin(n * 0.9) - n * 2
        size = 33 - n * 1.8
        for side in (-1, 1):
            knot = smooth(
                [
                    (x, y - 24),
                    (x + side * size, y - 8),
                    (x + side * size * 0.7, y + 26),
                    (x, y + 36),
                    (x - side * 8, y + 4),
                ],
                5,
            )
            body.sheet.poly(knot, darker(hair, 0.04 if side < 0 else 0.24))
            body.sheet.line([(x, y - 20), (x + side * size * 0.8, y - 2)], 2.5, darker(hair, 0.42))
    y = 492 + 6 * 44
    body.sheet.rect(M - 140, y - 12, 32, 16, body.own)
    body.lit(
        smooth(
            [(M - 138, y), (M - 108, y), (M - 112, y + 48), (M - 128, y + 64), (M - 140, y + 40)], 5
        ),
        hair,
        0.2,
    )


def _hats(body: Body) -> None:
    sheet = body.sheet
    if body.has("hat"):
        felt = body.tint("hat", "#5b4a58")
        crown = smooth(
            [
                (M - 116, 216),
                (M - 122, 150),
                (M - 84, 74),
                (M - 24, 58),
                (M + 14, 66),
                (M + 60, 54),
                (M + 104, 84),
                (M + 124, 150),
                (M + 116, 216),
            ],
            7,
        )
        body.lit(crown, felt, 0.3)
        band = [(M - 120, 170), (M, 190), (M + 120, 170), (M + 119, 212), (M, 232), (M - 119, 212)]
        sheet.poly(smooth(band, 4), darker(felt, 0.55))
        brim = smooth(
            [
                (M - 196, 224),
                (M - 150, 190),
                (M - 60, 212),
                (M, 218),
                (M + 60, 212),
                (M + 150, 190),
                (M + 196, 224),
                (M + 120, 250),
                (M, 262),
                (M - 120, 250),
            ],
            7,
        )
        sheet.over([(x, y + 12) for x, y in brim], darker(body.skin, 0.7), 0.22)
        body.lit(brim, darker(felt, 0.08), 0.2)
        sheet.line(
            smooth(
                [(M - 188, 222), (M - 120, 246), (M, 257), (M + 120, 246), (M + 188, 222)],
                6,
                closed=False,
            ),
            3.5,
            lighter(felt, 0.3),
        )
    elif body.has("cap"):
        cloth = body.tint("cap", "#2b3a58")
        body.lit(
            smooth(
                [
                    (M - 132, 236),
                    (M - 128, 150),
                    (M - 60, 100),
                    (M + 40, 98),
                    (M + 120, 140),
                    (M + 134, 236),
                    (M, 216),
                ],
                7,
            ),
            cloth,
        )
        body.lit(
            smooth(
                [
                    (M - 150, 246),
                    (M - 120, 214),
                    (M, 208),
                    (M + 120, 214),
                    (M + 150, 246),
                    (M, 262),
                ],
                6,
            ),
            darker(cloth, 0.3),
        )
    elif body.has("beanie") or body.has("headscarf"):
        wool = body.tint("beanie" if body.has("beanie") else "headscarf", "#8f4f4a")
        body.lit(
            smooth(
                [
                    (M - 136, 250),
                    (M - 134, 160),
                    (M - 70, 96),
                    (M, 84),
                    (M + 70, 96),
                    (M + 134, 160),
                    (M + 136, 250),
                    (M, 226),
                ],
                7,
            ),
            wool,
        )
        body.lit(
            smooth(
                [
                    (M - 140, 256),
                    (M - 138, 210),
                    (M, 192),
                    (M + 138, 210),
                    (M + 140, 256),
                    (M, 238),
                ],
                6,
            ),
            lighter(wool, 0.12),
        )
