"""The syntax tree of a scene: what the parser hands to the compiler.

The parser knows Markdown's shapes and nothing of a project: names are unresolved, directives are
the raw text of their code span. `if … end` is not nested here either; the compiler does that,
since only there the lines inside are known to be directives.

Positions are `(line, column)` of the source as decoded, both from 1, with an exclusive end
column. A node that spans lines has the position of its first character. Nodes are mutable slotted
dataclasses only because those are the cheapest to build; nobody changes one after parsing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple


class At(NamedTuple):
    """Where a piece of syntax stands, within one line."""

    line: int
    column: int
    end_column: int


# Inline text


@dataclass(slots=True)
class Styled:
    """`*em*`, `**strong**` or `~~gone~~`; `style` is `em`, `strong` or `del`."""

    style: str
    text: Text


@dataclass(slots=True)
class Ruby:
    """`<ruby>base<rt>reading</rt></ruby>`."""

    base: Text
    reading: str


@dataclass(slots=True)
class Value:
    """`{expr}` or `{expr:.2}`; `source` is the raw expression and `at` its own place, so that
    `at.column` is the column of `source[0]`."""

    source: str
    digits: int | None
    at: At


@dataclass(slots=True)
class Wordings:
    """`{a|b|c}`; `at` includes the braces."""

    options: list[Text]
    at: At


@dataclass(slots=True)
class Forms:
    """`{n, plural, one {…} other {…}}` or `{x, select, a {…} other {…}}`.

    In a plural's forms `#` is the number: the parser puts `Hash` there. `at` is where `source`
    stands.
    """

    kind: str  # "plural" or "select"
    source: str
    forms: dict[str, Text]
    at: At


@dataclass(slots=True)
class Hash:
    """`#` inside a form of a plural."""

    at: At


@dataclass(slots=True)
class Span:
    """A code span: a directive, a modifier, or an effect. `source` has no backticks, and
    `at.column` is the column of `source[0]`."""

    source: str
    at: At


Fragment = str | Styled | Ruby | Value | Wordings | Forms | Hash | Span
"""A piece of text. In a `str` all escapes are resolved; a joined line break is `"\\n"`.

`Span` stands in text only at the top level: the parser closes and reopens styles around it.
"""

Text = list[Fragment]


class Link(NamedTuple):
    """A link's target, percent-decoded and NFC: `path` is `""` within the file, `label` may be
    `""`. `at` is the target between the parentheses."""

    path: str
    label: str
    at: At


# Blocks


@dataclass(slots=True)
class Speaker:
    """`Mei as "???" (worried, whisper):` or `Mei & Kenji:`, as written.

    The parser is given the names that may speak (ids, names and aliases of characters, casefolded,
    and `???`); `names` are these casefolded spellings, longest match first, at least one. `alias`
    is the text of `as "…"`.
    """

    names: list[str]
    alias: str | None
    cues: list[tuple[str, At]]
    at: At


@dataclass(slots=True)
class Line:
    """One beat of text: narration, or speech when there is a speaker.

    `modifiers` are the trailing `if E` and `once` spans. `source` is the text as the writer wrote
    it, without speaker, trailing spans and `^name`: what identity and translations compare. A
    joined line is parted by `"\n"` in it. `gap` tells that a bare `>` stands above it in its page.
    """

    speaker: Speaker | None
    text: Text
    source: str
    modifiers: list[Span]
    name: str | None
    at: At
    tr: str | None = None
    vo: str | None = None
    gap: bool = False


@dataclass(slots=True)
class Directives:
    """A line of code spans, or one line of a `stage` fence: one directive each.

    `link` is the one that may follow `call …` on its line.
    """

    spans: list[Span]
    link: Link | None
    at: At


@dataclass(slots=True)
class Jump:
    """A line that is one link."""

    link: Link
    modifiers: list[Span]
    at: At


@dataclass(slots=True)
class Picture:
    """`![alt](asset)`."""

    asset: str
    alt: str
    at: At


@dataclass(slots=True)
class Break:
    """`---`: a scene break."""

    at: At


@dataclass(slots=True)
class Page:
    """One quote block: a page of a document."""

    body: list[Block]
    at: At


@dataclass(slots=True)
class Item:
    """One item of a list: a choice or a pick's outcome.

    `text` is the first source line with its continuations, empty for an item that begins with
    nothing. `link` is set when the text is one link (whose text is then `text`). `speaker` is set
    for `- Kenji: Run!`. `modifiers` are the trailing spans that begin with `if`, `once`, `locked`,
    `else`, `timeout`, `weight`, `shuffle`, `cycle` or `sequence`, in order; other spans stay in
    `text`. When the first line is spans only, those that are no modifiers are a `Directives` at the
    head of `body`.
    """

    text: Text
    source: str
    speaker: Speaker | None
    link: Link | None
    modifiers: list[Span]
    name: str | None
    body: list[Block]
    at: At
    number: int | None = None
    tr: str | None = None
    vo: str | None = None


@dataclass(slots=True)
class Menu:
    """`- …` items: the player chooses."""

    items: list[Item]
    at: At


@dataclass(slots=True)
class Pick:
    """`1. …` items: the story chooses."""

    items: list[Item]
    at: At


Block = Line | Directives | Jump | Picture | Break | Page | Menu | Pick


@dataclass(slots=True)
class Section:
    """A heading and what follows it up to the next one. The first section has no heading.

    `base` is the slug before a number parts equal ones: sections that share it are duplicates.
    `title` is plain text.
    """

    title: str
    slug: str
    level: int
    body: list[Block]
    at: At
    base: str = ""


@dataclass(slots=True)
class Scene:
    """A parsed file. `header` is the front matter as plain data, with `header_at` giving each
    top-level key's position, and `values_at` those of what stands behind the keys."""

    id: str
    path: str
    header: dict[str, Any]
    header_at: dict[str, At]
    sections: list[Section]
    values_at: dict[str, At] = field(default_factory=dict)
