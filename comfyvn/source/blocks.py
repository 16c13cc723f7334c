"""The blocks of Markdown that a scene is made of, before they mean anything."""

from __future__ import annotations

from dataclasses import dataclass

from comfyvn.source.syntax import At

Row = tuple[int, int, str]
"""A line of a paragraph or fence: line number, column of its first character, text."""


@dataclass(slots=True)
class Paragraph:
    """Consecutive lines of text; `spaced` tells that an empty line stands above."""

    rows: list[Row]
    spaced: bool = False


@dataclass(slots=True)
class Heading:
    """`## title`; `row` is the title's."""

    level: int
    row: Row
    at: At


@dataclass(slots=True)
class Fence:
    """A fenced code block; `info` is what follows its first fence."""

    info: str
    rows: list[Row]
    at: At


@dataclass(slots=True)
class Comment:
    """An HTML comment that stands as a block."""

    text: str
    at: At


@dataclass(slots=True)
class Rule:
    """A thematic break."""

    at: At


@dataclass(slots=True)
class Quote:
    """A block quote."""

    children: list[Block]
    at: At


@dataclass(slots=True)
class ListItem:
    """One item. Its text, if any, is the first row of a first paragraph on line `at.line`."""

    number: int | None
    children: list[Block]
    at: At


@dataclass(slots=True)
class ListBlock:
    """A list; `marker` is its bullet, or the character after its numbers."""

    marker: str
    items: list[ListItem]
    at: At
    reported: bool = False

    @property
    def ordered(self) -> bool:
        """Whether its items are numbered."""
        return self.marker in ".)"


Block = Paragraph | Heading | Fence | Comment | Rule | Quote | ListBlock
