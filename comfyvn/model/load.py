"""A project's folder, read into typed sources."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import NamedTuple, TypeVar

from comfyvn.model import checks
from comfyvn.model.base import Source
from comfyvn.model.character import Character
from comfyvn.model.project import Project
from comfyvn.model.prop import Prop
from comfyvn.model.state import State, Variable
from comfyvn.model.theme import Theme
from comfyvn.model.timeline import Timeline
from comfyvn.model.validate import validate
from comfyvn.model.world import World
from comfyvn.source.diagnostics import Diagnostics, Related, Span
from comfyvn.source.po import Message, read_po
from comfyvn.source.scene_name import unusable_scene
from comfyvn.source.text import read_source
from comfyvn.source.yaml import Node, load_yaml

PROJECT_FILE = "vn.yaml"

Kind = TypeVar("Kind", bound=Source)


class SceneSource(NamedTuple):
    """The text of one scene, decoded, and its path in the project."""

    path: str
    text: str


@dataclass(slots=True)
class LoadedProject:
    """Everything a project's folder says, by kind and id.

    `nodes` holds the YAML sources with positions, by path. `unread` are the paths of sources that
    could not be read as a whole: what they would have declared is unknown, so that names missing
    because of it are no findings of their own.
    """

    root: Path
    project: Project
    state: dict[str, Variable] = field(default_factory=dict)
    characters: dict[str, Character] = field(default_factory=dict)
    worlds: dict[str, World] = field(default_factory=dict)
    themes: dict[str, Theme] = field(default_factory=dict)
    props: dict[str, Prop] = field(default_factory=dict)
    timelines: dict[str, Timeline] = field(default_factory=dict)
    scene_sources: dict[str, SceneSource] = field(default_factory=dict)
    catalogues: dict[str, dict[str, Message]] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)

    def at(self, path: str, *steps: str | int) -> Span:
        """Return where a value of a YAML source stands."""
        node = self.nodes.get(path)
        return node.at(*steps) if node else Span.whole_file(path)

    def key_at(self, path: str, *steps: str | int) -> Span:
        """Return where a key of a YAML source stands."""
        node = self.nodes.get(path)
        return node.key_at(*steps) if node else Span.whole_file(path)


def find_project(start: Path) -> Path | None:
    """Return the folder of the project that holds `start`: the nearest one with a `vn.yaml`."""
    start = start.absolute()
    for folder in (start, *start.parents):
        if (folder / PROJECT_FILE).is_file():
            return folder
    return None


def load_project(root: Path, out: Diagnostics) -> LoadedProject | None:
    """Read every source below `root`, reporting all that is wrong with them; never raises.

    Returns None only when there is no `vn.yaml` to begin with.
    """
    if not (root / PROJECT_FILE).is_file():
        out.error(
            "VN0150",
            f"there is no project here: `{PROJECT_FILE}` is missing",
            Span.whole_file(PROJECT_FILE),
            help="go into a project, name one with -C, or make one with `comfyvn new`",
        )
        return None
    return _Loader(root, out).load()


class _Loader:
    def __init__(self, root: Path, out: Diagnostics) -> None:
        self.root = root
        self.out = out
        self.nodes: dict[str, Node] = {}
        self.unread: set[str] = set()

    def load(self) -> LoadedProject:
        scenes = self._scenes()
        loaded = LoadedProject(
            root=self.root,
            project=self._project(scenes),
            state=self._state(),
            characters=self._kind("characters", Character, "name"),
            worlds=self._kind("worlds", World),
            themes=self._kind("themes", Theme),
            props=self._kind("props", Prop, "alt"),
            timelines=self._kind("timelines", Timeline),
            scene_sources=scenes,
            catalogues=self._catalogues(),
            nodes=self.nodes,
            unread=self.unread,
        )
        checks.check_variables(loaded, self.out)
        checks.check_cast(loaded, self.out)
        checks.check_references(loaded, self.out)
        return loaded

    def _project(self, scenes: dict[str, SceneSource]) -> Project:
        node = self._yaml(PROJECT_FILE)
        fallback = {
            "format": 1,
            "id": "untitled",
            "title": "Untitled",
            "start": next(iter(scenes), "start"),
        }
        known = validate(Project, node, self.out, fallback) if node else None
        return known or Project.model_validate(fallback)

    def _state(self) -> dict[str, Variable]:
        if not (self.root / "state.yaml").exists():
            return {}
        node = self._yaml("state.yaml")
        state = validate(State, node, self.out) if node else None
        return state.root if state else {}

    def _kind(self, folder: str, model: type[Kind], named: str | None = None) -> dict[str, Kind]:
        """Read `folder/*.yaml`; `named` is a required key that the file's name stands in for."""
        found: dict[str, Kind] = {}
        for path in self._files(folder, ".yaml"):
            name = PurePosixPath(path).stem
            if not re.fullmatch("[a-z_][a-z0-9_]*", name):
                self.out.error(
                    "VN0153",
                    f"`{name}` cannot be an id",
                    Span.whole_file(path),
                    help="name the file with small letters, digits and `_`",
                )
                continue
            node = self._yaml(path)
            fallback = {named: name.replace("_", " ").title()} if named else {}
            made: Kind | None = None
            if node is not None:
                made = validate(model, node, self.out, fallback)
            elif model is not Timeline:
                # The id is known at least, so that scenes which use it are not wrong too.
                made = model.model_validate(fallback)
            if made is not None:
                found[name] = made
        return found

    def _scenes(self) -> dict[str, SceneSource]:
        scenes: dict[str, SceneSource] = {}
        for path in self._files("scenes", ".md", deep=True):
            name = unicodedata.normalize("NFC", path.removeprefix("scenes/").removesuffix(".md"))
            if not self._usable(name, path):
                continue
            text = self._text(path)
            if text is not None:
                scenes[name] = SceneSource(path, text)
        return dict(sorted(scenes.items()))

    def _usable(self, name: str, path: str) -> bool:
        """Report a scene's path that cannot be an id on every system."""
        problem = unusable_scene(name)
        if problem is None:
            return True
        shown = path.encode("utf-8", "replace").decode()
        self.out.error("VN0153", problem, Span.whole_file(shown), help="rename the file")
        return False

    def _catalogues(self) -> dict[str, dict[str, Message]]:
        found = {}
        for path in self._files("i18n", ".po"):
            text = self._text(path)
            if text is not None:
                found[PurePosixPath(path).stem] = read_po(text, path, self.out)
        return found

    def _yaml(self, path: str) -> Node | None:
        text = self._text(path)
        node = None if text is None else load_yaml(text, path, self.out)
        if node is None:
            self.unread.add(path)
        else:
            self.nodes[path] = node
        return node

    def _text(self, path: str) -> str | None:
        try:
            data = (self.root / path).read_bytes()
        except OSError as error:
            self._unreadable(path, error)
            self.unread.add(path)
            return None
        before = len(self.out)
        text = read_source(data, path, self.out)
        if not text and any(item.code == "VN0101" for item in self.out[before:]):
            self.unread.add(path)
            return None
        return text

    def _files(self, folder: str, ending: str, deep: bool = False) -> list[str]:
        """Return the sources in `folder`, sorted, without those whose names collide."""
        firsts: dict[str, str] = {}
        for path in sorted(self._walk(folder, deep)):
            if not path.endswith(ending):
                self._misnamed(path, ending)
                continue
            # What Windows and macOS take for one name.
            key = unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
            if key in firsts:
                self.out.error(
                    "VN0152",
                    "two files have names that are one on Windows and macOS",
                    Span.whole_file(path),
                    help="rename one of the two",
                    related=[Related(Span.whole_file(firsts[key]), "the other file")],
                )
                continue
            firsts[key] = path
        return list(firsts.values())

    def _walk(self, folder: str, deep: bool) -> Iterator[str]:
        def unreadable(error: OSError) -> None:
            self._unreadable(folder, error)

        if not (self.root / folder).exists():
            return
        for here, folders, files in os.walk(self.root / folder, onerror=unreadable):
            folders[:] = [name for name in folders if not name.startswith(".")] if deep else []
            for name in files:
                if not name.startswith("."):
                    yield (Path(here) / name).relative_to(self.root).as_posix()

    def _misnamed(self, path: str, ending: str) -> None:
        """Warn of a file that looks like a source but has another ending."""
        stem, dot, last = path.rpartition(".")
        if dot and last.lower() in _NEAR_ENDINGS[ending]:
            self.out.warning(
                "VN0155",
                f"this file is not read: its name does not end with `{ending}`",
                Span.whole_file(path),
                help=f"rename it to `{PurePosixPath(stem).name}{ending}`",
            )

    def _unreadable(self, path: str, error: OSError) -> None:
        self.out.error(
            "VN0151",
            f"cannot be read: {error.strerror or error}",
            Span.whole_file(path),
            help="look at its permissions, and whether it is a file",
        )


_NEAR_ENDINGS = {
    ".yaml": {"yaml", "yml", "json", "toml"},
    ".md": {"md", "markdown", "mdown", "mkd", "txt"},
    ".po": {"po"},
}
