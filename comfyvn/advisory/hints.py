"""What words hint at: who a text may be for. It is a guess from lists, and says how sure it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from comfyvn.model.policy import Words
from comfyvn.story.content import RATINGS

LIST = "lists/ratings.yaml"


class Hint(NamedTuple):
    """One hint: the rating, what at, how often such a hint is right, and the words that gave it."""

    rating: str
    hint: str
    sure: float
    found: str


class Lexicon:
    """Lists of words of one language, ready to be looked for."""

    def __init__(self, words: Words, language: str) -> None:
        """Take the lists of a language; those of `en` do for `en-GB`."""
        harmless = {each.casefold() for each in words.harmless}
        self.harmless = harmless
        self.buckets: list[tuple[re.Pattern[str], str, str, float]] = []
        self._begin = _Beginnings()
        for bucket in words.buckets.values():
            if bucket is None:
                continue
            listed = bucket.words.get(language) or bucket.words.get(re.split("[-_]", language)[0])
            kept = [each for each in listed or () if each.casefold() not in harmless]
            if kept:
                self._begin.add(kept)
                self.buckets.append(
                    (_pattern(kept), bucket.rating, bucket.hint, float(bucket.sure))
                )

    def hints(self, text: str) -> Iterator[Hint]:
        """Yield what a text hints at, one hint a bucket."""
        if text.isascii() and not self._begin.any_in(text):
            return
        plain = " ".join(text.split())
        for pattern, rating, hint, sure in self.buckets:
            for match in pattern.finditer(plain):
                if match[0].casefold() not in self.harmless:
                    yield Hint(rating, hint, sure, match[0])
                    break

    def highest(self, text: str) -> Hint | None:
        """Return the hint at the highest rating; of several the surest."""
        found = list(self.hints(text))
        return max(
            found, key=lambda each: (RATINGS.index(each.rating), each.sure, each.hint), default=None
        )


class _Beginnings:
    """Words with which what is looked for begins: most texts have none of them.

    Only for texts in ASCII, in which letters are small or capital and nothing else.
    """

    def __init__(self) -> None:
        self._words: set[str] = set()
        self._stems: tuple[str, ...] = ()
        self._known: dict[str, bool] = {}

    def add(self, listed: Iterable[str]) -> None:
        for each in listed:
            own = each.lower()
            first = _WORD.match(own)
            if first is None or own.rstrip("*") == first[0] != own:
                self._stems += (first[0] if first else "",)
            else:
                self._words.add(first[0])

    def any_in(self, text: str) -> bool:
        known = self._known
        for word in _WORD.findall(text.lower()):
            may = known.get(word)
            if may is None:
                may = known[word] = word in self._words or word.startswith(self._stems)
            if may:
                return True
        return False


_WORD = re.compile(r"\w+")


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    parts = (
        re.escape(word.rstrip("*")) + (r"\w*" if word.endswith("*") else "")
        for word in sorted(words, key=len, reverse=True)
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)


@cache
def shipped_words() -> Words:
    """Return the lists that come with ComfyVN."""
    from comfyvn.data import data_folder
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.source.yaml import load_yaml

    path = data_folder("rules") / LIST
    node = load_yaml(path.read_text(encoding="utf-8"), LIST, Diagnostics())
    assert node is not None
    return Words.model_validate(node.plain())


def words_for(own: Words) -> Words:
    """Return the shipped lists with what a project says otherwise."""
    return Words(
        buckets={**shipped_words().buckets, **own.buckets},
        harmless=[*shipped_words().harmless, *own.harmless],
    )


def spoken(text: Sequence[Any]) -> str:
    """Return all that a text of the Program can show, its forms side by side."""
    return "".join(_pieces(text))


def _pieces(text: Sequence[Any]) -> Iterator[str]:
    for fragment in text:
        match fragment:
            case str():
                yield fragment
            case {"em": inner} | {"strong": inner} | {"del": inner} | {"ruby": inner}:
                yield from _pieces(inner)
            case {"of": options}:
                yield " / ".join(spoken(each) for each in options)
            case {"forms": forms}:
                yield " / ".join(spoken(each) for each in forms.values())
