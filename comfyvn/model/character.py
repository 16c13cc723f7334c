"""`characters/*.yaml`: the cast."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from comfyvn.model.base import Colour, Identifier, Source
from comfyvn.model.state import Variable
from comfyvn.model.voice import VoiceMaker

Pronouns = Literal["she", "he", "they", "it"]


class Lora(Source):
    """A LoRA that an image workflow applies for this character."""

    name: Annotated[str, Field(description="The name of its file in the image generator")]
    weight: Annotated[float | int, Field(description="How strongly it is applied")] = 1.0


class Look(Source):
    """How a character looks; the first of each list is the default.

    Cues in `Mei (worried, coat):` name a member of `expressions`, `poses` or `outfits`.
    """

    base: Annotated[str | None, Field(description="What never changes, for image prompts")] = None
    outfits: Annotated[
        dict[Identifier, str], Field(description="Outfits, and what each looks like")
    ] = {}
    poses: Annotated[
        dict[Identifier, str], Field(description="Poses, and what each looks like")
    ] = {}
    expressions: Annotated[
        dict[Identifier, str], Field(description="Expressions, and what each looks like")
    ] = {}
    loras: Annotated[list[Lora], Field(description="LoRAs for image prompts")] = []
    seed: Annotated[int | None, Field(description="A fixed seed for generated pictures")] = None


class Voice(Source):
    """How a character sounds, for speech drivers and recording scripts."""

    pitch: Annotated[
        float | int | None,
        Field(ge=-24, le=24, description="Semitones up or down from a voice of their pronouns"),
    ] = None
    pace: Annotated[
        float | int | None, Field(ge=0.5, le=2, description="1 is the voice's own speed")
    ] = None
    formants: Annotated[
        float | int | None,
        Field(
            ge=0.6, le=1.6, description="Above 1 smaller and brighter, below 1 larger and darker"
        ),
    ] = None
    names: Annotated[
        dict[VoiceMaker, str],
        Field(description="A voice that is chosen by name, for what speaks: `openai: onyx`"),
    ] = {}
    description: Annotated[str | None, Field(description="What the voice is like, in words")] = None


class Character(Source):
    """One member of the cast. Its id is its file's name without the ending."""

    name: Annotated[str, Field(min_length=1, description="What the name box shows")]
    aliases: Annotated[list[str], Field(description="Other names that scenes may call them")] = []
    colour: Annotated[
        Colour, Field(description="The colour of the name, and of clothes that name none")
    ] = "#e6e6e6"
    pronouns: Annotated[Pronouns, Field(description="How the story speaks of them")] = "they"
    gender: Annotated[
        str | None, Field(description="What `{mei.gender, select, …}` sees; default: `pronouns`")
    ] = None
    stats: Annotated[
        dict[Identifier, Variable], Field(description="Variables of their own: `mei.trust`")
    ] = {}
    look: Annotated[Look, Field(description="How they look; cues name what is listed here")] = (
        Look()
    )
    voice: Annotated[Voice | None, Field(description="How they sound")] = None
    notes: Annotated[str | None, Field(description="For the authors; nothing reads it")] = None
