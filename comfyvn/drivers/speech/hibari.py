"""The embedded neural voice: `hibari-tts`, whose wheel carries a voice with all it needs.

Nothing is ever downloaded: a voice that is not in the wheel is used if it already is where hibari
keeps its own, and is an error otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from comfyvn.drivers.audio.clip import Clip
from comfyvn.drivers.speech.maker import (
    Brief,
    Origin,
    Sound,
    SpeechError,
    Spoken,
    Voice,
    Word,
)
from comfyvn.drivers.speech.vocoder import Frames, waveform
from comfyvn.drivers.speech.words import aligned, sayable, shown_words
from comfyvn.source.nearest import nearest

DEFAULT = "heart"
LONGEST = 400
"""Phonemes that the network was trained on at once."""
UNIT = 0.025
"""Seconds: the network counts durations in two frames."""
FASTEST, SLOWEST = 2.0, 0.5

DURATIONS = b"/Cast_32_output_0"
"""The value in the network that holds the duration of each phoneme."""


class _Symbol(NamedTuple):
    symbol: str
    word: int
    """Which word it belongs to; -1 between words."""


class Hibari:
    """Speaks English."""

    def __init__(self, name: str = DEFAULT) -> None:
        """Load a voice.

        Raises:
            SpeechError: it is not on this machine, or hibari is not installed.
        """
        try:
            from hibari import tts
            from hibari.voices import VOICES, voice_path
        except ImportError as error:
            raise SpeechError(
                "`hibari` is not installed: run `pip install 'comfyvn[speech]'`"
            ) from error
        if name not in VOICES:
            close = nearest(name, VOICES)
            raise SpeechError(
                f"hibari has no voice `{name}`" + (f"; is it `{close}`?" if close else "")
            )
        try:
            model = Path(voice_path(name, download_missing=False)).read_bytes()
        except OSError as error:
            raise SpeechError(
                f"the voice `{name}` is not on this machine, and nothing is downloaded: "
                f"`hibari --voice {name} Hello -o hello.wav` fetches it"
            ) from error
        self._tts: Any = tts.Hibari(voice=name, model=_with_durations(model), threads=1)

    def speak(self, brief: Brief) -> Spoken:
        """Speak a line of English."""
        import numpy as np

        voice = brief.voice
        parts, sounds, words, at = [], [], [], 0.0
        pace = min(max(voice.pace, SLOWEST), FASTEST)
        for said, symbols in self._sentences(sayable(brief.text, brief.language)):
            ids, kept = [0], []
            for symbol in symbols:
                if symbol.symbol in self._tts.vocab:
                    ids.append(self._tts.vocab[symbol.symbol])
                    kept.append(symbol)
            if not kept:
                continue
            values = self._tts.sess.run(
                None,
                {"ids": np.array([[*ids, 0]], np.int64), "speed": np.array([pace], np.float32)},
            )
            frames = Frames(*(value[0] for value in values[:6]))
            samples = waveform(frames, voice.pitch, voice.formants, brief.seed)
            ends = at + np.cumsum(values[6].reshape(-1)) * UNIT
            timed = [(symbol, float(ends[i]), float(ends[i + 1])) for i, symbol in enumerate(kept)]
            sounds += [Sound(each.symbol, start, end) for each, start, end in timed]
            words += _words(said, timed)
            parts.append(samples)
            at += len(samples) / self._tts.sample_rate
        if not parts:
            raise SpeechError(f"there is nothing to say in `{brief.text}`")
        clip = Clip(np.concatenate(parts)[:, None], self._tts.sample_rate)
        return Spoken(clip, sounds, aligned(shown_words(brief.text), words))

    def origin(self, voice: Voice) -> Origin:
        """Return what speaks."""
        return Origin("hibari", version("hibari-tts"), voice.name or DEFAULT, "Apache-2.0")

    def _sentences(self, text: str) -> Iterator[tuple[list[str], list[_Symbol]]]:
        """Yield the words and the symbols of each stretch that is spoken at once."""
        from hibari.g2p.normalize import normalize

        for sentence in self._tts.split_sentences(text):
            tokens = self._tts.g2p.phonemize_tokens(self._tts.g2p.tokenize(normalize(sentence)))
            said: list[str] = []
            symbols: list[_Symbol] = []
            for token in tokens:
                spoken = any(map(str.isalnum, token.text))
                if spoken:
                    said.append(token.text)
                word = len(said) - 1 if spoken else -1
                symbols += [_Symbol(each, word) for each in token.phonemes or ""]
                if token.whitespace:
                    symbols.append(_Symbol(" ", -1))
            for part in _cut(symbols):
                yield said, part


@lru_cache(maxsize=2)
def hibari(name: str = DEFAULT) -> Hibari:
    """Return a voice; it stays loaded."""
    return Hibari(name)


def _words(said: list[str], timed: list[tuple[_Symbol, float, float]]) -> list[Word]:
    made = []
    for index, group in groupby(timed, lambda each: each[0].word):
        if index >= 0:
            each = list(group)
            made.append(Word(said[index], each[0][1], each[-1][2]))
    return made


def _cut(symbols: list[_Symbol]) -> Iterator[list[_Symbol]]:
    """Yield parts that are not too long, cut at pauses, or at any space where there are none."""
    while len(symbols) > LONGEST:
        text = "".join(each.symbol for each in symbols[:LONGEST])
        cuts = [found.end() for found in re.finditer(r"[,;:—.!?]\s+", text)]
        cut = cuts[-1] if cuts else text.rfind(" ") + 1 or LONGEST
        yield symbols[:cut]
        symbols = symbols[cut:]
    yield symbols


def _with_durations(model: bytes) -> bytes:
    """Return a network that gives the durations of its phonemes as a seventh output.

    A message of Protocol Buffers that follows another is merged into it: this one says
    `graph { output { name: DURATIONS type { tensor_type { elem_type: INT64 } } } }`.
    """
    kind = _field(2, _field(1, b"\x08\x07"))
    return model + _field(7, _field(12, _field(1, DURATIONS) + kind))


def _field(number: int, content: bytes) -> bytes:
    """Return a field with a length below 128."""
    return bytes([number << 3 | 2, len(content)]) + content
