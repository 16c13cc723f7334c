"""Placeholder pictures, drawn from a theme's palette until there is art.

A placeholder is meant to be looked at for weeks: scenery with the light of its time of day,
characters as cut-paper busts with a face that shows the expression, cards for pictures. The same
brief gives the same bytes with the same Pillow.
"""

from __future__ import annotations

from typing import TypedDict

VERSION = 3
"""Raised when the drawing changes, so that drawn pictures are drawn again."""


class Brief(TypedDict):
    """What to draw: all of it, so that it can key a cache."""

    kind: str
    """`background`, `sprite`, `prop`, `image` or `picture`."""
    subject: str
    label: str
    traits: list[str]
    setting: str
    """A location's `kind` (`interior`, `street`…), or empty."""
    text: str
    """Alt text."""
    colour: str
    """A character's colour, or empty; so with `pronouns`."""
    pronouns: str
    palette: dict[str, object]


def draw(brief: Brief) -> bytes:
    """Draw a placeholder as WebP.

    Backgrounds, pictures and images are 1920×1080; sprites 840×1200 and props 480×480 on
    transparent ground.
    """
    # Most builds draw nothing, and these bring numpy and Pillow.
    from comfyvn.drivers.placeholder.cards import draw_card, draw_prop
    from comfyvn.drivers.placeholder.figure import draw_figure
    from comfyvn.drivers.placeholder.paint import encode, palette_of
    from comfyvn.drivers.placeholder.scenery import draw_scenery

    palette = palette_of(brief["palette"])
    if brief["kind"] == "background":
        image = draw_scenery(
            palette, brief["subject"], brief["label"], brief["traits"], brief["setting"]
        )
    elif brief["kind"] == "sprite":
        image = draw_figure(
            palette,
            brief["subject"],
            brief["label"],
            brief["traits"],
            brief["colour"],
            brief["pronouns"],
        )
    elif brief["kind"] == "prop":
        image = draw_prop(palette, brief["subject"], brief["label"])
    else:
        image = draw_card(palette, brief["subject"], brief["label"], brief["text"])
    return encode(image)
