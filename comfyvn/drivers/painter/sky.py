"""Skies, and the weather between the picture and who looks at it."""

from __future__ import annotations

from PIL import Image, ImageDraw

from comfyvn.drivers.painter.finish import Lamp
from comfyvn.drivers.painter.light import Light
from comfyvn.drivers.painter.paint import WHITE, Colour, Dice, ink, lighter, mix
from comfyvn.drivers.painter.shapes import Outline, oval, rect, smooth
from comfyvn.drivers.painter.sheet import FINE, Sheet

SHINES = 255


def draw_sky(
    sheet: Sheet, light: Light, dice: Dice, box: tuple[float, float, float, float]
) -> list[Lamp]:
    """Fill a box with sky: its colours, stars, sun or moon, clouds in paper; it shines by itself.

    Returns the lamp that the sun or the moon is.
    """
    x, y, width, height = box
    sheet.fade(rect(x, y, width, height), light.top, light.low, SHINES)
    lamps: list[Lamp] = []
    if light.dull < 0.5:
        if light.time == "night":
            for _ in range(int(70 * width / 1920)):
                size = dice.draw(0.7, 2.2)
                paint = mix(light.top, WHITE, dice.draw(0.3, 0.85))
                sheet.oval(
                    x + dice.draw() * width,
                    y + dice.draw(0, 0.7) * height,
                    size,
                    size,
                    paint,
                    SHINES,
                )
        sun = (x + width * dice.draw(0.56, 0.7), y + height * min(light.height * 1.5, 0.82))
        radius = (44 if light.time == "night" else 62) * min(height / 640, 1.0)
        lamps.append(Lamp(*sun, 340 * min(height / 640, 1), light.sun, 0.25, 0.3))
        for ring, share in ((2.6, 0.12), (1.7, 0.2)):
            sheet.over(oval(*sun, radius * ring, radius * ring), light.sun, share)
        sheet.oval(*sun, radius, radius, light.sun, SHINES)
        if light.time == "night":
            sheet.oval(
                sun[0] + radius * 0.42,
                sun[1] - radius * 0.16,
                radius * 0.82,
                radius * 0.82,
                mix(light.top, light.low, 0.35),
                SHINES,
            )
    _clouds(sheet, light, dice, box)
    return lamps


def _clouds(sheet: Sheet, light: Light, dice: Dice, box: tuple[float, float, float, float]) -> None:
    x, y, width, height = box
    layers = 3 if light.dull < 0.5 else 5
    lit = lighter(mix(light.low, light.sun, 0.5), 0.12 if light.time != "night" else 0.02)
    for layer in range(layers):
        depth = layer / layers
        high = y + height * (0.1 + 0.6 * depth)
        paint = mix(mix(light.top, light.low, 0.25 + 0.65 * depth), lit, 0.3)
        if light.weather == "storm":
            paint = mix(mix(light.top, light.low, 0.5 * depth), light.top, 0.3)
        count = 2 if light.dull < 0.5 else 4
        for _ in range(count):
            cloud = _cloud(
                x + dice.draw(-0.05, 1.0) * width,
                high + dice.draw(-0.06, 0.06) * height,
                width * dice.draw(0.16, 0.34) * (1.5 if light.dull else 1),
                height * dice.draw(0.045, 0.085) * (1.7 if light.dull else 1),
                dice,
            )
            inside = [(min(max(px, x), x + width), min(max(py, y), y + height)) for px, py in cloud]
            sheet.over(inside, paint, 0.8)


def _cloud(x: float, y: float, width: float, height: float, dice: Dice) -> Outline:
    """Return a long flat cloud with a few soft heads."""
    heads = [(x - width / 2, y)]
    for step in range(1, 7):
        t = step / 7
        heads.append(
            (
                x + (t - 0.5) * width,
                y - height * (dice.draw(0.35, 1.0) * (1 - (2 * t - 1) ** 2) + 0.1),
            )
        )
    heads += [
        (x + width / 2, y),
        (x + width * 0.2, y + height * 0.2),
        (x - width * 0.25, y + height * 0.16),
    ]
    return smooth(heads, 6)


def weathered(image: Image.Image, light: Light, dice: Dice) -> Image.Image:
    """Return the picture seen through rain, snow or fog."""
    pale = lighter(light.haze, 0.5)
    if light.weather in {"rain", "storm"}:
        return _rain(image, pale, dice, hard=light.weather == "storm")
    if light.weather == "snow":
        return _snow(image, mix(pale, WHITE, 0.5), dice)
    if light.weather == "fog":
        return _fog(image, lighter(light.haze, 0.2))
    return image


def _rain(image: Image.Image, paint: Colour, dice: Dice, *, hard: bool) -> Image.Image:
    mask = Image.new("L", (image.width * FINE, image.height * FINE))
    pen = ImageDraw.Draw(mask)
    lean = 0.32 if hard else 0.12
    for near, count, shade in ((0.4, 130, 46), (0.7, 90, 70), (1.0, 34, 96)):
        for _ in range(int(count * (1.7 if hard else 1))):
            x, y = dice.draw(-0.1, 1.2) * mask.width, dice.draw(-0.1, 1.0) * mask.height
            length = near * dice.draw(70, 150) * (1.5 if hard else 1)
            pen.line((x, y, x - length * lean, y + length), fill=shade, width=round(1 + 1.6 * near))
    image.paste(ink(paint)[:3], (0, 0), mask.reduce(FINE))
    return image


def _snow(image: Image.Image, paint: Colour, dice: Dice) -> Image.Image:
    mask = Image.new("L", (image.width * FINE, image.height * FINE))
    pen = ImageDraw.Draw(mask)
    for near, count in ((3, 240), (6, 110), (11, 34)):
        for _ in range(count):
            x, y = dice.draw() * mask.width, dice.draw() * mask.height
            size = near * dice.draw(0.7, 1.3)
            pen.ellipse((x - size, y - size, x + size, y + size), fill=round(dice.draw(110, 230)))
    image.paste(ink(paint)[:3], (0, 0), mask.reduce(FINE))
    return image


def _fog(image: Image.Image, paint: Colour) -> Image.Image:
    bands = [30, 70, 118, 150, 158, 138, 104, 78, 84, 96, 70, 44]
    mask = Image.new("L", (1, len(bands)))
    mask.putdata(bands)
    veil = mask.resize(image.size, Image.Resampling.BICUBIC)
    image.paste(ink(paint)[:3], (0, 0), veil)
    return image
