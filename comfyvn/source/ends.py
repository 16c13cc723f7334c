"""The ends of beats and choices: trailing spans, `^name`, and notes in comments."""

from __future__ import annotations

import re
from collections.abc import Collection

from comfyvn.source.raw import Source
from comfyvn.source.report import Report
from comfyvn.source.syntax import At, Item, Line, Span

LINE_WORDS = frozenset({"if", "once", "rated"})
"""What the trailing spans of a line begin with."""

ITEM_WORDS = LINE_WORDS | {
    "locked", "else", "timeout", "weight", "shuffle", "cycle", "sequence",
}  # fmt: skip
"""What the trailing spans of a choice or pick begin with."""

NAME_LIKE = re.compile(r"(?:^|(?<=\s))\^([^\W_][\w-]*)\Z")
"""What was meant as a fixed id at the end of a text."""

_NAME = re.compile(r"[A-Za-z0-9-]+")
_WORD = re.compile(r"[a-z_]+")
_NOTE = re.compile(r"(tr|vo):[ \t\n]*", re.IGNORECASE)


def first_word(directive: str) -> str:
    """Return the word that says what a directive does."""
    match = _WORD.match(directive)
    return match[0] if match else ""


class Notes:
    """The notes to translators and actors that wait for their line."""

    __slots__ = ("at", "tr", "vo")

    def __init__(self) -> None:
        self.tr: str | None = None
        self.vo: str | None = None
        self.at: At | None = None

    def add(self, comment: str, at: At) -> None:
        """Take the text of a comment; one that is no note says nothing."""
        match = _NOTE.match(comment)
        if match is None:
            return
        note = " ".join(comment[match.end() :].split())
        if match[1].lower() == "tr":
            self.tr = f"{self.tr}\n{note}" if self.tr else note
        else:
            self.vo = f"{self.vo}\n{note}" if self.vo else note
        self.at = at

    def give(self, to: Line | Item) -> None:
        """Give what waits to the line it is about."""
        if self.at is not None:
            to.tr, to.vo = self.tr, self.vo
            self.tr = self.vo = self.at = None

    def close(self, report: Report) -> None:
        """Report notes that no line came for."""
        if self.at is not None:
            report.warning(
                "VN0334",
                "this note stands above no line of text",
                self.at,
                help="put it above or behind the line it is about",
            )
            self.tr = self.vo = self.at = None


class Ends:
    """Peels off what stands behind texts, for one file."""

    __slots__ = ("names", "notes", "report")

    def __init__(self, report: Report) -> None:
        self.report = report
        self.names: dict[str, At] = {}
        self.notes = Notes()

    def peel(
        self, source: Source, start: int, words: Collection[str]
    ) -> tuple[int, list[Span], str | None]:
        """Return where the text from `start` ends, the spans behind it, and its fixed id.

        Spans are taken whose first word is one of `words`. That they are found from the end is
        sound: text before them in which every backtick has a partner cannot reach into them, and
        other text is an error.
        """
        text = source.text
        end = self.comments(source, start, len(text))
        name: str | None = None
        if "^" in text:
            last = max(text.rfind(" ", start, end), text.rfind("\n", start, end), start - 1) + 1
            match = NAME_LIKE.match(text, last, end) if last < end else None
            if match is not None:
                name = self.fixed(match[1], source.at(last, end))
                end = self.comments(source, start, _rstrip(text, last, start))
        modifiers: list[Span] = []
        while end > start and text[end - 1] == "`":
            begin = text.rfind("`", start, end - 1)
            if begin < 0 or begin == end - 2 or (begin and text[begin - 1] in "\\`"):
                break
            content = text[begin + 1 : end - 1]
            span = content.strip()
            if first_word(span) not in words or "\n" in content:
                break
            offset = begin + 1 + len(content) - len(content.lstrip())
            modifiers.append(Span(span, source.at(offset, offset + len(span))))
            end = self.comments(source, start, _rstrip(text, begin, start))
        modifiers.reverse()
        return end, modifiers, name

    def comments(self, source: Source, start: int, end: int) -> int:
        """Take the notes of comments before `end`; return where the text before them ends."""
        text = source.text
        while text.endswith("-->", start, end):
            begin = text.rfind("<!--", start, end)
            if begin < 0 or (begin and text[begin - 1] == "\\") or "\n" in text[begin:end]:
                break
            self.notes.add(text[begin + 4 : end - 3].strip(), source.at(begin, end))
            end = _rstrip(text, begin, start)
        return end

    def fixed(self, name: str, at: At) -> str | None:
        """Return a fixed id, unless it is taken; that, and a malformed one, is reported."""
        if _NAME.fullmatch(name) is None:
            self.report.error(
                "VN0331",
                f"`^{name}` is no fixed id",
                at,
                help="take letters `A` to `z`, digits and `-`; to show it as text write `\\^`",
            )
            return name
        if name in self.names:
            self.report.error(
                "VN0330",
                f"the fixed id `^{name}` stands twice in this file",
                at,
                help="give one of the two lines another name",
                related=[(self.names[name], "it stands here already")],
            )
            return None
        self.names[name] = at
        return name


def _rstrip(text: str, end: int, start: int) -> int:
    while end > start and text[end - 1] in " \t\n":
        end -= 1
    return end
