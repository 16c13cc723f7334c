"""What is worn on the head."""

from __future__ import annotations

from comfyvn.drivers.painter.body import MIDDLE as M
from comfyvn.drivers.painter.body import Body
from comfyvn.drivers.painter.paint import darker, lighter
from comfyvn.drivers.painter.shapes import smooth


def draw_hats(body: Body) -> None:
    """Draw the hat, cap, beanie or headscarf that is worn."""
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
