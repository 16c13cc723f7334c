"""Formatting: what `comfyvn fmt` would write, as the smallest edit of whole lines."""

from __future__ import annotations

from comfyvn.lsp.project import Project
from comfyvn.model.header import Header
from comfyvn.source.diagnostics import Edit, Span
from comfyvn.source.format import format_scene
from comfyvn.source.format_yaml import format_yaml
from comfyvn.story.compiler.names import spoken_names


def formatted(project: Project, path: str) -> list[Edit]:
    """Return the edits that put a source into canonical form; none if it has errors."""
    before = project.text(path)
    scene = project.scene_of(path)
    after: str | None = None
    if scene is not None:
        speakers = spoken_names(project.loaded.characters)
        after = format_scene(before, path, scene, speakers, list(Header.model_fields))
    elif path.endswith(".yaml"):
        after = format_yaml(before, path)
    if after is None or after == before:
        return []
    old, new = before.split("\n"), after.split("\n")
    same = 0
    while same < min(len(old), len(new)) and old[same] == new[same]:
        same += 1
    tail = 0
    while tail < min(len(old), len(new)) - same and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    last = len(old) - tail
    text = "\n".join(new[same : len(new) - tail])
    if last == len(old):
        # Up to the end of the text, whose last line has no end.
        return _at_end(path, old, same, text, whole=same == len(new) - tail)
    text += "\n" if same < len(new) - tail else ""
    return [Edit(Span(path, same + 1, 1, last + 1, 1), text)]


def _at_end(path: str, old: list[str], same: int, text: str, *, whole: bool) -> list[Edit]:
    end = len(old), len(old[-1]) + 1
    if whole and same:
        return [Edit(Span(path, same, len(old[same - 1]) + 1, *end), "")]
    if same >= len(old):
        return [Edit(Span(path, *end, *end), "\n" + text)]
    return [Edit(Span(path, same + 1, 1, *end), text)]
