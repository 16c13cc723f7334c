"""Marks of punctuation: what a careful typesetter would mend, each with its fix.

Whoever writes `...` and straight quotes throughout has chosen so. What is reported is a text that
does both, a space that shows, and a mark that lacks its partner.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from comfyvn.advisory.passages import END, MARK, PART, VALUE, Passage, Passages
from comfyvn.source.diagnostics import Diagnostics

_STRAIGHT = re.compile(r'"|(?<=[^\W\d_])\'(?=[^\W\d_])')
_CURLY = re.compile(r"[“”„«»]|(?<=[^\W\d_])’(?=[^\W\d_])")
_DOTS = re.compile(r"(?<!\.)\.\.\.(?!\.)")
_TWO_DOTS = re.compile(r"(?<![./\\])\.\.(?![./\\\w])")
_DASHES = re.compile(r"(?<![-\w!<])--(?![->])|(?<=\w)--(?=[\w\s\"”’]|\Z)|(?<=\w )-(?= \w)")
_SPACES = re.compile(r"(?<=[^\s\ufffc]) {2,}(?=[^\s\ufffc])")
_SPACE_BEFORE = re.compile(
    r"(?<=[^\W_])[ \u00a0]+(?=[,!?؟،؛](?=[\s”’»)\x01]|\Z)|[;:](?=[\s”’»]|\Z)|\.(?=[\s”’»)\x01]|\Z))"
)
_SPACE_BEFORE_FRENCH = re.compile(r"(?<=[^\W_])[ \u00a0\u202f]+(?=[,.](?=[\s”’»)\x01]|\Z))")
_NO_SPACE_FRENCH = re.compile(r"(?<=[^\W_»])(?=[;!?»](?=[\s”’»),.\x01]|\Z))|(?<=«)(?=[^\W_])")
_NO_SPACE_AFTER = re.compile(
    r"(?<=[^\W\d_]{2})[,;](?=[^\W\d_]{2})|(?<=[a-zß-öø-ÿ]{2})[.!?](?=[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ])"
)
_SMILEY = re.compile(r"[:;=8][-'^]?\)|\([-'^]?[:;=8]|(?<!\S)(?:[^\W\d_]|\d{1,2})\)")

_BRACKETS = {")": "(", "]": "[", "）": "（", "】": "【", "」": "「", "』": "『", "》": "《"}
_OPEN = frozenset(_BRACKETS.values())
_PAIR = re.compile(r'[()\[\]（）【】「」『』《》“”„«»"]')
_QUESTIONS = re.compile(r"[¿¡]+|[?!]+")

_SYMMETRIC = ("sv", "fi")
"""Languages whose quotes open and close with one sign."""


def check_typography(texts: Passages, language: str, out: Diagnostics) -> None:
    """Report punctuation that is mixed, misplaced or unpaired in texts of a language."""
    plain = texts.plain
    base = language.partition("-")[0].partition("_")[0].lower()
    if '"' in plain or "'" in plain:
        _quotes(texts, base, out)
    if ".." in plain:
        _dots(texts, out)
    if "-" in plain and ("—" in plain or "–" in plain):
        _dashes(texts, out)
    if "  " in plain:
        _doubled(texts, out)
    _spacing(texts, language, base, out)
    _pairs(texts, base, out)
    if base == "es" and ("?" in plain or "!" in plain or "¿" in plain or "¡" in plain):
        _openers(texts, out)


def _quotes(texts: Passages, base: str, out: Diagnostics) -> None:
    plain = texts.plain
    straight = [found.span() for found in _STRAIGHT.finditer(plain) if _quotes_here(plain, found)]
    curly = [found.span() for found in _CURLY.finditer(plain)]
    if not straight or not curly:
        return
    if len(straight) <= len(curly):
        for start, end in straight:
            sign = plain[start]
            text = "’" if sign == "'" else _curly(plain, start, base)
            out.warning(
                "VN1710",
                f"a straight `{sign}` stands among curly quotes",
                texts.span(start, end),
                help=f"write `{text}`",
                fix=texts.edits(start, end, text),
            )
        return
    for start, end in curly:
        text = "'" if plain[start] == "’" else '"'
        out.warning(
            "VN1710",
            f"a curly `{plain[start]}` stands among straight quotes",
            texts.span(start, end),
            help=f"write `{text}`",
            fix=texts.edits(start, end, text),
        )


def _quotes_here(plain: str, found: re.Match[str]) -> bool:
    """Whether a straight quote quotes; behind a digit it is a measure."""
    return found[0] == "'" or not plain[found.start() - 1 : found.start()].isdigit()


def _curly(plain: str, start: int, base: str) -> str:
    """Return the quote that a straight one at an offset stands for."""
    before = plain[:start].rstrip(MARK + PART + END)[-1:]
    opens = not before or before.isspace() or before in "([—–-¿¡"
    if base in ("de", "cs", "sk"):
        return "„" if opens else "“"
    if base in _SYMMETRIC:
        return "”"
    return "“" if opens else "”"


def _dots(texts: Passages, out: Diagnostics) -> None:
    plain = texts.plain
    if "…" in plain:
        for found in _DOTS.finditer(plain):
            out.warning(
                "VN1711",
                "three dots stand among ellipses",
                texts.span(*found.span()),
                help="write `…`",
                fix=texts.edits(*found.span(), "…"),
            )
    for found in _TWO_DOTS.finditer(plain):
        out.warning(
            "VN1711",
            "two dots are neither a full stop nor an ellipsis",
            texts.span(*found.span()),
            help="write `.` or `…`",
        )


def _dashes(texts: Passages, out: Diagnostics) -> None:
    plain = texts.plain
    dash = "—" if plain.count("—") >= plain.count("–") else "–"
    for found in _DASHES.finditer(plain):
        out.warning(
            "VN1714",
            "hyphens stand for a dash among real dashes",
            texts.span(*found.span()),
            help=f"write `{dash}`",
            fix=texts.edits(*found.span(), dash),
        )


def _doubled(texts: Passages, out: Diagnostics) -> None:
    for found in _SPACES.finditer(texts.plain):
        out.warning(
            "VN1712",
            f"{len(found[0])} spaces stand side by side, and show",
            texts.span(*found.span()),
            help="write one",
            fix=texts.edits(*found.span(), " "),
        )


def _spacing(texts: Passages, language: str, base: str, out: Diagnostics) -> None:
    plain = texts.plain
    french = base == "fr" and language.lower() != "fr-ca"
    for found in (_SPACE_BEFORE_FRENCH if french else _SPACE_BEFORE).finditer(plain):
        if plain[found.end() : found.end() + 2] in ("..", ". ."):
            continue
        out.warning(
            "VN1713",
            f"a space stands before `{plain[found.end()]}`",
            texts.span(*found.span()),
            help="take it away",
            fix=texts.edits(*found.span(), ""),
        )
    if french:
        for found in _NO_SPACE_FRENCH.finditer(plain):
            start = found.start()
            sign = plain[start] if plain[start : start + 1] in (*";!?»",) else "«"
            where = "behind" if sign == "«" else "before"
            out.warning(
                "VN1713",
                f"no space stands {where} `{sign}`, as French has it",
                texts.span(start, start + 1),
                help="write a narrow no-break space, U+202F",
                fix=texts.edits(start, start, "\u202f"),
            )
    if "," in plain or ";" in plain or "." in plain or "!" in plain or "?" in plain:
        for found in _NO_SPACE_AFTER.finditer(plain):
            out.warning(
                "VN1713",
                f"no space stands behind `{found[0]}`",
                texts.span(*found.span()),
                help="write one",
                fix=texts.edits(found.end(), found.end(), " "),
            )


def _pairs(texts: Passages, base: str, out: Diagnostics) -> None:
    """Report brackets and quotes without their partner.

    What one speaker opens may close in a later line of theirs, with no line of another between.
    """
    plain = texts.plain
    signs = [found.start() for found in _PAIR.finditer(plain)]
    if not signs:
        return
    smileys = {found.end() - 1 for found in _SMILEY.finditer(plain)}
    smileys |= {found.start() for found in _SMILEY.finditer(plain) if plain[found.start()] == "("}
    passages = texts.each
    index = 0
    opened: list[tuple[str, int]] = []
    previous: Passage | None = None
    last = -1
    for offset in signs:
        while passages[index].end <= offset:
            index += 1
        here = passages[index]
        if previous is not None and here is not previous and opened:
            between = passages[last : index + 1]
            if here.kind != "line" or any(
                each.kind != "line" or each.speaker != previous.speaker for each in between
            ):
                _unclosed(texts, opened, out)
        if here is not previous:
            opened = [each for each in opened if each[0] not in ("(", "[")] if opened else []
        previous, last = here, index
        if offset not in smileys:
            _sign(texts, plain, offset, base, opened, out)
    _unclosed(texts, opened, out)


def _sign(
    texts: Passages,
    plain: str,
    offset: int,
    base: str,
    opened: list[tuple[str, int]],
    out: Diagnostics,
) -> None:
    sign = plain[offset]
    if sign == '"' and plain[offset - 1 : offset].isdigit() and not _holds(opened, '"'):
        return
    partners = _partners(sign, base)
    at = next((i for i in reversed(range(len(opened))) if opened[i][0] in partners), -1)
    if at >= 0:
        del opened[at:]
    elif _opens(sign, base):
        if not (sign in "“„«»" and _holds(opened, sign)):  # repeated at the head of a paragraph
            opened.append((sign, offset))
    else:
        _report(texts, offset, sign, "opens", out)


def _holds(opened: Sequence[tuple[str, int]], sign: str) -> bool:
    return any(each[0] == sign for each in opened)


def _partners(sign: str, base: str) -> str:
    """Return the signs that a sign may close."""
    if sign in _BRACKETS:
        return _BRACKETS[sign]
    if sign == "”":
        return "“„”" if base in _SYMMETRIC else "“„"
    return {'"': '"', "“": "„", "»": "«" + ("»" if base in _SYMMETRIC else ""), "«": "»„"}.get(
        sign, ""
    )


def _opens(sign: str, base: str) -> bool:
    return sign in _OPEN or sign in '"“„«»' or (sign == "”" and base in _SYMMETRIC)


def _unclosed(texts: Passages, opened: list[tuple[str, int]], out: Diagnostics) -> None:
    for sign, offset in opened:
        _report(texts, offset, sign, "closes", out)
    opened.clear()


def _report(texts: Passages, offset: int, sign: str, how: str, out: Diagnostics) -> None:
    out.warning(
        "VN1715",
        f"nothing {how} this `{sign}`",
        texts.span(offset, offset + 1),
        help="write its partner, or take it away",
    )


def _openers(texts: Passages, out: Diagnostics) -> None:
    """Report `?` and `!` without `¿` and `¡`, and the other way round."""
    for each, words in texts.split():
        if "?" not in words and "!" not in words and "¿" not in words and "¡" not in words:
            continue
        waiting = -1
        for found in _QUESTIONS.finditer(words):
            start = each.start + found.start()
            if found[0][0] in "¿¡":
                if waiting >= 0 and found[0][0] == texts.plain[waiting]:
                    _report(texts, waiting, texts.plain[waiting], "closes", out)
                waiting = start
            elif waiting >= 0:
                waiting = -1
            elif words[: found.start()].strip(f"{MARK}{PART}{END}{VALUE} …«“(—"):
                sign = found[0][0]
                out.warning(
                    "VN1715",
                    f"nothing opens this `{sign}`",
                    texts.span(start, start + 1),
                    help=f"write `{'¿' if sign == '?' else '¡'}` where the sentence begins",
                )
        if waiting >= 0:
            _report(texts, waiting, texts.plain[waiting], "closes", out)
