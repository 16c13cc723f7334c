"""Words that stand twice in a row and mean it once."""

from __future__ import annotations

import re
from functools import lru_cache

from comfyvn.advisory.passages import Passages
from comfyvn.source.diagnostics import Diagnostics

_SMALL = {
    "en": "the a an of to in and is it for on with at by from was were be are as his her their my "
    "your our this these those or if which who into about than then when they we i been has not",
    "es": "el la los las del al un una unos unas en y con por para su sus mi tu es como cuando "
    "pero se lo le les de a que",
    "fr": "le la les de des du un une et à au aux en dans pour par sur est son sa ses mon ma mes "
    "ce cette ces qui que",
    "de": "und ein eine einen einem einer zu mit von ist nicht im am auf für ich wir er es auch "
    "dass wenn als wie",
    "it": "il lo la gli le di del della un una uno e con per su nel nella che sono mi ti",
    "pt": "o os as de do da dos das um uma e com por para no na que seu sua é se",
    "nl": "het een en van in op met voor te ik we niet zijn ook als maar",
    "ca": "el la els les de del un una i amb per en que és",
    "sv": "och en ett i på med för av är som jag vi inte att",
    "da": "og en et i på med for af er som jeg vi ikke at",
    "nb": "og en et i på med for av er som jeg vi ikke å",
    "pl": "i w z na do o się nie jest to że po za od",
    "ru": "и в на с к о по за от из не что это как он она мы я",
}
"""Words by language that no sentence has twice in a row, unless it stammers."""


def check_repeats(texts: Passages, language: str, out: Diagnostics) -> None:
    """Report small words that stand twice in a row, which is a slip of the pen.

    Other words are left alone: `very very`, `knock knock` and a long, long road are style.
    """
    search = _search(language.partition("-")[0].partition("_")[0].lower())
    if search is None:
        return
    for found in search.finditer(texts.plain):
        word = found[1]
        out.warning(
            "VN1716",
            f"the word `{word}` stands twice",
            texts.span(*found.span(2)),
            help="take one away",
            fix=texts.edits(found.end(1), found.end(2), ""),
        )


@lru_cache(maxsize=16)
def _search(language: str) -> re.Pattern[str] | None:
    words = _SMALL.get(language)
    if words is None:
        return None
    one = "|".join(sorted(words.split(), key=len, reverse=True))
    return re.compile(rf"(?<![\w’'\x01-\x03-])({one})[ \n](\1)(?![\w’'\x01-\x03-])", re.IGNORECASE)
