"""Directives that change what is heard, and the pace of the text."""

from __future__ import annotations

from comfyvn.story.directive_form import CHANNELS, Given
from comfyvn.story.directive_registry import Context, asset, directive
from comfyvn.story.types import Op


@directive(
    "play music|ambience|sfx NAME [loop|once] [fade SECONDS] [volume VOLUME]",
    doc=(
        "Plays a sound by its name. Music and ambience loop unless `once`; "
        "a sound effect plays once unless `loop`."
    ),
    example="play music storm fade 2",
    inline="play sfx",
)
def _play(given: Given, to: Context) -> list[Op] | None:
    channel = given.values["music|ambience|sfx"]
    name = asset(given.values["name"], to)
    if name is None:
        return None
    op: Op = {"op": "play", "channel": channel, "name": name}
    if channel == "sfx" and "loop" in given.values:
        op["loop"] = True
    if channel != "sfx" and "once" in given.values:
        op["once"] = True
    for field in ("fade", "volume"):
        if given.get(field) is not None:
            op[field] = given.get(field)
    return [op]


@directive(
    "stop [music|ambience|sfx] [fade SECONDS]",
    doc="Stops what plays on a channel, or on all of them.",
    example="stop music fade 1.5",
    inline="stop",
)
def _stop(given: Given, to: Context) -> list[Op] | None:
    channel = given.one_of(CHANNELS)
    ops: list[Op] = [
        {"op": "stop", "channel": each} for each in ([channel] if channel else CHANNELS)
    ]
    if given.get("fade") is not None:
        for op in ops:
            op["fade"] = given.get("fade")
    return ops


@directive(
    "voice NAME",
    doc="Names the recording of the next spoken line.",
    example="voice mei_roof_03",
)
def _voice(given: Given, to: Context) -> list[Op] | None:
    name = asset(given.values["name"], to)
    return None if name is None else [{"op": "voice", "name": name}]


@directive(
    "pause [SECONDS]",
    doc="Waits for some seconds, or without a number for the player.",
    example="pause 1.5",
    inline="pause",
)
def _pause(given: Given, to: Context) -> list[Op] | None:
    seconds = given.get("seconds")
    return [{"op": "pause"} if seconds is None else {"op": "pause", "seconds": seconds}]


@directive(
    "speed FACTOR",
    doc=(
        "Changes the speed of the typewriter: to the end of the line inside text, "
        "else until it is changed. 1 is the player's own speed."
    ),
    example="speed 0.5",
    inline="speed",
)
def _speed(given: Given, to: Context) -> list[Op] | None:
    return [{"op": "speed", "factor": given.values["factor"]}]
