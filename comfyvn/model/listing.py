"""Which files of a project are sources, and what is wrong with the names of the others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from comfyvn.source.diagnostics import Diagnostics, Related, Span
from comfyvn.source.scene_name import unusable_scene

KINDS = ("characters", "worlds", "themes", "props", "timelines", "music")
"""The folders that hold one YAML source a file, in the order in which they are read."""

SIDECAR = ".asset.yaml"
"""What the name of a sidecar adds to that of its file, which stands beside it below `assets/`."""

_NEAR_ENDINGS = {
    ".yaml": {"yaml", "yml", "json", "toml"},
    ".md": {"md", "markdown", "mdown", "mkd", "txt"},
    ".po": {"po"},
}
_IDENTIFIER = re.compile("[a-z_][a-z0-9_]*")


@dataclass(slots=True)
class Listing:
    """The paths of a project's sources.

    Attributes:
        scenes: by the id of the scene, sorted.
        kinds: by folder, by id.
        catalogues: by language.
        state: whether there is a `state.yaml`.
    """

    scenes: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, dict[str, str]] = field(default_factory=dict)
    catalogues: dict[str, str] = field(default_factory=dict)
    state: bool = False


def is_sidecar(path: str) -> bool:
    """Whether a path is that of a sidecar (`comfyvn.model.sidecar`)."""
    return path.startswith("assets/") and path.endswith(SIDECAR)


def file_beside(sidecar: str) -> str:
    """Return the path of the file that a sidecar tells of."""
    return sidecar.removesuffix(SIDECAR)


def list_sources(paths: Iterable[str], out: Diagnostics) -> Listing:
    """Find the sources among the files of a project, reporting names that cannot be right.

    `paths` are relative to the project's folder. Hidden files and folders are passed over.
    """
    folders: dict[str, list[str]] = {}
    state = False
    for path in paths:
        folder, _, rest = path.partition("/")
        if folder == "scenes":
            if "/." not in path:
                folders.setdefault(folder, []).append(path)
        elif path == "state.yaml":
            state = True
        elif rest and "/" not in rest and rest[0] != ".":
            folders.setdefault(folder, []).append(path)
    scenes: dict[str, str] = {}
    for path in _sources(folders.get("scenes", []), ".md", out):
        scene = path[7:-3]
        if not scene.isascii():
            scene = unicodedata.normalize("NFC", scene)
        problem = unusable_scene(scene)
        if problem is None:
            scenes[scene] = path
        else:
            out.error("VN0153", problem, Span.whole_file(path), help="rename the file")
    kinds: dict[str, dict[str, str]] = {}
    for folder in KINDS:
        known = kinds[folder] = {}
        for path in _sources(folders.get(folder, []), ".yaml", out):
            name = PurePosixPath(path).stem
            if _IDENTIFIER.fullmatch(name):
                known[name] = path
            else:
                out.error(
                    "VN0153",
                    f"`{name}` cannot be an id",
                    Span.whole_file(path),
                    help="name the file with small letters, digits and `_`",
                )
    catalogues = {
        PurePosixPath(path).stem: path for path in _sources(folders.get("i18n", []), ".po", out)
    }
    return Listing(dict(sorted(scenes.items())), kinds, catalogues, state)


def _sources(paths: list[str], ending: str, out: Diagnostics) -> list[str]:
    """Return the sources of one folder, sorted, without those whose names collide."""
    firsts: dict[str, str] = {}
    for path in sorted(paths):
        if not path.endswith(ending):
            _misnamed(path, ending, out)
            continue
        # What Windows and macOS take for one name.
        if path.isascii():
            key = path.lower()
        else:
            key = unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
        if key in firsts:
            out.error(
                "VN0152",
                "two files have names that are one on Windows and macOS",
                Span.whole_file(path),
                help="rename one of the two",
                related=[Related(Span.whole_file(firsts[key]), "the other file")],
            )
            continue
        firsts[key] = path
    return list(firsts.values())


def _misnamed(path: str, ending: str, out: Diagnostics) -> None:
    """Warn of a file that looks like a source but has another ending."""
    stem, dot, last = path.rpartition(".")
    if dot and last.lower() in _NEAR_ENDINGS[ending]:
        out.warning(
            "VN0155",
            f"this file is not read: its name does not end with `{ending}`",
            Span.whole_file(path),
            help=f"rename it to `{PurePosixPath(stem).name}{ending}`",
        )
