"""espeak-ng, a program of its own: a hundred languages, spoken plainly by rule.

It is under the GPL, so it is run and never linked. It has no voice model: what it makes is under no
licence of its own.
"""

from __future__ import annotations

import math
import os
import shutil
import subprocess
from functools import lru_cache
from typing import NamedTuple

from comfyvn.drivers.audio.clip import Clip
from comfyvn.drivers.audio.decode import AudioError, decode
from comfyvn.drivers.audio.level import sounding
from comfyvn.drivers.audio.resample import resampled
from comfyvn.drivers.speech.maker import Brief, Origin, SpeechError, Spoken, Voice
from comfyvn.drivers.speech.words import sayable, shown_words, spread

COMMAND = "espeak-ng"
WORDS_A_MINUTE = 160
"""Of an ordinary pace; its own default of 175 is brisk."""
SLOWEST, FASTEST = 80, 450
REFERENCE_HZ = 205.0
"""What pitch 0 of a voice is."""
LONGEST = 120
"""Seconds that a line may take it."""


class _Timbre(NamedTuple):
    """One of its voices.

    Attributes:
        variant: what is written behind the language.
        formants: its vocal tract, as `Voice` counts.
        hz: its mean pitch at the settings of `PITCHES`, measured.
    """

    variant: str
    formants: float
    hz: tuple[float, ...]


PITCHES = (10, 25, 50, 75, 99)
_HIGH = _Timbre("f2", 0.98, (140, 156, 194, 249, 323))
_LOW = _Timbre("", 0.87, (76, 84, 102, 131, 170))
LOW_BELOW = -5.0
"""Semitones: lower voices are made of a man's."""


class Espeak:
    """Speaks what `espeak-ng --voices` lists."""

    def __init__(self) -> None:
        """Look for the program.

        Raises:
            SpeechError: it is not installed.
        """
        command = shutil.which(COMMAND)
        if command is None:
            raise SpeechError(
                "`espeak-ng` is not installed: install the package `espeak-ng`, "
                "or name another maker in `speech` of vn.yaml"
            )
        self._command = command
        said = self._run("--version").decode(errors="replace")
        self._version = said.partition(":")[2].split()[0] if ":" in said else said.strip()

    def speak(self, brief: Brief) -> Spoken:
        """Speak a line.

        It has no formants to set. Played faster, a clip is higher with smaller formants; so it is
        spoken lower and slower by as much, and then played faster.
        """
        import numpy as np

        voice = brief.voice
        text = sayable(brief.text, brief.language)
        if not text:
            raise SpeechError(f"there is nothing to say in `{brief.text}`")
        # A voice that somebody chose by name is taken as it is.
        timbre = _LOW if voice.pitch < LOW_BELOW else _HIGH
        own = timbre.formants if not voice.name else 1.0
        faster = voice.formants / own
        hz = (REFERENCE_HZ if not voice.name else _LOW.hz[2]) * 2 ** (voice.pitch / 12) / faster
        heights = timbre.hz if not voice.name else _LOW.hz
        pitch = round(float(np.interp(math.log(hz), np.log(heights), PITCHES)))
        pace = round(WORDS_A_MINUTE * voice.pace / faster)
        variant = voice.name or timbre.variant
        data = self._run(
            *("-v", f"{brief.language.lower()}{f'+{variant}' if variant else ''}"),
            *("-p", str(pitch)),
            *("-s", str(min(max(pace, SLOWEST), FASTEST))),
            "-z",
            "--stdin",
            "--stdout",
            text=text,
        )
        try:
            spoken = decode(_whole(data))
        except AudioError as error:
            raise SpeechError(f"espeak-ng said nothing for `{brief.text}`: {error}") from error
        rate = round(spoken.rate * faster)
        clip = resampled(Clip(spoken.samples, rate), spoken.rate)
        start, end = (at / clip.rate for at in sounding(clip))
        return Spoken(clip, (), spread(shown_words(brief.text), start, end))

    def origin(self, voice: Voice) -> Origin:
        """Return what speaks."""
        return Origin("espeak", self._version, voice.name)

    def phonemes(self, text: str, language: str) -> str:
        """Return the sounds of a text in IPA, as it would say it."""
        said = self._run("-v", language, "-q", "--ipa", "--stdin", text=text).decode()
        return " ".join(said.split())

    def _run(self, *arguments: str, text: str = "") -> bytes:
        try:
            done = subprocess.run(
                [self._command, *arguments],
                check=False,
                input=text.encode(),
                capture_output=True,
                timeout=LONGEST,
                # Sound servers and locales are none of its business.
                env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"},
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise SpeechError(f"espeak-ng did not run: {error}") from error
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip().splitlines()
            raise SpeechError(f"espeak-ng: {said[0] if said else f'exit {done.returncode}'}")
        return done.stdout


@lru_cache(maxsize=1)
def espeak() -> Espeak:
    """Return the program; it is looked for once."""
    return Espeak()


def phonemes(text: str, language: str) -> str:
    """Return the sounds of a text in IPA.

    Raises:
        SpeechError: espeak-ng is not there, or does not know the language.
    """
    return espeak().phonemes(text, language)


def _whole(wave: bytes) -> bytes:
    """Return a WAV with its true length: written to a pipe, its header does not know it."""
    at = wave.find(b"data")
    if not wave.startswith(b"RIFF") or at < 0:
        return wave
    size = len(wave) - at - 8
    return (
        wave[:4]
        + (len(wave) - 8).to_bytes(4, "little")
        + wave[8 : at + 4]
        + size.to_bytes(4, "little")
        + wave[at + 8 :]
    )
