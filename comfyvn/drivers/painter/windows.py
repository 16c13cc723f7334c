"""Openings in walls, and what is seen through them."""

from __future__ import annotations

from comfyvn.drivers.painter.finish import Beam, Lamp
from comfyvn.drivers.painter.paint import Colour, Dice, darker, lighter, mix
from comfyvn.drivers.painter.scene import Box, Scene
from comfyvn.drivers.painter.shapes import Outline, arch, oval, rect, smooth

SUN_X = 1012.0
"""Where the sun or the moon stands, from the left of the picture, in pixels."""


def view(scene: Scene, box: Box, horizon: float = 0.66) -> None:
    """Fill a box with the outside: sky, far land, water or roofs; rain runs down the glass."""
    light, sheet = scene.light, scene.sheet
    shine = 245
    sheet.fade(rect(*box), light.top, light.low, shine)
    dice = Dice("view", str(round(box.width)))
    # There is one sun: it stands in the window that looks its way.
    x = SUN_X
    faces = box.x + 90 < x < box.right - 40
    if light.dull < 0.5 and light.time == "night":
        for _ in range(int(box.width * box.height / 9000)):
            sheet.oval(
                *box.at(dice.draw(), dice.draw(0, 0.5)), 1.6, 1.6, lighter(light.top, 0.6), shine
            )
        if box.height > 220 and faces:
            sheet.oval(x, box.y + box.height * 0.24, 24, 24, light.sun, shine)
    elif light.dull < 0.5 and box.height > 160 and faces:
        radius = 34 if light.time != "day" else 40
        y = horizon - 0.06 if light.time != "day" else 0.22
        sky = box.y + box.height * y
        sheet.over(oval(x, sky, radius * 2.1, radius * 2.1), light.sun, 0.25)
        sheet.oval(x, sky, radius, radius, light.sun, shine)
    far, near = mix(light.haze, light.top, 0.55), mix(light.top, scene.paints.ramp(0.1), 0.5)
    hills = smooth(
        [
            box.at(0, horizon - 0.02),
            box.at(0.2, horizon - 0.1),
            box.at(0.42, horizon - 0.05),
            box.at(0.7, horizon - 0.14),
            box.at(1, horizon - 0.04),
        ],
        6,
        closed=False,
    )
    sheet.poly([*hills, box.at(1, 1), box.at(0, 1)], far, shine)
    if scene.said("sea"):
        sheet.fade(
            rect(box.x, box.y + box.height * horizon, box.width, box.height * (1 - horizon)),
            mix(far, light.low, 0.35),
            near,
            shine,
        )
        for _ in range(7):
            x, y = box.at(dice.draw(0, 0.9), dice.draw(horizon + 0.05, 0.96))
            sheet.rect(
                x, y, min(box.width * 0.12, box.right - x), 2, mix(near, light.low, 0.5), shine
            )
    else:
        for k in range(5):
            w = 0.24
            sheet.rect(
                *box.part(
                    k * 0.2,
                    horizon + 0.06 + 0.08 * ((k * 7) % 3),
                    min(w, 1 - k * 0.2),
                    1 - horizon - 0.06 - 0.08 * ((k * 7) % 3),
                ),
                mix(near, far, 0.3 * ((k * 5) % 3)),
                shine,
            )
    if light.weather in {"rain", "storm"}:
        pale = lighter(light.haze, 0.35)
        count = int(box.width * box.height / (1500 if light.weather == "storm" else 2800))
        lean = 0.45 if light.weather == "storm" else 0.12
        for _ in range(count):
            x, y = box.at(dice.draw(0.04, 0.96), dice.draw(0.0, 0.86))
            length = min(dice.draw(18, 60), box.foot - y)
            left = max(x - length * lean, box.x)
            sheet.line(
                [(x, y), (left, y + length)],
                dice.draw(1.0, 2.2),
                mix(pale, light.haze, dice.draw()),
                shine,
            )
    elif light.weather == "snow":
        for _ in range(int(box.width * box.height / 2200)):
            size = dice.draw(1.5, 4.5)
            sheet.oval(
                *box.at(dice.draw(0.02, 0.98), dice.draw(0.02, 0.98)),
                size,
                size,
                lighter(light.haze, 0.7),
                shine,
            )
    elif light.weather == "fog":
        sheet.over(rect(*box), lighter(light.haze, 0.3), 0.5)


def daylight(scene: Scene, box: Box, floor: float, strength: float = 1.0) -> None:
    """Let an opening's light into the room: a glow about it, and a slanted beam."""
    light = scene.light
    share = {"day": 0.55, "dawn": 0.75, "dusk": 0.4, "night": 0.2}[light.time] * (
        1 - 0.45 * light.dull
    )
    paint = mix(light.low, light.sun, 0.4) if light.dull < 0.5 else light.low
    scene.lighting.lamps.append(
        Lamp(
            *box.at(0.5, 0.5),
            max(box.width, box.height) * 0.85,
            paint,
            share * 0.75 * strength,
            0.12 * strength,
        )
    )
    if light.dull < 0.5 and light.time in {"dawn", "day", "dusk"}:
        scene.lighting.beams.append(
            Beam(
                box.x,
                box.width * 0.9,
                box.y + box.height * 0.2,
                floor + 330,
                0.42,
                paint,
                share * 0.55 * strength,
            )
        )


def window(
    scene: Scene, box: Box, frame: Colour, *, panes: tuple[int, int] = (2, 3), arched: bool = False
) -> None:
    """Draw a window with glazing bars, a deep frame and a sill."""
    sheet = scene.sheet
    outer: Outline = [box.at(0, 0)]
    grow = 16
    big = Box(box.x - grow, box.y - grow, box.width + 2 * grow, box.height + 2 * grow)
    outer = arch(*big) if arched else rect(*big)
    sheet.poly(outer, lighter(frame, 0.16))
    view(scene, box)
    if arched:
        _corners(scene, box, lighter(frame, 0.16))
    for column in range(1, panes[0]):
        sheet.rect(box.x + box.width * column / panes[0] - 4, box.y, 8, box.height, frame)
    for row in range(1, panes[1]):
        sheet.rect(box.x, box.y + box.height * row / panes[1] - 4, box.width, 8, frame)
    sheet.rect(box.x, box.y, box.width, 5, darker(frame, 0.45))
    sheet.rect(box.x, box.y, 5, box.height, darker(frame, 0.45))
    sheet.rect(big.x - 14, big.foot - 6, big.width + 28, 16, lighter(frame, 0.32))


def _corners(scene: Scene, box: Box, paint: Colour) -> None:
    """Cover what an arch leaves of its box's upper corners."""
    shape = arch(*box)[:17]
    left = [point for point in shape if point[0] <= box.middle + 1]
    right = [point for point in shape if point[0] >= box.middle - 1]
    scene.sheet.poly([(box.x - 1, box.y - 1), *reversed(left)], paint)
    scene.sheet.poly([*right, (box.right + 1, box.y - 1)][::-1], paint)


def hatch(scene: Scene, box: Box, frame: Colour) -> None:
    """Draw a glazed hatch: small panes over a counter that serves what is outside."""
    sheet = scene.sheet
    sheet.rect(box.x - 26, box.y - 30, box.width + 52, box.height + 44, frame)
    sheet.rect(box.x - 26, box.y - 30, box.width + 52, 8, lighter(frame, 0.3))
    sheet.rect(box.x - 26, box.y - 30, 8, box.height + 44, lighter(frame, 0.14))
    view(scene, box)
    for column in range(1, 4):
        sheet.rect(box.x + box.width * column / 4 - 5, box.y, 10, box.height, darker(frame, 0.12))
    sheet.rect(box.x, box.y + box.height * 0.3 - 5, box.width, 10, darker(frame, 0.12))
    sheet.rect(box.x, box.y, box.width, 6, darker(frame, 0.5))
    # The sash over the counter is up: its lower edge hangs in the opening.
    sheet.rect(box.x, box.y + box.height * 0.62, box.width, 14, lighter(frame, 0.12))
    sheet.rect(box.x - 52, box.foot + 4, box.width + 104, 26, lighter(frame, 0.24))
    sheet.rect(box.x - 52, box.foot + 30, box.width + 104, 8, darker(frame, 0.35))


def stained(scene: Scene, box: Box) -> None:
    """Draw a stained-glass window."""
    sheet = scene.sheet
    stone = scene.hue((), "#8d8a83")
    sheet.poly(arch(box.x - 14, box.y - 14, box.width + 28, box.height + 28), lighter(stone, 0.12))
    sheet.poly(arch(*box), darker(stone, 0.7))
    tones = ("#3f6a94", "#b8433a", "#d3a74a", "#4f7a5c", "#6f5a95")
    rows = 7
    for row in range(rows):
        for column in range(3):
            cell = box.part(0.06 + column * 0.31, 0.2 + row * 0.11, 0.27, 0.095)
            dim = 0.55 if scene.light.time == "night" else 0.1
            sheet.rect(*cell, darker(scene.hue((), tones[(row * 2 + column * 3) % 5]), dim), 190)
    sheet.oval(*box.at(0.5, 0.14), box.width * 0.22, box.width * 0.22, scene.hue((), tones[2]), 190)
    daylight(scene, box, box.foot + 200, 0.6)
