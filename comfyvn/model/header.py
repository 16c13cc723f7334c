"""The front matter of a scene."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from comfyvn.model.base import Identifier, Source
from comfyvn.model.project import Rating
from comfyvn.model.state import Variable


class Header(Source):
    """The facts of a scene."""

    title: str | None = None
    location: Annotated[str | None, Field(description="A location id of the world")] = None
    time: str | None = None
    weather: str | None = None
    music: Annotated[str | None, Field(description="A music asset, or `none` for silence")] = None
    ambience: Annotated[str | None, Field(description="An ambience asset, or `none`")] = None
    theme: str | None = None
    pov: Annotated[str | None, Field(description="The character whose scene it is")] = None
    chapter: str | None = None
    rating: Rating | None = None
    tags: list[str] = []
    notes: str | None = None
    params: Annotated[
        dict[Identifier, Variable], Field(description="What a `call` passes, by name")
    ] = {}
    returns: Annotated[Variable | None, Field(description="What `return` gives back")] = None
