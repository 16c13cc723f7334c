"""Who speaks: the `Name (cue, cue):` at the beginning of a line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from itertools import islice

from comfyvn.source.nearest import nearest
from comfyvn.source.report import Report
from comfyvn.source.syntax import At, Speaker

UNKNOWN = "???"

_SPACES = " \u00a0\u3000\u202f"
_LONGEST_HEAD = 300
_COLON = re.compile(r"(?<!\\)[:：]")
_BREAK = re.compile(rf"[{_SPACES}]*+(?:\Z|[(（&＆]|(?<=[{_SPACES}])as(?=[{_SPACES}]*+[\"“]))")
_TAIL = re.compile(
    rf"[{_SPACES}]*+(?:as[{_SPACES}]*+[\"“](?P<alias>[^\"“”]*)[\"”])?"
    rf"[{_SPACES}]*+(?:[(（](?P<cues>[^()（）]*)[)）])?[{_SPACES}]*+\Z"
)
_COMMA = re.compile("[,，、]")
_LOOSE = re.compile(
    rf"(?P<name>\S+(?:[{_SPACES}]\S+){{0,3}}?)[{_SPACES}]*+"
    rf"(?P<tail>[(（].*[)）]|[(（][^()（）]*[)）][{_SPACES}]*+(?:as[{_SPACES}]*+[\"“]|[&＆]).*"
    rf"|as[{_SPACES}]*+[\"“].*)[{_SPACES}]*+\Z"
)
_MARKUP = re.compile(r"[\\`*~{}<\[\]]|&#?\w+;|(?<![^\W_])_|_(?![^\W_])")
_MARKS = ("TODO", "FIXME")


def fold(name: str) -> str:
    """Return the spelling by which names are compared."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


class _Head:
    """What stands before a colon, parsed; columns count from 0 within it."""

    __slots__ = ("alias", "cues", "names")

    def __init__(self, names: list[str], alias: str | None, cues: list[tuple[str, int, int]]):
        self.names = names
        self.alias = alias
        self.cues = cues


class Cast:
    """The names that may speak, and what is known of the heads of lines so far."""

    def __init__(self, names: Collection[str]) -> None:
        spelled = {fold(name): name for name in sorted(names, reverse=True)}
        self.names = {*spelled, UNKNOWN}
        self.shown = sorted(spelled.values())
        self.colons = max((name.count(":") + name.count("：") for name in self.names), default=0)
        self.heads: dict[str, _Head | None] = {}

    def speaker(
        self, text: str, line: int, column: int, report: Report
    ) -> tuple[Speaker | None, int]:
        """Return the speaker that begins `text` and the offset of what they say.

        Reports prefixes that look like a speaker's and are none.
        """
        match = _COLON.search(text)
        if match is None:
            return None, 0
        end = match.start()
        if end > _LONGEST_HEAD:
            return None, 0
        head = text[:end]
        parsed = self.head(head)
        best = end
        if parsed is None or self.colons:
            for end in self._later_colons(text, match.start()):
                other = self.head(text[:end])
                if other is not None and (
                    parsed is None or len(other.names[0]) > len(parsed.names[0])
                ):
                    parsed, best = other, end
        if parsed is None:
            self._undeclared(text, match.start(), line, column, report)
            return None, 0
        if parsed.alias is not None and _MARKUP.search(parsed.alias):
            begin = text.index(parsed.alias)
            report.error(
                "VN0327",
                "a shown name is plain text",
                At(line, column + begin, column + begin + len(parsed.alias)),
                help="take out the Markdown signs and braces; how names look is the theme's",
            )
        for cue, start, stop in parsed.cues:
            if not cue:
                report.error(
                    "VN0327",
                    "a cue is missing here",
                    At(line, column + start, column + stop + 1),
                    help="write one, such as `whisper` or an expression, or take the comma or "
                    "the parentheses away",
                )
        after = best + 1
        length = len(text)
        while after < length and text[after] in _SPACES:
            after += 1
        return (
            Speaker(
                parsed.names,
                parsed.alias,
                [
                    (cue, At(line, column + start, column + stop))
                    for cue, start, stop in parsed.cues
                    if cue
                ],
                At(line, column, column + best),
            ),
            after,
        )

    def _later_colons(self, text: str, first: int) -> Iterator[int]:
        """Yield further colons that may end the head: in names that have one, and in aliases."""
        quoted = '"' in text[:first] or "“" in text[:first]
        if not self.colons and not quoted:
            return
        found = _COLON.finditer(text, first + 1, first + 1 + _LONGEST_HEAD)
        for match in islice(found, 8):
            yield match.start()

    def head(self, head: str) -> _Head | None:
        """Return what stands before a colon as a speaker, if it is one."""
        if head in self.heads:
            return self.heads[head]
        parsed = self._parse_head(head)
        if len(self.heads) < 10_000:
            self.heads[head] = parsed
        return parsed

    def _parse_head(self, head: str) -> _Head | None:
        names: list[str] = []
        start = 0
        while True:
            found = self._longest_name(head, start)
            if found is None:
                return None
            name, start = found
            names.append(name)
            rest = head[start:].lstrip(_SPACES)
            if not rest.startswith(("&", "＆")):
                break
            start = len(head) - len(rest) + 1
            start += len(head[start:]) - len(head[start:].lstrip(_SPACES))
        tail = _TAIL.match(head, start)
        if tail is None or (tail["alias"] is not None and not tail["alias"].strip()):
            return None
        cues: list[tuple[str, int, int]] = []
        if tail["cues"] is not None:
            at = tail.start("cues")
            for cue in _COMMA.split(tail["cues"]):
                word = cue.strip(_SPACES)
                begin = at + len(cue) - len(cue.lstrip(_SPACES))
                cues.append((word, begin, begin + len(word)))
                at += len(cue) + 1
        return _Head(names, tail["alias"], cues)

    def _longest_name(self, head: str, start: int) -> tuple[str, int] | None:
        best: tuple[str, int] | None = None
        for match in _BREAK.finditer(head, start):
            name = fold(head[start : match.start()])
            if name in self.names:
                best = name, match.start()
        return best

    # What only looks like a speaker

    def _undeclared(self, text: str, end: int, line: int, column: int, report: Report) -> None:
        head = text[:end].rstrip(_SPACES)
        if not head or head.upper() in _MARKS or "\\" in head:
            return
        after = text[end + 1 : end + 2]
        at = At(line, column, column + len(head))
        loose = _LOOSE.match(head)
        if loose is not None and _name_like(loose["name"], 1):
            self._report_undeclared(loose, head, at, report)
            return
        if "&" in head or "＆" in head:
            names = [part.strip(_SPACES) for part in re.split("[&＆]", head)]
            known = [name for name in names if fold(name) in self.names]
            unknown = [name for name in names if fold(name) not in self.names]
            if known and unknown and unknown[0]:
                begin = column + head.index(unknown[0])
                report.error(
                    "VN0325",
                    f"no character is called `{unknown[0]}`",
                    At(line, begin, begin + len(unknown[0])),
                    help=self._offer(unknown[0]),
                )
                return
        styled = head.strip("*_ ")
        if styled != head and fold(styled) in self.names:
            report.error(
                "VN0327",
                f"the speaker's name is styled: `{head}:`",
                at,
                help=f"write `{styled}:`; how names look is the theme's",
                fix=[(at, styled)],
            )
            return
        if text[end] == ":" and after not in ("", *_SPACES, '"', "“", "「", "『", "«", "'", "‘"):
            return
        if _name_like(head, 2):
            near = nearest(head, self.shown)
            report.warning(
                "VN0326",
                f"no character is called `{head}`",
                at,
                help=f"write `{near}:` if that is meant, `{head}\\:` if it is text"
                if near
                else f"write `{head}\\:` if it is text",
                fix=[(At(line, column + end, column + end), "\\")],
            )

    def _report_undeclared(self, loose: re.Match[str], head: str, at: At, report: Report) -> None:
        name = loose["name"]
        if any(fold(part) in self.names for part in _prefixes(name)) or fold(name) in self.names:
            begin = at.column + loose.start("tail")
            if re.match(rf"as[{_SPACES}]*[\"“][{_SPACES}]*[\"”]", loose["tail"]):
                report.error(
                    "VN0327",
                    "the shown name is empty",
                    At(at.line, begin, begin + len(loose["tail"])),
                    help='write the name between the quotes, such as `as "???"`',
                )
                return
            report.error(
                "VN0327",
                f"`{loose['tail'][:30]}` is no list of cues",
                At(at.line, begin, begin + len(loose["tail"])),
                help='write `Name as "…" (cue, cue): text`, cues last; `\\:` if it is text',
            )
            return
        report.error(
            "VN0325",
            f"no character is called `{name}`",
            At(at.line, at.column, at.column + len(name)),
            help=self._offer(name),
        )

    def _offer(self, name: str) -> str:
        near = nearest(name, self.shown)
        if near is not None:
            return f"write `{near}` if that is meant, or `\\:` if it is text"
        return "add a file to `characters/`, or write `\\:` if it is text"


def _prefixes(name: str) -> Iterator[str]:
    words = re.split(rf"[{_SPACES}&＆]+", name)
    for count in range(1, len(words)):
        yield " ".join(words[:count])


def _name_like(text: str, least: int) -> bool:
    """Whether every word begins like a name: with a capital, or in a script without case."""
    words = text.split()
    if not 1 <= len(words) <= 4 or len(text) > 40 or len(text) < min(least, 1):
        return False
    if least == 1 and len(words) == 1:
        return words[0][0].isalpha()
    for word in words:
        first = word[0]
        if not (first.isupper() or first.istitle() or unicodedata.category(first) == "Lo"):
            return False
        if not all(
            char.isalnum() or char in "'’.-" or unicodedata.category(char)[0] == "M"
            for char in word
        ):
            return False
    return True
