"""`characters/*.yaml`: the cast."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from comfyvn.model.base import Colour, Identifier, Source
from comfyvn.model.state import Variable

Pronouns = Literal["she", "he", "they", "it"]


class Lora(Source):
    """A LoRA that an image workflow applies for this character."""

    name: str
    weight: float | int = 1.0


class Look(Source):
    """How a character looks; the first of each list is the default.

    Cues in `Mei (worried, coat):` name a member of `expressions`, `poses` or `outfits`.
    """

    base: Annotated[str | None, Field(description="What never changes, for image prompts")] = None
    outfits: dict[Identifier, str] = {}
    poses: dict[Identifier, str] = {}
    expressions: dict[Identifier, str] = {}
    loras: list[Lora] = []
    seed: int | None = None


class Voice(Source):
    """How a character sounds, for speech drivers and recording scripts."""

    pitch: Annotated[float | int, Field(description="Semitones up or down")] = 0
    pace: Annotated[float | int, Field(description="1 is the voice's own speed")] = 1
    description: str | None = None


class Character(Source):
    """One member of the cast. Its id is its file's name without the ending."""

    name: Annotated[str, Field(min_length=1, description="What the name box shows")]
    aliases: Annotated[list[str], Field(description="Other names that scenes may call them")] = []
    colour: Colour = "#e6e6e6"
    pronouns: Pronouns = "they"
    gender: Annotated[
        str | None, Field(description="What `{mei.gender, select, …}` sees; default: `pronouns`")
    ] = None
    stats: Annotated[
        dict[Identifier, Variable], Field(description="Variables of their own: `mei.trust`")
    ] = {}
    look: Look = Look()
    voice: Voice | None = None
    notes: str | None = None
