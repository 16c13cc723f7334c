"""One scene, read: its tree, its front matter, and what it declares to others."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from comfyvn.model.checks import check_variable
from comfyvn.model.header import Header
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.scene import parse_scene
from comfyvn.source.syntax import Item, Scene
from comfyvn.story.compiler.declarations import Declarations, declarations
from comfyvn.story.compiler.header import header_span, read_header
from comfyvn.story.resolve import resolved_scene, split_target
from comfyvn.story.types import Declaration

FRONT_MATTER = ("VN02", "VN0313", "VN0332")
"""How the codes of front matter that could not be read begin."""

UNREAD: dict[str, Any] = {"unread": True}
"""What a scene declares whose file cannot be read."""

_SEEN = re.compile(r'\bseen\s*\(\s*\\*"((?:[^"\\]|\\.)*?)\\*"')


@dataclass(slots=True)
class Reading:
    """A scene as it stands in its file. `findings` is all that was wrong with it so far."""

    tree: Scene
    found: Declarations
    header: Header
    asked: list[tuple[str, str]]
    findings: Diagnostics
    unsure: bool

    def declared(self, ids: Sequence[str]) -> dict[str, Any]:
        """Return what others may ask of the scene, as a JSON value; `ids` are its anchors'."""
        found, header = self.found, self.header
        declared: dict[str, Any] = {
            "labels": {slug: ids[index] for slug, index in found.slugs.items()}
        }
        if found.repeated:
            declared["repeated"] = sorted(found.repeated)
        if found.named:
            declared["named"] = {
                name: [found.anchors[index].kind, ids[index]] for name, index in found.named.items()
            }
        params: dict[str, Declaration | None] = {
            name: Declaration.of(variable) for name, variable in header.params.items()
        }
        said = self.tree.header.get("params")
        for name in said if isinstance(said, dict) else ():
            params.setdefault(name, None)
        if params:
            declared["params"] = params
        if header.returns is not None:
            declared["returns"] = Declaration.of(header.returns)
        if self.unsure:
            declared["unsure"] = True
        return declared

    def places(self, ids: Sequence[str]) -> dict[str, tuple[int, int]]:
        """Return the line and column of each id, also of what choices and outcomes say."""
        found, places = self.found, dict[str, tuple[int, int]]()
        for index, id in enumerate(ids):
            at, node = found.places[index], found.nodes[index]
            places[id] = at.line, at.column
            if isinstance(node, Item) and _says(node, found.anchors[index].kind):
                places[f"{id}_s"] = at.line, at.column
        return places


def read_scene(text: str, path: str, scene: str, spoken: Collection[str]) -> Reading:
    """Read one scene; `spoken` are the names that may speak."""
    out = Diagnostics()
    tree = parse_scene(text, path, scene, spoken, out)
    unsure = any(item.code.startswith(FRONT_MATTER) for item in out)
    before = len(out)
    header = read_header(tree, out)
    unsure = unsure or len(out) > before
    for name, variable in header.params.items():
        check_variable(name, variable, lambda _: header_span(tree, "params"), out)
    if header.returns is not None:
        check_variable("returns", header.returns, lambda _: header_span(tree, "returns"), out)
    return Reading(tree, declarations(tree), header, _asked(text, scene), out, unsure)


def _says(item: Item, kind: str) -> bool:
    """Whether a choice or an outcome (`i`) is a line, too."""
    if kind == "i":
        return bool(item.text) and item.link is None
    return item.speaker is not None


def counted_lines(asked: Iterable[Iterable[tuple[str, str]]]) -> dict[str, list[str]]:
    """Return, by scene, the fixed names of the lines that some scene asks `seen` for."""
    found: dict[str, set[str]] = {}
    for each in asked:
        for scene, name in each:
            found.setdefault(scene, set()).add(name)
    return {scene: sorted(found[scene]) for scene in sorted(found)}


def _asked(text: str, scene: str) -> list[tuple[str, str]]:
    """Return the scene and the fixed name of each line that an expression asks `seen` for.

    What the text only mentions is here too: a line that is counted for nothing does no harm.
    """
    if "seen" not in text:
        return []
    found = set()
    for quoted in _SEEN.findall(text):
        path, label = split_target(quoted.replace("\\", ""))
        if label.startswith("^"):
            target = resolved_scene(scene, path.removesuffix(".md")) if path else scene
            found.add((target, label[1:]))
    return sorted(found)
