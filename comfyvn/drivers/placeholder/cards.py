"""Placeholder pictures and props: a mood, a frame, and in words what will be seen."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from comfyvn.drivers.placeholder.canvas import Canvas
from comfyvn.drivers.placeholder.paint import (
    Dice,
    Paints,
    legible,
    lettering,
    mix,
    rgb,
    spaced,
)


def draw_card(paints: Paints, subject: str, label: str, text: str) -> Image.Image:
    """Draw a full-screen picture as a card: soft light, a thin frame, the alt text."""
    dice = Dice(subject)
    canvas = Canvas(960, 540)
    canvas.gradient(paints.ramp(0.08) * np.float32(0.7), paints.ramp(0.3), 1.0)
    for _ in range(6):
        light = mix(paints.ramp(dice.draw(0.4, 1)), paints.accent, dice.draw(0, 0.6))
        canvas.glow(dice.draw(), dice.draw(0, 0.8), dice.draw(0.18, 0.5), light, 0.3)
    for layer in range(3):
        paint = mix(paints.ramp(0.3), paints.ramp(0.0) * np.float32(0.5), 0.3 + 0.3 * layer)
        canvas.below(canvas.ridge(dice, 0.74 + 0.09 * layer, 0.05), paint, paint)
    canvas.vignette(0.6)
    image = canvas.image(2)
    pen = ImageDraw.Draw(image)
    line = rgb(paints.text, 0.38)
    pen.rectangle((72, 72, 1847, 1007), outline=line, width=2)
    pen.rectangle((84, 84, 1835, 995), outline=rgb(paints.text, 0.16), width=1)
    spaced(pen, (960, 330), label, 24, rgb(paints.accent), anchor="middle", tracking=0.3)
    pen.line((900, 370, 1020, 370), fill=line, width=2)
    font = lettering("display", 58)
    rows = _wrap(legible(text), font, 1200)[:4]
    for row, words in enumerate(rows):
        pen.text((960, 455 + row * 74), words, font=font, fill=rgb(paints.text), anchor="ms")
    return image.convert("RGB")


def draw_prop(paints: Paints, subject: str, label: str) -> Image.Image:
    """Draw a prop as a small sealed tag on transparent ground."""
    size = 480
    image = Image.new("RGBA", (size, size))
    shadow = Image.new("RGBA", (size, size))
    ImageDraw.Draw(shadow).rounded_rectangle((90, 96, 390, 404), 28, fill=(0, 0, 0, 120))
    image.alpha_composite(shadow.filter(ImageFilter.GaussianBlur(14)))
    pen = ImageDraw.Draw(image)
    paper = mix(paints.ramp(1.0), paints.text, 0.55)
    ink = paints.ramp(0.0)
    pen.rounded_rectangle((90, 84, 390, 392), 28, fill=rgb(paper))
    pen.rounded_rectangle((104, 98, 376, 378), 20, outline=rgb(ink, 0.35), width=2)
    pen.ellipse((218, 116, 262, 160), fill=rgb(mix(paper, ink, 0.75)))
    turns = Dice(subject)
    points = [
        (
            240 + np.cos(step * 1.0472 + turns.draw(0, 0.2)) * 52,
            240 + np.sin(step * 1.0472) * turns.draw(30, 56),
        )
        for step in range(6)
    ]
    pen.polygon(points, fill=rgb(mix(paints.accent, ink, 0.15)))
    font = lettering("display", 40)
    for row, words in enumerate(_wrap(legible(label), font, 250)[:2]):
        pen.text((240, 336 + row * 36), words, font=font, fill=rgb(ink), anchor="ms")
    return image


def _wrap(text: str, font: object, width: float) -> list[str]:
    rows: list[str] = []
    for word in text.split():
        longer = f"{rows[-1]} {word}" if rows else word
        if rows and font.getlength(longer) <= width:  # type: ignore[attr-defined]
            rows[-1] = longer
        else:
            rows.append(word)
    return rows
