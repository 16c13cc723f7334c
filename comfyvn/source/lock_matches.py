"""Which line of the lock is which line of the sources: what is known while they are matched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from comfyvn.source.lock_file import Anchor
from comfyvn.source.lock_order import increasing

SECTION_KINDS = "sl"
"""The kinds of what has lines below it: scenes and labels."""


class Matches:
    """The anchors of some scenes, old and new; `new_of` and `old_of` say which are one.

    Anchors are numbered through all scenes, in order. A tombstone is not `alive`, and is matched to
    a line that came back only.

    Attributes:
        old: the anchors of the lock; `old_scene` and `old_range` say of which scene each is.
        new: those of the sources, likewise.
        alive: of which of the old ones the lines are still there.
        old_key: what tells an old anchor from others, its text or that of the next that has some.
        new_key: likewise.
        scene_before: for each new scene, the scene that it was.
    """

    def __init__(
        self,
        old: Mapping[str, Sequence[tuple[Anchor, bool]]],
        new: Mapping[str, Sequence[Anchor]],
    ) -> None:
        self.old: list[Anchor] = []
        self.new: list[Anchor] = []
        self.old_scene: list[str] = []
        self.new_scene: list[str] = []
        self.alive: list[bool] = []
        self.old_range: dict[str, range] = {}
        self.new_range: dict[str, range] = {}
        for scene, items in old.items():
            self.old_range[scene] = range(len(self.old), len(self.old) + len(items))
            self.old += [anchor for anchor, _ in items]
            self.alive += [alive for _, alive in items]
            self.old_scene += [scene] * len(items)
        for scene, anchors in new.items():
            self.new_range[scene] = range(len(self.new), len(self.new) + len(anchors))
            self.new += anchors
            self.new_scene += [scene] * len(anchors)
        self.old_key = _telling_texts(self.old, self.old_scene)
        self.new_key = _telling_texts(self.new, self.new_scene)
        self.new_of: list[int | None] = [None] * len(self.old)
        self.old_of: list[int | None] = [None] * len(self.new)
        self.scene_before: dict[str, str] = {}

    def match(self, i: int, j: int) -> None:
        """Say that an old line is a new one."""
        self.new_of[i] = j
        self.old_of[j] = i

    def free_old(self, scene: str) -> list[int]:
        """Return the living lines of an old scene that are not matched."""
        return [i for i in self.old_range[scene] if self.alive[i] and self.new_of[i] is None]

    def free_new(self, scene: str) -> list[int]:
        """Return the lines of a new scene that are not matched."""
        return [j for j in self.new_range[scene] if self.old_of[j] is None]

    def other_name(self, i: int, j: int) -> bool:
        """Whether both have a fixed name and these differ, so that they cannot be one line."""
        left, right = self.old[i].name, self.new[j].name
        return left is not None and right is not None and left != right

    def gaps(self, before: str, scene: str) -> list[tuple[list[int], list[int]]]:
        """Return the unmatched between consecutive matches that kept their order, on both sides."""
        olds, news = self.old_range[before], self.new_range[scene]
        matched = [
            (i, j)
            for j in news
            if (i := self.old_of[j]) is not None and self.old_scene[i] == before
        ]
        fences = [matched[k] for k in increasing([i for i, _ in matched])]
        gaps = []
        low, start = olds.start, news.start
        for i, j in [*fences, (olds.stop, news.stop)]:
            if start < j and low < i:
                left = [k for k in range(low, i) if self.alive[k] and self.new_of[k] is None]
                right = [k for k in range(start, j) if self.old_of[k] is None]
                if left and right:
                    gaps.append((left, right))
            low, start = i + 1, j + 1
        return gaps


def _telling_texts(anchors: Sequence[Anchor], scenes: Sequence[str]) -> list[str]:
    """Return each anchor's text; one without text is told by the next that has some."""
    telling = [""] * len(anchors)
    following = ""
    for k in range(len(anchors) - 1, -1, -1):
        if k + 1 < len(anchors) and scenes[k + 1] != scenes[k]:
            following = ""
        text = anchors[k].text
        if text:
            following = text
        telling[k] = text or f"\0{following}"
    return telling
