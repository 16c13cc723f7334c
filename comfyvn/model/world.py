"""`worlds/*.yaml`: places and lore."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from comfyvn.model.base import Source

LocationId = Annotated[str, Field(pattern=r"^[a-z0-9_]+(/[a-z0-9_]+)*$")]


class Location(Source):
    """One place that a scene can be set in."""

    name: Annotated[str | None, Field(description="What players would call it")] = None
    alt: Annotated[str | None, Field(description="What a screen reader says on arrival")] = None
    look: Annotated[str | None, Field(description="What it looks like, for image prompts")] = None
    kind: Annotated[
        str | None, Field(description="`interior`, `street`, `nature`…: how a painter draws it")
    ] = None
    times: Annotated[dict[str, str], Field(description="What changes at a time of day")] = {}
    weathers: Annotated[dict[str, str], Field(description="What changes in a weather")] = {}
    ambience: Annotated[str | None, Field(description="The ambience that plays here")] = None


class World(Source):
    """A world. Its id is its file's name without the ending."""

    name: Annotated[str | None, Field(description="What it is called")] = None
    summary: Annotated[str | None, Field(description="What it is, in a paragraph")] = None
    tone: Annotated[str | None, Field(description="How it feels")] = None
    rules: Annotated[list[str], Field(description="What holds in it")] = []
    locations: Annotated[
        dict[LocationId, Location], Field(description="Its places, by id: `school`, `school/roof`")
    ] = {}
    times: Annotated[list[str], Field(description="The times of day that scenes may name")] = []
    weathers: Annotated[list[str], Field(description="The weathers that scenes may name")] = []
    factions: Annotated[dict[str, str], Field(description="Groups, and what each wants")] = {}
    lore: Annotated[dict[str, str], Field(description="What the authors should remember")] = {}
    calendar: Annotated[dict[str, str], Field(description="What happens when")] = {}
