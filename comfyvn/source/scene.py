"""A scene's text to its syntax tree."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from comfyvn.source import blocks
from comfyvn.source.blocks import Row
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.ends import ITEM_WORDS, LINE_WORDS, Ends, first_word
from comfyvn.source.frontmatter import read_header
from comfyvn.source.heading import read_title
from comfyvn.source.inline import SPECIAL, Inline, flat
from comfyvn.source.link import LinkSyntax, decode, link_at, resolve
from comfyvn.source.raw import Source, gather
from comfyvn.source.report import Report
from comfyvn.source.slug import Slugs
from comfyvn.source.speaker import Cast
from comfyvn.source.stage import directive_line, fence_lines
from comfyvn.source.structure import parse_blocks
from comfyvn.source.syntax import (
    At,
    Block,
    Break,
    Item,
    Jump,
    Line,
    Menu,
    Page,
    Pick,
    Picture,
    Scene,
    Section,
    Span,
    Speaker,
    Text,
)

_DEFINITION = re.compile(r"\[(?:[^\[\]\\]|\\.)+\]:")
_CHECKBOX = re.compile(r"\[[ xX]\](?=\s|\Z)")
_MARKS = re.compile(r"\b(?:TODO|FIXME):")
_MARGIN = re.compile(r"(?:[ \t>]|[-*+](?=[ \t])|[0-9]{1,9}[.)](?=[ \t]))*")


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
    scene = Scene(scene_id, path, header, places.keys, [], places.values)
    _Reader(scene, report, _cast(speakers)).read(parse_blocks(lines, first, report))
    if "TODO:" in text or "FIXME:" in text or "\t" in text:
        _report_words(lines, first, report)
    return scene


_casts: dict[frozenset[str], Cast] = {}


def _cast(speakers: Collection[str]) -> Cast:
    """Return the cast for these names, which all scenes of a project share."""
    key = speakers if isinstance(speakers, frozenset) else frozenset(speakers)
    if key not in _casts:
        _casts.clear()
        _casts[key] = Cast(key)
    return _casts[key]


def _report_words(lines: Sequence[str], first: int, report: Report) -> None:
    """Report what no line may hold, wherever it stands."""
    for number, line in enumerate(lines[first:], first + 1):
        if match := _MARKS.search(line):
            report.warning(
                "VN0337",
                f"`{match[0]}` is left in the text",
                At(number, match.start() + 1, match.end() + 1),
                help="do it, or word it otherwise in a comment",
            )
        if "\t" not in line or (margin := _MARGIN.match(line)) is None:
            continue
        tab = line.find("\t", margin.end(), len(line.rstrip(" \t")))
        if tab >= 0:
            at = At(number, tab + 1, tab + 2)
            report.warning(
                "VN0340",
                "a tab stands in the text, where it shows as one space",
                at,
                help="write a space",
                fix=[(at, " ")],
            )


class _Reader:
    def __init__(self, scene: Scene, report: Report, cast: Cast) -> None:
        self.scene = scene
        self.report = report
        self.cast = cast
        self.ends = Ends(report)
        self.notes = self.ends.notes

    def read(self, document: list[blocks.Block]) -> None:
        slugs = Slugs()
        body: list[Block] = []
        self.scene.sections.append(Section("", "", 0, body, At(1, 1, 1)))
        start = 0
        for index, block in enumerate(document):
            if isinstance(block, blocks.Heading):
                self.body(document[start:index], body)
                self.notes.close(self.report)
                start = index + 1
                body = []
                title, sound = read_title(block, self.report)
                slug, base = slugs.add(title)
                if not base:
                    slug = base = f" {block.at.line}"  # which no anchor is, and nothing repeats
                if base[0] == " " and sound:
                    self.report.error(
                        "VN0323",
                        "nothing of this label is left in a link",
                        block.at,
                        help="give it a letter or a digit: `## Honest` is linked to as `#honest`",
                    )
                self.scene.sections.append(Section(title, slug, block.level, body, block.at, base))
        self.body(document[start:], body)
        self.notes.close(self.report)

    def body(self, children: Sequence[blocks.Block], body: list[Block], page: bool = False) -> None:
        for block in children:
            if type(block) is blocks.Paragraph:
                rows = block.rows
                if rows[0][2][0] == "[" and self.definition(rows):
                    rows = rows[1:]
                self.paragraph(rows, body, page and bool(body) and block.spaced)
            elif isinstance(block, blocks.ListBlock):
                items = [self.item(item, block.ordered) for item in block.items]
                body.append(Pick(items, block.at) if block.ordered else Menu(items, block.at))
            elif isinstance(block, blocks.Fence):
                body.extend(fence_lines(block, self.report))
            elif isinstance(block, blocks.Comment):
                self.notes.add(block.text, block.at)
            elif isinstance(block, blocks.Rule):
                body.append(Break(block.at))
            elif isinstance(block, blocks.Quote):
                lines: list[Block] = []
                self.body(block.children, lines, page=True)
                body.append(Page(lines, block.at))

    # Paragraphs

    def paragraph(self, rows: Sequence[Row], body: list[Block], gap: bool = False) -> None:
        """Parse the lines of a paragraph; `gap` tells that a bare `>` stands above it."""
        alone: Speaker | None = None  # who speaks the lines without a speaker
        used = True
        count = len(rows)
        index = 0
        while index < count:
            line, column, raw = rows[index]
            text = raw.rstrip(" \t")
            block: Block | Speaker | None
            if SPECIAL.search(text) is None:
                index += 1
                speaker: Speaker | None = None
                start = 0
                if ":" in text or "：" in text:
                    speaker, start = self.cast.speaker(text, line, column, self.report)
                if speaker is not None and start == len(text):
                    block = speaker
                elif text.isspace():
                    self.wordless(None, At(line, column, column + len(text)), [text])
                    continue
                else:
                    spoken = text[start:] if start else text
                    at = At(line, column, column + len(text))
                    block = Line(speaker, [spoken], spoken, [], None, at)
                    self.notes.give(block)
            else:
                source, index = gather(rows, index, self.report)
                block = self.line(source)
                if block is None:
                    continue
            if isinstance(block, Speaker):
                self.said(alone, used)
                alone, used = block, False
                continue
            if isinstance(block, Line):
                if block.speaker is None and alone is not None:
                    block.speaker, used = alone, True
                block.gap, gap = gap, False
            body.append(block)
        self.said(alone, used)

    def said(self, speaker: Speaker | None, used: bool) -> None:
        if speaker is not None and not used:
            self.report.error(
                "VN0338",
                "this speaker says nothing",
                speaker.at,
                help="write the text behind the colon, or on the lines directly below",
            )

    def definition(self, rows: Sequence[Row]) -> bool:
        """Report a paragraph that begins as a reference definition, which Markdown takes out."""
        line, column, text = rows[0]
        if _DEFINITION.match(text) is None and (
            "]" in text or not any("]:" in row[2] for row in rows[1:])
        ):
            return False
        end = text.find("]:") + 2
        shown = text[:end] if end > 1 else text
        name = shown[1:-2].strip()
        at = At(line, column, column + len(shown))
        if name.startswith("^"):
            self.report.error(
                "VN0315",
                "footnotes have no meaning in a scene",
                at,
                help="say it in the text, or in a comment: `<!-- … -->`; `\\[` shows a bracket",
            )
            return True
        speaker = f"write `{name}:` for a speaker; " if self.cast.head(name) is not None else ""
        self.report.error(
            "VN0309",
            f"`{shown[:40]}` is a reference definition, which vanishes in Markdown",
            at,
            help=f"{speaker}write `\\[` to show a bracket",
        )
        return True

    def line(self, source: Source) -> Block | Speaker | None:
        """Parse one beat's worth of source; None when nothing is left of it but a report."""
        text = source.text
        if text[0] == "`":
            directives = directive_line(source, self.notes, self.report)
            if directives is not None:
                return directives
        elif text[0] in "[!":
            found = self.link_line(source)
            if found is not None:
                return found if not isinstance(found, bool) else None
        speaker, start = self.cast.speaker(text, *source.places[0], self.report)
        if speaker is not None and text.startswith("\\\n", start):
            start += 2
        end, modifiers, name = self.ends.peel(source, start, LINE_WORDS)
        if end <= start:
            if speaker is not None and not modifiers and name is None:
                return speaker
            self.report.error(
                "VN0324",
                "there is no text that this could belong to",
                source.at(0, len(text)),
                help="write the line in front of it",
            )
            return None
        before = self.report.count
        content = Inline(source, self.report, self.notes).parse(start, end)
        at = source.at(0, len(text))
        if self.report.count == before and _wordless(content):
            self.wordless(speaker, at, content)
            return None
        written = text[start:end].replace("\\\n", "\n")
        beat = Line(speaker, content, written, modifiers, name, at)
        self.notes.give(beat)
        return beat

    def wordless(self, speaker: Speaker | None, at: At, text: Text) -> None:
        """Report a beat of nothing but effects, or of spaces that Markdown takes for text."""
        if speaker is not None:
            self.report.error(
                "VN0338",
                "this speaker says nothing",
                speaker.at,
                help="put directives on a line of their own; a silent beat is written `…`",
            )
            return
        if not _wordless(text, effects=False):
            self.report.error(
                "VN0324",
                "there is no text that this could belong to",
                at,
                help="take away what follows the directives, or write a text",
            )
            return
        self.report.error(
            "VN0324",
            "this line looks empty, but its spaces are text to Markdown",
            at,
            help="delete these spaces, such as U+00A0 or U+3000; a silent beat is written `…`",
        )

    def link_line(self, source: Source) -> Jump | Picture | bool | None:
        """Parse a line that is one link or picture.

        None when it is text; False when it is a link whose mistake has been reported.
        """
        text = source.text
        found = link_at(text, 0)
        if found is None:
            return None
        end, modifiers, name = self.ends.peel(source, found.end, LINE_WORDS)
        if end > found.end:
            return None
        at = source.at(0, found.end)
        if name is not None:
            begin = text.rindex(f"^{name}")
            self.report.error(
                "VN0331",
                "only lines and choices have a fixed id",
                source.at(begin, begin + 1 + len(name)),
                help="take it away",
            )
        if found.picture:
            for span in modifiers:
                self.report.error(
                    "VN0806",
                    f"`{first_word(span.source)}` cannot follow a picture",
                    span.at,
                    help="put `if …` on a line above it, and `end` on one below",
                )
            return self.picture(source, found, at) or False
        link = resolve(found, source.at(*found.target_at), self.report)
        return Jump(link, modifiers, at) if link is not None else False

    def picture(self, source: Source, found: LinkSyntax, at: At) -> Picture | None:
        asset = decode(found, source.at(*found.target_at), self.report)
        if asset is None:
            return None
        alt = flat(Inline(source, self.report).parse(*found.text, inside="a picture's text"))
        if alt.strip() and asset.strip():
            return Picture(asset, alt, at)
        self.report.error(
            "VN0336",
            "a picture needs a text that says what it shows"
            if asset.strip()
            else "a picture without an asset",
            at,
            help="write `![what it shows](asset)`: players who cannot see it hear the text",
        )
        return None

    # Lists

    def item(self, item: blocks.ListItem, ordered: bool) -> Item:
        result = Item([], "", None, None, [], None, [], item.at, item.number)
        children = item.children
        first = children[0] if children else None
        bare = True
        if isinstance(first, blocks.Paragraph) and first.rows[0][0] == item.at.line:
            rows: Sequence[Row] = first.rows
            if rows[0][2][0] == "[" and self.definition(rows):
                bare, rows = False, rows[1:]
            else:
                bare, rows = self.item_text(rows, result, ordered)
            self.notes.give(result)
            if rows:
                self.paragraph(rows, result.body)
            children = children[1:]
        self.body(children, result.body)
        if bare and not ordered:
            self.report.error(
                "VN0324",
                "a choice needs text that the player can choose",
                item.at,
                help="write it behind the `-`; what follows it goes on lines of its own below",
            )
        return result

    def item_text(
        self, rows: Sequence[Row], result: Item, ordered: bool
    ) -> tuple[bool, Sequence[Row]]:
        """Parse an item's first source line into `result`.

        Returns whether there is nothing to choose in it, and the rows behind it.
        """
        line, column, raw = rows[0]
        text = raw.rstrip(" \t")
        result.at = At(line, result.at.column, column + len(text))
        if SPECIAL.search(text) is None and ":" not in text and "：" not in text:
            result.text, result.source = [text], text
            if text.isspace():
                self.wordless(None, result.at, result.text)
            return False, rows[1:]
        source, used = gather(rows, 0, self.report)
        text, rest = source.text, rows[used:]
        if (box := _CHECKBOX.match(text)) is not None:
            self.report.error(
                "VN0339",
                "a check box has no meaning in a scene",
                source.at(0, box.end()),
                help="take it away, or write `\\[` to show it",
            )
            return False, rest
        end, result.modifiers, result.name = self.ends.peel(source, 0, ITEM_WORDS)
        if not end:
            return True, rest
        if ordered and text[0] in "`!":
            head = Source(text[:end], source.starts, source.places)
            block = (
                directive_line(head, self.notes, self.report)
                if text[0] == "`"
                else self.link_line(head)
            )
            if block is not None:
                if not isinstance(block, bool):
                    result.body.append(block)
                return False, rest
        result.speaker, start = self.cast.speaker(text, *source.places[0], self.report)
        if start and text.startswith("\\\n", start):
            start += 2
        if start and start >= end:
            self.said(result.speaker, False)
            return False, rest
        result.source = text[start:end].replace("\\\n", "\n")
        found = link_at(text, start) if text.startswith("[", start) else None
        if found is not None and found.end == end:
            result.link = resolve(found, source.at(*found.target_at), self.report)
            result.source = text[found.text[0] : found.text[1]]
            result.text = Inline(source, self.report).parse(*found.text, inside="a link")
            if not (ordered or result.source.strip() or _is_else(result)):
                self.report.error(
                    "VN0324",
                    "a choice needs text that the player can choose",
                    source.at(found.text[0] - 1, found.text[1] + 1),
                    help="write it between the brackets; only an `else` does without",
                )
        else:
            before = self.report.count
            help = "write what leads somewhere as `[text](file.md)`, a link as a whole"
            result.text = Inline(source, self.report, self.notes, help).parse(start, end)
            # Effects in a choice are the compiler's to refuse.
            if self.report.count == before and _wordless(result.text, effects=ordered):
                self.wordless(result.speaker, result.at, result.text)
        return False, rest


def _wordless(text: Text, effects: bool = True) -> bool:
    """Whether a text is spaces of any kind, and `effects` between them."""
    return all(
        piece.isspace() if type(piece) is str else effects and type(piece) is Span for piece in text
    )


def _is_else(item: Item) -> bool:
    return any(first_word(span.source) == "else" for span in item.modifiers)
