"""Translations: a strict reader of gettext's PO files.

A message's context (`msgctxt`) is the id of the line it translates, so that an edit of the source
text does not lose it. Plurals of gettext are refused: the form of a word is chosen inside the text
(`{n, plural, …}`), where a translator sees all of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from comfyvn.source.diagnostics import Diagnostic, Diagnostics, Related, Span


@dataclass(frozen=True, slots=True)
class Message:
    """The translation of one line: `text` for `source`, beginning at `line` and `column`."""

    text: str
    source: str
    line: int
    column: int
    end_column: int


@dataclass(slots=True)
class _Entry:
    """One entry as it is read: the text and first place of each keyword, and its flags."""

    texts: dict[str, str] = field(default_factory=dict)
    places: dict[str, Span] = field(default_factory=dict)
    fuzzy: Span | None = None


_KEYWORD = re.compile(r"(msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?)[ \t]*(?=\"|$)")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"[ \t]*$')
_ESCAPE = re.compile(r"\\(.)")
_PLAIN_ESCAPES = {
    **{"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"},
    **{char: char for char in "\"\\'?"},
}
_ORDER = {"msgctxt": 0, "msgid": 1, "msgid_plural": 2, "msgstr": 3}


def read_po(text: str, path: str, out: Diagnostics) -> dict[str, Message]:
    """Return the finished translations of a catalogue by line id; never raises.

    Untranslated and obsolete (`#~`) entries are passed over; fuzzy ones too, with a note.
    """
    reader = _Reader(path, out)
    for number, line in enumerate(text.split("\n"), 1):
        reader.line(number, line)
    reader.finish()
    return reader.messages


class _Reader:
    def __init__(self, path: str, out: Diagnostics) -> None:
        self.path = path
        self.out = out
        self.messages: dict[str, Message] = {}
        self.firsts: dict[str, Span] = {}
        self.entry = _Entry()
        self.keyword: str | None = None

    def line(self, number: int, line: str) -> None:
        """Take one line of the file."""
        body = line.strip(" \t\r")
        if not body:
            self._entry_ends_if("msgstr")
            return
        start = line.index(body[0]) + 1
        span = Span.on_line(self.path, number, start, start + len(body))
        if body.startswith("#"):
            self._entry_ends_if("msgstr")
            if body.startswith("#,") and "fuzzy" in re.split(r"[,\s]+", body[2:]):
                self.entry.fuzzy = span
            return
        if found := _KEYWORD.match(body):
            self._keyword(found[1], span)
            body = body[found.end() :]
            start += found.end()
        elif not body.startswith('"'):
            self._wrong(span, "a line must be a keyword, a quoted string or a comment")
            return
        string = _STRING.match(body)
        if string is None:
            self._wrong(span, 'a string must stand between two `"` on one line')
            return
        if self.keyword is None:
            self._wrong(span, "this string belongs to no `msgid` or `msgstr`")
            return
        place = Span.on_line(self.path, number, start + 1, start + 1 + len(string[1]))
        earlier = self.entry.texts.get(self.keyword, "")
        self.entry.texts[self.keyword] = earlier + self._unescaped(string[1], place)
        known = self.entry.places.get(self.keyword)
        if known is None or not earlier:
            self.entry.places[self.keyword] = place

    def finish(self) -> None:
        """Take the entry that is still open, if it has anything."""
        entry, self.entry, self.keyword = self.entry, _Entry(), None
        if not entry.texts:
            return
        where = next(iter(entry.places.values()))
        if "msgid_plural" in entry.texts or any("[" in key for key in entry.texts):
            self.out.error(
                "VN0952",
                "plural entries of gettext are not read",
                entry.places.get("msgid_plural", where),
                help="write `{n, plural, one {…} other {…}}` inside `msgstr`",
            )
            return
        if "msgid" not in entry.texts or "msgstr" not in entry.texts:
            missing = "msgid" if "msgid" not in entry.texts else "msgstr"
            self._wrong(where, f"this entry has no `{missing}`")
            return
        if "msgctxt" not in entry.texts:
            self._header_or_stray(entry, where)
            return
        self._message(entry)

    def _message(self, entry: _Entry) -> None:
        name, place = entry.texts["msgctxt"], entry.places["msgctxt"]
        if name in self.firsts:
            self.out.error(
                "VN0954",
                f"the line `{name}` is translated twice",
                place,
                help="keep one of the two entries",
                related=[Related(self.firsts[name], "it is translated here first")],
            )
            return
        self.firsts[name] = place
        if entry.fuzzy is not None:
            self.out.append(
                Diagnostic(
                    "VN0953",
                    "note",
                    f"the translation of `{name}` is marked fuzzy and not used",
                    entry.fuzzy,
                    help="check it against the source, then delete the word `fuzzy`",
                )
            )
        elif entry.texts["msgstr"]:
            at = entry.places["msgstr"]
            self.messages[name] = Message(
                entry.texts["msgstr"], entry.texts["msgid"], at.line, at.column, at.end_column
            )

    def _header_or_stray(self, entry: _Entry, where: Span) -> None:
        if entry.texts["msgid"]:
            self.out.error(
                "VN0951",
                "this entry has no `msgctxt`, so it translates no line",
                where,
                help='add the id of the line above it: `msgctxt "b1a2b3c4"`',
            )
            return
        charset = re.search(r"charset=([\w-]+)", entry.texts["msgstr"])
        if charset and charset[1].upper() not in ("UTF-8", "UTF8", "CHARSET"):
            self.out.error(
                "VN0955",
                f"the catalogue says that it is in {charset[1]}",
                entry.places["msgstr"],
                help="save it as UTF-8 and write `charset=UTF-8` in its header",
            )

    def _keyword(self, keyword: str, span: Span) -> None:
        rank = _ORDER[keyword.partition("[")[0]]
        if self.keyword is not None and rank <= _ORDER[self.keyword.partition("[")[0]]:
            if "[" in keyword and keyword not in self.entry.texts:
                pass  # one more form of a plural, which is refused as a whole
            else:
                self.finish()
        self.keyword = keyword
        self.entry.texts.setdefault(keyword, "")
        self.entry.places.setdefault(keyword, span)

    def _entry_ends_if(self, keyword: str) -> None:
        if self.keyword is not None and self.keyword.startswith(keyword):
            self.finish()

    def _unescaped(self, body: str, place: Span) -> str:
        def plain(found: re.Match[str]) -> str:
            code = found[1]
            if code in _PLAIN_ESCAPES:
                return _PLAIN_ESCAPES[code]
            column = place.column + found.start()
            at = Span.on_line(self.path, place.line, column, column + len(found[0]))
            self._wrong(at, f"`{found[0]}` is no escape", "write a backslash as `\\\\`")
            return found[0]

        return _ESCAPE.sub(plain, body) if "\\" in body else body

    def _wrong(self, span: Span, message: str, help: str | None = None) -> None:
        self.out.error("VN0950", message, span, help=help)
