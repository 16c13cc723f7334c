"""Text as makers of speech read it best, and where the words of the shown text are in time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from comfyvn.drivers.speech.maker import Word

_QUIET = re.compile(r"[«»“”„\"()\[\]{}*_~^|<>♪♫♥★☆]+")
_ELLIPSIS = re.compile(r"\s*(?:…|\.\s?\.\s?\.)[.…]*\s*")
_DASH = re.compile(r"\s*(?:—|―|--+|\s–\s)\s*")
_CUT = re.compile(r"(?<=\w)[-–—]+(?=\s|$|[!?.,])")
_STUTTER = re.compile(r"\b(\w)(?:-\1)+(?=-?\w)", re.IGNORECASE)
_DRAWN_OUT = re.compile(r"([A-Za-z])\1{2,}")
_SHOUT = re.compile(r"[!?]{2,}")
_IDEOGRAPHS = re.compile(
    r"[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff66-\uff9f]+[.。]?"
)
_EAST_ASIAN = frozenset({"ja", "zh", "yue", "ko", "cmn", "nan", "hak"})
_END = re.compile(r"[.!?…,;:—][’']?$")


def sayable(text: str, language: str) -> str:
    """Return a line of a language as it is handed to a maker.

    Quotation marks and brackets make no sound; an ellipsis and a dash are a pause, which makers
    know as a comma, or as a full stop where the sentence ends; sounds that are drawn out
    (`Nooooo`) are written twice at most, and a line without an end has a full stop. East Asian
    writing within another language is left out, which would be spelt by the names of its letters.
    """
    if language.partition("-")[0].lower() not in _EAST_ASIAN:
        text = _IDEOGRAPHS.sub(" ", text)
    text = _QUIET.sub(" ", text)
    text = _ELLIPSIS.sub(lambda found: _pause(text, found), text)
    text = _CUT.sub("", text)
    text = _DASH.sub(", ", text)
    text = _STUTTER.sub(r"\1", text)
    text = _DRAWN_OUT.sub(r"\1\1", text)
    text = _SHOUT.sub(lambda found: "?" if "?" in found[0] else "!", text)
    text = re.sub(r"\s+([,.!?;:])", r"\1", text)
    text = re.sub(r"[,;:]+(?=[,.!?;:])", "", text)
    text = re.sub(r"\s+", " ", text).strip(" ,;:")
    if not any(map(str.isalnum, text)):
        return ""
    return text if _END.search(text) else f"{text}."


def _pause(text: str, found: re.Match[str]) -> str:
    """Return the mark for an ellipsis: nothing at the start, a stop before a new sentence."""
    if not any(map(str.isalnum, text[: found.start()])):
        return ""
    after = text[found.end() :].lstrip()
    if not after or after[0] in ".,!?;:":
        return "" if after else "."
    return ". " if after[0].isupper() and not after.startswith(("I ", "I'", "I’")) else ", "


def shown_words(text: str) -> list[str]:
    """Return the words of a text, as it parts them by spaces: those with a letter or a digit."""
    return [word for word in text.split() if any(map(str.isalnum, word))]


def aligned(shown: Sequence[str], spoken: Sequence[Word]) -> list[Word]:
    """Return when each shown word is said, given when each spoken one is.

    Most are the same words. Where they are not (`7:10` is said in two words), the shown ones share
    the time of the spoken ones by their length.
    """
    made: list[Word] = []
    bare = [_bare(word) for word in shown]
    said = [_bare(word.text) for word in spoken]
    at = 0.0
    for _, a, b, c, d in SequenceMatcher(None, bare, said, autojunk=False).get_opcodes():
        if b - a == d - c:
            pairs = zip(shown[a:b], spoken[c:d], strict=True)
            made += [Word(word, each.start, each.end) for word, each in pairs]
        elif b > a:
            start = spoken[c].start if d > c else at
            end = spoken[d - 1].end if d > c else at
            made += spread(shown[a:b], start, end)
        at = spoken[d - 1].end if d else at
    return made


def spread(shown: Sequence[str], start: float, end: float) -> list[Word]:
    """Return words that share a time by their length."""
    lengths = [len(_bare(word)) + 1 for word in shown]
    whole = sum(lengths)
    made, before = [], 0
    for word, length in zip(shown, lengths, strict=True):
        first = start + (end - start) * before / whole
        before += length
        made.append(Word(word, first, start + (end - start) * before / whole))
    return made


def _bare(word: str) -> str:
    return "".join(filter(str.isalnum, word)).casefold()
