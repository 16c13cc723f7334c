"""The texts for players that stand in directives and modifiers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from comfyvn.source.syntax import At, Span
from comfyvn.story.directive_form import DirectiveError, cut

_TEXTS = ("locked", "notify", "input", "ending")
_NAMED = ("input", "ending")
"""Those whose text stands behind a name."""


class Said(NamedTuple):
    """A text of a directive.

    Attributes:
        kind: what it is.
        source: the text as written; of an ending without one its name, as players read it.
        at: where it stands.
        exact: whether each letter of `source` is one of the file.
    """

    kind: Literal["reason", "notice", "title"]
    source: str
    at: At
    exact: bool


def texts_of(span: Span) -> Iterator[Said]:
    """Yield what players read of a code span; nothing of one that cannot be read."""
    source = span.source
    if not source.startswith(_TEXTS):
        return
    try:
        words = cut(source)
    except DirectiveError:
        return  # an error of its own
    name = words[0].text
    index = 2 if name in _NAMED else 1
    if name not in _TEXTS or len(words) < index:
        return
    shown = words[index] if len(words) > index else words[-1]
    at = At(span.at.line, span.at.column + shown.start, span.at.column + shown.end)
    if shown.quoted and shown is not words[0]:
        kind: Literal["reason", "notice", "title"] = "notice"
        if name in ("locked", "ending"):
            kind = "reason" if name == "locked" else "title"
        yield Said(kind, source[shown.start : shown.end], at, True)
    elif name == "ending" and len(words) == index:
        yield Said("title", shown.text.replace("_", " "), at, False)
