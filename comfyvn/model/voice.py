"""What a character's voice is, of what their sheet says and what it leaves out."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

VoiceMaker = Literal["hibari", "piper", "espeak", "openai", "comfyui"]
"""What speaks, as `vn.yaml` and the sheets name it."""


class Heard(NamedTuple):
    """A voice, as a maker of speech is told.

    Attributes:
        pitch: semitones from a woman's voice of about 205 Hz; from the named voice, if one is
            named.
        pace: 1 is an ordinary one.
        formants: a ratio, likewise: below 1 the vocal tract is longer.
        name: a voice of the maker; empty for its default.
    """

    pitch: float
    pace: float
    formants: float
    name: str


_OF_PRONOUNS: Mapping[str, tuple[float, float]] = {
    "she": (0, 1),
    "he": (-8.5, 0.86),
    "they": (-4, 0.93),
    "it": (-2, 1.12),
}
"""Pitch and formants. Men speak about nine semitones below women, with a vocal tract about a
seventh longer (Peterson and Barney, 1952)."""

PITCH_APART, FORMANTS_APART, PACE_APART = 2.0, 0.06, 0.06
"""How far characters whose sheets say nothing are spread to either side."""


def voice_of(id: str, character: Mapping[str, Any], maker: str) -> Heard:
    """Return how a character sounds.

    What the sheet leaves out comes from the pronouns, and from the id: it stays the same, and two
    characters without settings are told apart.

    Args:
        id: the character's.
        character: what the sheet says, as `globals_of` gives it.
        maker: what speaks, as `vn.yaml` names it.
    """
    said = character.get("voice") or {}
    name = (said.get("names") or {}).get(maker, "")
    pitch, formants = _OF_PRONOUNS[character.get("pronouns", "they")]
    if name:
        # A voice that somebody chose is left as it is.
        pitch, formants, spread = 0.0, 1.0, (0.0, 0.0, 0.0)
    else:
        spread = _spread(id)
    pitched = said.get("pitch")
    formed = said.get("formants")
    paced = said.get("pace")
    return Heard(
        round(pitch + (spread[0] * PITCH_APART if pitched is None else pitched), 2),
        round(1 + spread[1] * PACE_APART if paced is None else paced, 3),
        round(formants * (1 + spread[2] * FORMANTS_APART if formed is None else formed), 3),
        name,
    )


TAKE_PITCH, TAKE_PACE = 0.8, 0.08
"""How far another take is from the voice: semitones, and a part of the pace."""


def retaken(voice: Mapping[str, Any], take: int) -> dict[str, Any]:
    """Return how a voice sounds in another take, where the same words always sound the same.

    Takes lie around the voice in pitch and pace, each a golden angle on from the one before:
    any number of them are spread evenly. The first is the voice itself.
    """
    if take == 1:
        return dict(voice)
    angle = (take - 1) * math.pi * (3 - math.sqrt(5))
    pitch, pace = TAKE_PITCH * math.cos(angle), TAKE_PACE * math.sin(angle)
    return {
        **voice,
        "pitch": round(voice.get("pitch", 0) + pitch, 2),
        "pace": round(voice.get("pace", 1) * (1 + pace), 3),
    }


def _spread(id: str) -> tuple[float, float, float]:
    """Return three numbers from -1 to 1 that belong to an id, in steps of an eighth."""
    digest = hashlib.blake2b(id.encode(), digest_size=3).digest()
    first, second, third = (byte % 17 / 8 - 1 for byte in digest)
    return first, second, third
