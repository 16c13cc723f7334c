"""Arms, hands, and what is held: all that a pose moves."""

from __future__ import annotations

from comfyvn.drivers.painter.body import MIDDLE as M
from comfyvn.drivers.painter.body import TORSO, Body, across, both
from comfyvn.drivers.painter.garments import sleeves_of
from comfyvn.drivers.painter.paint import Colour, colour, darker, lighter
from comfyvn.drivers.painter.shapes import Outline, Point, ribbon, smooth

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


def sleeve(
    body: Body, points: list[Point], side: int, paint: Colour, first: float = 112, last: float = 92
) -> None:
    """Draw a sleeve along a line of the right side, from `first` to `last` pixels wide."""
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


def draw_arms(body: Body) -> None:
    """Draw the forearms, the hands and what they hold."""
    figure = body.figure
    arms = figure["arms"] or "sides"
    held = figure["held"]
    if held and arms in {"sides", "clasped", "hip", "sleeves"}:
        arms = "held" if held != "handbag" else "clasped"
    cloth = sleeves_of(body)
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
