"""What the names of a project mean: variables, cast, places, props, themes."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import unquote

from comfyvn.source.nearest import nearest
from comfyvn.story.types import Declaration, VariableFacts

_ENDING = re.compile(
    r"\.(?:png|jpe?g|webp|gif|avif|svg|bmp|ogg|oga|opus|mp3|wav|flac|m4a|aac|webm|mp4)\Z",
    re.IGNORECASE,
)

LOOK_KINDS = {"expression": "expressions", "pose": "poses", "outfit": "outfits"}
"""The kinds of cue, and where a character's look lists each."""


class Problem(NamedTuple):
    """Why a name could not be resolved; without a code it is reported already."""

    code: str
    message: str
    help: str | None = None


REPORTED = Problem("", "")
"""A name whose source could not be read."""


class Named(NamedTuple):
    """A line or choice with a `^name`: the letter of its kind, and its id."""

    kind: str
    id: str


class PropNames(NamedTuple):
    """A prop: its places, its layer, and the transition it arrives with."""

    anchors: Mapping[str, Sequence[float]]
    z: int
    tween: str | None


@dataclass(slots=True)
class SceneNames:
    """What other scenes may ask of one: its labels, named lines, parameters and result.

    `unsure` says that the front matter was wrong, so that it may lack some of these. A scene whose
    file cannot be read is `unread`.
    """

    id: str
    section_ids: Mapping[str, str]
    repeated: Collection[str]
    named: Mapping[str, Named]
    params: Mapping[str, Declaration | None] = field(default_factory=dict)
    returns: Declaration | None = None
    unsure: bool = False
    unread: bool = False

    @classmethod
    def read(cls, id: str, declared: Mapping[str, Any]) -> SceneNames:
        """Return what the `@declared` of a scene says."""
        if "unread" in declared:
            return cls(id, {"": ""}, (), {}, unread=True, unsure=True)
        returns = declared.get("returns")
        return cls(
            id,
            declared["labels"],
            declared.get("repeated", ()),
            {name: Named(*named) for name, named in declared.get("named", {}).items()},
            {
                name: each and Declaration(*each)
                for name, each in declared.get("params", {}).items()
            },
            returns and Declaration(*returns),
            "unsure" in declared,
        )


@dataclass(slots=True)
class Names:
    """All names of a project.

    `locations` gives each one's ambience. `unread` are the paths of sources that could not be
    read: what they would declare is unknown, and no finding.
    """

    language: str
    theme: str | None
    catalogues: Sequence[str]
    variables: dict[str, VariableFacts]
    characters: Collection[str]
    speakers: Mapping[str, list[str]]
    scenes: Mapping[str, SceneNames]
    locations: Mapping[str, str | None]
    times: Collection[str]
    weathers: Collection[str]
    props: Mapping[str, PropNames]
    themes: Collection[str]
    cues: Mapping[str, Mapping[str, tuple[str, str]]]
    unread: frozenset[str]
    comparisons: int = 50_000

    def within(self, scenes: Mapping[str, SceneNames]) -> Names:
        """Return the same names with other scenes, and as many comparisons as at the start."""
        return replace(self, scenes=scenes, comparisons=50_000)

    def near(self, name: str, valid: Collection[str]) -> str | None:
        """Return the nearest valid name, while `comparisons` last.

        A generated file with thousands of broken links would take minutes otherwise.
        """
        self.comparisons -= len(valid)
        return nearest(name, valid) if self.comparisons >= 0 else None

    @property
    def worlds_unread(self) -> bool:
        """Whether there may be locations, times and weathers that are not known here."""
        return any(path.startswith("worlds/") for path in self.unread)

    def place(self, scene: str, path: str, label: str) -> tuple[str, str] | Problem:
        """Return the scene and label that a link in `scene` leads to."""
        target = scene
        if path:
            found = self.scene_at(scene, path)
            if isinstance(found, Problem):
                return found
            target = found
        names = self.scenes[target]
        if names.unread:
            return REPORTED
        if label and label not in names.section_ids:
            if label.startswith("^"):
                return Problem(
                    "VN0604",
                    f"`#{label}` names a line, and links lead to headings",
                    "give the place a heading and link to that",
                )
            return Problem(
                "VN0602",
                f"there is no heading `#{label}` in `{target}.md`",
                _offer(self.near_label(label, names)) or "write the heading first",
            )
        if label in names.repeated:
            return Problem(
                "VN0603",
                f"`#{label}` is the slug of two headings in `{target}.md`",
                "rename one of them",
            )
        return target, label

    def scene_at(self, scene: str, path: str) -> str | Problem:
        """Return the scene that the file `path`, relative to that of `scene`, is."""
        if not path.endswith(".md"):
            if resolved_scene(scene, path) in self.scenes:
                help = f"write `{path}.md`"
            elif scene in self.scenes and path in self.scenes[scene].section_ids:
                help = f"write `#{path}`"
            else:
                help = "write `file.md`, `file.md#heading` or `#heading`"
            return Problem("VN0601", f"`{path}` is no scene file", help)
        target = resolved_scene(scene, path[:-3])
        if target in self.scenes:
            return REPORTED if self.scenes[target].unread else target
        self.comparisons -= len(self.scenes)
        folder = posixpath.dirname(scene)
        near = _near_file(path, folder, tuple(self.scenes)) if self.comparisons >= 0 else None
        help = _offer(near) or "write the file first"
        return Problem("VN0601", f"there is no scene file `{path}`", help)

    def near_label(self, label: str, names: SceneNames) -> str | None:
        """Return the link to the heading that `label` was most likely meant to be, or None."""
        near = self.near(label, [slug for slug in names.section_ids if slug])
        return f"#{near}" if near else None


@lru_cache(maxsize=256)
def _near_file(path: str, folder: str, scenes: tuple[str, ...]) -> str | None:
    """Return the link from a folder to the scene that `path` was most likely meant to be, or None.

    Cached, since when a file is renamed the same link is broken in many scenes.
    """
    files = [posixpath.relpath(each, folder or ".") + ".md" for each in scenes]
    name = f"/{posixpath.basename(path)}"
    same = next((each for each in files if f"/{each}".endswith(name)), None)
    return same or nearest(path, files)


def asset_problem(name: str) -> Problem | None:
    """Return what is wrong with the name of an asset, if it has a folder or a file's ending."""
    stem = _ENDING.sub("", name.replace("\\", "/").rpartition("/")[2])
    if stem == name:
        return None
    help = f"write `{stem}`" if stem else None
    return Problem("VN0612", f"`{name}` is a file, and assets go by name", help)


def _offer(name: str | None) -> str | None:
    return f"did you mean `{name}`?" if name else None


def resolved_scene(scene: str, path: str) -> str:
    """Return the id of the scene at `path`, without its ending, relative to the file of another."""
    joined = posixpath.join(posixpath.dirname(scene), path)
    return unicodedata.normalize("NFC", posixpath.normpath(joined))


def split_target(target: str) -> tuple[str, str]:
    """Return the path and the label of a link's target, decoded and NFC, as the parser does."""
    path, _, label = unicodedata.normalize("NFC", unquote(target)).partition("#")
    return path, label
