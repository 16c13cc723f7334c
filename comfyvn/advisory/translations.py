"""Translations beside what they translate."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from comfyvn.advisory.spelling import Speller
from comfyvn.source.diagnostics import Diagnostic, Diagnostics, Related, Span
from comfyvn.source.inline import parse_inline
from comfyvn.source.po import Message
from comfyvn.source.syntax import Forms, Item, Line, Ruby, Styled, Text, Value

_WORD = re.compile(r"[^\W\d_]{2,}")
_CLOSING = " \n\"'”’»“«‘)]）】」』》*_~`\u00a0\u202f"
_ENDS = {
    **dict.fromkeys("?？؟", "a question mark"),
    **dict.fromkeys("!！", "an exclamation mark"),
    **dict.fromkeys("…⋯", "an ellipsis"),
}
_PLAIN = "a full stop"
_STOPS = frozenset(".。．।:：,，、;；—–-~〜")


class Original(NamedTuple):
    """A text that can be translated, and where it stands."""

    source: str
    text: Text
    span: Span


def originals(nodes: Mapping[str, object], path: str) -> dict[str, Original]:
    """Return the texts of a scene by the ids of its lines, choices and outcomes."""
    found = {}
    for id, node in nodes.items():
        if isinstance(node, (Line, Item)) and _WORD.search(node.source):
            found[id] = Original(node.source, node.text, Span.on_line(path, *node.at))
    return found


def reasons(nodes: Mapping[str, object]) -> Iterator[str]:
    """Yield the ids of the reasons of a scene's locked choices."""
    for id, node in nodes.items():
        if isinstance(node, Item) and any(
            each.source.startswith("locked") for each in node.modifiers
        ):
            yield f"{id}_locked"


def check_translation(
    id: str,
    original: Original,
    message: Message,
    language: str,
    names: Speller | None,
    out: Diagnostics,
) -> None:
    """Report a translation that is its source, lacks a value of it, or ends in another tone.

    `names` knows the project's own words: a text of these alone needs no translation.
    """
    span = Span.on_line(f"i18n/{language}.po", message.line, message.column, message.end_column)
    related = [Related(original.span, "what it translates")]
    if message.text == original.source:
        words = _WORD.findall(message.text)
        if len(words) > 1 and not (names and all(word in names.own for word in words)):
            out.warning(
                "VN1751",
                f"the translation of `{id}` is its source",
                span,
                help="translate it; until then leave `msgstr` empty",
                related=related,
            )
        return
    if "{" in original.source:
        wanted = dict.fromkeys(_values(original.text))
        found = set(_values(parse_inline(message.text, "", 1, 1, Diagnostics())))
        for value in wanted:
            if value not in found:
                out.warning(
                    "VN1752",
                    f"the translation of `{id}` leaves out `{{{value}}}`",
                    span,
                    help="put the value where it belongs in the sentence",
                    related=related,
                )
    left, right = _ending(original.source), _ending(message.text)
    if left != right and "" not in (left, right) and _same_end(language):
        out.append(
            Diagnostic(
                "VN1753",
                "note",
                f"the translation of `{id}` {_difference(left, right)}",
                span,
                "end it alike, unless the language wants it so",
                tuple(related),
            )
        )


def _values(text: Text) -> Iterator[str]:
    """Yield the expressions that a text shows or depends on."""
    for piece in text:
        if isinstance(piece, Value):
            yield piece.source.strip()
        elif isinstance(piece, Forms):
            yield piece.source.strip()
            for form in piece.forms.values():
                yield from _values(form)
        elif isinstance(piece, Styled):
            yield from _values(piece.text)
        elif isinstance(piece, Ruby):
            yield from _values(piece.base)


def _ending(source: str) -> str:
    """Return what a text ends with; empty if that cannot be told."""
    text = source.rstrip(_CLOSING)
    if not text or text[-1] in "}`>":
        return ""
    if text.endswith("..."):
        return "an ellipsis"
    end = _ENDS.get(text[-1])
    if end is not None:
        return end
    if text[-1] in _STOPS or unicodedata.category(text[-1])[0] in "LNM":
        return _PLAIN
    return ""


def _difference(left: str, right: str) -> str:
    if right == _PLAIN:
        return f"ends without {left}, which its source has"
    if left == _PLAIN:
        return f"ends with {right}, which its source does not"
    return f"ends with {right}, and its source with {left}"


def _same_end(language: str) -> bool:
    """Whether a language has these marks as others do; Thai and Greek do not."""
    return language.partition("-")[0].partition("_")[0].lower() not in (
        "th",
        "lo",
        "km",
        "my",
        "el",
    )
