"""A scene's text to its syntax tree."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from comfyvn.source import blocks
from comfyvn.source.blocks import Row, parse_blocks
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.frontmatter import read_header
from comfyvn.source.inline import SPECIAL, Inline, Source
from comfyvn.source.link import LinkSyntax, decode, link_at, resolve
from comfyvn.source.report import Report
from comfyvn.source.slug import Slugs
from comfyvn.source.speaker import Cast
from comfyvn.source.syntax import (
    At,
    Block,
    Break,
    Directives,
    Fragment,
    Item,
    Jump,
    Line,
    Link,
    Menu,
    Page,
    Pick,
    Picture,
    Scene,
    Section,
    Span,
    Speaker,
    Styled,
    Text,
)

LINE_WORDS = frozenset({"if", "once"})
"""What the trailing spans of a line begin with."""

ITEM_WORDS = LINE_WORDS | {
    "locked", "else", "timeout", "weight", "shuffle", "cycle", "sequence",
}  # fmt: skip
"""What the trailing spans of a choice or pick begin with."""

_NAME = re.compile(r"(?:^|(?<=\s))\^([A-Za-z0-9-]+)\Z")
_NAME_LIKE = re.compile(r"(?:^|(?<=\s))\^([^\W_][\w-]*)\Z")
_NOTE = re.compile(r"(tr|vo):[ \t\n]*", re.IGNORECASE)
_CHECKBOX = re.compile(r"\[[ xX]\](?=\s|\Z)")
_WORD = re.compile(r"[a-z_]+")
_TODO = re.compile(r"\b(?:TODO|FIXME):")


def parse_scene(
    text: str, path: str, scene_id: str, speakers: Collection[str], out: Diagnostics
) -> Scene:
    """Parse a scene that `read_source` has read.

    `speakers` are the names that may speak (ids, names and aliases; case does not matter). Always
    returns a tree; what is wrong with the text is in `out`. Takes linear time and never raises.
    """
    report = Report(path, out)
    lines = text.split("\n")
    header, places, first = read_header(lines, report)
    scene = Scene(scene_id, path, header, places, [])
    _Reader(scene, report, _cast(speakers)).read(parse_blocks(lines, first, report))
    if "TODO:" in text or "FIXME:" in text:
        _report_marks(lines, report)
    return scene


_casts: dict[frozenset[str], Cast] = {}


def _cast(speakers: Collection[str]) -> Cast:
    """Return the cast for these names, which all scenes of a project share."""
    key = speakers if isinstance(speakers, frozenset) else frozenset(speakers)
    if key not in _casts:
        _casts.clear()
        _casts[key] = Cast(key)
    return _casts[key]


def _report_marks(lines: Sequence[str], report: Report) -> None:
    for number, line in enumerate(lines, 1):
        if match := _TODO.search(line):
            report.warning(
                "VN0337",
                f"`{match[0]}` is left in the text",
                At(number, match.start() + 1, match.end() + 1),
                help="do it, or move the note into a comment of another wording",
            )


class _Notes:
    """The notes that wait for the line below them."""

    __slots__ = ("at", "tr", "vo")

    def __init__(self) -> None:
        self.tr: str | None = None
        self.vo: str | None = None
        self.at: At | None = None

    def add(self, comment: str, at: At) -> None:
        match = _NOTE.match(comment)
        if match is None:
            return
        note = " ".join(comment[match.end() :].split())
        if match[1].lower() == "tr":
            self.tr = f"{self.tr}\n{note}" if self.tr else note
        else:
            self.vo = f"{self.vo}\n{note}" if self.vo else note
        self.at = at

    def give(self, block: Line | Item) -> None:
        block.tr, block.vo = self.tr, self.vo
        self.tr = self.vo = self.at = None


class _Reader:
    def __init__(self, scene: Scene, report: Report, cast: Cast) -> None:
        self.scene = scene
        self.report = report
        self.cast = cast
        self.names: dict[str, At] = {}
        self.notes = _Notes()

    def read(self, document: list[blocks.Block]) -> None:
        slugs = Slugs()
        body: list[Block] = []
        self.scene.sections.append(Section("", "", 0, body, At(1, 1, 1)))
        start = 0
        for index, block in enumerate(document):
            if isinstance(block, blocks.Heading):
                self.body(document[start:index], body)
                self.unused_notes()
                start = index + 1
                body = []
                self.scene.sections.append(self.section(block, body, slugs))
        self.body(document[start:], body)
        self.unused_notes()

    def unused_notes(self) -> None:
        if self.notes.at is not None:
            self.report.warning(
                "VN0334",
                "this note stands above no line of text",
                self.notes.at,
                help="put it above or behind the line it is about",
            )
            self.notes = _Notes()

    def section(self, heading: blocks.Heading, body: list[Block], slugs: Slugs) -> Section:
        line, column, text = heading.row
        source = Source(text, [0], [(line, column)])
        title = text
        bad: tuple[int, int, str] | None = None
        if SPECIAL.search(text):
            if (match := _NAME_LIKE.search(text)) is not None:
                bad = match.start(), match.end(), "a fixed id"
                title = text[: match.start()].rstrip()
            elif "`" in text and (at := text.find("`")) >= 0:
                bad = at, at + 1, "a code span"
            elif (at := _unescaped(text, "{")) >= 0:
                bad = at, at + 1, "a value"
            elif "](" in text:
                at = text.index("](")
                bad = max(0, text.rfind("[", 0, at)), at + 2, "a link"
            else:
                title = _flat(Inline(source, self.report).parse(0, len(text)))
        if bad is not None:
            start, end, what = bad
            self.report.error(
                "VN0322",
                f"a label cannot hold {what}",
                source.at(start, end),
                help="write plain words: the label is what links lead to",
            )
        anchor, base = slugs.add(title)
        if not base and bad is None:
            self.report.error(
                "VN0323",
                "nothing of this label is left in a link",
                heading.at,
                help="give it a letter or a digit: `## honest` is linked to as `#honest`",
            )
        return Section(title, anchor, heading.level, body, heading.at, base)

    # Blocks

    def body(self, children: Sequence[blocks.Block], body: list[Block], page: bool = False) -> None:
        for block in children:
            if type(block) is blocks.Paragraph:
                self.paragraph(block.rows, body, page and bool(body) and block.spaced)
            elif isinstance(block, blocks.ListBlock):
                items = [self.item(item, block.ordered) for item in block.items]
                body.append(Pick(items, block.at) if block.ordered else Menu(items, block.at))
            elif isinstance(block, blocks.Fence):
                self.fence(block, body)
            elif isinstance(block, blocks.Comment):
                self.notes.add(block.text, block.at)
            elif isinstance(block, blocks.Rule):
                body.append(Break(block.at))
            elif isinstance(block, blocks.Quote):
                lines: list[Block] = []
                self.body(block.children, lines, page=True)
                body.append(Page(lines, block.at))

    def paragraph(self, rows: list[Row], body: list[Block], gap: bool = False) -> None:
        alone: Speaker | None = None
        used = True
        count = len(rows)
        index = 0
        first = rows[0][2]
        if first[0] == "[" and self.definition(rows):
            rows = rows[1:]
            count -= 1
        while index < count:
            line, column, raw = rows[index]
            index += 1
            text = raw.rstrip(" \t")
            if SPECIAL.search(text) is None:
                speaker: Speaker | None = None
                start = 0
                if ":" in text or "：" in text:
                    speaker, start = self.cast.speaker(text, line, column, self.report)
                    if speaker is not None and start == len(text):
                        self.alone(alone, used)
                        alone, used = speaker, False
                        continue
                spoken = text[start:] if start else text
                if speaker is None and alone is not None:
                    speaker, used = alone, True
                at = At(line, column, column + len(text))
                beat = Line(speaker, [spoken], spoken, [], None, at)
                if self.notes.at is not None:
                    self.notes.give(beat)
                if gap:
                    beat.gap, gap = True, False
                body.append(beat)
                continue
            if text[-1] == "\\" and _joins(text):
                if len(raw) > len(text):
                    self.spaces_behind(line, column, raw, text)
                group = [(line, column, text)]
                while index < count and text[-1:] == "\\" and _joins(text):
                    line, column, raw = rows[index]
                    text = raw.rstrip(" \t")
                    group.append((line, column, text))
                    index += 1
                source = _joined(group)
            else:
                source = Source(text, [0], [(line, column)])
            block = self.line(source, body)
            if block is None:
                continue
            if isinstance(block, Speaker):
                self.alone(alone, used)
                alone, used = block, False
                continue
            if isinstance(block, Line):
                if block.speaker is None and alone is not None:
                    block.speaker, used = alone, True
                if gap:
                    block.gap, gap = True, False
            body.append(block)
        self.alone(alone, used)

    def alone(self, speaker: Speaker | None, used: bool) -> None:
        if speaker is not None and not used:
            self.report.error(
                "VN0338",
                "this speaker says nothing",
                speaker.at,
                help="write the text behind the colon, or on the lines directly below",
            )

    def definition(self, rows: list[Row]) -> bool:
        """Report a paragraph that begins as a reference definition."""
        line, column, text = rows[0]
        if not blocks.is_definition(text):
            if text.find("]") >= 0 or not any("]:" in row[2] for row in rows[1:]):
                return False
        end = text.find("]:")
        name = text[1:end].strip() if end > 0 else ""
        at = At(line, column, column + (end + 2 if end > 0 else len(text)))
        footnote = name.startswith("^")
        help = "write `\\[` to show a bracket"
        if self.cast.head(name) is not None:
            help = f"write `{name}:` if it is a speaker; `\\[` shows a bracket"
        self.report.error(
            "VN0315" if footnote else "VN0309",
            "footnotes have no meaning in a scene"
            if footnote
            else f"`{text[: end + 2] if end > 0 else text[:20]}` is a reference definition, which "
            "vanishes in Markdown",
            at,
            help=help,
        )
        return True

    def spaces_behind(self, line: int, column: int, raw: str, text: str) -> None:
        at = At(line, column + len(text), column + len(raw))
        self.report.error(
            "VN0407",
            "spaces behind the final `\\` undo it",
            at,
            help="take the spaces away",
            fix=[(at, "")],
        )

    def line(self, source: Source, body: list[Block]) -> Block | Speaker | None:
        """Parse one beat's worth of source that is not plain text."""
        text = source.text
        first = text[0]
        if first == "`":
            directives = self.directives(source)
            if directives is not None:
                return directives
        elif first == "[" or text.startswith("!["):
            found = self.link_line(source)
            if found is not None:
                return found if not isinstance(found, bool) else None
        speaker, start = self.cast.speaker(text, *source.places[0], self.report)
        if speaker is not None and start >= len(text.rstrip("\\")) and not _tail_ticks(text, start):
            if start == len(text):
                return speaker
        end, modifiers, name = self.tail(source, start, LINE_WORDS)
        if end <= start and not modifiers and name is None and speaker is not None:
            return speaker
        content = Inline(source, self.report).parse(start, end)
        at = source.at(0, len(text))
        if end <= start:
            self.report.error(
                "VN0324",
                "there is no text for these to belong to",
                at,
                help="write the line before them",
            )
            return None
        beat = Line(speaker, content, _written(text[start:end]), modifiers, name, at)
        if self.notes.at is not None:
            self.notes.give(beat)
        return beat

    # Ends of lines

    def tail(
        self, source: Source, start: int, words: Collection[str]
    ) -> tuple[int, list[Span], str | None]:
        """Peel comments, `^name` and trailing spans off; return where the text ends."""
        text = source.text
        end = len(text)
        while text.endswith("-->", start, end):
            begin = text.rfind("<!--", start, end)
            if begin < 0 or (begin and text[begin - 1] == "\\") or "\n" in text[begin:end]:
                break
            self.notes.add(text[begin + 4 : end - 3].strip(), source.at(begin, end))
            end = _rstrip(text, begin, start)
        name: str | None = None
        if "^" in text:
            last = max(text.rfind(" ", start, end), text.rfind("\n", start, end), start - 1) + 1
            match = _NAME_LIKE.match(text, last, end) if last < end else None
            if match is not None:
                name = self.fixed(source, match[1], last, end)
                end = _rstrip(text, last, start)
        modifiers: list[Span] = []
        while end > start and text[end - 1] == "`":
            begin = text.rfind("`", start, end - 1)
            if begin < 0 or begin == end - 2 or (begin and text[begin - 1] in "\\`"):
                break
            content = text[begin + 1 : end - 1]
            span = content.strip()
            word = _WORD.match(span)
            if word is None or word[0] not in words:
                break
            offset = begin + 1 + len(content) - len(content.lstrip())
            modifiers.append(Span(span, source.at(offset, offset + len(span))))
            end = _rstrip(text, begin, start)
        modifiers.reverse()
        return end, modifiers, name

    def fixed(self, source: Source, name: str, start: int, end: int) -> str | None:
        at = source.at(start, end)
        if _NAME.match(source.text, start, end) is None:
            self.report.error(
                "VN0331",
                f"`^{name}` is no fixed id",
                at,
                help="take letters `A` to `z`, digits and `-`; to show it as text write `\\^`",
            )
            return None
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

    # Directives

    def directives(self, source: Source) -> Directives | None:
        """Parse a line of code spans; None when there is text on it too."""
        text = source.text
        spans: list[Span] = []
        position, length = 0, len(text)
        link: Link | None = None
        while position < length:
            if text[position] != "`":
                break
            size = (
                len(text[position:]) - len(text[position:].lstrip("`"))
                if text.startswith("``", position)
                else 1
            )
            fence = text[position : position + size]
            close = _closing(text, fence, position + size)
            if close < 0 or text.find("\n", position, close) >= 0:
                return None
            content = text[position + size : close]
            span = content.strip()
            if not span:
                return None
            offset = position + size + len(content) - len(content.lstrip())
            spans.append(Span(span, source.at(offset, offset + len(span))))
            position = close + size
            while position < length and text[position] in " \t":
                position += 1
        if position < length:
            if text[position] == "[" and spans and _first_word(spans[-1].source) == "call":
                found = link_at(text, position)
                rest = text[found.end :].strip(" \t") if found else ""
                if found is None or found.picture or (rest and not rest.startswith("<!--")):
                    return None
                link = resolve(found, source.at(*found.target_at), self.report)
            elif not (text.startswith("<!--", position) and text.endswith("-->")):
                return None
            elif text.find("-->", position + 2) != length - 3:
                return None
            else:
                self.notes.add(text[position + 4 : -3].strip(), source.at(position, length))
        return Directives(spans, link, source.at(0, length))

    def fence(self, fence: blocks.Fence, body: list[Block]) -> None:
        if fence.info != "stage":
            self.report.error(
                "VN0319",
                f"a fence of `{fence.info[:20]}` has no meaning in a scene"
                if fence.info
                else "a fence without a word behind it has no meaning in a scene",
                fence.at,
                help="write ```` ```stage ```` for directives; text needs no fence",
            )
            return
        for line, column, raw in fence.rows:
            text = _without_comment(raw)
            start = len(text) - len(text.lstrip(" \t"))
            text = text.strip(" \t")
            if not text:
                continue
            column += start
            link: Link | None = None
            at = At(line, column, column + len(text))
            if text.endswith(")") and _first_word(text) == "call" and "[" in text:
                begin = text.index("[")
                found = link_at(text, begin)
                if found is not None and found.end == len(text):
                    place = At(line, column + found.target_at[0], column + found.target_at[1])
                    link = resolve(found, place, self.report)
                    text = text[:begin].rstrip(" \t")
            span = Span(text, At(line, column, column + len(text)))
            body.append(Directives([span], link, at))

    # Links

    def link_line(self, source: Source) -> Block | bool | None:
        """Parse a line that is one link or picture.

        None when it is text; False when it is a link whose mistake has been reported.
        """
        text = source.text
        found = link_at(text, 0)
        if found is None:
            return None
        end, modifiers, _ = (
            (len(text), [], None)
            if found.end == len(text)
            else self.tail(source, found.end, LINE_WORDS)
        )
        if end > found.end:
            return None
        at = source.at(0, found.end)
        if found.picture:
            if modifiers:
                return None
            return self.picture(source, found, at) or False
        link = resolve(found, source.at(*found.target_at), self.report)
        return Jump(link, modifiers, at) if link is not None else False

    def picture(self, source: Source, found: LinkSyntax, at: At) -> Picture | None:
        place = source.at(*found.target_at)
        asset = decode(found, place, self.report)
        if asset is None:
            return None
        alt = _flat(Inline(source, self.report).parse(*found.text, inside="a picture's text"))
        if not alt.strip() or not asset.strip():
            self.report.error(
                "VN0336",
                "a picture needs a text that says what it shows"
                if asset.strip()
                else "a picture without an asset",
                at,
                help="write `![what it shows](asset)`: players who cannot see it hear the text",
            )
            return None
        return Picture(asset, alt, at)

    # Lists

    def item(self, item: blocks.ListItem, ordered: bool) -> Item:
        result = Item([], "", None, None, [], None, [], item.at, item.number)
        children = item.children
        first = children[0] if children else None
        if isinstance(first, blocks.Paragraph) and first.rows[0][0] == item.at.line:
            rest = first.rows
            if rest[0][2][0] == "[" and self.definition(rest):
                result.text = [rest[0][2]]
                rest = rest[1:]
            else:
                rest = self.item_text(rest, result, ordered)
            self.notes.give(result)
            if rest:
                self.paragraph(rest, result.body)
            self.body(children[1:], result.body)
        else:
            self.body(children, result.body)
        if not ordered and not result.text and result.link is None:
            self.report.error(
                "VN0324",
                "a choice needs text that the player can choose",
                item.at,
                help="write it behind the `-`; what follows it goes on lines of its own below",
            )
        return result

    def item_text(self, rows: list[Row], result: Item, ordered: bool) -> list[Row]:
        """Parse an item's first source line into `result`; return the rows behind it."""
        line, column, raw = rows[0]
        text = raw.rstrip(" \t")
        if SPECIAL.search(text) is None and ":" not in text and "：" not in text:
            result.text = [text]
            result.source = text
            result.at = At(line, result.at.column, column + len(text))
            return rows[1:]
        used = 1
        if text[-1:] == "\\" and _joins(text):
            if len(raw) > len(text):
                self.spaces_behind(line, column, raw, text)
            group = [(line, column, text)]
            while used < len(rows) and text[-1:] == "\\" and _joins(text):
                text = rows[used][2].rstrip(" \t")
                group.append((rows[used][0], rows[used][1], text))
                used += 1
            source = _joined(group)
        else:
            source = Source(text, [0], [(line, column)])
        text = source.text
        result.at = At(line, result.at.column, column + len(rows[0][2].rstrip(" \t")))
        if (box := _CHECKBOX.match(text)) is not None:
            self.report.error(
                "VN0339",
                "a check box has no meaning in a scene",
                source.at(0, box.end()),
                help="take it away, or write `\\[` to show it",
            )
            return rows[used:]
        end, result.modifiers, result.name = self.tail(source, 0, ITEM_WORDS)
        if ordered and end and text[0] in "`!":
            before = len(result.body)
            head = Source(text[:end], source.starts, source.places)
            block = self.directives(head) if text[0] == "`" else self.link_line(head)
            if block is not None:
                if not isinstance(block, bool):
                    result.body.insert(before, block)
                return rows[used:]
        speaker, start = self.cast.speaker(text, *source.places[0], self.report)
        start = min(start, end)
        result.speaker = speaker
        if speaker is not None and start == end:
            self.report.error(
                "VN0338",
                "this speaker says nothing",
                speaker.at,
                help="write what is said behind the colon; a speech below needs a choice above it",
            )
            result.text = [text[:end]]
            return rows[used:]
        result.source = _written(text[start:end])
        found = link_at(text, start) if text.startswith("[", start) else None
        if found is not None and found.end == end:
            result.link = resolve(found, source.at(*found.target_at), self.report)
            begin, stop = found.text
            result.source = text[begin:stop]
            result.text = Inline(source, self.report).parse(begin, stop, inside="a link")
            if result.link is None and not result.text:
                result.text = [text[start:end]]
            return rows[used:]
        result.text = Inline(source, self.report).parse(start, end)
        return rows[used:]


def _closing(text: str, fence: str, start: int) -> int:
    """Return where a run of backticks as long as `fence` begins, from `start` on, or -1."""
    size = len(fence)
    position = start
    while True:
        found = text.find(fence, position)
        if found < 0:
            return -1
        if size == 1:
            after = found + 1
            if text[after : after + 1] != "`":
                return found
            while text[after : after + 1] == "`":
                after += 1
            position = after
            continue
        after = found
        while text[after : after + 1] == "`":
            after += 1
        if after - found == size:
            return found
        position = after


def _tail_ticks(text: str, start: int) -> bool:
    return start < len(text)


def _joins(text: str) -> bool:
    """Whether a line that ends with a backslash joins the next: it is not itself escaped."""
    return (len(text) - len(text.rstrip("\\"))) % 2 == 1


def _joined(rows: list[Row]) -> Source:
    parts: list[str] = []
    starts: list[int] = []
    length = 0
    for index, (_, _, row) in enumerate(rows):
        starts.append(length)
        if index + 1 < len(rows):
            row = row[:-1].rstrip(" \t") + "\\\n"
        parts.append(row)
        length += len(row)
    return Source("".join(parts), starts, [(line, column) for line, column, _ in rows])


def _written(text: str) -> str:
    return text.replace("\\\n", "\n") if "\n" in text else text


def _rstrip(text: str, end: int, start: int) -> int:
    while end > start and text[end - 1] in " \t\n\u00a0":
        end -= 1
    return end


def _first_word(directive: str) -> str:
    match = _WORD.match(directive)
    return match[0] if match else ""


def _without_comment(line: str) -> str:
    """Take a `#` comment off a stage line, unless it stands in quotes."""
    if "#" not in line:
        return line
    quoted = False
    for index, char in enumerate(line):
        if char == '"':
            quoted = not quoted
        elif char == "#" and not quoted and (index == 0 or line[index - 1] in " \t"):
            return line[:index]
    return line


def _unescaped(text: str, char: str) -> int:
    match = re.search(rf"(?<!\\)(?:\\\\)*({re.escape(char)})", text)
    return match.start(1) if match else -1


def _flat(text: Text) -> str:
    """Return text without its styles."""
    parts: list[str] = []
    waiting: list[Fragment] = list(reversed(text))
    while waiting:
        piece = waiting.pop()
        if isinstance(piece, str):
            parts.append(piece)
        elif isinstance(piece, Styled):
            waiting.extend(reversed(piece.text))
        elif hasattr(piece, "base"):
            waiting.extend(reversed(piece.base))
    return "".join(parts)
