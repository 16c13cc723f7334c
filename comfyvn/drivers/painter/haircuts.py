"""The hair that lies before the face, by how it is cut."""

from __future__ import annotations

import math

from comfyvn.drivers.painter.body import MIDDLE as M
from comfyvn.drivers.painter.body import Body
from comfyvn.drivers.painter.head import face_outline
from comfyvn.drivers.painter.paint import darker, lighter
from comfyvn.drivers.painter.shapes import Point, ribbon, smooth

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


def draw_cap(body: Body, style: str, *, hatted: bool) -> None:
    """Draw the hair on the head; under a hat only what a hat leaves."""
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
