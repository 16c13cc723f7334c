"""Slugs: the anchors of headings, as code hosts make them."""

from __future__ import annotations

import unicodedata


def slug(heading: str) -> str:
    """Return the anchor of a heading's text; empty when nothing of it can stand in one.

    NFC, lower case; letters, marks, numbers, `_` and `-` stay, each space becomes `-`, all else
    goes.
    """
    text = heading.strip(" \t").lower()
    if text.isascii():
        return "".join(
            char if char.isalnum() or char in "_-" else "-" if char == " " else ""
            for char in text
            if char.isalnum() or char in "_- "
        )
    text = unicodedata.normalize("NFC", text)
    return "".join(
        "-" if char == " " else char
        for char in text
        if char in "_- " or unicodedata.category(char)[0] in "LMN"
    )


class Slugs:
    """Gives each heading of a file its anchor: the second of two equals gets `-1`."""

    def __init__(self) -> None:
        self._next: dict[str, int] = {}

    def add(self, heading: str) -> tuple[str, str]:
        """Return the anchor and what it was before a number told it from an equal one."""
        base = slug(heading)
        anchor = base
        number = self._next.get(base, 0)
        while anchor in self._next:
            number += 1
            anchor = f"{base}-{number}"
        self._next[base] = number
        self._next.setdefault(anchor, 0)
        return anchor, base
