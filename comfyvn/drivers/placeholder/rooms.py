"""Placeholder interiors: a wall, a window with the view, furniture, a lamp."""

from __future__ import annotations

import numpy as np

from comfyvn.drivers.placeholder.canvas import Canvas
from comfyvn.drivers.placeholder.paint import Colour, Dice, Paints, mix

FLOOR = 0.8


def draw_room(
    canvas: Canvas, view: Canvas, paints: Paints, shade: float, night: bool, dice: Dice, name: str
) -> None:
    """Paint a room around a view from its window; `shade` is how light the day is, 0 to 1."""
    deep = paints.ramp(0.0) * np.float32(0.42 + 0.35 * shade)
    wall = mix(deep, paints.ramp(0.5), 0.16 + 0.3 * shade)
    canvas.gradient(mix(wall, deep, 0.45), wall, 0.8)
    panel = 0.57
    canvas.box(0, panel, 1, 1 - panel, mix(wall, deep, 0.35))
    canvas.box(0, panel, 1, 0.006, mix(wall, paints.ramp(1.0), 0.16))
    for board in range(1, 16):
        canvas.box(board / 16, panel + 0.012, 0.0012, FLOOR - panel, deep, 0.35)
    left = dice.draw() < 0.5
    x = dice.draw(0.12, 0.2) if left else dice.draw(0.38, 0.46)
    _window(canvas, view, x, 0.13, mix(wall, paints.ramp(1.0), 0.24), deep)
    canvas.below(
        np.full_like(canvas.x, FLOOR), mix(wall, deep, 0.55), mix(deep, wall * np.float32(0.4), 0.3)
    )
    day = view.pixels[view.height // 3].mean(axis=0)
    _beam(canvas, x, mix(day, paints.text, 0.25), 0.30 * (0.35 if night else 1))
    _furniture(canvas, paints, dice, name, deep, wall, 0.68 if left else 0.06)
    if shade < 0.5:
        _lamp(canvas, paints, dice.draw(0.62, 0.74) if left else dice.draw(0.2, 0.3), deep)


def _window(canvas: Canvas, view: Canvas, x: float, y: float, frame: Colour, deep: Colour) -> None:
    width, height = view.width / canvas.width, view.height / canvas.height
    canvas.box(x - 0.014, y - 0.022, width + 0.028, height + 0.044, mix(frame, deep, 0.35))
    canvas.paste(view, x, y)
    for pane in (1, 2):
        canvas.box(x + width * pane / 3 - 0.004, y, 0.008, height, frame)
    canvas.box(x, y + height * 0.36, width, 0.011, frame)
    canvas.box(x - 0.026, y + height + 0.014, width + 0.052, 0.02, mix(frame, deep, 0.15))


def _beam(canvas: Canvas, x: float, light: Colour, alpha: float) -> None:
    """Let the window's light fall on the floor, slanting away from it."""
    lean = (canvas.y - FLOOR) * 0.55
    across = canvas.x - x - lean
    inside = np.clip(np.minimum(across, 0.45 - across) * 18, 0, 1)
    depth = np.clip((canvas.y - FLOOR) * 60, 0, 1) * np.clip(1.15 - (canvas.y - FLOOR) * 4.5, 0, 1)
    canvas.over(np.asarray(inside * depth * alpha, dtype=np.float32), light)


def _furniture(
    canvas: Canvas, paints: Paints, dice: Dice, name: str, deep: Colour, wall: Colour, x: float
) -> None:
    if any(word in name for word in ("hall", "corridor", "stair")):
        _door(canvas, x + 0.06, deep, wall, paints)
    elif any(word in name for word in ("kitchen", "tea", "cafe", "bar")):
        _counter(canvas, paints, dice, deep, wall, x)
    else:
        _shelves(canvas, paints, dice, deep, wall, x)
    canvas.box(0.3, 0.865, 0.42, 0.02, mix(deep, wall, 0.3))
    canvas.box(0.315, 0.885, 0.39, 0.2, mix(deep, wall, 0.1))
    canvas.box(0.30, 0.862, 0.42, 0.004, mix(wall, paints.ramp(1.0), 0.25), 0.6)


def _shelves(
    canvas: Canvas, paints: Paints, dice: Dice, deep: Colour, wall: Colour, x: float
) -> None:
    canvas.box(x, 0.14, 0.27, FLOOR - 0.14 + 0.02, mix(deep, wall, 0.22))
    for shelf in range(4):
        y = 0.17 + shelf * 0.16
        canvas.box(x + 0.01, y, 0.25, 0.135, deep)
        place = x + 0.016
        while place < x + 0.245:
            width, height = dice.draw(0.006, 0.03), dice.draw(0.05, 0.115)
            width = min(width, x + 0.258 - place)
            thing = mix(paints.ramp(dice.draw(0.1, 0.9)), deep, dice.draw(0.45, 0.8))
            if dice.draw() < 0.82:
                canvas.box(place, y + 0.135 - height, width, height, thing)
            place += width + 0.002
    canvas.box(x, 0.14, 0.27, 0.005, mix(wall, paints.ramp(1.0), 0.25), 0.6)


def _counter(
    canvas: Canvas, paints: Paints, dice: Dice, deep: Colour, wall: Colour, x: float
) -> None:
    canvas.box(x, 0.6, 0.27, FLOOR - 0.58, mix(deep, wall, 0.3))
    canvas.box(x - 0.01, 0.59, 0.29, 0.018, mix(wall, paints.ramp(1.0), 0.2))
    for cup in range(6):
        high = dice.draw(0.03, 0.08)
        paint = mix(paints.ramp(dice.draw(0.3, 1)), deep, 0.4)
        canvas.box(x + 0.02 + cup * 0.04, 0.59 - high, 0.022, high, paint)
    for rail in range(5):
        length = dice.draw(0.06, 0.13)
        canvas.box(x + 0.03 + rail * 0.05, 0.24, 0.003, length, mix(deep, wall, 0.1))
        canvas.disc(x + 0.0315 + rail * 0.05, 0.24 + length, 0.026, mix(deep, wall, 0.1))
    canvas.box(x, 0.235, 0.27, 0.006, mix(wall, paints.ramp(1.0), 0.2))


def _door(canvas: Canvas, x: float, deep: Colour, wall: Colour, paints: Paints) -> None:
    canvas.box(x - 0.012, 0.19, 0.174, FLOOR - 0.19, mix(wall, paints.ramp(1.0), 0.14))
    canvas.box(x, 0.21, 0.15, FLOOR - 0.21, mix(deep, wall, 0.25))
    for panel in (0.24, 0.53):
        canvas.box(x + 0.025, panel, 0.1, 0.24, deep, 0.5)
    canvas.disc(x + 0.132, 0.52, 0.009, paints.accent, 0.8)


def _lamp(canvas: Canvas, paints: Paints, x: float, deep: Colour) -> None:
    warm = mix(paints.accent, paints.text, 0.3)
    canvas.box(x - 0.0012, 0, 0.0024, 0.2, deep)
    canvas.glow(x, 0.26, 0.55, mix(warm, paints.accent, 0.5), 0.3)
    canvas.glow(x, 0.25, 0.16, warm, 0.55)
    inside = 0.008 + (canvas.y - 0.195) * 0.8 - np.abs(canvas.x - x)
    rows = np.clip(np.minimum(canvas.y - 0.195, 0.242 - canvas.y) * canvas.height + 0.5, 0, 1)
    canvas.over(np.clip(inside * canvas.width, 0, 1) * rows, mix(deep, warm, 0.45))
    canvas.disc(x, 0.246, 0.014, mix(warm, np.ones(3, dtype=np.float32), 0.5))
