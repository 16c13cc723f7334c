"""What every landscape begins with: the sky, and ridges of land in planes."""

from __future__ import annotations

from comfyvn.drivers.painter.paint import Colour
from comfyvn.drivers.painter.scene import Scene
from comfyvn.drivers.painter.shapes import Outline, smooth
from comfyvn.drivers.painter.sky import draw_sky

WIDTH, HEIGHT = 1920.0, 1080.0


def open_sky(scene: Scene, horizon: float) -> None:
    """Draw the sky down to a horizon, and let its sun or moon shine."""
    scene.lighting.lamps += draw_sky(
        scene.sheet, scene.light, scene.dice, (0, 0, WIDTH, horizon + 60)
    )


def ridge(scene: Scene, base: float, height: float, heads: int) -> Outline:
    """Return the upper line of hills, from left to right."""
    dice = scene.dice
    points = [(-40.0, base - height * dice.draw(0.1, 0.7))]
    for n in range(heads * 2):
        up = dice.draw(0.55, 1.0) if n % 2 == 0 else dice.draw(0.0, 0.35)
        points.append((WIDTH * (n + dice.draw(0.3, 0.9)) / (heads * 2), base - height * up))
    points.append((WIDTH + 40, base - height * dice.draw(0.1, 0.7)))
    return smooth(points, 8, closed=False)


def draw_land(
    scene: Scene, line: Outline, top: Colour, foot: Colour, bottom: float = HEIGHT
) -> None:
    """Fill everything below a line."""
    scene.sheet.fade([*line, (WIDTH + 40, bottom), (-40, bottom)], top, foot)
