"""The names in a scene: what it declares, and what it uses."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from comfyvn.lsp.expression_names import names_in
from comfyvn.lsp.symbols import Kind, Occurrence, Symbol
from comfyvn.model.character import Character
from comfyvn.model.world import World
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.diagnostics import Span as Place
from comfyvn.source.inline import parse_inline
from comfyvn.source.link import link_at
from comfyvn.source.speaker import fold
from comfyvn.source.syntax import (
    At,
    Block,
    Directives,
    Forms,
    Fragment,
    Item,
    Jump,
    Line,
    Link,
    Menu,
    Page,
    Pick,
    Picture,
    Ruby,
    Scene,
    Section,
    Span,
    Speaker,
    Styled,
    Value,
    Wordings,
)
from comfyvn.story.directive_form import CHANNELS, DirectiveError, Given, Raw, Word
from comfyvn.story.directives import DIRECTIVES, MODIFIERS
from comfyvn.story.resolve import LOOK_KINDS, resolved_scene, split_target

_HEAD: Mapping[str, Kind] = {
    "location": "location", "time": "time", "weather": "weather", "theme": "theme",
    "pov": "character",
}  # fmt: skip
_FIXED_NAME = re.compile(r"\^([A-Za-z0-9-]+)[ \t]*$")
_HEADING = re.compile(r"[ >]*#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$")
_AMPERSAND = re.compile("[&＆]")


class Cast(NamedTuple):
    """What a scene's words are understood by.

    Attributes:
        speakers: the characters that a casefolded id, name or alias may mean.
        looks: the kind of each look of a character (`expressions`, `poses`, `outfits`).
        props: all props.
        times: the times of day of all worlds.
    """

    speakers: Mapping[str, Sequence[str]]
    looks: Mapping[str, Mapping[str, str]]
    props: Collection[str]
    times: Collection[str]


def look_name(cue: str) -> str:
    """Return the look that a cue names: `half smile` is `half_smile`."""
    return cue.strip().casefold().replace(" ", "_").replace("-", "_")


def target_names(raw: str, base: str, path: str, line: int, column: int) -> Iterator[Occurrence]:
    """Yield the scene and the label or line that a link's target, as written, leads to."""
    file, label = split_target(raw)
    target = resolved_scene(base, file.removesuffix(".md")) if file else base
    cut = raw.find("#")
    length = cut if cut >= 0 else len(raw)
    if file:
        at = Place.on_line(path, line, column, column + length)
        yield Occurrence(Symbol("scene", target), at, form="path", base=base)
    if label:
        start = column + length + 1
        is_line = label.startswith("^")
        at = Place.on_line(path, line, start + is_line, column + len(raw))
        symbol = Symbol("line" if is_line else "label", f"{target}#{label}")
        yield Occurrence(symbol, at, form="name" if is_line else "slug", base=base)


def variable_names(
    name: str, path: str, line: int, column: int, owner: str = ""
) -> Iterator[Occurrence]:
    """Yield a variable, and its character if it is a stat; `owner` is the scene of a parameter."""
    who, dot, stat = name.partition(".")
    if dot:
        at = Place.on_line(path, line, column, column + len(who))
        yield Occurrence(Symbol("character", who), at)
        column += len(who) + 1
    symbol = Symbol("variable", f"{owner}:{name}" if owner else name)
    yield Occurrence(symbol, Place.on_line(path, line, column, column + len(stat or name)))


class SceneNames:
    """Walks over one scene."""

    def __init__(self, tree: Scene, lines: Sequence[str], cast: Cast) -> None:
        """Begin; `lines` are those of the source, as the parser saw them."""
        self.tree, self.lines, self.cast = tree, lines, cast
        self.found: list[Occurrence] = []
        params = tree.header.get("params")
        self.params = frozenset(params) if isinstance(params, dict) else frozenset()

    def all(self) -> list[Occurrence]:
        """Return what the scene names, in no order."""
        tree = self.tree
        top = Place.on_line(tree.path, 1, 1, 1)
        self.found.append(Occurrence(Symbol("scene", tree.id), top, defines=True, form="path"))
        self._header()
        for section in tree.sections:
            if section is not tree.sections[0]:
                self._heading(section)
            self._blocks(section.body)
        return self.found

    # Pieces

    def add(self, kind: Kind, name: str, at: At, *, defines: bool = False) -> None:
        """Add an occurrence of a name that is written as it is."""
        span = Place.on_line(self.tree.path, at.line, at.column, at.end_column)
        self.found.append(Occurrence(Symbol(kind, name), span, defines))

    def variable(self, name: str, line: int, column: int) -> None:
        """Add a variable, or a parameter of the scene."""
        owner = self.tree.id if name in self.params else ""
        self.found += variable_names(name, self.tree.path, line, column, owner)

    def expression(self, source: str, line: int, column: int) -> None:
        """Add what an expression names."""
        for each in names_in(source):
            if each.what == "variable":
                self.variable(each.text, line, column + each.start)
            else:
                self.target(each.text, line, column + each.start)

    def target(self, raw: str, line: int, column: int) -> None:
        """Add what a link's target names."""
        self.found += target_names(raw, self.tree.id, self.tree.path, line, column)

    def _line(self, number: int) -> str:
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def _header(self) -> None:
        for key, at in self.tree.header_at.items():
            value = self.tree.header.get(key)
            if key in ("params",) and isinstance(value, dict):
                self._params(value, at.line)
            if not isinstance(value, str):
                continue
            column = self._line(at.line).find(value, at.end_column - 1) + 1
            if not column:
                continue
            place = At(at.line, column, column + len(value))
            if key in _HEAD:
                self.add(_HEAD[key], value, place)
            elif key in ("music", "ambience") and value != "none":
                self.add("asset", f"{key} {value}", place)

    def _params(self, params: Mapping[str, object], line: int) -> None:
        for name in params:
            for number in range(line + 1, min(line + 200, len(self.lines) + 1)):
                if re.match(rf"\s+{re.escape(name)}\s*:", self._line(number)):
                    column = self._line(number).index(name) + 1
                    at = At(number, column, column + len(name))
                    self.add("variable", f"{self.tree.id}:{name}", at, defines=True)
                    break

    def _heading(self, section: Section) -> None:
        text = self._line(section.at.line)
        match = _HEADING.match(text)
        start, end = match.span(1) if match else (section.at.column - 1, section.at.end_column - 1)
        span = Place.on_line(self.tree.path, section.at.line, start + 1, end + 1)
        symbol = Symbol("label", f"{self.tree.id}#{section.slug}")
        self.found.append(Occurrence(symbol, span, defines=True, form="heading"))

    def _blocks(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            match block:
                case Line():
                    self._beat(block)
                case Directives():
                    for span in block.spans:
                        self.directive(span, block.link)
                    self._link(block.link)
                case Jump():
                    self._link(block.link)
                    self._modifiers(block.modifiers)
                case Picture():
                    self._picture(block)
                case Page():
                    self._blocks(block.body)
                case Menu() | Pick():
                    for item in block.items:
                        self._beat(item)
                        self._link(item.link)
                        self._blocks(item.body)

    def _link(self, link: Link | None) -> None:
        if link is not None:
            raw = self._line(link.at.line)[link.at.column - 1 : link.at.end_column - 1]
            self.target(raw, link.at.line, link.at.column)

    def _picture(self, block: Picture) -> None:
        text = self._line(block.at.line)
        start = text.find("![", block.at.column - 1)
        link = link_at(text, start) if start >= 0 else None
        if link is not None:
            first, last = link.target_at
            self.add("asset", f"picture {block.asset}", At(block.at.line, first + 1, last + 1))

    def _beat(self, beat: Line | Item) -> None:
        if beat.speaker is not None:
            self._speaker(beat.speaker)
        self.text(beat.text)
        self._modifiers(beat.modifiers)
        if beat.name is None:
            return
        last = beat.at.line + beat.source.count("\n")
        for number in range(beat.at.line, last + 1):
            match = _FIXED_NAME.search(self._line(number))
            if match is not None and match[1] == beat.name:
                at = At(number, match.start(1) + 1, match.end(1) + 1)
                self.add("line", f"{self.tree.id}#^{beat.name}", at, defines=True)
                break

    def _speaker(self, speaker: Speaker) -> None:
        at = speaker.at
        text = self._line(at.line)[at.column - 1 : at.end_column - 1]
        position = 0
        who: list[str] = []
        for name in speaker.names:
            ids = self.cast.speakers.get(name, ())
            who += ids[:1]
            start = _found(text, name, position)
            if start is None:
                break
            if ids:
                begin = at.column + start[0]
                span = Place.on_line(self.tree.path, at.line, begin, at.column + start[1])
                self.found.append(Occurrence(Symbol("character", ids[0]), span, form="called"))
            rest = _AMPERSAND.search(text, start[1])
            position = rest.end() if rest else start[1]
        for cue, place in speaker.cues:
            for id in who:
                self._look(id, cue, place)

    def _look(self, character: str, cue: str, at: At) -> None:
        name = look_name(cue)
        kind = self.cast.looks.get(character, {}).get(name)
        if kind is not None:
            self.add("look", f"{character}.{kind}.{name}", at)

    def text(self, text: Iterable[Fragment]) -> None:
        """Add what a text names."""
        for part in text:
            match part:
                case Value():
                    self.expression(part.source, part.at.line, part.at.column)
                case Forms():
                    self.expression(part.source, part.at.line, part.at.column)
                    for form in part.forms.values():
                        self.text(form)
                case Styled():
                    self.text(part.text)
                case Ruby():
                    self.text(part.base)
                case Wordings():
                    for option in part.options:
                        self.text(option)
                case Span():
                    self.directive(part, None)

    def _modifiers(self, spans: Iterable[Span]) -> None:
        for span in spans:
            name = span.source.split(None, 1)[0] if span.source.strip() else ""
            if name not in MODIFIERS:
                continue
            try:
                given = MODIFIERS[name].read(span.source)
            except DirectiveError:
                continue
            self._values(given, span.at)

    # Directives

    def directive(self, span: Span, link: Link | None) -> None:
        """Add what a directive names."""
        name = span.source.split(None, 1)[0] if span.source.strip() else ""
        directive = DIRECTIVES.get(name)
        if directive is None:
            return
        try:
            given = directive.read(span.source)
        except DirectiveError:
            return
        self._values(given, span.at)
        match name:
            case "scene":
                self._word(given.get("location"), "location", span.at)
                self._word(given.get("at"), "time", span.at)
                self._word(given.get("in"), "weather", span.at)
            case "time" | "weather" | "theme":
                self._word(given.get(name), name, span.at)
            case "show" | "hide" | "move" | "prop":
                self._subject(given, span.at)
            case "play":
                channel = given.get("music|ambience|sfx") or _channel(span.source)
                self._word(given.get("name"), "asset", span.at, prefix=f"{channel} ")
            case "voice":
                self._word(given.get("name"), "asset", span.at, prefix="voice ")
            case "ending" | "unlock":
                self._word(given.get("name"), name, span.at, defines=True)
            case "call":
                self._call(given, span.at, link)

    def _call(self, given: Given, at: At, link: Link | None) -> None:
        target = self.tree.id
        if link is not None and link.path:
            target = resolved_scene(self.tree.id, link.path.removesuffix(".md"))
        for name, raw in given.get("arguments") or ():
            column = at.column + name.start
            place = At(at.line, column, column + len(name.text))
            self.add("variable", f"{target}:{name.text}", place)
            self.expression(raw.text, at.line, at.column + raw.start)

    def _values(self, given: Given, at: At) -> None:
        """Add what the arguments of any directive name: variables, expressions, texts."""
        for key, value in given.values.items():
            if isinstance(value, Raw):
                self.expression(value.text, at.line, at.column + value.start)
            elif not isinstance(value, Word):
                continue
            elif key in ("variable", "into"):
                self.variable(value.text, at.line, at.column + value.start)
            elif value.quoted and "{" in value.text:
                raw = given.source[value.start : value.end]
                column = at.column + value.start
                self.text(parse_inline(raw, self.tree.path, at.line, column, Diagnostics()))

    def _word(
        self, word: object, kind: Kind, at: At, *, prefix: str = "", defines: bool = False
    ) -> None:
        if isinstance(word, Word):
            place = At(at.line, at.column + word.start, at.column + word.end)
            self.add(kind, prefix + word.text, place, defines=defines)

    def _subject(self, given: Given, at: At) -> None:
        word = given.get("what") or given.get("name")
        if not isinstance(word, Word):
            return
        name = word.text
        if name in self.cast.looks:
            self._word(word, "character", at)
            for cue in given.get("look") or ():
                column = at.column + cue.start
                self._look(name, cue.text, At(at.line, column, at.column + cue.end))
        elif name in self.cast.props:
            self._word(word, "prop", at)
            self._word(given.get("at"), "anchor", at, prefix=f"{name}.")
        else:
            self._word(word, "asset", at, prefix="image ")


def _channel(source: str) -> str:
    words = source.split()
    return words[1] if len(words) > 1 and words[1] in CHANNELS else "sfx"


def _found(text: str, folded: str, start: int) -> tuple[int, int] | None:
    """Return where a casefolded name stands in a text as written."""
    for first in range(start, len(text)):
        for last in range(first + 1, min(len(text), first + 2 * len(folded) + 2) + 1):
            if fold(text[first:last]) == folded:
                return first, last
    return None


def cast_of(
    characters: Mapping[str, Character], props: Collection[str], worlds: Iterable[World]
) -> Cast:
    """Return what scenes are understood by."""
    speakers: dict[str, list[str]] = {}
    looks: dict[str, dict[str, str]] = {}
    for id, each in characters.items():
        for name in (id, each.name, *each.aliases):
            ids = speakers.setdefault(fold(name), [])
            if id not in ids:
                ids.append(id)
        known = looks.setdefault(id, {})
        for kind in LOOK_KINDS.values():
            for name in getattr(each.look, kind):
                known.setdefault(name, kind)
    times = frozenset(time for world in worlds for time in world.times)
    return Cast(speakers, looks, frozenset(props), times)
