"""A project's folder, read into typed sources."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeVar

from comfyvn.model import checks
from comfyvn.model.base import Source
from comfyvn.model.character import Character
from comfyvn.model.find import PROJECT_FILE, report_no_project
from comfyvn.model.licence import check_licence
from comfyvn.model.lint import check_lint
from comfyvn.model.listing import KINDS, Listing, list_sources
from comfyvn.model.music import Music, check_music
from comfyvn.model.project import Project
from comfyvn.model.prop import Prop
from comfyvn.model.state import State, Variable
from comfyvn.model.theme import Theme
from comfyvn.model.timeline import Timeline
from comfyvn.model.validate import validate
from comfyvn.model.world import World
from comfyvn.source.diagnostics import Diagnostics, Span
from comfyvn.source.files import decoded, read_file
from comfyvn.source.po import Message, read_po
from comfyvn.source.text import Read, read_text, report_unreadable
from comfyvn.source.yaml import Node, load_yaml

Kind = TypeVar("Kind", bound=Source)


class SceneSource(NamedTuple):
    """The text of one scene, decoded, and its path in the project."""

    path: str
    text: str


@dataclass(slots=True)
class LoadedProject:
    """Everything a project's folder says, by kind and id.

    `listing` has the paths of all sources; a scene that could not be read is in it and not in
    `scene_sources`. `nodes` holds the YAML sources with positions, by path. `unread` are the paths
    of sources that could not be read as a whole: what they would have declared is unknown, so that
    names missing because of it are no findings of their own.
    """

    listing: Listing
    project: Project
    state: dict[str, Variable] = field(default_factory=dict)
    characters: dict[str, Character] = field(default_factory=dict)
    worlds: dict[str, World] = field(default_factory=dict)
    themes: dict[str, Theme] = field(default_factory=dict)
    props: dict[str, Prop] = field(default_factory=dict)
    timelines: dict[str, Timeline] = field(default_factory=dict)
    music: dict[str, Music] = field(default_factory=dict)
    scene_sources: dict[str, SceneSource] = field(default_factory=dict)
    catalogues: dict[str, dict[str, Message]] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    root: Path = Path()

    def at(self, path: str, *steps: str | int) -> Span:
        """Return where a value of a YAML source stands."""
        node = self.nodes.get(path)
        return node.at(*steps) if node else Span.whole_file(path)

    def key_at(self, path: str, *steps: str | int) -> Span:
        """Return where a key of a YAML source stands."""
        node = self.nodes.get(path)
        return node.key_at(*steps) if node else Span.whole_file(path)


def load_project(root: Path, out: Diagnostics) -> LoadedProject | None:
    """Read every source below `root`, reporting all that is wrong with them; never raises.

    Returns None only when there is no `vn.yaml` to begin with.
    """
    if not (root / PROJECT_FILE).is_file():
        report_no_project(root, out)
        return None

    def read(path: str) -> bytes:
        return read_file(root / path)

    loaded = load_facts(list_sources(_walk(root, out), out), read, out)
    loaded.root = root
    for id, path in loaded.listing.scenes.items():
        text = read_text(path, read, out)
        if text is None:
            loaded.unread.add(path)
        else:
            loaded.scene_sources[id] = SceneSource(path, text)
    for language, path in loaded.listing.catalogues.items():
        text = read_text(path, read, out)
        loaded.catalogues[language] = {} if text is None else read_po(text, path, out)
    return loaded


def load_facts(listing: Listing, read: Read, out: Diagnostics) -> LoadedProject:
    """Read the YAML sources of a project, and neither its scenes nor its catalogues."""
    loader = _Loader(read, out)
    paths = listing.kinds
    loaded = LoadedProject(
        listing=listing,
        project=loader.project(next(iter(listing.scenes), "start")),
        state=loader.state() if listing.state else {},
        characters=loader.kind(paths["characters"], Character, "name"),
        worlds=loader.kind(paths["worlds"], World),
        themes=loader.kind(paths["themes"], Theme),
        props=loader.kind(paths["props"], Prop, "alt"),
        timelines=loader.kind(paths["timelines"], Timeline),
        music=loader.kind(paths["music"], Music),
        nodes=loader.nodes,
        unread=loader.unread,
    )
    checks.check_variables(loaded, out)
    checks.check_cast(loaded, out)
    checks.check_references(loaded, out)
    check_music(loaded, out)
    check_lint(loaded, out)
    if (licence := loaded.project.licence) is not None:
        check_licence(licence, loaded.at(PROJECT_FILE, "licence"), out)
    return loaded


def load_cast(listing: Listing, read: Read) -> dict[str, Character]:
    """Read the characters alone, and report nothing."""
    return _Loader(read, Diagnostics()).kind(listing.kinds["characters"], Character, "name")


def load_settings(read: Read) -> Project:
    """Read `vn.yaml` alone, and report nothing; what is wrong in it is as if it were not there."""
    return _Loader(read, Diagnostics()).project("start")


class _Loader:
    def __init__(self, read: Read, out: Diagnostics) -> None:
        self.read = read
        self.out = out
        self.nodes: dict[str, Node] = {}
        self.unread: set[str] = set()

    def project(self, start: str) -> Project:
        """Read `vn.yaml`; `start` stands in for the scene that it should name."""
        node = self.yaml(PROJECT_FILE)
        fallback = {"format": 1, "id": "untitled", "title": "Untitled", "start": start}
        known = validate(Project, node, self.out, fallback) if node else None
        return known or Project.model_validate(fallback)

    def state(self) -> dict[str, Variable]:
        """Read `state.yaml`."""
        node = self.yaml("state.yaml")
        state = validate(State, node, self.out) if node else None
        return state.root if state else {}

    def kind(
        self, paths: dict[str, str], model: type[Kind], named: str | None = None
    ) -> dict[str, Kind]:
        """Read one folder; `named` is a required key that the file's name stands in for."""
        found: dict[str, Kind] = {}
        for name, path in paths.items():
            node = self.yaml(path)
            fallback = {named: name.replace("_", " ").title()} if named else {}
            made: Kind | None = None
            if node is not None:
                made = validate(model, node, self.out, fallback)
            elif model not in (Timeline, Music):
                # The id is known at least, so that scenes which use it are not wrong too.
                made = model.model_validate(fallback)
            if made is not None:
                found[name] = made
        return found

    def yaml(self, path: str) -> Node | None:
        """Read a YAML source, with positions."""
        text = read_text(path, self.read, self.out)
        node = None if text is None else load_yaml(text, path, self.out)
        if node is None:
            self.unread.add(path)
        else:
            self.nodes[path] = node
        return node


def _walk(root: Path, out: Diagnostics) -> Iterator[str]:
    """Yield the paths of all files that may be sources."""
    if (root / "state.yaml").exists():
        yield "state.yaml"
    for folder in ("scenes", "i18n", *KINDS):
        if not (root / folder).exists():
            continue

        def unreadable(error: OSError, folder: str = folder) -> None:
            report_unreadable(folder, error, out)

        for here, folders, files in os.walk(root / folder, onerror=unreadable):
            folders[:] = [name for name in folders if name[0] != "."] if folder == "scenes" else []
            prefix = Path(here).relative_to(root).as_posix()
            for name in files:
                yield decoded(f"{prefix}/{name}")
