"""What a maker of speech is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from comfyvn.drivers.audio.clip import Clip


class SpeechError(Exception):
    """A line could not be spoken; its text says why, in words for the user."""

    expected = True


class Voice(NamedTuple):
    """How a line is to sound.

    Attributes:
        pitch: semitones from the maker's own voice.
        pace: 1 is the maker's own.
        formants: how long the vocal tract seems: above 1 smaller and brighter, below 1 larger.
        name: a voice of the maker; empty for its default.
    """

    pitch: float = 0
    pace: float = 1
    formants: float = 1
    name: str = ""


class Brief(NamedTuple):
    """All that a clip is made from.

    Attributes:
        text: plain text, as it is shown.
        language: a BCP 47 tag, such as `en` or `pt-BR`.
        seed: of whatever is random in the maker.
    """

    text: str
    language: str
    voice: Voice = Voice()
    seed: int = 0


def brief_of(said: Mapping[str, Any]) -> Brief:
    """Return the brief that a `@say/KEY` holds."""
    voice = said.get("voice") or {}
    known = {name: voice[name] for name in Voice._fields if voice.get(name) is not None}
    return Brief(said["text"], said["language"], Voice(**known), said.get("seed", 0))


class Sound(NamedTuple):
    """One speech sound, or a pause.

    Attributes:
        symbol: IPA, or what the maker writes for it; a punctuation mark or nothing for a pause.
        start: seconds from the beginning of the clip.
        end: seconds.
    """

    symbol: str
    start: float
    end: float


class Word(NamedTuple):
    """One word as it is shown, with when it is said, in seconds."""

    text: str
    start: float
    end: float


class Spoken(NamedTuple):
    """A line as a maker speaks it.

    Attributes:
        sounds: all of them with their times; empty if the maker does not know.
        words: all of them with their times; empty if the maker does not know.
    """

    clip: Clip
    sounds: Sequence[Sound] = ()
    words: Sequence[Word] = ()


class Origin(NamedTuple):
    """What made a clip, for its provenance.

    Attributes:
        maker: its name in `vn.yaml`.
        version: of the maker.
        model: the voice or model.
        licence: an SPDX expression for what was made with it; empty if it is not known.
    """

    maker: str
    version: str
    model: str
    licence: str = ""


class Maker(Protocol):
    """Something that speaks; it is kept in the worker process from line to line."""

    def speak(self, brief: Brief) -> Spoken:
        """Speak a line; the same brief gives the same clip.

        Raises:
            SpeechError: it cannot.
        """

    def origin(self, voice: Voice) -> Origin:
        """Return what speaks with a voice."""
