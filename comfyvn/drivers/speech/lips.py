"""What the mouth does while a line is said: visemes, from sounds with times or from text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from comfyvn.drivers.speech.maker import Sound, Word

Viseme = Literal["A", "I", "U", "E", "O", "closed"]

_SHAPES: Mapping[Viseme, str] = {
    "A": "aɑæɐʌɒäAIWYQ",
    "I": "iɪɨyʏjʲᵻsztdnʃʒθðɕʑʂʐx",
    "U": "uʊɯʉwɹʍɻ",
    "E": "eɛəɜɝɚᵊᵊɘɤɾTlkɡgŋhɫrʀʁNçʎɲ",
    "O": "oɔøœɵO",
    "closed": "pbmfvɱβɸ",
}
"""The mouth by phoneme (IPA, and the capitals that misaki writes for diphthongs by their first
half). Consonants are nearly closed jaws: those at the teeth look like I, those behind like E."""

_OF: Mapping[str, Viseme] = {symbol: shape for shape, all_ in _SHAPES.items() for symbol in all_}
_SILENT = re.compile(r"[\s.,;:!?…—()\"“”'’-]*")
_MARKS = frozenset("ˈˌːˑ'ʰ̩͡‿ʔ")
"""Stress, length, ties and the glottal stop: the mouth stays as it is."""

SHORTEST = 0.04
"""Seconds: a shorter shape is not seen."""
GAP = 0.08
"""Seconds: the mouth stays open over a shorter pause."""

Shape = tuple[float, Viseme]


def visemes(sounds: Iterable[Sound]) -> list[Shape]:
    """Return from when the mouth has which shape; it is closed before the first.

    Affricates and digraphs go by their first letter that has a shape.
    """
    made: list[Shape] = []
    for symbol, start, end in sounds:
        if _SILENT.fullmatch(symbol):
            shape: Viseme | None = "closed" if end - start >= GAP else None
        else:
            shape = next((_OF[each] for each in symbol if each in _OF), None)
            if shape is None and not set(symbol) <= _MARKS:
                shape = "E"
        if shape is None or (made and made[-1][1] == shape):
            continue
        if made and start - made[-1][0] < SHORTEST:
            # Lips that meet are seen however short it is; of others the first is.
            if shape == "closed":
                made[-1] = (made[-1][0], shape)
            continue
        made.append((start, shape))
    return _merged(made)


def _merged(shapes: Sequence[Shape]) -> list[Shape]:
    made: list[Shape] = []
    for at, shape in shapes:
        if not made or made[-1][1] != shape:
            made.append((at, shape))
    return made


VOWEL, CONSONANT, PAUSE = 1.18, 0.92, 0.7
"""How long letters last beside each other; a pause beside a phoneme."""
_DIGRAPHS = ("ch", "sh", "th", "ph", "ng", "ll", "rr", "qu", "ck", "ee", "oo", "ou")
_LETTERS: Mapping[str, str] = {"y": "i", "c": "k", "q": "k", "x": "k", "h": "h"}


def guessed(words: Sequence[Word]) -> list[Sound]:
    """Return sounds for words whose times are known, by their letters.

    Letters share a word's time, vowels with a little more of it than consonants; digraphs are one.
    """
    made: list[Sound] = []
    before = 0.0
    for word in words:
        if word.start - before > 0:
            made.append(Sound("", before, word.start))
        letters = _letters(word.text)
        weights = [VOWEL if letter[0] in "aeiou" else CONSONANT for letter in letters]
        at, whole = word.start, sum(weights) or 1
        for letter, weight in zip(letters, weights, strict=True):
            end = at + (word.end - word.start) * weight / whole
            made.append(Sound(letter, at, end))
            at = end
        before = word.end
    return made


def _letters(word: str) -> list[str]:
    """Return the letters of a word without accents, digraphs as one, as the nearest IPA."""
    plain = unicodedata.normalize("NFD", word.casefold())
    plain = "".join(each for each in plain if each.isalpha())
    found = re.findall("|".join((*_DIGRAPHS, ".")), plain)
    return [_LETTERS.get(each, each) for each in found]
