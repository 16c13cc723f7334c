"""The findings of one scene at once, while those of the whole project are on their way.

They are those of the steps that read and lower a scene (`comfyvn.plan.scene_actions`), by the same
functions; what is known of the other scenes is kept between keys.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from comfyvn.lsp.project import Project
from comfyvn.model.load import LoadedProject
from comfyvn.source.diagnostics import Diagnostic, Diagnostics, Span
from comfyvn.source.text import read_source
from comfyvn.story.compiler.facts import timeline
from comfyvn.story.compiler.names import Vocabulary, labels_of, names_of, vocabulary
from comfyvn.story.compiler.reading import Reading, counted_lines
from comfyvn.story.compiler.scene import Following, lower_scene
from comfyvn.story.compiler.scope import Shared
from comfyvn.story.resolve import SceneNames


class Quick:
    """Reads and lowers scenes of one project."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._loaded: LoadedProject | None = None
        self._words: Vocabulary = {}
        self._follows: dict[str, Following] = {}
        self._scenes: dict[str, tuple[Reading, SceneNames]] = {}

    def findings(self, path: str) -> list[Diagnostic]:
        """Return what reading and lowering a scene finds in it."""
        project = self.project
        scene, reading = project.scene_of(path), project.reading(path)
        if scene is None or reading is None:
            return []
        if self._loaded is not project.loaded:
            self._loaded = project.loaded
            self._words = vocabulary(self._loaded)
            self._follows = timeline(self._loaded)
        scenes = self._declared()
        out = Diagnostics()
        read_source(project.document(path).text.encode("utf-8", "replace"), path, out)
        out += reading.findings
        labels = labels_of(
            self._words, scenes, lambda where, _: Span.whole_file(where), Diagnostics()
        )
        lower_scene(
            reading,
            _ids(reading),
            names_of(self._words, labels, scenes),
            Shared(),
            self._follows.get(scene, Following()),
            counted_lines(kept[0].asked for kept in self._scenes.values()).get(scene, ()),
            {},
            out,
        )
        return [each for each in out if each.span.path == path]

    def _declared(self) -> dict[str, SceneNames]:
        """Return what every scene offers to others."""
        found: dict[str, tuple[Reading, SceneNames]] = {}
        for id, path in self.project.scenes.items():
            reading = self.project.reading(path)
            if reading is None:
                continue
            known = self._scenes.get(id)
            if known is None or known[0] is not reading:
                known = reading, SceneNames.read(id, reading.declared(_ids(reading)))
            found[id] = known
        self._scenes = found
        return {id: names for id, (_, names) in found.items()}


def _ids(reading: Reading) -> list[str]:
    """Return ids that stand for those of `vn.lock`, which no finding of a scene tells."""
    return [f"x{index}" for index in range(len(reading.found.anchors))]


class Whole(NamedTuple):
    """What a check of the whole project said of a scene, beyond what is found at once.

    Attributes:
        lines: of the text that it was about.
        more: what only the check finds.
        hidden: what it does not say although it is found: severities of the project, waivers.
    """

    lines: Sequence[str]
    more: tuple[Diagnostic, ...]
    hidden: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, text: str, said: Sequence[Diagnostic], at_once: Sequence[Diagnostic]) -> Whole:
        """Return the difference between what a check said and what was found at once."""
        found = Counter(at_once)
        more = []
        for each in said:
            if found[each]:
                found[each] -= 1
            else:
                more.append(each)
        hidden = frozenset((each.code, each.message) for each in found.elements())
        return cls(_lines(text), tuple(more), hidden)

    def with_new(self, text: str, at_once: Sequence[Diagnostic]) -> list[Diagnostic]:
        """Return the findings of another text: its own, and those whose lines are still there."""
        new = _lines(text)
        same = tail = 0
        most = min(len(self.lines), len(new))
        while same < most and self.lines[same] == new[same]:
            same += 1
        while tail < most - same and self.lines[-1 - tail] == new[-1 - tail]:
            tail += 1
        by = len(new) - len(self.lines)
        found = [each for each in at_once if (each.code, each.message) not in self.hidden]
        for each in self.more:
            span = each.span
            if span.end_line <= same:
                found.append(each)
            elif span.line > len(self.lines) - tail:
                moved = span._replace(line=span.line + by, end_line=span.end_line + by)
                found.append(Diagnostic(each.code, each.severity, each.message, moved, each.help))
        return found


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
