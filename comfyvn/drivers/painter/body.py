"""What a figure is drawn with: its measures, its colours, and shapes lit from the left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from comfyvn.drivers.painter.paint import (
    Colour,
    Dice,
    Paints,
    colour,
    darker,
    lighter,
    lightness,
    mix,
)
from comfyvn.drivers.painter.person import Figure
from comfyvn.drivers.painter.shapes import Outline, Point, moved, smooth
from comfyvn.drivers.painter.sheet import Sheet
from comfyvn.drivers.painter.words import COLOURS

MIDDLE = 420.0
"""Where the middle of every figure is, in pixels from the left."""

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

SKINS = {
    "pale": "#f3d7c2",
    "light": "#ecc4a2",
    "tan": "#d2a077",
    "brown": "#a8714c",
    "deep": "#6d4531",
}
HAIRS = ("#3a2c2a", "#5a3a2a", "#7a4a2e", "#2b2a33", "#a0703f", "#8a8580")
EYES = ("#4a6a6f", "#5a4030", "#54705a", "#3f5a80")


@dataclass
class Body:
    """One figure that is being made.

    Attributes:
        broad: how wide the shoulders are; 1 is an average man's.
    """

    sheet: Sheet
    paints: Paints
    dice: Dice
    figure: Figure
    skin: Colour
    hair: Colour
    eyes: Colour
    own: Colour
    broad: float

    def has(self, extra: str) -> bool:
        """Whether the person has glasses, a hat…."""
        return any(each.split()[0] == extra for each in self.figure["person"]["extras"])

    def tint(self, extra: str, default: str | Colour) -> Colour:
        """Return the colour of what the person has; `default` where no word says it."""
        for each in self.figure["person"]["extras"]:
            name, _, word = each.partition(" ")
            if name == extra and word:
                return self.word(word, "#888888")
        return default if not isinstance(default, str) else self.paints.tone(colour(default), 0.15)

    def word(self, word: str, default: str) -> Colour:
        """Return the colour of a word, toned to the palette."""
        return self.paints.tone(colour(COLOURS.get(word, default)), 0.12)

    def lit(self, outline: Outline, paint: Colour, shade: float = 0.24, reach: float = 30) -> None:
        """Paste a shape with its right side in shade and its left edge in light."""
        sheet = self.sheet
        sheet.poly(outline, paint)
        left = min(x for x, _ in outline)
        right = max(x for x, _ in outline)
        away = min((right - left) * 0.3, reach)
        shadow = _without(outline, -away)
        sheet.over(shadow, darker(paint, 1.0), shade, inside=outline)
        if shade > 0.1:
            sheet.over(_without(outline, away * 0.8), lighter(paint, 0.9), 0.1, inside=outline)


def _without(outline: Outline, away: float) -> Outline:
    """Return the side of an outline that the outline moved by `away` leaves: a long crescent.

    It is the outline joined with the moved one, which fills between them by the even-odd rule.
    """
    inner = moved(outline, away, -abs(away) * 0.35)
    return [*outline, outline[0], inner[0], *reversed(inner), outline[0]]


def body_of(sheet: Sheet, paints: Paints, figure: Figure) -> Body:
    """Return the colours and measures of a figure; what is not said follows from the name."""
    person = figure["person"]
    dice = Dice(person["name"])
    chance = [dice.draw() for _ in range(4)]
    skin = colour(
        SKINS.get(person["skin"]) or SKINS[("pale", "light", "tan", "brown")[int(chance[0] * 3)]]
    )
    grey = person["age"] == "old" and not person["hair"]
    hair = "#b9b6b2" if grey else COLOURS.get(person["hair"]) or HAIRS[int(chance[1] * 5)]
    own = colour(figure["colour"] or "#8a93a0")
    if lightness(own) > 0.62:
        own = mix(own, paints.ramp(0.25), 0.42)
    broad = {"she": 0.84, "he": 0.98}.get(person["build"], 0.9)
    broad *= {"child": 0.8, "young": 0.94, "old": 0.95}.get(person["age"], 1.0) * (
        0.97 + 0.06 * chance[2]
    )
    return Body(
        sheet,
        paints,
        dice,
        figure,
        skin=mix(skin, paints.tone(skin), 0.25),
        hair=paints.tone(colour(hair), 0.08),
        eyes=colour(COLOURS.get(person["eyes"]) or EYES[int(chance[3] * 4)]),
        own=own,
        broad=broad,
    )


def across(body: Body, points: Sequence[Point]) -> Outline:
    """Return points, given from the middle outwards, where this body's breadth puts them."""
    return [(MIDDLE + x * body.broad, y) for x, y in points]


def both(body: Body, points: Sequence[Point], steps: int = 6) -> Outline:
    """Return a smooth closed outline that is alike left and right, from its right half."""
    right = across(body, points)
    return smooth([*right, *((2 * MIDDLE - x, y) for x, y in reversed(right))], steps)
