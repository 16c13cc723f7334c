"""Whether texts fit the text box and the choices of the targets, measured in the theme's font."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from comfyvn.advisory.passages import END, MARK, PART, VALUE, Passage, Passages
from comfyvn.data import data_folder
from comfyvn.source.diagnostics import Diagnostics

FONTS = {"serif": "literata.ttf", "sans": "inter.ttf", "readable": "atkinson.ttf"}
"""The file of each family; both targets ship the same letters."""

_UNITS = 1000
"""The size at which letters are measured."""


class Box(NamedTuple):
    """How wide a row of text is, by target: widths in em of its font.

    `reason` is the room for why a choice is locked.
    """

    line: float
    choice: float
    reason: float


_WEB_CHOICE = (46 - 2 * 0.5 - 2 * 1.5 - 1.1) / 1.14 - 0.8 * 0.8


BOXES = {
    # screens.rpy: a window of 1260 px with 54 and 96 px around a text of 37 px; 820 px of 33 px,
    # of 26 px for a reason.
    "renpy": Box((1260 - 54 - 96) / 37, 820 / 33, 820 / 26),
    # style.css: 62 rem with 2.4 and 4.4 rem around, of 1.3 rem, at most 44 em; 46 rem less what is
    # around the words, of 1.14 rem; a reason is .84 of that, behind a lock of .62 and .5 em.
    "web": Box(min(44.0, (62 - 2.4 - 4.4) / 1.3), _WEB_CHOICE, _WEB_CHOICE / 0.84 - 0.62 - 0.5),
}
"""What the templates say; a test compares."""

_LETTER, _SPACE, _WIDEST = 0.67, 0.29, 1.1
"""Widths in em that no small letter but m and w, no space and no other letter exceeds; a test
measures them."""
_OTHERS = re.compile(r"[^a-ln-vx-z ,.;:!?'’-]")

_KINDS = {
    "line": ("line", "VN1720", "split it in two lines"),
    "choice": ("choice", "VN1721", "word it shorter; what is said can follow as a line"),
    "reason": ("reason of a choice", "VN1721", "word it shorter"),
}
"""What each kind with a box is called, its rule, and what helps."""
_NAMES = {"renpy": "Ren'Py", "web": "the web"}
_WIDE = "WF"
_VALUE_WIDTH = 6
"""Letters that a value is taken for."""
_PARTS = re.compile(f"{PART}[^{END}]*{END}")
_BREAKS = re.compile(r"[^ ]+ *| +")


class Fit(NamedTuple):
    """What texts have to fit into.

    Attributes:
        targets: the targets that are built.
        family: the family of the theme's letters, as `themes/*.yaml` names it.
        rows: how many rows a line may take.
        choice_rows: how many a choice may, and the reason why it is locked.
    """

    targets: tuple[str, ...]
    family: str
    rows: int
    choice_rows: int


def check_fit(texts: Passages, fit: Fit, out: Diagnostics) -> None:
    """Report lines that take more rows than they may, and choices and their reasons as well."""
    boxes = [(target, BOXES[target]) for target in fit.targets if target in BOXES]
    if not boxes:
        return
    narrowest = min(box.line for _, box in boxes)
    narrowest_choice = min(box.choice for _, box in boxes)
    narrowest_reason = min(box.reason for _, box in boxes)
    for each in texts.each:
        if each.kind == "line":
            width, most = narrowest, fit.rows
        elif each.kind == "choice":
            width, most = narrowest_choice, fit.choice_rows
        elif each.kind == "reason":
            width, most = narrowest_reason, fit.choice_rows
        else:
            continue
        if (each.end - each.start) * _WIDEST > width or VALUE in texts.plain[each.start : each.end]:
            shown = longest(texts.plain[each.start : each.end])
            if not surely_fits(shown, width, most):
                _check(texts, each, shown, boxes, fit, out)


def surely_fits(text: str, width: float, most: int) -> bool:
    """Whether a text takes no more rows than it may in any of the typefaces, unmeasured.

    Were it one row more, all the others would hold more than the width less the longest word.
    """
    others = len(_OTHERS.findall(text))
    spaces = text.count(" ")
    letters = len(text) - others - spaces
    whole = letters * _LETTER + spaces * _SPACE + others * _WIDEST
    word = max(map(len, text.split())) * (_WIDEST if others else _LETTER) if text.strip() else 0.0
    return whole <= (most - text.count("\n")) * (width - word)


def _check(
    texts: Passages,
    each: Passage,
    shown: str,
    boxes: Iterable[tuple[str, Box]],
    fit: Fit,
    out: Diagnostics,
) -> None:
    letters = _letters(fit.family)
    what, code, help = _KINDS[each.kind]
    most = fit.rows if each.kind == "line" else fit.choice_rows
    worst = max((rows(shown, getattr(box, each.kind), letters), target) for target, box in boxes)
    if worst[0] <= most:
        return
    out.warning(
        code,
        f"this {what} takes {worst[0]} rows on {_NAMES[worst[1]]}, of {most} that it may",
        texts.span(each.start, each.end),
        help=help,
    )


def longest(plain: str) -> str:
    """Return what a text shows at its longest: of wordings and forms the longest one."""
    while END in plain:
        plain, count = _PARTS.subn(_longest, plain)
        if not count:
            break
    if VALUE in plain:
        plain = re.sub(f"{VALUE}+", "n" * _VALUE_WIDTH, plain)
    return plain.replace(MARK, "")


def _longest(found: re.Match[str]) -> str:
    return max(found[0][1:-1].split(PART), key=len)


def rows(text: str, width: float, letters: Letters) -> int:
    """Return how many rows of a width in em a text takes, broken between words."""
    limit = width * _UNITS
    count = 0
    for row in text.split("\n"):
        count += 1
        used = 0.0
        for found in _BREAKS.findall(row):
            word = found.rstrip(" ")
            length = letters.width(word)
            if used and used + length > limit:
                count += 1
                used = 0.0
            if length > limit:  # broken between letters, as scripts without spaces are
                count += int((used + length) // limit)
                used = (used + length) % limit
            else:
                used += length
            used += letters.width(" ") * (len(found) - len(word))
    return count


class Letters:
    """How wide the letters of a font are, in thousandths of an em; kerning is left out."""

    def __init__(self, name: str) -> None:
        from PIL import ImageFont

        path = data_folder("templates/renpy/game/fonts") / name
        self._font = ImageFont.truetype(str(path), _UNITS, layout_engine=ImageFont.Layout.BASIC)
        self._widths: dict[str, float] = {}

    def width(self, text: str) -> float:
        """Return how wide a text is, without kerning."""
        widths = self._widths
        try:
            return sum([widths[letter] for letter in text])
        except KeyError:
            for letter in set(text):
                widths[letter] = self._width(letter)
            return sum([widths[letter] for letter in text])

    def _width(self, letter: str) -> float:
        if unicodedata.east_asian_width(letter) in _WIDE:
            return float(_UNITS)
        if unicodedata.combining(letter):
            return 0.0
        return float(self._font.getlength(letter))


@lru_cache(maxsize=4)
def _letters(family: str) -> Letters:
    return Letters(FONTS.get(family, FONTS["serif"]))
