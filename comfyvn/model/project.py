"""`vn.yaml`: the project."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from comfyvn.model.base import Rating, Source
from comfyvn.model.families import Level
from comfyvn.model.lint import Prose
from comfyvn.model.voice import VoiceMaker

TargetName = Literal["renpy", "web"]


class Features(Source):
    """What the player offers, beyond the reading loop."""

    skip: Annotated[bool, Field(description="Offer skipping of read text")] = True
    rollback: Annotated[bool, Field(description="Offer rolling back")] = True
    timers: Annotated[bool, Field(description="Timed choices are on unless the player says no")] = (
        True
    )


PictureKind = Literal["background", "sprite", "prop", "image", "picture"]
PictureMaker = Literal["painter", "comfyui"]
SpeechMaker = Literal[VoiceMaker, "none"]

Side = Annotated[int, Field(ge=16, le=8192)]
Size = Annotated[list[Side], Field(min_length=2, max_length=2)]


class Pictures(Source):
    """How the pictures are made that no file below `assets/` answers."""

    make: Annotated[PictureMaker, Field(description="What makes them")] = "painter"
    kinds: Annotated[
        dict[PictureKind, PictureMaker], Field(description="What makes those of one kind instead")
    ] = {}
    painted: Annotated[
        Literal["draft", "final"],
        Field(description="final: what the painter draws is the game's own style, and may ship"),
    ] = "draft"
    workflows: Annotated[
        dict[PictureKind, str],
        Field(description="The workflow for each kind, `workflows/NAME.json`; default: the kind"),
    ] = {}
    negative: Annotated[str | None, Field(description="What no picture should show, in words")] = (
        None
    )
    framing: Annotated[
        dict[PictureKind, str],
        Field(description="How each kind is framed, in words for prompts; ours without it"),
    ] = {}
    size: Annotated[
        dict[PictureKind, Size],
        Field(description="Width and height at which each kind is rendered, in pixels"),
    ] = {}


class Speech(Source):
    """How the lines are voiced that nobody has recorded; without it they are silent."""

    make: Annotated[SpeechMaker, Field(description="What speaks")] = "hibari"
    languages: Annotated[
        dict[str, SpeechMaker], Field(description="What speaks a language instead: `es: espeak`")
    ] = {}
    narrator: Annotated[
        str | None, Field(description="The character whose voice tells the story; else nobody's")
    ] = None
    workflows: Annotated[
        dict[str, str],
        Field(
            description="The ComfyUI workflow for each language, `workflows/NAME.json`; default: "
            "speech"
        ),
    ] = {}


class Delivery(Source):
    """How pictures and sounds are delivered to the players of a target."""

    pictures: Annotated[
        Literal["avif", "webp", "kept"],
        Field(description="avif: with WebP for those who cannot; kept: files stay as they are"),
    ] = "webp"
    width: Annotated[
        int, Field(ge=320, le=7680, description="The screen, in pixels; nothing is sent larger")
    ] = 1920
    scene_mb: Annotated[
        float | int | None, Field(gt=0, description="What one scene may take, in MB")
    ] = None
    total_mb: Annotated[float | int | None, Field(gt=0, description="What all may take")] = None


class Content(Source):
    """What of the story a target has."""

    mode: Annotated[
        Literal["sfw", "warn", "unrestricted"],
        Field(
            description="sfw: without what is rated above `rating`; warn: everything, with notes "
            "before the game starts; unrestricted: everything"
        ),
    ] = "unrestricted"
    rating: Annotated[Rating, Field(description="The highest rating that `sfw` keeps")] = "teen"


class Cache(Source):
    """Where results are shared between machines; no part of the story."""

    url: Annotated[
        str,
        Field(min_length=1, description="`s3://…`, `gs://…`, any fsspec URL, or a folder"),
    ]
    mode: Annotated[
        Literal["read", "write"], Field(description="Whether builds put results there, too")
    ] = "read"
    salt: Annotated[str, Field(description="Another one disowns everything that is there")] = ""


class Project(Source):
    """The facts of a visual novel that hold for all of it."""

    format: Annotated[Literal[1], Field(description="The version of this file's format")]
    id: Annotated[
        str,
        Field(pattern=r"^[a-z][a-z0-9_-]{0,63}$", description="Names saves; never change it"),
    ]
    title: Annotated[str, Field(min_length=1, description="What players call it")]
    subtitle: Annotated[str | None, Field(description="The line under the title")] = None
    version: Annotated[str, Field(description="The version players see, such as `1.2.0`")] = "0.1.0"
    authors: Annotated[list[str], Field(description="Who made it")] = []
    licence: Annotated[str | None, Field(description="An SPDX expression")] = None
    description: Annotated[str | None, Field(description="One paragraph, as in a store")] = None
    language: Annotated[str, Field(description="The language the scenes are written in")] = "en"
    languages: Annotated[
        list[str], Field(description="All languages offered; the source language first")
    ] = []
    start: Annotated[str, Field(description="The scene that a new game begins with")]
    seed: Annotated[
        int | None,
        Field(description="A fixed seed for every new game; without it each game draws its own"),
    ] = None
    theme: Annotated[str | None, Field(description="The theme of every scene that names none")] = (
        None
    )
    world: Annotated[str | None, Field(description="The world that locations are looked up in")] = (
        None
    )
    timeline: Annotated[str | None, Field(description="The timeline that orders scenes")] = None
    targets: Annotated[list[TargetName], Field(description="What `comfyvn build` builds")] = [
        "renpy",
        "web",
    ]
    rating: Annotated[Rating, Field(description="Who the story is for")] = "everyone"
    content_notes: Annotated[
        list[str], Field(description="Shown before the game starts, such as `grief`")
    ] = []
    features: Annotated[Features, Field(description="What the player offers")] = Features()
    pictures: Annotated[Pictures, Field(description="What makes pictures")] = Pictures()
    speech: Annotated[Speech | None, Field(description="What voices the lines")] = None
    delivery: Annotated[
        dict[TargetName, Delivery], Field(description="How each target delivers its files")
    ] = {}
    content: Annotated[
        dict[TargetName, Content], Field(description="What of the story each target has")
    ] = {}
    commercial: Annotated[
        bool, Field(description="Whether it is sold, or earns money otherwise")
    ] = False
    cache: Annotated[Cache | None, Field(description="A cache shared with other machines")] = None
    lint: Annotated[
        dict[str, Level],
        Field(description="How severe findings are, by code (`VN1716: off`) or family (`text`)"),
    ] = {}
    prose: Annotated[Prose, Field(description="What texts are held against")] = Prose()
