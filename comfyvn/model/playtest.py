"""`playtests/*.yaml`: ways through the story that must keep working."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, RootModel

from comfyvn.model.base import Identifier, Source

FOLDER = "playtests"

Answer = Annotated[int, Field(ge=0)] | str
Given = bool | int | float | str | list[str]


class Expect(Source):
    """What a play-through must have come to."""

    ending: Annotated[
        str | None, Field(description="The ending it comes to: its name, or `none`")
    ] = None
    holds: Annotated[list[str], Field(description="Conditions that hold where it stops")] = []
    lines: Annotated[
        list[str], Field(description="Lines that are shown: ids, or words of them")
    ] = []
    never: Annotated[list[str], Field(description="Lines that are not shown, likewise")] = []
    shows: Annotated[
        list[str],
        Field(
            description="What comes on the stage: locations, characters (`mei` or `mei smile`), "
            "props, pictures"
        ),
    ] = []
    plays: Annotated[list[str], Field(description="Music and sounds that are played")] = []
    at: Annotated[
        dict[str, list[str]],
        Field(
            description="Places that it comes to, each with conditions that hold whenever it does: "
            "a line, a menu or a choice by its id, `scene#^name`, `scene` or `scene#heading`"
        ),
    ] = {}


class Playtest(Source):
    """One way through the story, or random walks, and what is expected of them."""

    description: Annotated[str | None, Field(description="What it is for")] = None
    seed: Annotated[int, Field(ge=0, le=2**53, description="The game's seed")] = 0
    language: Annotated[str | None, Field(description="One of the story's languages")] = None
    start: Annotated[
        str | None,
        Field(
            description="Where it begins, `scene` or `scene#heading`; without it where the story "
            "does"
        ),
    ] = None
    given: Annotated[
        dict[str, Given],
        Field(description="Variables with other values than those they begin with"),
    ] = {}
    choices: Annotated[
        list[Answer],
        Field(
            description="In turn: the text, the id or the fixed name of a choice (`^name`), or its "
            "number among those that can be taken, from 0; a text answers an input"
        ),
    ] = []
    walks: Annotated[
        int,
        Field(
            ge=0, le=100_000, description="How often to go on at random from there, to an ending"
        ),
    ] = 0
    expect: Annotated[Expect, Field(description="What it must have come to")] = Expect()
    always: Annotated[
        list[str], Field(description="Conditions that hold whenever the story waits")
    ] = []
    golden: Annotated[
        bool, Field(description="Whether all it shows must be as `goldens/` has it")
    ] = False


class Playtests(RootModel[dict[Identifier, Playtest]]):
    """The play-throughs of one file, by name."""
