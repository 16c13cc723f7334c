"""`timelines/*.yaml`: the order of scenes."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from comfyvn.model.base import Source


class Chapter(Source):
    """A run of scenes under one title."""

    title: Annotated[str, Field(description="What players see as the name of the chapter")]
    scenes: Annotated[list[str], Field(min_length=1, description="Scene ids in order")]


class Timeline(Source):
    """Chapters in order. A scene that ends without a jump falls into the next one listed.

    The timeline's id is its file's name without the ending. A chapter's last scene falls into
    the first scene of the next chapter.
    """

    title: Annotated[str | None, Field(description="What the authors call it")] = None
    chapters: Annotated[list[Chapter], Field(min_length=1, description="Chapters in order")]
