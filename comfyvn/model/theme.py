"""`themes/*.yaml`: how the game looks around the story."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from comfyvn.model.base import Colour, Source


class Palette(Source):
    """The colours of the interface and of placeholder pictures."""

    background: Colour = "#14171f"
    surface: Annotated[Colour, Field(description="Text box, menus, dialogs")] = "#1e2330"
    text: Colour = "#f2efe9"
    muted: Colour = "#a9b0bf"
    accent: Annotated[Colour, Field(description="Buttons, focus, choices")] = "#e8a87c"
    accent_text: Annotated[Colour, Field(description="Text upon the accent colour")] = "#1b1410"
    scenery: Annotated[
        list[Colour], Field(min_length=3, description="Placeholder pictures, dark to light")
    ] = ["#1f2a44", "#3d5a80", "#98c1d9", "#e0c9a6"]


class PaletteChange(Source):
    """Some colours of a palette, in a variant."""

    background: Colour | None = None
    surface: Colour | None = None
    text: Colour | None = None
    muted: Colour | None = None
    accent: Colour | None = None
    accent_text: Colour | None = None


class Type(Source):
    """The type of the interface; the shipped families are `serif`, `sans` and `readable`."""

    body: str = "serif"
    interface: str = "sans"


class Variants(Source):
    """Colours for players who need them; each overrides some of the base palette."""

    high_contrast: PaletteChange = PaletteChange(
        background="#000000", surface="#000000", text="#ffffff", muted="#ffffff"
    )
    colour_blind: PaletteChange = PaletteChange()


class Theme(Source):
    """A theme. Its id is its file's name without the ending."""

    name: str | None = None
    palette: Palette = Palette()
    type: Type = Type()
    variants: Variants = Variants()
    grading: Annotated[str | None, Field(description="Colour grading of pictures, in words")] = None
    music_mood: str | None = None
    prompt_style: Annotated[str | None, Field(description="Added to every image prompt")] = None
