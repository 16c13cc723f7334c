"""Clothes: the torso and the upper arms, in the garment of the outfit."""

from __future__ import annotations

from comfyvn.drivers.painter.arms import ELBOW, SHOULDER, sleeve
from comfyvn.drivers.painter.body import MIDDLE as M
from comfyvn.drivers.painter.body import TORSO, Body, across, both
from comfyvn.drivers.painter.garments import GARMENTS, cloth_of, sleeves_of
from comfyvn.drivers.painter.paint import Colour, colour, darker
from comfyvn.drivers.painter.shapes import Outline, ribbon, smooth

OPEN = frozenset({"oilskins", "raincoat", "coat", "cardigan", "uniform", "suit", "jacket"})
"""What is worn open at the neck, over something."""


def draw_clothes(body: Body) -> None:
    """Draw the torso and the upper arms: all that the pose leaves where it is."""
    dress = body.figure["dress"]
    kind, cloth, sleeves = dress["kind"], cloth_of(body), sleeves_of(body)
    torso = both(body, TORSO)
    for side in (-1, 1):
        shade = 0.07 if side < 0 else 0.17
        sleeve(body, [SHOULDER, (232, 690), ELBOW], side, darker(sleeves, shade))
    body.lit(torso, cloth, 0.2, 60)
    _folds(body, torso, cloth)
    under = body.word(dress["under"], "#e2dac6") if dress["under"] else _under(body, kind)
    GARMENTS.get(kind, GARMENTS["blouse"])(body, torso, cloth, under)
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


def _folds(body: Body, torso: Outline, cloth: Colour) -> None:
    for points in (
        [(190, 560), (168, 680), (176, 800)],
        [(-190, 560), (-170, 690), (-182, 800)],
        [(120, 900), (90, 1000), (110, 1180)],
        [(-120, 920), (-84, 1010), (-110, 1180)],
    ):
        fold = ribbon(smooth(across(body, points), 6, closed=False), 3, 13)
        body.sheet.over(fold, darker(cloth, 0.9), 0.2, inside=torso)
