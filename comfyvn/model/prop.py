"""`props/*.yaml`: things that can be put on the stage."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from comfyvn.model.base import Identifier, Source, Transition

Share = Annotated[float | int, Field(ge=0, le=1)]
Point = Annotated[list[Share], Field(min_length=2, max_length=2)]


class Prop(Source):
    """A prop. Its id is its file's name without the ending."""

    name: Annotated[str | None, Field(description="What it is called; default: its id")] = None
    alt: Annotated[str, Field(description="What a screen reader says when it appears")]
    look: Annotated[str | None, Field(description="What it looks like, for image prompts")] = None
    anchors: Annotated[
        dict[Identifier, Point],
        Field(description="Named places, x and y from 0 to 1; `prop lamp at desk`"),
    ] = {}
    z: Annotated[int, Field(description="Drawing order; sprites are at 0")] = 10
    tween: Annotated[Transition | None, Field(description="How it arrives")] = None
