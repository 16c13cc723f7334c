"""Steps of the sounds: making ambiences, what targets ship of files, how loud each is played."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from comfyvn.engine.action import Context
from comfyvn.engine.digest import ABSENT
from comfyvn.engine.step import canonical
from comfyvn.model.listing import SIDECAR
from comfyvn.plan.requests import SOUNDS, AssetRequest
from comfyvn.plan.sounds import KEPT, can_hear, gain, loop_fault
from comfyvn.source.diagnostics import Diagnostics, Span

BITRATE: Mapping[int, Mapping[str, int]] = {
    1: {"opus": 64_000, "aac": 96_000},
    2: {"opus": 112_000, "aac": 128_000},
}
"""Bits a second by the number of channels: music at them has no faults that most would hear."""


def ambience(context: Context) -> None:
    """Make an ambience: `@brief/KEY` → `@made/KEY`, `@aac/KEY`, `@checked/KEY`, `@origin/KEY`."""
    from comfyvn.drivers.ambience.make import LUFS, make

    (brief,) = context.inputs
    recipe = json.loads(context.read(brief))["recipe"]
    sound, aac, facts, origin = context.outputs
    made = make(recipe)
    context.write(sound, made.data)
    context.write(aac, made.aac)
    told = {
        "loop": made.loop,
        "loudness": LUFS,
        "peak": made.peak,
        "seconds": made.seconds,
        "channels": 2,
    }
    context.write(facts, canonical(told).encode())
    known = {"maker": "ambience", "model": recipe, "draft": False, "licence": "CC0-1.0"}
    context.write(origin, canonical(known).encode())


def deliver(context: Context) -> None:
    """Make a sound what targets ship: the file, `@checked/KEY` → `@sound/KEY`, `@aac/KEY`,
    `@format/KEY`.

    A format that all targets play stays as it is, another becomes Opus; with Ogg goes AAC for
    browsers without it.
    """
    name, checked = context.inputs
    if context.digest(checked) == ABSENT:
        return
    sound, aac, form = context.outputs
    suffix = PurePosixPath(name).suffix.lower()
    if not can_hear():
        # A file that would have to be converted did not pass its check.
        context.copy(sound, name)
        context.write(form, canonical({"suffix": suffix}).encode())
        return
    from comfyvn.drivers.audio.decode import decode_all
    from comfyvn.drivers.audio.encode import encode

    facts = json.loads(context.read(checked))
    kept = suffix in KEPT and facts["container"] in {"ogg", "mp3"} and not facts["damage"]
    if kept:
        context.copy(sound, name)
        suffix = ".mp3" if facts["container"] == "mp3" else suffix.replace(".mp3", ".ogg")
    if not kept or suffix != ".mp3":
        clip = decode_all(context.path(name))
        rates = BITRATE[clip.channels]
        if not kept:
            suffix = ".opus"
            context.write(sound, encode(clip, "opus", rates["opus"]))
        if facts["codec"] == "aac" and facts["container"].startswith("mov"):
            context.copy(aac, name)
        else:
            context.write(aac, encode(clip, "aac", rates["aac"]))
    context.write(form, canonical({"suffix": suffix}).encode())


def levels(context: Context) -> None:
    """Say how each sound is played: `@found`, `@checked/*`, `@varied/*`, `@sidecar/*` → `@levels`.

    By the logical name (`music first_rain`): `gain` in dB, `loop` from and to, `seconds`; what is
    not known is left out.
    """
    told = {}
    out = Diagnostics()
    for sound in _sounds(context):
        level: dict[str, Any] = {}
        if change := gain(sound.kind, sound.facts):
            level["gain"] = change
        if "seconds" in sound.facts:
            level["seconds"] = sound.facts["seconds"]
        if loop := _loop(sound, out):
            level["loop"] = loop
        if level:
            told[f"{sound.kind} {sound.name}"] = level
    _report(context, out)
    context.write("@levels", canonical(told).encode())


def loops(context: Context) -> None:
    """Look whether the loops of sounds can be played: `@found`, `@checked/*`, `@sidecar/*`."""
    out = Diagnostics()
    for sound in _sounds(context, made=False):
        _loop(sound, out)
    _report(context, out)


class _Sound(NamedTuple):
    """A sound that the story plays: the part that its sidecar repeats, and its file, if any."""

    kind: str
    name: str
    facts: Mapping[str, Any]
    said: Mapping[str, Any] | None
    path: str


def _sounds(context: Context, *, made: bool = True) -> Iterator[_Sound]:
    """Yield the sounds, with those that are `made`."""
    found = json.loads(context.read("@found"))
    for kind, subject, traits, key in found["answers"]:
        if kind in SOUNDS and (made or key in found["assets"]):
            path = found["assets"].get(key, "")
            known = None if path else context.find(f"@varied/{key}")
            known = known or context.find(f"@checked/{key}")
            said = json.loads(context.find(f"@sidecar/{key}") or b"{}").get("loop")
            name = AssetRequest(kind, subject, tuple(traits)).name
            yield _Sound(kind, name, json.loads(known or b"{}"), said, path)


def _loop(sound: _Sound, out: Diagnostics) -> list[float] | None:
    """Return from where to where a sound is repeated; None if it is all of it."""
    if sound.said is None:
        made: list[float] | None = sound.facts.get("loop")
        return made
    seconds = sound.facts.get("seconds")
    start, end = sound.said.get("start", 0), sound.said.get("end") or seconds
    if end is None:
        return None
    if (fault := loop_fault(sound.kind, start, end, seconds)) is None:
        return [start, end]
    what, help = fault
    message = f"the loop of `{sound.path}` {what}"
    # A file may be music here and ambience there.
    if message not in (each.message for each in out):
        out.warning("VN1330", message, Span.whole_file(sound.path + SIDECAR), help=help)
    return None


def _report(context: Context, out: Diagnostics) -> None:
    for finding in out:
        context.report(finding)
