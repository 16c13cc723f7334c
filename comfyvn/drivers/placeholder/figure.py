"""Placeholder characters: a cut-paper bust in the character's colour, with a face that reads."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from comfyvn.drivers.placeholder.paint import (
    Colour,
    Dice,
    Paints,
    colour,
    luminance,
    mix,
    rgb,
    spaced,
)

WIDTH, HEIGHT = 840, 1200
SCALE = 2
Point = tuple[float, float]


class Face(NamedTuple):
    """What an expression does to a face."""

    mouth: float = 0.05
    """Curve of the mouth: 1 smiles, -1 frowns."""
    gape: float = 0.0
    """How far the mouth is open."""
    brow: float = 0.0
    """Tilt of the brows: 1 angry (inner ends down), -1 worried (inner ends up)."""
    lift: float = 0.0
    """How high the brows are."""
    eye: float = 1.0
    """How open the eyes are; 0 is a closed lid."""
    lid: int = -1
    """Closed lids curve down (-1, asleep) or up (1, laughing)."""
    look: float = 0.0
    """Where the eyes look, -1 to 1."""
    blush: float = 0.0
    tear: bool = False
    skew: float = 0.0
    """One brow and one corner of the mouth higher than the other."""


FACES = {
    "smile happy glad warm fond soft pleased kind": Face(0.75, 0.0, -0.15, 0.1, 0.85),
    "laugh grin joy delighted bright beaming": Face(1.0, 0.55, -0.1, 0.3, 0.0, 1),
    "sad down low grief hurt lonely": Face(-0.6, 0.0, -0.8, 0.1, 0.65, look=-0.3),
    "cry tears crying weeping": Face(-0.8, 0.15, -0.9, 0.1, 0.0, -1, tear=True),
    "worried anxious nervous unsure afraid scared fear": Face(-0.35, 0.12, -1.0, 0.3, 1.05),
    "angry cross furious stern hard": Face(-0.6, 0.0, 1.0, -0.2, 0.7),
    "surprised shock startled wide": Face(0.0, 0.75, -0.2, 0.9, 1.3),
    "shy blush embarrassed flustered": Face(0.3, 0.0, -0.5, 0.1, 0.7, look=0.6, blush=1.0),
    "wry smirk sly dry amused teasing": Face(0.45, 0.0, 0.1, 0.2, 0.75, look=0.3, skew=1.0),
    "thinking doubt curious puzzled": Face(-0.1, 0.0, 0.1, 0.3, 0.9, look=0.6, skew=0.8),
    "tired sleepy weary": Face(-0.15, 0.0, -0.4, -0.1, 0.35),
    "asleep closed calm peaceful": Face(0.25, 0.0, -0.1, 0.0, 0.0, -1),
}


def draw_figure(
    paints: Paints, subject: str, label: str, traits: Sequence[str], tint: str, pronouns: str
) -> Image.Image:
    """Draw a character; hair and clothes follow from the name, the face from the traits."""
    base = colour(tint) if tint else paints.muted
    if luminance(base) > 0.62:
        base = mix(base, paints.ramp(0.2), 0.25)
    dice = Dice(subject)
    styles = {"she": SHE, "he": HE}.get(pronouns, (*SHE, *HE))
    bust = _Bust(base, paints, dice, " ".join(traits[1:]), dice.choose(styles))
    image = bust.draw(_face(traits), label, traits[0] if traits else "")
    return image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def _face(traits: Sequence[str]) -> Face:
    found = set(re.split(r"[\W_]+", " ".join(traits).casefold()))
    return next((face for known, face in FACES.items() if found & set(known.split())), Face())


class Hair(NamedTuple):
    """A way to wear one's hair."""

    length: float
    """Where it ends below; under 400 it shows at the sides only."""
    spread: float
    """Half its width."""
    fringe: float
    """How far it hangs over the brow: the height of its lowest point."""
    rough: float = 0.0
    """How ragged its ends are."""


SHE = (Hair(486, 178, 262), Hair(572, 192, 286), Hair(690, 186, 250), Hair(452, 188, 236))
HE = (Hair(372, 158, 236, 0.5), Hair(392, 164, 268, 1.0), Hair(360, 152, 222))


class _Bust:
    """One drawing, in units of the final picture."""

    def __init__(self, base: Colour, paints: Paints, dice: Dice, clothes: str, hair: Hair) -> None:
        self.paints = paints
        self.dice = dice
        self.skin = mix(mix(base, np.ones(3, dtype=np.float32), 0.68), paints.ramp(1.0), 0.12)
        self.hair = mix(base, paints.ramp(0.0) * np.float32(0.5), 0.66)
        wear = Dice(clothes).draw(0.18, 0.4) if clothes else 0.28
        self.cloth = mix(base, paints.ramp(0.0), wear)
        self.ink = mix(self.hair, np.zeros(3, dtype=np.float32), 0.45)
        self.trim = mix(base, np.ones(3, dtype=np.float32), 0.35)
        self.image = Image.new("RGBA", (WIDTH * SCALE, HEIGHT * SCALE))
        self.pen = ImageDraw.Draw(self.image)
        self.wear_hair = hair
        self.buttoned = dice.draw() < 0.5

    def draw(self, face: Face, label: str, mood: str) -> Image.Image:
        self._hair_behind()
        self._body()
        self._head()
        self._features(face)
        self._fringe()
        self._shading()
        pen = ImageDraw.Draw(self.image)
        middle = WIDTH * SCALE / 2
        light = rgb(mix(self.cloth, np.ones(3, dtype=np.float32), 0.86), 0.92)
        spaced(pen, (middle, 752 * SCALE), label, 26 * SCALE, light, anchor="middle", tracking=0.2)
        faint = (*light[:3], 165)
        spaced(pen, (middle, 790 * SCALE), mood.replace("_", " "), 17 * SCALE, faint,
               anchor="middle", tracking=0.18)  # fmt: skip
        return self.image

    def _fill(self, points: Sequence[Point], paint: Colour, alpha: float = 1.0) -> None:
        self.pen.polygon(
            [(x * SCALE, y * SCALE) for x, y in smooth(points)], fill=rgb(paint, alpha)
        )

    def _oval(self, x: float, y: float, w: float, h: float, paint: Colour, a: float = 1.0) -> None:
        box = [(x - w) * SCALE, (y - h) * SCALE, (x + w) * SCALE, (y + h) * SCALE]
        self.pen.ellipse(box, fill=rgb(paint, a))

    def _stroke(self, points: Sequence[Point], width: float, paint: Colour) -> None:
        line = [(x * SCALE, y * SCALE) for x, y in points]
        self.pen.line(line, fill=rgb(paint), width=int(width * SCALE), joint="curve")
        for x, y in (line[0], line[-1]):
            r = width * SCALE / 2
            self.pen.ellipse((x - r, y - r, x + r, y + r), fill=rgb(paint))

    def _hair_behind(self) -> None:
        length, spread = self.wear_hair.length, self.wear_hair.spread
        left, right = 420 - spread, 420 + spread
        foot = min(60.0, length - 330)
        self._fill(
            [(420, 118), (right - 30, 180), (right, 330), (right + 6, length - foot),
             (right - 50, length), (420, length - 30), (left + 50, length),
             (left - 6, length - foot), (left, 330), (left + 30, 180)],
            mix(self.hair, self.ink, 0.35),
        )  # fmt: skip

    def _body(self) -> None:
        wide = 268 + self.dice.draw(-18, 34)
        left, right = 420 - wide, 420 + wide
        self._fill(
            [(344, 560), (420, 590), (496, 560), (right - 120, 606), (right - 34, 656),
             (right + 4, 770), (right + 14, 1000), (right + 12, 1300), (left - 12, 1300),
             (left - 14, 1000), (left - 4, 770), (left + 34, 656), (left + 120, 606)],
            self.cloth,
        )  # fmt: skip
        neck = mix(self.skin, self.hair, 0.24)
        self._fill([(366, 440), (474, 440), (478, 570), (420, 640), (362, 570)], neck)
        dark = mix(self.cloth, self.ink, 0.4)
        if self.buttoned:
            self._fill([(346, 556), (420, 660), (420, 730), (318, 610)], dark)
            self._fill([(494, 556), (420, 660), (420, 730), (522, 610)], dark)
            self._stroke([(420, 700), (420, 1200)], 3, dark)
        else:
            ring = [(420 + math.cos(a / 20 * math.pi) * 92, 556 + math.sin(a / 20 * math.pi) * 74)
                    for a in range(21)]  # fmt: skip
            self._stroke(ring, 26, dark)
            self._stroke([(x, y + 20) for x, y in ring], 4, self.trim)
        for side in (-1, 1):
            x = 420 + side * (wide - 84)
            self._stroke([(x, 812), (x - side * 8, 960), (x - side * 10, 1200)], 4, dark)

    def _head(self) -> None:
        self._oval(276, 356, 22, 38, mix(self.skin, self.hair, 0.15))
        self._oval(564, 356, 22, 38, mix(self.skin, self.hair, 0.15))
        self._fill(
            [(420, 166), (520, 196), (562, 300), (550, 402), (500, 486), (420, 528),
             (340, 486), (290, 402), (278, 300), (320, 196)],
            self.skin,
        )  # fmt: skip

    def _features(self, face: Face) -> None:
        for side in (-1, 1):
            x, y = 420 + side * 66, 366
            self._eye(face, x, y)
            tilt, skew = face.brow * 15 * side, face.skew * 13 * (side > 0)
            height = 318 - face.lift * 20 - skew
            inner, outer = x - side * 30, x + side * 34
            self._stroke(
                [
                    (inner, height + tilt * side),
                    (x, height - 7),
                    (outer, height - tilt * side * 0.4),
                ],
                7,
                self.hair,
            )
            blush = max(face.blush, 0.32)
            rose = mix(self.skin, self.paints.accent, 0.75)
            self._soft(x + side * 26, 420, 34, 15, rose, blush * 0.6)
            if face.tear:
                self._oval(x + side * 8, 424, 7, 17, mix(self.skin, self.paints.text, 0.85))
        self._stroke([(418, 408), (412, 426), (422, 430)], 4, mix(self.skin, self.hair, 0.4))
        self._mouth(face)

    def _eye(self, face: Face, x: float, y: float) -> None:
        if face.eye <= 0:
            bend = -12 if face.lid > 0 else 12
            arc = [(x + t * 26, y + bend * (1 - t * t)) for t in (-1, -0.6, -0.2, 0.2, 0.6, 1)]
            self._stroke(arc, 6.5, self.ink)
            return
        high = 25 * face.eye
        white = mix(self.skin, np.ones(3, dtype=np.float32), 0.8)
        self._oval(x, y, 25, high, white)
        gaze = x + face.look * 9
        iris = min(20.0, high)
        self._oval(gaze, y + 2, 15.5, min(iris, high - 1), mix(self.hair, self.paints.accent, 0.3))
        self._oval(gaze, y + 2, 8.5, min(11, high - 2), self.ink)
        self._oval(gaze - 5, y - 5, 4.2, 4.2, np.ones(3, dtype=np.float32))
        lid = [(x + t * 29, y - high * math.sqrt(max(0.0, 1 - t * t)) * 0.96 + 1)
               for t in (-1, -0.8, -0.4, 0, 0.4, 0.8, 1)]  # fmt: skip
        self._stroke(lid, 6.5, self.ink)

    def _mouth(self, face: Face) -> None:
        y = 468 - face.mouth * 5
        steps = [i / 6 for i in range(-6, 7)]
        half = 34 + 8 * abs(face.mouth) - 10 * face.gape
        line = [
            (420 + t * half, y + face.mouth * 15 * (1 - t * t) - face.skew * 7 * max(t, 0))
            for t in steps
        ]
        if face.gape > 0.05:
            lower = [(420 + t * half * 0.92, y + face.mouth * 13 * (1 - t * t)
                      + face.gape * 34 * (1 - t * t)) for t in reversed(steps)]  # fmt: skip
            upper = [(px, y + (py - y) * 0.25 - face.gape * (8 if face.mouth <= 0 else 0)
                      * (1 - t * t)) for (px, py), t in zip(line, steps, strict=True)]  # fmt: skip
            mouth = [(px * SCALE, py * SCALE) for px, py in (*upper, *lower)]
            self.pen.polygon(mouth, fill=rgb(mix(self.ink, self.paints.accent, 0.25)))
            line = upper
        self._stroke(line, 5.5, self.ink)

    def _fringe(self) -> None:
        sweep = self.dice.draw(-46, 46)
        low = self.wear_hair.fringe
        self._fill(
            [(262, 368), (268, 236), (328, 148), (420, 122), (512, 148), (572, 236), (578, 368),
             (546, 292), (500 + sweep / 3, low - 24), (430 + sweep, low), (392 + sweep, low - 34),
             (330 + sweep / 3, low - 4), (294, 292)],
            self.hair,
        )  # fmt: skip
        if self.wear_hair.rough:
            for tuft in range(5):
                x = 332 + tuft * 44
                tip = self.wear_hair.rough * self.dice.draw(4, 20)
                lean = self.dice.draw(-26, 26)
                top = 152 + abs(x - 420) * 0.34
                self._fill(
                    [(x - 34, top + 34), (x + lean, top - tip), (x + 34, top + 34)], self.hair
                )
        shine = mix(self.hair, np.ones(3, dtype=np.float32), 0.2)
        arc = [(420 + math.cos(a) * 118, 236 + math.sin(a) * 74)
               for a in (i / 12 * 1.5 - 2.35 for i in range(13))]  # fmt: skip
        self._stroke(arc, 7, shine)

    def _soft(self, x: float, y: float, w: float, h: float, paint: Colour, alpha: float) -> None:
        half = 2.2
        size = (int(w * 2 * half * SCALE), int(h * 2 * half * SCALE))
        across = np.linspace(-half, half, size[0], dtype=np.float32)[None, :]
        down = np.linspace(-half, half, size[1], dtype=np.float32)[:, None]
        mask = np.exp(-(across**2 + down**2)) * alpha * 255
        patch = Image.new("RGBA", size, rgb(paint))
        patch.putalpha(Image.fromarray(mask.astype(np.uint8)))
        corner = (int((x - w * half) * SCALE), int((y - h * half) * SCALE))
        self.image.alpha_composite(patch, corner)
        self.pen = ImageDraw.Draw(self.image)

    def _shading(self) -> None:
        """Light from the upper left, darkness below, within the silhouette."""
        alpha = np.asarray(self.image.getchannel("A"), dtype=np.float32) / 255
        height, width = alpha.shape
        y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
        x = np.linspace(0, 1, width, dtype=np.float32)[None, :]
        fall = np.clip((y - 0.42) * 0.75, 0, 0.42) + np.clip((x - 0.45) * 0.3, 0, 0.14)
        shade = Image.new("RGBA", self.image.size, rgb(self.paints.ramp(0.0) * np.float32(0.4)))
        shade.putalpha(Image.fromarray((fall * alpha * 255).astype(np.uint8)))
        self.image.alpha_composite(shade)
        edge = self.image.getchannel("A").filter(ImageFilter.GaussianBlur(7))
        rim = np.clip(
            alpha - np.roll(np.asarray(edge, dtype=np.float32) / 255, (9, 9), (0, 1)), 0, 1
        )
        glow = Image.new("RGBA", self.image.size, rgb(self.trim))
        glow.putalpha(Image.fromarray((rim * 150 * (1 - y * 0.8)).astype(np.uint8)))
        self.image.alpha_composite(glow)


def smooth(points: Sequence[Point], steps: int = 12) -> list[Point]:
    """Return a closed Catmull-Rom curve through the points, as a polygon."""
    curve: list[Point] = []
    count = len(points)
    for i in range(count):
        a, b, c, d = (points[(i + k) % count] for k in (-1, 0, 1, 2))
        for step in range(steps):
            t = step / steps
            curve.append((_spline(a[0], b[0], c[0], d[0], t), _spline(a[1], b[1], c[1], d[1], t)))
    return curve


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )
