"""Inline text, scanned from the raw source.

Styles are exactly CommonMark's. `{…}` binds before them, code spans before `{…}`. What Markdown
would show otherwise than written is reported.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from html import unescape
from html.entities import html5

from comfyvn.source import braces, traps
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.emphasis import Run, pair, run_at
from comfyvn.source.ends import Notes
from comfyvn.source.raw import Source
from comfyvn.source.report import Report
from comfyvn.source.syntax import Fragment, Hash, Ruby, Span, Styled, Text

MAX_STYLES = 8
"""How many styles may stand inside each other."""

MOST_LEFT_OVER = 50
"""How many signs that style nothing are told of one text."""

SPECIAL = re.compile(r"[\\`*_~{}<&\[\]^\n]")
"""What text must contain to be anything but itself."""

_TOKEN = (
    r"\\(?:.|\n)?|`+|\*+|_+|~+|[{}]|<(?=[A-Za-z/!?])"
    r"|&(?:#[xX][0-9a-fA-F]{1,6}|#[0-9]{1,7}|[A-Za-z][A-Za-z0-9]{0,31});"
    r"|\]\(|\]\[|\[\^[^\s\[\]]+\]|\n"
)
_TOKENS = re.compile(_TOKEN)
_TOKENS_AND_HASH = re.compile(_TOKEN + "|#")
_TICKS = re.compile("`+")
_RUBY_PAIR = re.compile(r"([^<]*)<rt>([^<]*)</rt>")
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~：（）、，")


def parse_inline(source: str, path: str, line: int, column: int, out: Diagnostics) -> Text:
    """Parse text that stands outside of scenes (a translation, a reason, a notice).

    A line break in `source` is a joined line. Never raises; what is wrong is in `out`.
    """
    if SPECIAL.search(source) is None:
        return [source] if source else []
    starts = [0, *(match.end() for match in re.finditer("\n", source))]
    places = [(line + row, column if row == 0 else 1) for row in range(len(starts))]
    return Inline(Source(source, starts, places), Report(path, out)).parse(0, len(source))


class Inline:
    """Parses ranges of one `Source`; notes in its comments go to `notes`.

    `links` is what helps where a link stands amid the text.
    """

    def __init__(
        self,
        source: Source,
        report: Report,
        notes: Notes | None = None,
        links: str = "put it on a line of its own",
    ) -> None:
        self.notes = notes
        self.links = links
        self.source = source
        self.text = source.text
        self.report = report
        self.ticks: dict[int, list[int]] | None = None
        self.html_reported = False
        self.link_reported = False
        self.brace_reported = False
        self.hashes = False

    def parse(
        self,
        start: int,
        end: int,
        inside: str | None = None,
        hashes: bool = False,
        depth: int = 0,
        styled: bool = True,
    ) -> Text:
        """Parse `text[start:end]`.

        `inside` names what may not hold effects ("a form", "a link"…); `hashes` makes `#` a
        number; `styled=False` refuses emphasis.
        """
        text, report = self.text, self.report
        parts: list[Fragment | Run] = []
        runs: list[Run] = []
        search = (_TOKENS_AND_HASH if hashes else _TOKENS).search
        plain: list[str] = []
        position = start
        while True:
            match = search(text, position, end)
            if match is None:
                plain.append(text[position:end])
                break
            begin, after = match.span()
            if begin > position:
                plain.append(text[position:begin])
            token = match[0]
            char = token[0]
            piece: Fragment | Run | None = None
            if char == "\\":
                plain_text, after = self._escape(begin, end)
                plain.append(plain_text)
            elif char in "*_~":
                if char == "~" and len(token) == 1:
                    plain.append(token)
                else:
                    piece = run_at(text, begin, after)
                    runs.append(piece)
            elif char == "`":
                piece, after = self._code(begin, after, end, inside)
                if piece is None:
                    plain.append(text[begin:after])
            elif char == "{":
                if self.brace_reported:
                    plain.append("{")
                else:
                    piece, after = braces.parse_brace(self, begin, end, depth)
            elif char == "}":
                if not self.brace_reported:
                    self.brace_reported = True
                    report.error(
                        "VN0403",
                        "`}` without a `{` before it",
                        self.source.at(begin, after),
                        help="write `\\}` to show it",
                    )
                plain.append("}")
            elif char == "&":
                plain.append(self._entity(token, begin, after))
            elif char == "<":
                found, after = self._html(begin, end)
                if found is None:  # a comment: do not leave its two spaces
                    if plain and plain[-1].endswith(" ") and text[after : after + 1] == " ":
                        after += 1
                else:
                    if plain:
                        parts.append("".join(plain))
                        plain = []
                    parts.extend(found)
            elif char in "[]":
                self._bracket(token, begin, after)
                plain.append(token)
            elif char == "\n":
                plain.append("\n")
            else:
                piece = Hash(self.source.at(begin, after))
            if piece is not None:
                if plain:
                    parts.append("".join(plain))
                    plain = []
                parts.append(piece)
            position = after
        if plain:
            parts.append("".join(plain))
        if not runs:
            return [part for part in parts if part != ""]  # type: ignore[misc]
        if not styled:
            report.error(
                "VN0408",
                "no style can stand inside `<ruby>`",
                self.source.at(runs[0].start, runs[0].start + runs[0].length),
                help="put it around the whole: `*<ruby>…</ruby>*`",
            )
        pair(runs)
        self._report_left_over(runs)
        return self._build(parts)

    # Pieces

    def _escape(self, begin: int, end: int) -> tuple[str, int]:
        following = self.text[begin + 1 : min(begin + 2, end)]
        if following in _PUNCTUATION and following:
            return following, begin + 2
        if following == "\n":
            return "\n", begin + 2
        if not following and end == len(self.text):
            self.report.error(
                "VN0407",
                "there is no line below that `\\` could join",
                self.source.at(begin, begin + 1),
                help="take the `\\` away, or write `\\\\` to show it",
                fix=[(self.source.at(begin, begin + 1), "")],
            )
        return "\\", begin + 1

    def _code(
        self, begin: int, after: int, end: int, inside: str | None
    ) -> tuple[Span | None, int]:
        text = self.text
        if self.ticks is None:
            self.ticks = {}
            for match in _TICKS.finditer(text):
                self.ticks.setdefault(len(match[0]), []).append(match.start())
        length = after - begin
        places = self.ticks.get(length, ())
        index = bisect_right(places, begin)
        close = places[index] if index < len(places) else end
        if close >= end:
            self._stray_tick(begin, after)
            return None, after
        if text.find("\n", after, close) >= 0:
            self._stray_tick(begin, after)
            return None, close + length
        content = text[after:close]
        source = content.strip()
        start = after + len(content) - len(content.lstrip()) if source else after
        at = self.source.at(start, start + len(source))
        whole = self.source.at(begin, close + length)
        if not source:
            self.report.error(
                "VN0402", "an empty code span", whole, help="write a directive in it, or delete it"
            )
            return None, close + length
        if inside is not None:
            self.report.error(
                "VN0409",
                f"{inside} cannot hold a code span",
                whole,
                help="move it out, or write ``\\` `` to show a backtick",
            )
            return None, close + length
        return Span(source, at), close + length

    def _stray_tick(self, begin: int, after: int) -> None:
        reported = self.source.at(begin, after)
        if self.ticks is not None and self.ticks.get(0):
            return
        if self.ticks is not None:
            self.ticks[0] = [begin]  # one finding a text: the others are its echo
        self.report.error(
            "VN0402",
            f"`{self.text[begin:after][:12]}` has no partner on this line"
            if "`" not in self.text[begin:after]
            else "a backtick without a partner on this line",
            reported,
            help="close the code span on the same line, or write ``\\` `` to show a backtick",
        )

    def _entity(self, token: str, begin: int, after: int) -> str:
        if token[1] != "#":
            return html5.get(token[1:], token)
        shown = unescape(token)
        if len(shown) == 1 and unicodedata.category(shown) not in ("Cc", "Cs"):
            return shown
        self.report.error(
            "VN0410",
            f"`{token}` is no character that can be shown",
            self.source.at(begin, after),
            help="delete it",
        )
        return "\ufffd"

    def _bracket(self, token: str, begin: int, after: int) -> None:
        if self.link_reported:
            return
        self.link_reported = True
        at = self.source.at(begin, after)
        if token == "](":
            opening = self.text.rfind("[", 0, begin)
            closing = self.text.find(")", after)
            if opening >= 0 and begin - opening < 200 and self.text.find("\n", opening, begin) < 0:
                picture = opening and self.text[opening - 1] == "!"
                until = closing + 1 if 0 <= closing - after < 200 else after
                at = self.source.at(opening - 1 if picture else opening, until)
            self.report.error(
                "VN0328",
                "a link or picture inside text",
                at,
                help=f"{self.links}; to show brackets write `\\[`",
            )
        else:
            self.report.error(
                "VN0315",
                "footnotes and reference links have no meaning in a scene",
                at,
                help="write a link as `[text](file.md#label)` on a line of its own; to show "
                "brackets write `\\[`",
            )

    def _html(self, begin: int, end: int) -> tuple[list[Fragment] | None, int]:
        """Read what begins with `<`: a ruby, a comment (None), or what is not allowed."""
        text = self.text
        if self.html_reported:
            return ["<"], begin + 1
        if text.startswith("<!--", begin):
            close = text.find("-->", begin + 2, end)
            if close >= 0 and text.find("\n", begin, close) < 0:
                if self.notes is not None:
                    note = text[begin + 4 : close].strip()
                    self.notes.add(note, self.source.at(begin, close + 3))
                return None, close + 3
            self.html_reported = True
            self.report.error(
                "VN0311",
                "this comment is not closed on its line",
                self.source.at(begin, begin + 4),
                help="write `-->` at its end, or put the comment above the text",
            )
            return ["<"], begin + 1
        if text.startswith("<ruby>", begin):
            close = text.find("</ruby>", begin, end)
            found = self._ruby(begin + 6, close) if close >= 0 else None
            if found is not None:
                return found, close + 7
            self.html_reported = True
            self.report.error(
                "VN0408",
                "this is not a whole ruby",
                self.source.at(begin, begin + 6),
                help="write it on one line as `<ruby>漢字<rt>かんじ</rt></ruby>`",
            )
            return ["<"], begin + 1
        self.html_reported = True
        close = text.find(">", begin, min(end, begin + 80))
        at = self.source.at(begin, close + 1 if close >= 0 else begin + 1)
        traps.html(self.report, at)
        return ["<"], begin + 1

    def _ruby(self, start: int, end: int) -> list[Fragment] | None:
        found: list[Fragment] = []
        while start < end:
            match = _RUBY_PAIR.match(self.text, start, end)
            if match is None or not match[1].strip() or not match[2].strip():
                return None
            base = self.parse(match.start(1), match.end(1), "a ruby", styled=False, depth=9)
            reading = self.parse(match.start(2), match.end(2), "a ruby", styled=False, depth=9)
            found.append(Ruby(base, "".join(part for part in reading if isinstance(part, str))))
            start = match.end()
        return found or None

    # Styles

    def _report_left_over(self, runs: list[Run]) -> None:
        """Report delimiters that style nothing; a pair of them is one mistake."""
        waiting: dict[tuple[str, int], Run] = {}
        told = 0
        for run in runs:
            if told == MOST_LEFT_OVER:
                return
            if not run.count or (run.char == "_" and self._harmless(run)):
                continue
            key = (run.char, run.count)
            if key in waiting:
                told += 1
                self._left_over(waiting.pop(key), run)
            else:
                waiting[key] = run
        for run in waiting.values():
            self._left_over(run, None)

    def _harmless(self, run: Run) -> bool:
        """Whether a `_` can only be meant as itself, and no other beat can pair with it."""
        if not (run.can_open or run.can_close):
            return True
        around = self.text[run.start - 1 : run.start] + self.text[run.start + run.length :][:1]
        signs = len(around) == 2 and not any(char.isalnum() or char.isspace() for char in around)
        return signs and run.count == run.length and self.source.whole

    def _left_over(self, first: Run, second: Run | None) -> None:
        shown = first.char * first.count
        escaped = "\\" + first.char
        at = self.source.at(first.start, first.start + first.length)
        if len(shown) > 12:
            shown = shown[:12] + "…"
        if second is None:
            self.report.error(
                "VN0401",
                f"`{shown}` is left over: it styles nothing",
                at,
                help=f"close it on the same line, or write `{escaped}` to show it",
            )
            return
        inner = self.text[first.start + first.length : second.start][:20].strip()
        self.report.error(
            "VN0401",
            f"`{shown}` is left over: Markdown does not see a beginning and an end here",
            at,
            help=f"no space may stand on its inner side, nor punctuation there with a letter on "
            f"the outer: write `「{first.char * min(first.count, 2)}強調"
            f"{first.char * min(first.count, 2)}」です`; write `{escaped}` to show it"
            if inner and not inner[0].isalnum()
            else f"it must touch the text it styles; write `{escaped}` to show it",
            related=[
                (self.source.at(second.start, second.start + second.length), "and the other one")
            ],
        )

    def _build(self, parts: list[Fragment | Run]) -> Text:
        """Nest the parts by their runs; effects stay at the top, with styles around them parted."""
        depth = deepest = 0
        for part in parts:
            if isinstance(part, Run):
                depth += len(part.opens) - len(part.closes)
                deepest = max(deepest, depth)
                if deepest > MAX_STYLES:
                    self.report.error(
                        "VN0411",
                        f"more than {MAX_STYLES} styles stand inside each other",
                        self.source.at(part.start, part.start + part.length),
                        help="one `*` or `**` on each side is enough",
                    )
                    return [piece for piece in parts if not isinstance(piece, Run)]
        styles: list[str] = []
        levels: list[Text] = [[]]

        letters: list[str] = []

        def flush() -> None:
            if plain := "".join(letters):
                levels[-1].append(plain)
            letters.clear()

        def close() -> None:
            flush()
            inner = levels.pop()
            if inner:
                levels[-1].append(Styled(styles[len(levels) - 1], inner))

        spaced = False  # whether a space stands before the effect that parted the styles
        for part in parts:
            if isinstance(part, str):
                letters.append(part.lstrip(" ") if spaced else part)
                spaced = spaced and not part.strip(" ")
            elif isinstance(part, Run):
                for _ in part.closes:
                    close()
                    styles.pop()
                letters.append(part.char * part.count)
                if part.opens:
                    flush()
                for style in part.opens:
                    styles.append(style)
                    levels.append([])
            elif isinstance(part, Span) and styles:
                spaced = spaced or bool(letters and letters[-1].endswith((" ", "\n")))
                for _ in styles:
                    close()
                levels[0].append(part)
                levels.extend([] for _ in styles)
            else:
                flush()
                levels[-1].append(part)
        flush()
        return levels[0]


def flat(text: Text) -> str:
    """Return the letters of a text without its styles."""
    parts: list[str] = []
    waiting: list[Fragment] = list(reversed(text))
    while waiting:
        piece = waiting.pop()
        if isinstance(piece, str):
            parts.append(piece)
        elif isinstance(piece, Styled):
            waiting.extend(reversed(piece.text))
        elif isinstance(piece, Ruby):
            waiting.extend(reversed(piece.base))
    return "".join(parts)
