"""Backgrounds: a place, its time of day and its weather."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image

from comfyvn.drivers.painter.finish import Lighting, finished
from comfyvn.drivers.painter.light import light_of
from comfyvn.drivers.painter.outdoors import OUTSIDE
from comfyvn.drivers.painter.paint import Dice, Paints
from comfyvn.drivers.painter.rooms import draw_room
from comfyvn.drivers.painter.scene import Scene
from comfyvn.drivers.painter.sheet import Sheet
from comfyvn.drivers.painter.sky import weathered
from comfyvn.drivers.painter.words import Things

SIZE = (1920, 1080)


def draw_scenery(
    paints: Paints,
    name: str,
    kind: str,
    time: str,
    weather: str,
    things: Things,
    brought: Sequence[str] = (),
) -> Image.Image:
    """Draw a place; it is laid out alike at every time and in every weather.

    `kind` is a key of `OUTSIDE` or of a room; `brought` are the things that its time or weather
    brings.
    """
    light = light_of(paints, time, weather)
    outside = OUTSIDE.get(kind)
    scene = Scene(
        Sheet(*SIZE, light.low),
        paints,
        light,
        Dice(name),
        Lighting(light.ambient if outside else light.indoors, fall=0.16),
        dict(things),
        frozenset(brought),
    )
    if outside:
        outside(scene)
    else:
        draw_room(scene, kind)
    image = finished(scene.sheet, scene.lighting)
    return weathered(image, light, Dice("weather")) if outside else image
