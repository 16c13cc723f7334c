"""The last step of a clip: treated, cut, levelled, written for players, with times beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from comfyvn.drivers.audio.clip import Clip, mono
from comfyvn.drivers.audio.encode import encode
from comfyvn.drivers.audio.level import VOICE_LUFS, faded, normalised, sounding
from comfyvn.drivers.speech.lips import guessed, visemes
from comfyvn.drivers.speech.maker import Sound, Word
from comfyvn.drivers.speech.manner import treated
from comfyvn.drivers.speech.words import shown_words, spread

CEILING = -2.5
"""dBTP: encoders overshoot by up to one and a half, and nothing that plays is above -1."""
SOFTER = {"whisper": -4.0, "thought": -2.0, "off": -2.0}
"""LU that a manner is below `VOICE_LUFS`."""
OPUS_BITS, AAC_BITS = 24_000, 40_000
"""Bits a second of one voice: clear of artefacts, and 11 MB for an hour."""


class Mastered(NamedTuple):
    """A clip as it is delivered.

    Attributes:
        opus: in Ogg.
        aac: in MPEG-4, for players without Opus.
        facts: `seconds`, `words` as `[text, start, end]` and `visemes` as `[start, shape]`.
    """

    opus: bytes
    aac: bytes
    facts: dict[str, Any]


def mastered(
    clip: Clip,
    text: str,
    sounds: Sequence[Sound],
    words: Sequence[Word],
    manner: str = "",
    seed: int = 0,
) -> Mastered:
    """Return a clip ready for players.

    Args:
        clip: as it was spoken.
        text: as it is shown.
        sounds: with times, or none.
        words: with times, or none.
        manner: `whisper`, `thought`, `off`, or anything else for none.
        seed: of what is random in a manner.
    """
    spoken = mono(clip)
    start, end = sounding(spoken)
    if not words:
        words = spread(shown_words(text), start / clip.rate, end / clip.rate)
    if not sounds:
        sounds = guessed(words)
    whole = treated(spoken, manner, seed)
    # A room goes on after the voice: what is cut off is measured again behind it.
    end = max(end, sounding(whole)[1])
    cut = faded(Clip(whole.samples[start:end], whole.rate))
    made = normalised(cut, VOICE_LUFS + SOFTER.get(manner, 0), CEILING)
    seconds, at = made.seconds, start / clip.rate

    def moved(time: float) -> float:
        return round(min(max(time - at, 0), seconds), 3)

    return Mastered(
        encode(made, "opus", OPUS_BITS),
        encode(made, "aac", AAC_BITS),
        {
            "seconds": round(seconds, 3),
            "words": [[word.text, moved(word.start), moved(word.end)] for word in words],
            "visemes": [[moved(time), shape] for time, shape in visemes(sounds)],
        },
    )
