"""A variation of a track as a file, and what is known of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from comfyvn.drivers.audio.clip import Clip
from comfyvn.drivers.audio.decode import decode
from comfyvn.drivers.audio.encode import encode
from comfyvn.drivers.audio.loudness import SILENCE, loudness, true_peak
from comfyvn.drivers.audio.resample import resampled
from comfyvn.drivers.music.loop import loop_fault
from comfyvn.drivers.music.stretch import retimed
from comfyvn.drivers.music.styles import styled
from comfyvn.drivers.music.track import RATE, Track, turned

LUFS = -20.0
"""As loud as music is played."""
CEILING = -2.0
"""dBTP: what encoders add stays below -1."""
LONGEST = 900.0
"""Seconds of a source."""
MARGIN = 0.1
"""Seconds that the file goes on at the ends of a loop, so that the edges of a file are not heard.

As for ambiences: what encoders do there, and what players skip, is no part of the loop.
"""
BITRATE: Mapping[int, Mapping[str, int]] = {
    1: {"opus": 48_000, "aac": 64_000},
    2: {"opus": 72_000, "aac": 96_000},
}
"""Bits a second by the number of channels: some less than of what was not coloured."""


class LoopError(Exception):
    """What is to be repeated does not lie within the track; its text says how, as a clause."""

    expected = True


class Variation(NamedTuple):
    """A variation.

    Attributes:
        data: Ogg Opus.
        aac: the same as AAC, for browsers that do not read Ogg.
        seconds: how long the file is.
        loop: from and to, in seconds: between them nothing is heard of the seam.
        loudness: LUFS, None of silence.
        peak: dBTP, None of silence.
        channels: 1 or 2.
    """

    data: bytes
    aac: bytes
    seconds: float
    loop: tuple[float, float]
    loudness: float | None
    peak: float | None
    channels: int


def varied(
    source: Clip, steps: Sequence[Mapping[str, Any]], loop: Mapping[str, float] | None
) -> Track:
    """Return a track made from a sound, at no level in particular.

    Args:
        source: the sound.
        steps: what is done with it, one after the other: `style`, `strength`, `seed`, `tempo`,
            `pitch` (semitones) and perhaps `loop`, in seconds of what the step is given.
        loop: what is repeated of the source; None for all of it.

    Raises:
        LoopError: a loop does not lie within its track.
    """
    samples = resampled(source, RATE).samples.astype(np.float64)
    track = _looped(Track(samples, 0, len(samples)), loop)
    for step in steps:
        track = _looped(track, step.get("loop"))
        track = retimed(track, step["tempo"], step["pitch"])
        track = styled(track, step["style"], step["strength"], step["seed"])
    return track


def vary(
    path: Path, steps: Sequence[Mapping[str, Any]], loop: Mapping[str, float] | None
) -> Variation:
    """Return a variation of a file; see `varied`. The same content gives the same bytes.

    Raises:
        LoopError: a loop does not lie within its track.
        AudioError: the file cannot be read, or is longer than `LONGEST`.
        OSError: the file cannot be read.
    """
    track = varied(decode(path, LONGEST), steps, loop)
    margin = round(MARGIN * RATE)
    length = track.end - track.start
    # What goes round is heard before its beginning and after its end too, faint at the edges.
    fade = np.linspace(0, 1, margin)[:, None]
    around = turned(track, margin, margin)
    parts = [track.samples]
    before = margin if track.start == 0 else 0
    if before:
        parts.insert(0, around[:margin] * fade)
    if track.end == len(track.samples):
        parts.append(around[margin + length :] * fade[::-1])
    clip = Clip(np.concatenate(parts).astype(np.float32), RATE)
    loud, peak = loudness(clip), true_peak(clip)
    if loud != SILENCE:
        gain = min(LUFS - loud, CEILING - peak)
        clip = Clip(clip.samples * np.float32(10 ** (gain / 20)), RATE)
    rates = BITRATE[clip.channels]
    return Variation(
        encode(clip, "opus", rates["opus"]),
        encode(clip, "aac", rates["aac"]),
        round(clip.seconds, 6),
        ((before + track.start) / RATE, (before + track.end) / RATE),
        None if loud == SILENCE else round(loudness(clip), 2),
        None if loud == SILENCE else round(true_peak(clip), 2),
        clip.channels,
    )


def _looped(track: Track, loop: Mapping[str, Any] | None) -> Track:
    """Return a track of which a part in seconds is repeated; without one as it is."""
    if loop is None:
        return track
    seconds = len(track.samples) / RATE
    start, end = loop.get("start") or 0, loop.get("end") or seconds
    fault = loop_fault(loop, seconds)
    if fault is not None:
        raise LoopError(fault)
    return Track(track.samples, round(start * RATE), min(round(end * RATE), len(track.samples)))
