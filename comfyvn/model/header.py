"""The front matter of a scene."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from comfyvn.model.base import Identifier, Rating, Source
from comfyvn.model.state import Variable


class Header(Source):
    """The facts of a scene."""

    title: Annotated[str | None, Field(description="What players see as the name of the scene")] = (
        None
    )
    location: Annotated[str | None, Field(description="A location id of the world")] = None
    time: Annotated[str | None, Field(description="A time of day of the world")] = None
    weather: Annotated[str | None, Field(description="A weather of the world")] = None
    music: Annotated[str | None, Field(description="A music asset, or `none` for silence")] = None
    ambience: Annotated[str | None, Field(description="An ambience asset, or `none`")] = None
    theme: Annotated[
        str | None, Field(description="The theme of the scene; without one, that of the project")
    ] = None
    pov: Annotated[str | None, Field(description="The character whose scene it is")] = None
    chapter: Annotated[
        str | None, Field(description="Its chapter; without it, what the timeline says")
    ] = None
    rating: Annotated[Rating | None, Field(description="Who the scene is for")] = None
    sfw_variant: Annotated[
        str | None,
        Field(description="The scene that targets play instead which its rating does not fit"),
    ] = None
    tags: Annotated[list[str], Field(description="Words to find the scene by")] = []
    notes: Annotated[str | None, Field(description="For the authors; nothing reads it")] = None
    params: Annotated[
        dict[Identifier, Variable], Field(description="What a `call` passes, by name")
    ] = {}
    returns: Annotated[Variable | None, Field(description="What `return` gives back")] = None
