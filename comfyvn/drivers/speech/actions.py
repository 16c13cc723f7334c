"""Steps of the voices: a line is spoken or its recording read, and either is mastered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from comfyvn.drivers.speech.maker import Sound, SpeechError, Spoken, Word, brief_of
from comfyvn.engine.action import Context
from comfyvn.engine.step import canonical
from comfyvn.source.diagnostics import Diagnostics, Span

if TYPE_CHECKING:
    from comfyvn.drivers.audio.clip import Clip

LONGEST = 600.0
"""Seconds of one recorded line."""


def speak(context: Context) -> None:
    """Speak a line: `@say/KEY` → `@spoken/KEY` (FLAC), `@timing/KEY`, `@origin/KEY`."""
    from comfyvn.drivers.speech.makers import maker

    said = json.loads(context.read(context.inputs[0]))
    brief = brief_of(said)
    speaks = maker(said["make"], brief.voice)
    write_spoken(context, speaks.speak(brief), speaks.origin(brief.voice)._asdict())


def unpack(context: Context) -> None:
    """Read what a workflow made of a line: `@say/KEY`, `@performed/KEY` → `@spoken/KEY` (FLAC),
    `@timing/KEY`.

    Raises:
        SpeechError: it is no sound, or a silent one.
    """
    from comfyvn.drivers.audio.decode import AudioError, decode
    from comfyvn.drivers.audio.level import sounding

    said, performed = context.inputs
    text = json.loads(context.read(said))["text"]
    try:
        clip = decode(context.read(performed), LONGEST)
    except AudioError as error:
        raise SpeechError(f"the workflow made no sound of `{text}`: {error}") from error
    if sounding(clip) == (0, 0):
        raise SpeechError(f"the workflow made silence of `{text}`")
    write_spoken(context, Spoken(clip))


def write_spoken(context: Context, spoken: Spoken, origin: Mapping[str, Any] | None = None) -> None:
    """Write what a maker gave, and where it is from, unless that is known already."""
    from comfyvn.drivers.audio.clip import mono
    from comfyvn.drivers.audio.encode import encode
    from comfyvn.drivers.audio.level import unclipped

    clip, timing, *provenance = context.outputs
    context.write(clip, encode(unclipped(mono(spoken.clip)), "flac"))
    times = {"sounds": _rows(spoken.sounds), "words": _rows(spoken.words)}
    context.write(timing, canonical(times).encode())
    if origin is not None:
        context.write(provenance[0], canonical({"draft": False, **origin}).encode())


def record(context: Context) -> None:
    """Read a recording: the file, `@say/KEY` → `@spoken/KEY`, `@timing/KEY`, `@origin/KEY`.

    One that cannot be used is reported, and its line stays silent.
    """
    name = context.inputs[0]
    clip = _listen(context, name)
    if clip is not None:
        write_spoken(context, Spoken(clip), {"maker": "file", "path": name})


def listen(context: Context) -> None:
    """Report what is wrong with a recording: the file, `@hears`."""
    name, hears = context.inputs
    if json.loads(context.read(hears)):
        _listen(context, name)


def _listen(context: Context, name: str) -> Clip | None:
    """Return a recording; None if it cannot be used. Reports what is wrong with it."""
    from comfyvn.drivers.audio.decode import AudioError, decode
    from comfyvn.drivers.audio.level import sounding

    out = Diagnostics()
    clip = None
    try:
        clip = decode(context.path(name), LONGEST)
        if sounding(clip) == (0, 0):
            raise AudioError("it is silent")
    except AudioError as error:
        clip = None
        out.error(
            "VN1301",
            f"the recording `{name}` cannot be used: {error}",
            Span.whole_file(name),
            help="export it again, or remove it to have the line spoken",
        )
    if clip is not None and clipped(clip.samples):
        out.warning(
            "VN1302",
            f"the recording `{name}` is clipped: its loudest moments are cut off",
            Span.whole_file(name),
            help="record it again at a lower level",
        )
    for finding in out:
        context.report(finding)
    return clip


FLAT = 8
"""Samples in a row at the highest value that no voice has."""


def clipped(samples: Any) -> bool:
    """Whether a recording was louder than what recorded it: its tops are flat."""
    import numpy as np

    loudest = float(np.abs(samples).max(initial=0))
    if loudest < 0.5:
        return False
    flat = (np.abs(samples) >= loudest * 0.9999).astype(np.int8)
    if len(flat) < FLAT:
        return False
    rows = np.lib.stride_tricks.sliding_window_view(flat, FLAT, axis=0)
    return bool(rows.all(axis=-1).any())


def master(context: Context) -> None:
    """Master a clip: `@say/KEY`, `@spoken/KEY`, `@timing/KEY` → `@voice/KEY.opus`, `.m4a`,
    `.json`; nothing if there is no clip."""
    from comfyvn.drivers.audio.decode import decode
    from comfyvn.drivers.speech.master import mastered

    brief, spoken, timing = context.inputs
    data = context.find(spoken)
    if data is None:
        return
    said = json.loads(context.read(brief))
    times = json.loads(context.read(timing))
    made = mastered(
        decode(data),
        said.get("text", ""),
        [Sound(*each) for each in times["sounds"]],
        [Word(*each) for each in times["words"]],
        # Actors whisper themselves.
        "" if said["make"] == "file" else said.get("manner", ""),
        said.get("seed", 0),
    )
    opus, aac, facts = context.outputs
    context.write(opus, made.opus)
    context.write(aac, made.aac)
    context.write(facts, canonical(made.facts).encode())


def _rows(timed: Any) -> list[list[Any]]:
    return [[each[0], round(each[1], 4), round(each[2], 4)] for each in timed]
