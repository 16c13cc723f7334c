"""Spelling, by dictionaries in hunspell's format and the project's own words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from comfyvn.advisory.hunspell import Words, is_simple, script_of, text_of
from comfyvn.advisory.passages import END, MARK, PART, VALUE, Passages
from comfyvn.source.diagnostics import Diagnostic, Diagnostics

_WORD = re.compile("(?:[^\\W\\d_]|[\u0300-\u036f])+(?:['’\x01]+(?:[^\\W\\d_]|[\u0300-\u036f])+)*")
_DRAWN = re.compile(r"(.)\1\1", re.IGNORECASE)
_JOINED = f"{PART}{END}{VALUE}_0123456789@#/\\"
_ELISIONS = ("fr", "it", "ca", "oc")
_MOST_SUGGESTED = 40
"""How many words of one scene get suggestions: they take longer than all else."""


class Dictionary(Protocol):
    """What knows the words of a language."""

    def __contains__(self, word: str) -> bool:
        """Whether a word is one."""

    def suggest(self, word: str) -> list[str]:
        """Return words that may be meant."""


class _Spylls:
    """A dictionary that needs the whole of hunspell."""

    def __init__(self, path: str) -> None:
        from spylls.hunspell import Dictionary

        self.inner = Dictionary.from_files(path)

    def __contains__(self, word: str) -> bool:
        return bool(self.inner.lookup(word))

    def suggest(self, word: str) -> list[str]:
        found = []
        for each in self.inner.suggest(word):
            found.append(str(each))
            if len(found) == 4:
                break
        return found


def open_dictionary(affixes: bytes, stems: bytes, path: str | None) -> Dictionary | None:
    """Return a dictionary; None if it needs the extra `spelling`, which is not installed, or is
    broken.

    Args:
        affixes: its `.aff` file.
        stems: its `.dic` file.
        path: where both stand without their endings, for dictionaries that are left to Spylls.
    """
    said = text_of(affixes, affixes)
    if is_simple(said):
        return Words(said, text_of(stems, affixes))
    try:
        return _Spylls(path) if path is not None else None
    except Exception:  # whatever Spylls makes of a broken file
        return None


def fault_of(affixes: bytes, path: str) -> str:
    """Return what Spylls has against an `.aff` file that is left to it; empty if nothing.

    Args:
        affixes: the file.
        path: where it stands, without its ending.
    """
    if is_simple(text_of(affixes, affixes)):
        return ""
    try:
        from spylls.hunspell.readers import read_aff
        from spylls.hunspell.readers.file_reader import FileReader

        read_aff(FileReader(f"{path}.aff"))
    except ImportError:
        return ""
    except Exception as error:
        return str(error).partition("\n")[0] or type(error).__name__
    return ""


def open_outside(path: str) -> Dictionary | None:
    """Return a dictionary of this machine; None as well if it cannot be read."""
    try:
        return open_dictionary(
            Path(f"{path}.aff").read_bytes(), Path(f"{path}.dic").read_bytes(), path
        )
    except OSError:
        return None


def own_words(text: str) -> set[str]:
    """Return the words of a list: one a line, `#` begins a comment."""
    lines = (line.partition("#")[0].split() for line in text.splitlines())
    return {unicodedata.normalize("NFC", word).replace("’", "'") for line in lines for word in line}


def words_in(names: Iterable[str]) -> set[str]:
    """Return the words that some names are made of."""
    return {
        found.replace("’", "'")
        for name in names
        for found in _WORD.findall(unicodedata.normalize("NFC", name).replace("_", " "))
    }


class Speller:
    """Knows the words of a language, and remembers what it was asked.

    Args:
        language: the language, `en` or `pt-BR`.
        dictionaries: a word that one of them knows is right.
        own: the project's words.
        certain: whether the dictionaries are the project's own, the same on every machine.
    """

    def __init__(
        self,
        language: str,
        dictionaries: Sequence[Dictionary],
        own: Collection[str],
        *,
        certain: bool = True,
    ) -> None:
        self.certain = certain
        self.base = language.partition("-")[0].partition("_")[0].lower()
        self.dictionaries = dictionaries
        self.own = frozenset(own) | {word.lower() for word in own if word.islower()}
        self._known: dict[str, bool] = {}
        self._suggested: dict[str, list[str]] = {}

    def knows(self, word: str) -> bool:
        """Whether a word is right; `word` has letters and straight apostrophes."""
        known = self._known.get(word)
        if known is None:
            known = self._known[word] = self._look(word)
        return known

    def _look(self, word: str) -> bool:
        if len(word) == 1 or (word.isupper() and len(word) <= 5) or _DRAWN.search(word):
            return True
        if self._is_own(word) or any(word in each for each in self.dictionaries):
            return True
        head, apostrophe, rest = word.partition("'")
        if not apostrophe:
            return self._is_foreign(word)
        if self.base == "en" and rest.lower() in ("s", "d", "ll", "ve", "re"):
            return self.knows(head)
        if self.base in _ELISIONS and len(head) <= 5:
            return self.knows(rest)
        return False

    def _is_foreign(self, word: str) -> bool:
        """Whether a word is of another script than the dictionaries."""
        simple = [each for each in self.dictionaries if isinstance(each, Words)]
        if len(simple) < len(self.dictionaries):
            return False
        scripts = frozenset[str]().union(*(each.scripts for each in simple))
        return any(script_of(letter) not in scripts | {""} for letter in word)

    def _is_own(self, word: str) -> bool:
        own = self.own
        if word in own or (word.isupper() and word.capitalize() in own):
            return True
        if word[0].isupper() and (word[0].lower() + word[1:] in own or word.lower() in own):
            return True
        return self.base == "en" and word.endswith("s'") and word[:-1] in own

    def suggest(self, word: str) -> list[str]:
        """Return words that may be meant."""
        found = self._suggested.get(word)
        if found is None:
            near = dict.fromkeys(
                each for dictionary in self.dictionaries for each in dictionary.suggest(word)
            )
            found = self._suggested[word] = list(near)[:3]
        return found


def check_spelling(texts: Passages, speller: Speller, out: Diagnostics) -> None:
    """Report words that no dictionary knows, each time they stand there.

    Of a machine's dictionaries only a note is said, so that no other machine stops at it.
    """
    plain = texts.plain
    if not unicodedata.is_normalized("NFC", plain):
        return  # an error of its own, and offsets would not hold
    unknown = {
        written: word
        for written in set(_WORD.findall(plain))
        if not speller.knows(word := written.replace("’", "'").replace(MARK, ""))
    }
    if not unknown:
        return
    suggested: set[str] = set()
    for found in _WORD.finditer(plain):
        if (word := unknown.get(found[0], "")) == "" or _is_part(plain, *found.span(), speller):
            continue
        if texts.at(found.start()).kind == "title" and speller.knows(word[0] + word[1:].lower()):
            continue  # Four O'Clock
        help = None
        if len(suggested) < _MOST_SUGGESTED or word in suggested:
            suggested.add(word)
            near = speller.suggest(word)
            shown = " or ".join(f"`{each}`" for each in near)
            help = f"did you mean {shown}?" if near else None
        out.append(
            Diagnostic(
                "VN1717",
                "warning" if speller.certain else "note",
                f"the word `{word}` is in no dictionary",
                texts.span(*found.span()),
                help or "if it is right, write it in `words.txt`",
            )
        )


def _is_part(plain: str, start: int, end: int, speller: Speller) -> bool:
    """Whether letters are no whole word: of an address, beside a value, before a hyphen."""
    before, after = plain[start - 1 : start], plain[end : end + 1]
    if (before and before in _JOINED) or (after and after in _JOINED):
        return True
    if before == "-" or after == "-":
        whole_start = plain.rfind(" ", 0, start) + 1
        whole = re.match(r"[\w'’-]+", plain[whole_start : end + 40])
        if end - start <= 3 or (whole is not None and speller.knows(whole[0].replace("’", "'"))):
            return True
    return after == "." and plain[end + 1 : end + 2].isalpha()  # an abbreviation, an address
