"""Dictionaries in hunspell's format, for asking whether a word is one.

A reader of our own since the format's simple part is all that most languages use, and the words of
a novel are asked for in milliseconds with it. What it does not read (words put together of others,
as in German and Hungarian) is left to Spylls, a port of the whole of hunspell.

The format: hunspell(5).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import islice, pairwise
from typing import NamedTuple

_BEYOND = re.compile(
    r"^(?:COMPOUNDFLAG|COMPOUNDBEGIN|COMPOUNDMIDDLE|COMPOUNDEND|COMPLEXPREFIXES|CIRCUMFIX|IGNORE"
    r"|LANG[ \t]+(?:tr|az|crh|hu))\b",
    re.MULTILINE,
)
_SET = re.compile(rb"^SET[ \t]+(\S+)", re.MULTILINE)
_LONGEST = 64
"""Letters that a word may have to be looked up."""
_SAMPLE = 500
"""Words that the script of a dictionary is told from."""
_MOST = 4
"""How many suggestions a word gets."""


class Affix(NamedTuple):
    """One way to make words of words: take `strip` off, put something on."""

    flag: str
    strip: str
    condition: re.Pattern[str] | None
    more: frozenset[str]
    cross: bool


def text_of(data: bytes, affixes: bytes) -> str:
    """Return the text of a dictionary's file, whose encoding its affix file names."""
    found = _SET.search(affixes)
    encoding = found[1].decode("ascii", "replace") if found else "ISO8859-1"
    try:
        return data.decode(encoding, "replace").removeprefix("\ufeff")
    except LookupError:
        return data.decode("utf-8", "replace")


def is_simple(affixes: str) -> bool:
    """Whether `Words` reads all that an affix file says."""
    return _BEYOND.search(affixes) is None


class Words:
    """The words of a dictionary.

    Args:
        affixes: the text of the `.aff` file.
        stems: the text of the `.dic` file.
    """

    def __init__(self, affixes: str, stems: str) -> None:
        self._kind = "char"
        self._aliases: list[frozenset[str]] = []
        self._barred: frozenset[str] = frozenset()
        self._forbidden = ""
        self._prefixes: dict[str, list[Affix]] = {}
        self._suffixes: dict[str, list[Affix]] = {}
        self._replacements: list[tuple[str, str]] = []
        self._inward: list[tuple[str, str]] = []
        self._flags_of = lru_cache(maxsize=None)(self._flags)
        self._read_affixes(affixes)
        self._longest_suffix = max(map(len, self._suffixes), default=0)
        self._longest_prefix = max(map(len, self._prefixes), default=0)
        self._stems = self._read_stems(stems)
        self._text = stems

    @cached_property
    def scripts(self) -> frozenset[str]:
        """The scripts that its words are written in."""
        some = islice(self._stems, 0, None, max(1, len(self._stems) // _SAMPLE))
        counts = Counter(script_of(letter) for word in some for letter in word if letter.isalpha())
        return frozenset(each for each, count in counts.items() if count * 20 > counts.total())

    @cached_property
    def _alphabet(self) -> str:
        letters = frozenset(self._text)
        small = sorted({each for each in letters if each.isalpha() and each == each.lower()})
        return "".join(small) if len(small) <= 80 else ""

    @cached_property
    def _inner_capitals(self) -> Mapping[str, str]:
        """Words that have capitals not only first, by what they are without these."""
        return {each.capitalize(): each for each in self._stems if each[1:] != each[1:].lower()}

    def __contains__(self, word: str) -> bool:
        """Whether a word is one, in this spelling or with fewer capitals."""
        if len(word) > _LONGEST:
            return True
        for left, right in self._inward:
            word = word.replace(left, right)
        if self._known(word):
            return True
        if word[:1].isupper():
            lower = word.lower()
            if word.isupper():
                first = word.capitalize()
                return self._known(lower) or self._known(first) or self._in_capitals(first)
            return self._known(lower[0] + word[1:])
        return False

    def suggest(self, word: str) -> list[str]:
        """Return words that one slip of the pen away are `word`, the likeliest first."""
        found: dict[str, None] = {}
        lower = word.lower()
        for candidate in self._near(lower):
            if candidate not in found and candidate in self:
                found[candidate] = None
                if len(found) == _MOST:
                    break
        if word[:1].isupper():
            return [each[:1].upper() + each[1:] for each in found]
        return list(found)

    def _near(self, word: str) -> Iterator[str]:
        for left, right in self._replacements:
            for found in re.finditer(re.escape(left), word):
                yield word[: found.start()] + right + word[found.end() :]
        for i, (left, right) in enumerate(pairwise(word)):
            yield word[:i] + right + left + word[i + 2 :]
        for i in range(len(word)):
            yield word[:i] + word[i + 1 :]
        for i in range(len(word) + 1):
            for letter in self._alphabet:
                yield word[:i] + letter + word[i:]
        for i in range(len(word)):
            for letter in self._alphabet:
                yield word[:i] + letter + word[i + 1 :]
        for i in range(3, len(word) - 2):
            if self._known(word[:i]) and self._known(word[i:]):
                yield f"{word[:i]} {word[i:]}"

    def _known(self, word: str) -> bool:
        if " " in word:
            return all(map(self._known, word.split(" ")))
        flags = self._stems.get(word)
        if flags is not None:
            said = self._flags_of(flags)
            if self._forbidden in said:
                return False
            if not said & self._barred:
                return True
        return self._derived(word)

    def _derived(self, word: str) -> bool:
        for base, suffix in self._without_suffix(word):
            if self._barred & suffix.more:
                continue
            if self._bears(base, suffix.flag):
                return True
            if suffix.cross:
                for inner, prefix in self._without_prefix(base):
                    if prefix.cross and self._bears(inner, suffix.flag, prefix.flag):
                        return True
        for base, prefix in self._without_prefix(word):
            if not self._barred & prefix.more and self._bears(base, prefix.flag):
                return True
        return False

    def _in_capitals(self, word: str) -> bool:
        """Whether a word, all but the first of its letters small, has more capitals elsewhere."""
        stem = self._inner_capitals.get(word)
        if stem is not None and self._known(stem):
            return True
        return any(
            self._has(self._inner_capitals.get(base, ""), suffix.flag)
            for base, suffix in self._without_suffix(word)
        )

    def _bears(self, word: str, flag: str, other: str = "") -> bool:
        """Whether a word may take an affix, or two: by itself, or by the suffix it ends with."""
        flags = self._stems.get(word)
        if flags is not None:
            said = self._flags_of(flags)
            if flag in said and (not other or other in said) and self._forbidden not in said:
                return True
        return any(
            flag in suffix.more
            and (not other or other in suffix.more or self._has(base, other))
            and self._has(base, suffix.flag)
            for base, suffix in self._without_suffix(word)
        )

    def _has(self, word: str, flag: str) -> bool:
        flags = self._stems.get(word)
        return flags is not None and flag in self._flags_of(flags)

    def _without_suffix(self, word: str) -> Iterator[tuple[str, Affix]]:
        for length in range(min(self._longest_suffix, len(word) - 1) + 1):
            affixes = self._suffixes.get(word[len(word) - length :])
            for affix in affixes or ():
                base = word[: len(word) - length] + affix.strip
                if affix.condition is None or affix.condition.search(base):
                    yield base, affix

    def _without_prefix(self, word: str) -> Iterator[tuple[str, Affix]]:
        for length in range(min(self._longest_prefix, len(word) - 1) + 1):
            affixes = self._prefixes.get(word[:length])
            for affix in affixes or ():
                base = affix.strip + word[length:]
                if affix.condition is None or affix.condition.match(base):
                    yield base, affix

    # Reading

    def _flags(self, text: str) -> frozenset[str]:
        if self._aliases and text.isdecimal():
            number = int(text)
            return self._aliases[number - 1] if 0 < number <= len(self._aliases) else frozenset()
        if self._kind == "num":
            return frozenset(text.split(","))
        if self._kind == "long":
            return frozenset(text[i : i + 2] for i in range(0, len(text), 2))
        return frozenset(text)

    def _read_affixes(self, text: str) -> None:
        barred = []
        headed: set[tuple[str, str]] = set()
        crosses: dict[tuple[str, str], bool] = {}
        for line in text.splitlines():
            parts = line.split()
            if len(parts) < 2:
                continue
            match parts[0]:
                case "FLAG":
                    self._kind = parts[1].lower()
                case "NEEDAFFIX" | "PSEUDOROOT" | "ONLYINCOMPOUND":
                    barred.append(parts[1])
                case "FORBIDDENWORD":
                    self._forbidden = parts[1]
                case "REP" if len(parts) >= 3:
                    left, right = parts[1].strip("^$"), parts[2].replace("_", " ")
                    self._replacements.append((left.replace("_", " "), right))
                case "ICONV" if len(parts) >= 3:
                    self._inward.append((parts[1], parts[2]))
                case "PFX" | "SFX" if len(parts) >= 4:
                    key = parts[0], parts[1]
                    if key not in headed:
                        headed.add(key)
                        crosses[key] = parts[2] == "Y"
                    else:
                        self._read_affix(parts, crosses[key])
        aliases = [line.split()[1] for line in text.splitlines() if line.startswith("AF ")]
        if aliases:
            read = [self._flags(each) for each in aliases[1:]]
            self._aliases = read
            self._flags_of.cache_clear()
        self._barred = frozenset(barred)

    def _read_affix(self, parts: list[str], cross: bool) -> None:
        kind, flag, strip, added = parts[:4]
        added, _, more = added.partition("/")
        added = "" if added == "0" else added
        strip = "" if strip == "0" else strip
        condition = parts[4] if len(parts) > 4 else "."
        compiled = None if condition == "." else _condition(condition, kind == "SFX")
        affix = Affix(flag, strip, compiled, self._flags(more) if more else frozenset(), cross)
        held = self._suffixes if kind == "SFX" else self._prefixes
        held.setdefault(added, []).append(affix)

    def _read_stems(self, text: str) -> Mapping[str, str]:
        lines = text.split("\n")
        if lines and lines[0].strip().isdigit():
            del lines[0]
        stems: dict[str, str] = {}
        if "\t" not in text and "\\/" not in text and "\r" not in text:
            stems = dict([line.partition("/")[::2] for line in lines])
            if len(stems) == len(lines):
                stems.pop("", None)
                return stems
            stems.clear()
        separate = "," if self._kind == "num" else ""
        for line in lines:
            word, _, flags = line.partition("/")
            if word.endswith("\\"):  # an escaped stroke is part of the word
                rest, _, flags = flags.partition("/")
                word = f"{word[:-1]}/{rest}"
            if flags:
                flags = flags.split(None, 1)[0] if not flags.isspace() else ""
            else:
                word = word.partition("\t")[0].rstrip()
            if word in stems and not self._aliases:
                stems[word] = separate.join(filter(None, (stems[word], flags)))
            else:
                stems.setdefault(word, flags)
        stems.pop("", None)
        return stems


@lru_cache(maxsize=4096)
def script_of(letter: str) -> str:
    """Return the script of a letter by its name in Unicode; marks above and below have none."""
    return "" if unicodedata.combining(letter) else unicodedata.name(letter, "").partition(" ")[0]


@lru_cache(maxsize=4096)
def _condition(text: str, at_end: bool) -> re.Pattern[str]:
    """Return an affix's condition; in it only `.`, `[…]` and `[^…]` are more than letters."""
    made = "".join(
        part if part == "." else _set(part) if part[0] == "[" and len(part) > 1 else re.escape(part)
        for part in re.findall(r"\[[^\]]*\]|.", text)
    )
    return re.compile(f"(?:{made})$" if at_end else made)


def _set(part: str) -> str:
    negated = part.startswith("[^")
    letters = part[2 if negated else 1 : -1]
    return f"[{'^' if negated else ''}{re.escape(letters)}]" if letters else "."
