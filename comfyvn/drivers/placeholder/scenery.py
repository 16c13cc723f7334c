"""Placeholder backgrounds: a place, its time of day and its weather in flat, layered shapes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from comfyvn.drivers.placeholder.canvas import Canvas
from comfyvn.drivers.placeholder.paint import Colour, Dice, Paints, mix, rgb, spaced
from comfyvn.drivers.placeholder.rooms import draw_room


class Light(NamedTuple):
    """The light of a time of day."""

    top: float
    """Where on the palette's ramp the top of the sky is; `low`: its foot."""
    low: float
    warm: float
    """How much of the accent colour is in the foot of the sky."""
    shade: float
    """How light things on the ground are, 0 to 1."""
    sun: float | None
    """Height of the sun or moon as a part of the picture, or none."""
    night: bool = False


LIGHTS = {
    "dawn": Light(0.38, 0.95, 0.45, 0.55, 0.56),
    "day": Light(0.60, 1.00, 0.08, 0.90, 0.20),
    "dusk": Light(0.16, 0.80, 0.65, 0.36, 0.54),
    "evening": Light(0.06, 0.48, 0.32, 0.24, None, True),
    "night": Light(0.00, 0.30, 0.05, 0.14, 0.19, True),
}
TIMES = {
    "dawn": "dawn daybreak sunrise early before_light first",
    "day": "day morning noon midday afternoon daytime late_morning",
    "dusk": "dusk sunset twilight late_afternoon golden",
    "evening": "evening late nightfall",
    "night": "night midnight small hours dark",
}
WEATHERS = {
    "rain": "rain drizzle rainy storm downpour shower sleet thunder",
    "snow": "snow snowy blizzard",
    "fog": "fog mist foggy haze smoke",
    "cloud": "cloud clouds cloudy overcast grey gray wind",
}
SETTINGS = {
    "interior": "interior inside room office house home kitchen hall hallway corridor shelves "
    "library bedroom cafe bar shop classroom lab laboratory wheelhouse cabin archive store "
    "storeroom studio church theatre attic cellar stairwell stairs workshop clinic ward museum "
    "piano lounge waiting tearoom bathroom",
    "sea": "sea coast harbour harbor bay ferry dock pier boat beach lighthouse quay mooring "
    "moorings jetty shore slipway island water river lake canal port deck",
    "street": "street city town roof rooftop alley market square station platform bridge road "
    "yard plaza courtyard downtown",
    "wood": "forest wood woods park garden grove orchard trail nature path",
}


def draw_scenery(
    paints: Paints, subject: str, label: str, traits: Sequence[str], setting: str
) -> Image.Image:
    """Draw a place at a time and in a weather; the place looks the same at every time."""
    light = LIGHTS[_named(TIMES, traits) or "day"]
    weather = _named(WEATHERS, traits)
    kind = _named(SETTINGS, [setting]) or _named(SETTINGS, [subject, label]) or "hills"
    canvas = Canvas(960, 540)
    if kind == "interior":
        view = Canvas(430, 300)
        outside(view, paints, light, Dice(subject, "view"), "sea", weather)
        draw_room(canvas, view, paints, light.shade, light.night, Dice(subject), subject)
    else:
        outside(canvas, paints, light, Dice(subject), kind, weather)
    canvas.vignette(0.42)
    image = canvas.image(2)
    pen = ImageDraw.Draw(image)
    caption = " · ".join([label, *(trait.replace("_", " ") for trait in traits)])
    # A screen of 4:3 shows the middle 1440 of 1920.
    spaced(pen, (1650, 66), caption, 17, rgb(paints.text, 0.5), anchor="right")
    return image.convert("RGB")


def outside(
    canvas: Canvas, paints: Paints, light: Light, dice: Dice, kind: str, weather: str | None
) -> None:
    """Paint an open view."""
    dull = 0.55 if weather in {"rain", "fog", "cloud", "snow"} else 0.0
    foot = mix(paints.ramp(light.low), paints.accent, light.warm * (1 - dull))
    top = paints.ramp(light.top)
    if light.night:
        top = top * np.float32(0.62)
    grey = mix(top, foot, 0.5)
    canvas.gradient(mix(top, grey, dull * 0.8), mix(foot, grey, dull * 0.6), 0.72)
    _heavens(canvas, paints, light, dice, foot, clear=not dull)
    ground = paints.ramp(0.0) * np.float32(0.35 + 0.5 * light.shade)
    painter = {"sea": _sea, "street": _street, "wood": _wood}.get(kind, _hills)
    painter(canvas, paints, light, dice, foot, ground)
    _weather(canvas, foot, weather)


def _heavens(
    canvas: Canvas, paints: Paints, light: Light, dice: Dice, foot: Colour, *, clear: bool
) -> None:
    x = dice.draw(0.22, 0.78)
    if light.night and clear:
        for _ in range(90):
            bright = dice.draw(0.12, 0.75)
            canvas_x, canvas_y = dice.draw(), dice.draw(0, 0.5)
            _star(canvas, canvas_x, canvas_y, paints.text, bright)
    if light.sun is not None:
        lamp = mix(paints.ramp(1.0), paints.text, 0.6)
        canvas.glow(x, light.sun, 0.5, mix(foot, lamp, 0.5), 0.5 if clear else 0.3)
        if clear:
            canvas.glow(x, light.sun, 0.13, lamp, 0.55)
            canvas.disc(x, light.sun, 0.045 if light.night else 0.055, lamp, 0.95)
    for layer in range(3):
        line = canvas.ridge(dice, 0.16 + 0.12 * layer, 0.025, 0.7)
        depth = np.abs(canvas.y - line)
        veil = np.exp(-((depth / (0.018 + 0.012 * layer)) ** 2))
        fade = 0.5 + 0.5 * np.sin(canvas.x * dice.draw(3, 6) + dice.draw(0, 6.28))
        canvas.over(np.asarray(veil * fade * 0.2, dtype=np.float32), mix(foot, paints.text, 0.3))


def _star(canvas: Canvas, x: float, y: float, paint: Colour, alpha: float) -> None:
    row, column = int(y * canvas.height), int(x * canvas.width)
    spot = canvas.pixels[row, column]
    spot += (paint - spot) * np.float32(alpha)


def _hills(
    canvas: Canvas, paints: Paints, light: Light, dice: Dice, foot: Colour, ground: Colour
) -> None:
    for layer, base in enumerate((0.56, 0.66, 0.77, 0.9)):
        near = (layer + 1) / 4
        line = canvas.ridge(dice, base, 0.075 - 0.012 * layer, 0.8 + 0.3 * layer)
        paint = mix(foot, ground, 0.35 + 0.6 * near)
        canvas.below(line, paint, mix(paint, ground, 0.5))


def _sea(
    canvas: Canvas, paints: Paints, light: Light, dice: Dice, foot: Colour, ground: Colour
) -> None:
    far = canvas.ridge(dice, 0.585, 0.045, 0.5) + np.maximum(
        0, np.abs(canvas.x - dice.draw(0.1, 0.9)) * 0.3 - 0.07
    )
    canvas.below(
        np.minimum(far, 0.62).astype(np.float32), mix(foot, ground, 0.5), mix(foot, ground, 0.6)
    )
    water = mix(foot, ground, 0.38)
    level = np.full_like(canvas.x, 0.6)
    canvas.below(level, water, mix(paints.ramp(0.12), ground, 0.65))
    if light.sun is not None:
        canvas.glow(0.5, 0.62, 0.22, mix(foot, paints.text, 0.4), 0.22)
    for _ in range(70):
        depth = dice.draw() ** 1.6
        length = 0.02 + 0.1 * depth
        canvas.box(
            dice.draw(-0.05, 1), 0.605 + 0.36 * depth, length, 0.0016 + 0.002 * depth,
            mix(foot, paints.text, 0.3), 0.10 + 0.16 * (1 - depth),
        )  # fmt: skip
    deck = 0.9
    canvas.below(np.full_like(canvas.x, deck), mix(ground, foot, 0.12), ground)
    for post in range(3):
        x = dice.draw(0.05, 0.28) + post * 0.3
        canvas.box(x, deck - 0.085, 0.016, 0.1, ground)
        canvas.box(x - 0.003, deck - 0.09, 0.022, 0.01, mix(ground, foot, 0.3))
    if light.night:
        x = dice.draw(0.7, 0.9)
        canvas.glow(x, 0.56, 0.1, paints.accent, 0.55)
        canvas.disc(x, 0.56, 0.006, mix(paints.accent, paints.text, 0.5))


def _street(
    canvas: Canvas, paints: Paints, light: Light, dice: Dice, foot: Colour, ground: Colour
) -> None:
    for layer in range(3):
        near = (layer + 1) / 3
        paint = mix(foot, ground, 0.35 + 0.55 * near)
        x = -0.02
        while x < 1:
            width = dice.draw(0.05, 0.11) * (1 + 0.5 * layer)
            top = dice.draw(0.34, 0.56) + 0.08 * layer
            canvas.box(x, top, width, 1 - top, paint)
            if dice.draw() < 0.4:
                canvas.box(x + width * 0.3, top - 0.04, width * 0.1, 0.05, paint)
            for _ in range(int(dice.draw(2, 8)) if layer else 0):
                lit = light.night or (light.warm > 0.4 and dice.draw() < 0.5)
                pane = mix(paints.accent, paints.text, 0.2) if lit else mix(paint, foot, 0.3)
                column = x + width * (0.14 + 0.22 * int(dice.draw(0, 4)))
                canvas.box(
                    column, top + 0.04 + 0.06 * int(dice.draw(0, 6)), width * 0.11, 0.026,
                    pane, 0.85 if lit else 0.6,
                )  # fmt: skip
            x += width + dice.draw(0, 0.012)
    canvas.below(np.full_like(canvas.x, 0.88), mix(ground, foot, 0.1), ground)


def _wood(
    canvas: Canvas, paints: Paints, light: Light, dice: Dice, foot: Colour, ground: Colour
) -> None:
    _hills(canvas, paints, light, dice, foot, mix(ground, foot, 0.2))
    for layer in range(3):
        near = (layer + 1) / 3
        paint = mix(foot, ground, 0.45 + 0.5 * near)
        for _ in range(9 - 2 * layer):
            x, trunk = dice.draw(), 0.006 + 0.01 * layer
            canvas.box(x, 0.2, trunk, 0.8, paint)
            for _ in range(5):
                canvas.disc(
                    x + dice.draw(-0.05, 0.06), dice.draw(-0.02, 0.3), dice.draw(0.05, 0.11), paint
                )
    canvas.below(canvas.ridge(dice, 0.9, 0.015), mix(ground, foot, 0.08), ground)


def _weather(canvas: Canvas, foot: Colour, weather: str | None) -> None:
    dice = Dice("weather")
    pale = mix(foot, np.ones(3, dtype=np.float32), 0.45)
    if weather == "fog":
        for layer in range(4):
            line = canvas.ridge(dice, 0.5 + 0.12 * layer, 0.04, 0.5)
            band = np.exp(-(((canvas.y - line) / 0.11) ** 2)) * 0.42
            canvas.over(np.asarray(band, dtype=np.float32), pale)
    elif weather == "rain":
        slant = canvas.x * canvas.width + canvas.y * canvas.height * 0.16
        for spread, speed, alpha in ((17, 0.9, 0.10), (29, 0.6, 0.14), (53, 0.4, 0.16)):
            column = np.floor(slant / 1.5)
            chance = np.mod(np.sin(column * 12.9898 + spread) * 43758.5453, 1)
            length = np.mod(canvas.y * (2.2 * speed) + chance * 7, 1)
            drop = (chance < 0.055) & (length < 0.16)
            canvas.over(np.asarray(drop * alpha, dtype=np.float32), pale)
    elif weather == "snow":
        for _ in range(160):
            size = dice.draw(0.0015, 0.005)
            canvas.disc(dice.draw(), dice.draw(), size, pale, dice.draw(0.3, 0.9))


def _named(table: dict[str, str], names: Iterable[str]) -> str | None:
    """Return the key whose words a name holds."""
    found = set(re.split(r"[\W_]+", " ".join(names).casefold()))
    return next((key for key, known in table.items() if found & set(known.split())), None)
