"""`themes/*.yaml`: how the game looks around the story."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from comfyvn.model.base import Colour, Source


class Palette(Source):
    """The colours of the interface and of painted pictures."""

    background: Annotated[Colour, Field(description="Behind everything")] = "#14171f"
    surface: Annotated[Colour, Field(description="Text box, menus, dialogs")] = "#1e2330"
    text: Annotated[Colour, Field(description="Text")] = "#f2efe9"
    muted: Annotated[Colour, Field(description="Text that matters less")] = "#a9b0bf"
    accent: Annotated[Colour, Field(description="Buttons, focus, choices")] = "#e8a87c"
    accent_text: Annotated[Colour, Field(description="Text upon the accent colour")] = "#1b1410"
    scenery: Annotated[
        list[Colour], Field(min_length=3, description="Painted pictures, dark to light")
    ] = ["#1f2a44", "#3d5a80", "#98c1d9", "#e0c9a6"]


class PaletteChange(Source):
    """Some colours of a palette, in a variant."""

    background: Annotated[Colour | None, Field(description="Behind everything")] = None
    surface: Annotated[Colour | None, Field(description="Text box, menus, dialogs")] = None
    text: Annotated[Colour | None, Field(description="Text")] = None
    muted: Annotated[Colour | None, Field(description="Text that matters less")] = None
    accent: Annotated[Colour | None, Field(description="Buttons, focus, choices")] = None
    accent_text: Annotated[Colour | None, Field(description="Text upon the accent colour")] = None


class Type(Source):
    """The type of the interface; the shipped families are `serif`, `sans` and `readable`."""

    body: Annotated[str, Field(description="What the story is set in")] = "serif"
    interface: Annotated[str, Field(description="What menus and buttons are set in")] = "sans"


class Variants(Source):
    """Colours for players who need them; each overrides some of the base palette."""

    high_contrast: Annotated[PaletteChange, Field(description="Colours far apart")] = PaletteChange(
        background="#000000", surface="#000000", text="#ffffff", muted="#ffffff"
    )
    colour_blind: Annotated[PaletteChange, Field(description="Colours that nobody confuses")] = (
        PaletteChange()
    )


class Theme(Source):
    """A theme. Its id is its file's name without the ending."""

    name: Annotated[str | None, Field(description="What it is called; default: its id")] = None
    palette: Annotated[Palette, Field(description="Its colours")] = Palette()
    type: Annotated[Type, Field(description="Its typefaces")] = Type()
    variants: Annotated[Variants, Field(description="Other colours, which players may choose")] = (
        Variants()
    )
    grading: Annotated[str | None, Field(description="Colour grading of pictures, in words")] = None
    music_mood: Annotated[str | None, Field(description="What music suits it, in words")] = None
    prompt_style: Annotated[str | None, Field(description="Added to every image prompt")] = None
