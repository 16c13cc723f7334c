"""The names in YAML sources: what they declare, and what they use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from comfyvn.lsp.asset_names import ASSET_KINDS, asset_names
from comfyvn.lsp.expression_names import names_in
from comfyvn.lsp.scene_names import Cast, target_names, variable_names
from comfyvn.lsp.symbols import Kind, Occurrence, Symbol
from comfyvn.source.diagnostics import Span
from comfyvn.source.yaml import Node

_LOOKS = ("expressions", "poses", "outfits")
_DECLARES: Mapping[str, Kind] = {
    "scenes": "scene", "characters": "character", "worlds": "world", "props": "prop",
    "themes": "theme", "timelines": "timeline",
}  # fmt: skip
_FILE = re.compile(rf"({'|'.join(_DECLARES)})/([^*?\[\]]+)\.(?:md|yaml)")


def yaml_names(path: str, node: Node, lines: Sequence[str], cast: Cast) -> list[Occurrence]:
    """Return what a YAML source names, in no order."""
    walk = _Walk(path, lines, cast)
    folder, _, name = path.rpartition("/")
    id = PurePosixPath(name).stem
    match folder:
        case "" if name == "vn.yaml":
            walk.project(node)
        case "" if name == "state.yaml":
            walk.variables(node, "")
        case "" if name == "waivers.yaml":
            walk.waivers(node)
        case "policy" if name == "ratings.yaml":
            walk.ratings(node)
        case "characters":
            walk.character(node, id)
        case "worlds":
            walk.world(node, id)
        case "props":
            walk.owner("prop", id)
            walk.keys(node.find("anchors"), "anchor", f"{id}.")
        case "themes":
            walk.owner("theme", id)
        case "timelines":
            walk.timeline(node, id)
        case "music":
            walk.owner("asset", f"music {id}")
            walk.value(node.find("source"), "asset", "music ")
        case _ if path.startswith("playtests/"):
            walk.playtests(node)
    return walk.found


class _Walk:
    def __init__(self, path: str, lines: Sequence[str], cast: Cast) -> None:
        self.path, self.lines, self.cast = path, lines, cast
        self.found: list[Occurrence] = []

    def owner(self, kind: Kind, id: str) -> None:
        """Add what the file as a whole declares."""
        self.found.append(
            Occurrence(Symbol(kind, id), Span.on_line(self.path, 1, 1, 1), True, "path")
        )

    def bare(self, span: Span, text: str) -> Span | None:
        """Return where a text stands in a span, without quotes."""
        if not 0 < span.line <= len(self.lines) or not text:
            return None
        start = self.lines[span.line - 1].find(text, span.column - 1)
        if start < 0 or (span.end_line == span.line and start + len(text) >= span.end_column):
            return None
        return Span.on_line(self.path, span.line, start + 1, start + 1 + len(text))

    def add(self, kind: Kind, name: str, span: Span, text: str, *, defines: bool = False) -> None:
        """Add a name that is written as `text` somewhere in a span."""
        place = self.bare(span, text)
        if place is not None:
            self.found.append(Occurrence(Symbol(kind, name), place, defines))

    def value(self, node: Node | None, kind: Kind, prefix: str = "") -> None:
        """Add a name that is a value."""
        if node is not None and isinstance(node.value, str):
            self.add(kind, prefix + node.value, node.span, node.value)

    def keys(self, node: Node | None, kind: Kind, prefix: str, *, defines: bool = True) -> None:
        """Add the keys of a mapping."""
        for key, span in node.keys.items() if node is not None else ():
            self.add(kind, prefix + key, span, key, defines=defines)

    def items(self, node: Node | None, kind: Kind, *, defines: bool = False) -> None:
        """Add the items of a list."""
        if node is not None and isinstance(node.value, list):
            for item in node.value:
                if isinstance(item.value, str):
                    self.add(kind, item.value, item.span, item.value, defines=defines)

    def targets(self, nodes: Iterable[Node | None]) -> None:
        """Add what links' targets name; they start from the folder of scenes."""
        for node in nodes:
            if node is None or not isinstance(node.value, str):
                continue
            at = self.bare(node.span, node.value)
            if at is not None:
                self.found += target_names(node.value, "", self.path, at.line, at.column)

    # Kinds

    def project(self, node: Node) -> None:
        self.value(node.find("start"), "scene")
        self.value(node.find("theme"), "theme")
        self.value(node.find("world"), "world")
        self.value(node.find("timeline"), "timeline")
        self.value(node.find("speech", "narrator"), "character")

    def variables(self, node: Node | None, owner: str) -> None:
        self.keys(node, "variable", owner)
        for variable in _mapping(node):
            kind = variable.find("type")
            if kind is None or kind.value != "label":
                continue
            values = variable.find("values")
            listed = values.value if values is not None else None
            self.targets(listed if isinstance(listed, list) else ())
            self.targets([variable.find("default")])

    def character(self, node: Node, id: str) -> None:
        self.owner("character", id)
        name, aliases = node.find("name"), node.find("aliases")
        listed = aliases.value if aliases is not None else None
        for each in [name, *(listed if isinstance(listed, list) else ())]:
            if each is not None and isinstance(each.value, str):
                place = self.bare(each.span, each.value)
                if place is not None:
                    self.found.append(Occurrence(Symbol("character", id), place, True, "called"))
        self.variables(node.find("stats"), f"{id}.")
        for kind in _LOOKS:
            self.keys(node.find("look", kind), "look", f"{id}.{kind}.")

    def world(self, node: Node, id: str) -> None:
        self.owner("world", id)
        places = node.find("locations")
        self.keys(places, "location", "")
        self.items(node.find("times"), "time", defines=True)
        self.items(node.find("weathers"), "weather", defines=True)
        for place in _mapping(places):
            self.keys(place.find("times"), "time", "", defines=False)
            self.keys(place.find("weathers"), "weather", "", defines=False)
            ambience = place.find("ambience")
            if ambience is not None and ambience.value != "none":
                self.value(ambience, "asset", "ambience ")

    def timeline(self, node: Node, id: str) -> None:
        self.owner("timeline", id)
        chapters = node.find("chapters")
        listed = chapters.value if chapters is not None else None
        for chapter in listed if isinstance(listed, list) else ():
            self.items(chapter.find("scenes"), "scene")

    def waivers(self, node: Node) -> None:
        """Add the files that waivers are about, by what they declare."""
        for waiver in node.value if isinstance(node.value, list) else ():
            at = waiver.find("at")
            match = _FILE.fullmatch(str(at.value)) if at is not None else None
            place = self.bare(at.span, str(at.value)) if at is not None and match else None
            if match is not None and place is not None:
                start, end = (place.column + each for each in match.span(2))
                span = place._replace(column=start, end_column=end)
                self.found.append(Occurrence(Symbol(_DECLARES[match[1]], match[2]), span))

    def ratings(self, node: Node) -> None:
        """Add what was decided about: lines, scenes, labels, assets and their variants."""
        overrides = node.find("overrides")
        listed = overrides.value if overrides is not None else None
        for each in listed if isinstance(listed, list) else ():
            item, variant = each.find("item"), each.find("sfw_variant")
            written = str(item.value) if item is not None else ""
            place = self.bare(item.span, written) if item is not None else None
            kind, space, name = written.partition(" ")
            if place is None:
                continue
            if not space:
                # Only a scene's path says where it is from, and here it is from nowhere.
                for found in target_names(written, "", self.path, place.line, place.column):
                    plain = found.symbol.kind == "scene"
                    self.found.append(found._replace(form="name") if plain else found)
            elif kind in ASSET_KINDS:
                at = place._replace(column=place.column + len(kind) + 1)
                self.found += asset_names(kind, name, at, self.cast)
                self._variant(kind, variant)

    def _variant(self, kind: str, node: Node | None) -> None:
        """Add what an asset's variant, of the same kind, is called."""
        if node is not None and (at := self.bare(node.span, str(node.value))) is not None:
            self.found += asset_names(kind, str(node.value), at, self.cast)

    def playtests(self, node: Node) -> None:
        """Add where playtests begin and what they expect: conditions, endings, what is shown."""
        for test in _mapping(node):
            expected = test.find("expect")
            ending = test.find("expect", "ending")
            if ending is not None and ending.value != "none":
                self.value(ending, "ending")
            self.targets([test.find("start")])
            given, places = test.find("given"), test.find("expect", "at")
            for name, span in given.keys.items() if given is not None else ():
                if (at := self.bare(span, name)) is not None:
                    self.found += variable_names(name, self.path, at.line, at.column)
            for name, span in places.keys.items() if places is not None else ():
                if (at := self.bare(span, name)) is not None:
                    self.found += target_names(name, "", self.path, at.line, at.column)
            conditions = [*_items(test.find("always")), *_items(test.find("expect", "holds"))]
            conditions += (each for one in _mapping(places) for each in _items(one))
            for each in conditions:
                place = self.bare(each.span, str(each.value))
                if place is not None:
                    self._expression(str(each.value), place)
            for each in _items(expected.find("shows") if expected is not None else None):
                self._shown(each)

    def _shown(self, node: Node) -> None:
        """Add what comes on the stage: a location, a prop, or a character with looks."""
        text = str(node.value)
        place, subject = self.bare(node.span, text), text.partition(" ")[0]
        kind = "sprite" if subject in self.cast.looks else "background"
        if place is not None:
            kind = "prop" if subject in self.cast.props else kind
            self.found += asset_names(kind, text, place, self.cast)

    def _expression(self, source: str, at: Span) -> None:
        for name in names_in(source):
            column = at.column + name.start
            if name.what == "variable":
                self.found += variable_names(name.text, self.path, at.line, column)
            else:
                self.found += target_names(name.text, "", self.path, at.line, column)


def _mapping(node: Node | None) -> Iterable[Node]:
    return node.value.values() if node is not None and isinstance(node.value, dict) else ()


def _items(node: Node | None) -> Iterator[Node]:
    """Yield the texts of a list."""
    listed = node.value if node is not None else None
    yield from (
        each for each in (listed if isinstance(listed, list) else ()) if isinstance(each.value, str)
    )
