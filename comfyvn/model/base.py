"""What all YAML kinds share."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Identifier = Annotated[
    str, Field(pattern=r"^[a-z_][a-z0-9_]*$", description="Small letters, digits and `_`")
]
Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$", description="A colour, `#rrggbb`")]
Rating = Literal["everyone", "teen", "mature", "adult"]
Transition = Literal[
    "cut",
    "dissolve",
    "fade",
    "flash",
    "wipe_left",
    "wipe_right",
    "wipe_up",
    "wipe_down",
    "slide_left",
    "slide_right",
    "shake",
]


class Source(BaseModel):
    """A strict mapping: unknown keys and coerced types are errors."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)
