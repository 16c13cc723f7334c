"""Markdown for the clients that show it, plain words for the others."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lsprotocol import types

_PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)\n*")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"\*\*|`|^\*(?=\S)|(?<=\S)\*$", re.MULTILINE)


def worded(
    text: str, formats: Sequence[types.MarkupKind | str] | None = None
) -> types.MarkupContent | str:
    """Return a Markdown text in the form that a client shows.

    Args:
        text: Markdown.
        formats: what the client says that it shows; one that does not say gets a string.
    """
    if types.MarkupKind.Markdown in (formats or ()):
        return types.MarkupContent(types.MarkupKind.Markdown, text)
    said = plain(text)
    return types.MarkupContent(types.MarkupKind.PlainText, said) if formats else said


def plain(text: str) -> str:
    """Return Markdown without its marks and pictures, and links as what they are called."""
    return _MARKS.sub("", _LINK.sub(r"\1", _PICTURE.sub("", text))).strip()
