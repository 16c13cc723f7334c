"""The painter: pictures by arithmetic from what the sources say, with no model and no network.

Scenery with the light of its time and weather, characters as cut-paper figures, full-screen
pictures, props. The same brief gives the same bytes with the same Pillow and numpy.
"""

from __future__ import annotations

import io
from typing import Any, TypedDict

VERSION = 6
"""Raised when the painting changes; the rule `draw` has the same, so that all is painted again."""


class Brief(TypedDict):
    """What to paint: exactly what the painter uses of the sources, so that it can key a cache.

    `of` is a `Place`, a `Figure`, a `Picture` or a `Prop`, by its `kind`: `background`, `sprite`,
    `picture`, or `prop` and `image`. Of the palette there is what pictures take from it.
    """

    kind: str
    of: dict[str, Any]
    palette: dict[str, object]


PALETTE = ("scenery", "text", "accent")
"""What of a theme's palette is in pictures."""


def draw(brief: Brief) -> bytes:
    """Paint a picture, as WebP.

    Backgrounds and pictures are 1920×1080; sprites 840×1200 and props 480×480 on transparent
    ground.
    """
    # Most builds paint nothing, and these bring numpy and Pillow.
    from comfyvn.drivers.painter.figure import draw_figure
    from comfyvn.drivers.painter.paint import palette_of
    from comfyvn.drivers.painter.picture import draw_picture
    from comfyvn.drivers.painter.prop import draw_prop
    from comfyvn.drivers.painter.scenery import draw_scenery

    paints, of = palette_of(brief["palette"]), brief["of"]
    match brief["kind"]:
        case "background":
            image = draw_scenery(paints, **of)
        case "sprite":
            image = draw_figure(paints, of)  # type: ignore[arg-type]
        case "picture":
            image = draw_picture(paints, of)  # type: ignore[arg-type]
        case _:
            image = draw_prop(paints, **of)
    data = io.BytesIO()
    image.save(data, "WEBP", quality=80, method=4, exact=False)
    return data.getvalue()
