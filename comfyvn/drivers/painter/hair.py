"""Hair: what hangs behind the body, and what lies on the head."""

from __future__ import annotations

import math

from comfyvn.drivers.painter.body import MIDDLE as M
from comfyvn.drivers.painter.body import Body
from comfyvn.drivers.painter.haircuts import draw_cap
from comfyvn.drivers.painter.hats import draw_hats
from comfyvn.drivers.painter.paint import darker
from comfyvn.drivers.painter.shapes import Outline, oval, smooth


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


def draw_before(body: Body, style: str) -> None:
    """Draw the hair on the head, and hats."""
    sheet, hair = body.sheet, body.hair
    hatted = any(body.has(hat) for hat in ("hat", "cap", "beanie", "headscarf"))
    if style != "bald":
        draw_cap(body, style, hatted=hatted)
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
    draw_hats(body)


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
