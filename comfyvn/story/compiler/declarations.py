"""The first walk over a scene: what it declares, and what needs an identity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from comfyvn.source.lock import Anchor
from comfyvn.source.syntax import (
    At,
    Block,
    Break,
    Directives,
    Item,
    Line,
    Menu,
    Page,
    Pick,
    Picture,
    Scene,
)

_IDENTIFIED = {"call": "k", "input": "n", "ending": "e"}


@dataclass(slots=True)
class Declarations:
    """A scene's anchors in document order, with the node and the place of each.

    `named` gives the index of the anchor that bears a `^name`; `slugs` those of the labels.
    """

    scene: Scene
    anchors: list[Anchor] = field(default_factory=list)
    nodes: list[object] = field(default_factory=list)
    places: list[At] = field(default_factory=list)
    named: dict[str, int] = field(default_factory=dict)
    slugs: dict[str, int] = field(default_factory=dict)
    repeated: frozenset[str] = frozenset()


def declarations(scene: Scene) -> Declarations:
    """Collect what a scene declares."""
    found = Declarations(scene)
    walk = _Walk(found)
    first = scene.sections[0]
    walk.add("s", scene.id, None, scene, first.at)
    found.slugs[""] = 0
    bases = Counter(section.base for section in scene.sections if section is not first)
    for section in scene.sections:
        if section is not first:
            walk.label = section.slug
            found.slugs[section.slug] = len(found.anchors)
            walk.add("l", section.title, None, section, section.at)
        walk.blocks(section.body)
    found.repeated = frozenset(
        section.slug for section in scene.sections if bases[section.base] > 1
    )
    return found


class _Walk:
    def __init__(self, found: Declarations) -> None:
        self.found = found
        self.label = ""
        self.depth = 0

    def add(self, kind: str, text: str, name: str | None, node: object, at: At) -> None:
        found = self.found
        if name is not None:
            found.named.setdefault(name, len(found.anchors))
        found.anchors.append(Anchor(kind, self.label, text, name, self.depth))
        found.nodes.append(node)
        found.places.append(at)

    def blocks(self, blocks: Sequence[Block]) -> None:
        for block in blocks:
            match block:
                case Line():
                    self.add("b", block.source, block.name, block, block.at)
                case Directives():
                    for span in block.spans:
                        kind = _IDENTIFIED.get(span.source.split(None, 1)[0] if span.source else "")
                        if kind:
                            self.add(kind, span.source, None, span, span.at)
                case Menu():
                    self.items("m", "c", block, block.items)
                case Pick():
                    self.items("p", "i", block, block.items)
                case Page():
                    self.blocks(block.body)
                case Break():
                    self.add("x", "", None, block, block.at)
                case Picture():
                    self.add("g", block.asset, None, block, block.at)

    def items(self, kind: str, item_kind: str, block: Menu | Pick, items: Sequence[Item]) -> None:
        self.add(kind, "\n".join(item.source for item in items), None, block, block.at)
        self.depth += 1
        for item in items:
            self.add(item_kind, item.source, item.name, item, item.at)
            self.blocks(item.body)
        self.depth -= 1
