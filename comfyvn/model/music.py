"""`music/*.yaml`: variations of tracks, made from other tracks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from comfyvn.model.base import Source
from comfyvn.model.sidecar import Loop

if TYPE_CHECKING:
    from comfyvn.model.load import LoadedProject
    from comfyvn.source.diagnostics import Diagnostics

MusicStyle = Literal["as_is", "muffled", "distant", "radio", "lofi"]


class Music(Source):
    """A track that is made from another one. Its name is its file's name without the ending."""

    source: Annotated[
        str, Field(min_length=1, description="The music it is made from: of a file, or of `music/`")
    ]
    style: Annotated[
        MusicStyle,
        Field(
            description="How it sounds: `muffled`, behind a door; `distant`, in a hall far off; "
            "`radio`, from a small speaker; `lofi`, from a worn record"
        ),
    ] = "as_is"
    strength: Annotated[
        float | int, Field(ge=0, le=1, description="How much of the style, from 0 to 1")
    ] = 0.6
    tempo: Annotated[
        float | int,
        Field(ge=0.5, le=2, description="How many times as fast, at the same pitch"),
    ] = 1
    pitch: Annotated[
        float | int,
        Field(ge=-12, le=12, description="Semitones higher, at the same tempo"),
    ] = 0
    seed: Annotated[int, Field(ge=0, description="Other echoes and crackles for each number")] = 0
    mood: Annotated[list[str], Field(description="Words to find it by")] = []
    loop: Annotated[
        Loop | None,
        Field(
            description="The part that is repeated, in seconds of its source; default: as in its "
            "source. What comes before is the introduction, what comes after the end"
        ),
    ] = None
    notes: Annotated[str | None, Field(description="For the authors; nothing reads it")] = None


def check_music(loaded: LoadedProject, out: Diagnostics) -> None:
    """Check that loops of variations begin before they end."""
    for name, music in loaded.music.items():
        loop = music.loop
        if loop is not None and loop.end is not None and loop.end <= loop.start:
            out.error(
                "VN1334",
                f"the loop of `{name}` ends before it begins",
                loaded.at(f"music/{name}.yaml", "loop"),
                help=f"write `loop: {{start: {loop.end:g}, end: {loop.start:g}}}`"
                if loop.end < loop.start
                else "let it end later",
            )
