"""`{…}` in text: values, wordings, and forms by number or kind."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from comfyvn.source.nearest import did_you_mean
from comfyvn.source.syntax import Forms, Fragment, Text, Value, Wordings

if TYPE_CHECKING:
    from comfyvn.source.inline import Inline

MAX_DEPTH = 4
"""How deep forms may stand inside each other."""

MAX_DIGITS = 20

CATEGORIES = ("zero", "one", "two", "few", "many", "other")
"""The plural categories of Unicode CLDR."""

_STRUCTURE = re.compile(r"\\.|[{}|`\n]")
_FORMAT = re.compile(r":([^:\"'{}]*)\Z")
_DIGITS = re.compile(r"\.([0-9]{1,3})")
_FORM = re.compile(r"[ ]*+([^\s{},|]*+)[ ]*+\{")
_KANA = re.compile("[\u3040-\u30ffー ]+")
_HAN = re.compile("[\u3005\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")


class _Outline:
    """What one pass over a brace finds: its end, its own `|`, and what else stands in it."""

    __slots__ = ("bars", "end", "inner", "tick")

    def __init__(self, text: str, start: int, end: int) -> None:
        self.end = -1
        self.bars: list[int] = []
        self.inner = -1
        self.tick = -1
        depth = 1
        for match in _STRUCTURE.finditer(text, start + 1, end):
            char = match[0]
            if char == "{":
                depth += 1
                if self.inner < 0:
                    self.inner = match.start()
            elif char == "}":
                depth -= 1
                if not depth:
                    self.end = match.start()
                    return
            elif char == "|" and depth == 1:
                self.bars.append(match.start())
            elif char == "`" and self.tick < 0:
                self.tick = match.start()
            elif char == "\n":
                return


def parse_brace(inline: Inline, start: int, end: int, depth: int) -> tuple[Fragment, int]:
    """Parse the brace that opens at `start`; return it with the offset behind it."""
    text, report, source = inline.text, inline.report, inline.source
    outline = _Outline(text, start, end)
    if outline.end < 0:
        inline.brace_reported = True
        report.error(
            "VN0403",
            "`{` is not closed on its line",
            source.at(start, start + 1),
            help="write `}` behind the expression, or `\\{` to show a brace",
        )
        return "{", start + 1
    close = outline.end
    after = close + 1
    content = text[start + 1 : close]
    whole = source.at(start, after)
    if outline.tick >= 0:
        report.error(
            "VN0409",
            "`{…}` cannot hold a code span",
            source.at(outline.tick, outline.tick + 1),
            help="put it before or behind the braces",
        )
        return content, after
    if not content.strip():
        report.error(
            "VN0403",
            "empty braces",
            whole,
            help="write a variable in them, or `\\{\\}` to show them",
        )
        return "", after
    if depth >= MAX_DEPTH:
        report.error(
            "VN0405",
            "braces cannot stand here" if depth > MAX_DEPTH else "braces are nested too deep",
            whole,
            help="write the whole text in each form instead",
        )
        return "", after
    head_end = outline.inner if outline.inner >= 0 else close
    head = text[start + 1 : head_end].rsplit(",", 2)
    kind = head[1].strip() if len(head) == 3 else ""
    if len(head) == 3 and (outline.inner >= 0 or kind in ("plural", "select")):
        return _forms(inline, start, close, head, depth), after
    if outline.inner >= 0:
        inner = source.at(outline.inner, outline.inner + 1)
        if outline.bars:
            report.error(
                "VN0405",
                "wordings cannot hold braces",
                inner,
                help="write each wording in full; for a value take `{c, select, a {…} other {…}}`",
            )
        else:
            report.error(
                "VN0404",
                "braces inside braces",
                inner,
                help="forms are written `{n, plural, one {# candle} other {# candles}}`",
            )
        return content, after
    if outline.bars:
        return _wordings(inline, start, close, outline.bars), after
    return _value(inline, start, close), after


def _value(inline: Inline, start: int, close: int) -> Value:
    content = inline.text[start + 1 : close]
    digits: int | None = None
    if match := _FORMAT.search(content):
        number = _DIGITS.fullmatch(match[1].strip())
        if number is not None and int(number[1]) <= MAX_DIGITS:
            digits = int(number[1])
        else:
            inline.report.error(
                "VN0412",
                f"`{match[0][:20]}` is no number format",
                inline.source.at(start + 1 + match.start(), close),
                help=f"write the digits behind the point, 0 to {MAX_DIGITS}: `{{x:.2}}`",
            )
        content = content[: match.start()]
    source = content.strip()
    offset = start + 1 + len(content) - len(content.lstrip())
    return Value(source, digits, inline.source.at(offset, offset + len(source)))


def _wordings(inline: Inline, start: int, close: int, bars: list[int]) -> Wordings:
    text = inline.text
    at = inline.source.at(start, close + 1)
    edges = [start, *bars, close]
    options: list[Text] = []
    for left, right in pairwise(edges):
        options.append(inline.parse(left + 1, right, "a wording", depth=MAX_DEPTH))
    if len(bars) == 1:
        base, reading = text[start + 1 : bars[0]], text[bars[0] + 1 : close]
        if _HAN.fullmatch(base) and _KANA.fullmatch(reading):
            inline.report.warning(
                "VN0406",
                f"`{text[start : close + 1]}` shows one of two wordings, not a reading above "
                "the characters",
                at,
                help=f"write `<ruby>{base}<rt>{reading}</rt></ruby>`",
                fix=[(at, f"<ruby>{base}<rt>{reading}</rt></ruby>")],
            )
    return Wordings(options, at)


def _forms(inline: Inline, start: int, close: int, head: list[str], depth: int) -> Forms:
    text, report, place = inline.text, inline.report, inline.source.at
    expression = head[0].strip()
    offset = start + 1 + len(head[0]) - len(head[0].lstrip())
    kind = head[1].strip()
    kind_at = start + 2 + len(head[0]) + len(head[1]) - len(head[1].lstrip())
    result = Forms(kind, expression, {}, place(offset, offset + len(expression)))
    if kind not in ("plural", "select"):
        report.error(
            "VN0404",
            f"`{kind[:20]}` is no kind of form",
            place(kind_at, kind_at + max(1, len(kind))),
            help=did_you_mean(kind, ("plural", "select")) or "write `plural` or `select`",
        )
        return result
    position = start + 3 + len(head[0]) + len(head[1])
    while position < close:
        match = _FORM.match(text, position, close)
        if match is None:
            rest = text[position:close]
            if rest.strip():
                begin = position + len(rest) - len(rest.lstrip())
                report.error(
                    "VN0404",
                    "a form is a word and its text in braces",
                    place(begin, begin + len(rest.strip())),
                    help="write `one {# candle} other {# candles}`",
                )
                return result
            break
        key = match[1]
        key_at = place(match.start(1), max(match.end(1), match.start(1) + 1))
        form = _Outline(text, match.end() - 1, close)
        if form.end < 0:  # the outer brace was closed by this form's own
            report.error(
                "VN0403", "`{` is not closed", place(match.end() - 1, match.end()), help="write `}`"
            )
            return result
        if not key:
            report.error(
                "VN0404",
                "a form without a word that says when it is shown",
                key_at,
                help="write `one {# candle} other {# candles}`",
            )
        elif kind == "plural" and key not in CATEGORIES:
            report.error(
                "VN0404",
                f"`{key[:20]}` is no plural category",
                key_at,
                help=did_you_mean(key, CATEGORIES) or "",
            )
        elif key in result.forms:
            report.error(
                "VN0404", f"the form `{key[:20]}` stands here twice", key_at, help="delete one"
            )
        hashes = kind == "plural" or inline.hashes
        outer, inline.hashes = inline.hashes, hashes
        content = inline.parse(match.end(), form.end, "a form", hashes=hashes, depth=depth + 1)
        inline.hashes = outer
        result.forms.setdefault(key, content)
        position = form.end + 1
    if "other" not in result.forms:
        report.error(
            "VN0404",
            "the form `other` is missing",
            place(start, close + 1),
            help="add `other {…}`: it is shown when no other form fits",
        )
    return result
