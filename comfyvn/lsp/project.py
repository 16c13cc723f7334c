"""One project as editors see it: its files, with what is open and not saved laid over them.

Everything is read again only where its text, or what it is understood by, changed; nothing here
raises because a source is wrong.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from comfyvn.lsp.lock_names import PATH as LOCK
from comfyvn.lsp.lock_names import lock_names
from comfyvn.lsp.po_names import po_names
from comfyvn.lsp.routes import Routes
from comfyvn.lsp.scene_names import Cast, SceneNames, cast_of
from comfyvn.lsp.symbols import Occurrence, Symbol, covers
from comfyvn.lsp.text import Document, Encoding
from comfyvn.lsp.yaml_names import yaml_names
from comfyvn.model.find import PROJECT_FILE
from comfyvn.model.listing import KINDS, list_sources
from comfyvn.model.load import LoadedProject, load_facts
from comfyvn.plan.library import files_below
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.files import decoded, read_file
from comfyvn.source.text import read_source
from comfyvn.source.yaml import load_yaml
from comfyvn.story.compiler.names import spoken_names
from comfyvn.story.compiler.reading import Reading, read_scene

_FOLDERS = ("scenes", "i18n", "playtests", *KINDS)
_ROOT = (PROJECT_FILE, "state.yaml", "waivers.yaml", "compute.yaml", "policy/ratings.yaml")


class _File(NamedTuple):
    stamp: tuple[int, int]
    text: str


class _Named(NamedTuple):
    """What a file names, with what it was understood by."""

    text: str
    cast: Cast
    by_symbol: dict[Symbol, list[Occurrence]]


class Project:
    """A project below `root`.

    Attributes:
        open: the documents that clients have open, by path from the root.
        encoding: what the client counts characters in.
        assets: the files below `assets/` and `build/assets/`, by path from the root.
        answers: what answers to what the story shows and plays, as the last check found it.
        ids: the ids at each line of the open scenes, by path, likewise.
        routes: how the lines are come to, as the last exploration found it.
    """

    def __init__(self, root: Path, encoding: Encoding = "utf-16") -> None:
        self.root, self.encoding = root, encoding
        self.open: dict[str, Document] = {}
        self._files: dict[str, _File] = {}
        self._documents: dict[str, Document] = {}
        self._paths: list[str] = []
        self._listed = 0
        self._sorted: tuple[object, list[str]] = (None, [])
        self.assets: list[str] = []
        self._readings: dict[str, tuple[str, frozenset[str], Reading]] = {}
        self._names: dict[str, _Named] = {}
        self.answers: dict[str, Any] | None = None
        self.ids: dict[str, dict[int, list[str]]] = {}
        self.routes: Routes | None = None
        self._loaded: LoadedProject | None = None
        self._facts: tuple[tuple[str, ...], ...] = ()
        self._key: object = None
        self._spoken: frozenset[str] = frozenset()
        self._cast = Cast({}, {}, frozenset(), frozenset())
        self.refresh()

    # Files

    def refresh(self) -> None:
        """Look at which files there are."""
        found = [name for name in _ROOT if (self.root / name).is_file()]
        for folder in _FOLDERS:
            for here, folders, files in os.walk(self.root / folder):
                folders[:] = [name for name in folders if name[0] != "."]
                prefix = Path(here).relative_to(self.root).as_posix()
                found += [decoded(f"{prefix}/{name}") for name in files if name[0] != "."]
        self._paths = found
        self._listed += 1
        self.assets = files_below(self.root)
        self._files = {path: file for path, file in self._files.items() if self._holds(path, file)}

    def _holds(self, path: str, file: _File) -> bool:
        return _stamp(self.root / path) == file.stamp

    @property
    def paths(self) -> list[str]:
        """The paths of all sources, saved or open, sorted."""
        key = (self._listed, tuple(self.open))
        if self._sorted[0] != key:
            self._sorted = key, sorted({*self._paths, *self.open})
        return self._sorted[1]

    def overlay(self) -> dict[str, bytes]:
        """Return what the open documents hold."""
        return {path: each.text.encode("utf-8", "replace") for path, each in self.open.items()}

    def state(self) -> object:
        """Return what is equal to what it was while nothing is written and no file looked at."""
        return self._listed, tuple((path, each.text) for path, each in self.open.items())

    def text(self, path: str) -> str:
        """Return a source as the compiler sees it; empty if it cannot be read."""
        if path in self.open:
            data = self.open[path].text.encode("utf-8", "replace")
            return read_source(data, path, Diagnostics())
        known = self._files.get(path)
        if known is None:
            try:
                stamp = _stamp(self.root / path)
                data = read_file(self.root / path)
            except OSError:
                return ""
            known = self._files[path] = _File(stamp, read_source(data, path, Diagnostics()))
        return known.text

    def document(self, path: str) -> Document:
        """Return a source by lines; as on disk if it is not open."""
        if path in self.open:
            return self.open[path]
        text = self.text(path)
        known = self._documents.get(path)
        if known is None or known.text != text or known.encoding != self.encoding:
            known = self._documents[path] = Document(text, self.encoding)
        return known

    def relative(self, file: Path) -> str | None:
        """Return the path of a file from the root; None if it is not below it."""
        try:
            return file.relative_to(self.root).as_posix()
        except ValueError:
            return None

    # What the sources say

    @property
    def loaded(self) -> LoadedProject:
        """The YAML sources, as they are now."""
        open_now = tuple((path, each.text) for path, each in self.open.items() if _is_yaml(path))
        key = (self._listed, tuple(self.open), open_now)
        if self._loaded is not None and key == self._key:
            return self._loaded
        self._key = key
        facts = (tuple(self.paths), tuple(map(self.text, filter(_is_yaml, self.paths))))
        if self._loaded is None or facts != self._facts:
            sources = (path for path in self.paths if "/" in path or path == "state.yaml")
            listing = list_sources(sources, Diagnostics())
            self._loaded = load_facts(listing, self._bytes, Diagnostics())
            self._loaded.root = self.root
            told = self._loaded
            self._cast = cast_of(told.characters, told.props, told.worlds.values())
            self._spoken = spoken_names(self._loaded.characters)
            self._facts = facts
        return self._loaded

    def _bytes(self, path: str) -> bytes:
        if path not in self.open and not (self.root / path).is_file():
            raise FileNotFoundError(path)
        return self.text(path).encode("utf-8", "replace")

    @property
    def scenes(self) -> Mapping[str, str]:
        """The paths of the scenes, by id."""
        return {scene: path for path in self.paths if (scene := self.scene_of(path)) is not None}

    def scene_of(self, path: str) -> str | None:
        """Return the id of the scene at a path; None if it is none."""
        is_scene = path.startswith("scenes/") and path.endswith(".md")
        return path[7:-3] if is_scene else None

    def reading(self, path: str) -> Reading | None:
        """Return a scene as it is read; None if there is no scene at the path."""
        scene = self.scene_of(path)
        if scene is None:
            return None
        self.loaded  # noqa: B018 - settles who speaks
        text, spoken = self.text(path), self._spoken
        known = self._readings.get(path)
        if known is None or known[0] != text or known[1] != spoken:
            known = text, spoken, read_scene(text, path, scene, spoken)
            self._readings[path] = known
        return known[2]

    # Names

    def names(self, path: str) -> Mapping[Symbol, list[Occurrence]]:
        """Return what a source names."""
        self.loaded  # noqa: B018 - settles the cast
        text, cast = self.text(path), self._cast
        known = self._names.get(path)
        if known is None or known.text != text or known.cast != cast:
            by_symbol: dict[Symbol, list[Occurrence]] = {}
            for each in self._named(path, text, cast):
                by_symbol.setdefault(each.symbol, []).append(each)
            known = self._names[path] = _Named(text, cast, by_symbol)
        return known.by_symbol

    def _named(self, path: str, text: str, cast: Cast) -> list[Occurrence]:
        lines = text.split("\n")
        reading = self.reading(path)
        if reading is not None:
            return SceneNames(reading.tree, lines, cast).all()
        if path.endswith(".po"):
            return po_names(path, lines, cast)
        if path.endswith(".yaml"):
            node = load_yaml(text, path, Diagnostics())
            return [] if node is None else yaml_names(path, node, lines, cast)
        return []

    def occurrences(self, symbol: Symbol) -> Iterator[Occurrence]:
        """Yield all places where a symbol is written, by path."""
        for path in self.paths:
            yield from sorted(self.names(path).get(symbol, ()), key=lambda each: each.span)

    def remembered(self, word: str) -> Iterator[Occurrence]:
        """Yield what the records of `vn.lock` with a word in them name."""
        params = {
            scene: reading.header.params
            for scene, path in self.scenes.items()
            if (reading := self.reading(path)) is not None and reading.header.params
        }
        lines = self.text(LOCK).split("\n")
        return lock_names(lines, word, self._cast, params)

    def definitions(self, symbol: Symbol) -> Iterator[Occurrence]:
        """Yield the places that declare a symbol."""
        return (each for each in self.occurrences(symbol) if each.defines)

    def symbols(self) -> Iterator[Occurrence]:
        """Yield every declaration of the project."""
        for path in self.paths:
            for found in self.names(path).values():
                yield from (each for each in found if each.defines)

    def at(self, path: str, line: int, column: int) -> Occurrence | None:
        """Return what is named at a place that counts from 1; the narrowest, a use first."""
        found = [
            each
            for of_symbol in self.names(path).values()
            for each in of_symbol
            if covers(each.span, line, column) and each.span.end_column > each.span.column
        ]
        return min(found, key=_narrowness, default=None)


def _narrowness(each: Occurrence) -> tuple[int, bool]:
    return each.span.end_column - each.span.column, each.symbol.kind == "character"


def _stamp(file: Path) -> tuple[int, int]:
    try:
        found = file.stat()
    except OSError:
        return 0, -1
    return found.st_mtime_ns, found.st_size


def _is_yaml(path: str) -> bool:
    return path.endswith(".yaml")
