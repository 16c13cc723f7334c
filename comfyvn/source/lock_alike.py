"""Lines that were reworded: matched by how alike they are, the most alike first."""

from __future__ import annotations

from comfyvn.source.lock_candidates import candidates
from comfyvn.source.lock_matches import SECTION_KINDS, Matches
from comfyvn.source.lock_similar import is_distinctive, similarity

ALONE, AMONG, FAR = 0.5, 0.6, 0.75
"""How alike wordings must be: the only two between their neighbours, some of several there, and
lines that also moved."""


class Alike:
    """Matches lines of similar wording; remembers what it compared in vain."""

    def __init__(self, matches: Matches) -> None:
        self.matches = matches
        self.tried: dict[tuple[tuple[int, ...], tuple[int, ...]], float] = {}
        """How alike lines of two groups had to be when these were compared."""

    def match_near(self) -> None:
        """Match lines of similar wording between the same neighbours, the most alike first."""
        m = self.matches
        for scene, before in m.scene_before.items():
            for olds, news in [*_local_gaps(m, scene), *m.gaps(before, scene)]:
                kinds = {m.old[i].kind for i in olds} & {m.new[j].kind for j in news}
                for kind in sorted(kinds):
                    left = [i for i in olds if m.old[i].kind == kind]
                    right = [j for j in news if m.new[j].kind == kind]
                    alone = len(left) == len(right) == 1
                    self._most_alike(left, right, ALONE if alone else AMONG)
                    _wordless(m, kind, left, right)

    def match_far(self) -> None:
        """Match lines that moved and changed a little: within their scene, then anywhere."""
        m = self.matches
        for scene, before in m.scene_before.items():
            self._far(m.free_old(before), m.free_new(scene))
        self._far(
            [i for scene in m.old_range for i in m.free_old(scene)],
            [j for scene in m.new_range for j in m.free_new(scene)],
        )

    def _far(self, olds: list[int], news: list[int]) -> None:
        m = self.matches
        left = [i for i in olds if is_distinctive(m.old[i].text)]
        right = [j for j in news if is_distinctive(m.new[j].text)]
        for kind in sorted({m.new[j].kind for j in right} - set(SECTION_KINDS)):
            self._most_alike(
                [i for i in left if m.old[i].kind == kind],
                [j for j in right if m.new[j].kind == kind],
                FAR,
            )

    def _most_alike(self, left: list[int], right: list[int], least: float) -> None:
        m = self.matches
        left = [i for i in left if m.new_of[i] is None]
        right = [j for j in right if m.old_of[j] is None]
        group = (tuple(left), tuple(right))
        if self.tried.get(group, 1.0) <= least:
            return
        self.tried[group] = least
        scored = []
        old, new = [m.old_key[i] for i in left], [m.new_key[j] for j in right]
        for a, b in candidates(old, new):
            i, j = left[a], right[b]
            score = similarity(old[a], new[b], least)
            if score >= least and not m.other_name(i, j):
                apart = abs(a / len(left) - b / len(right))
                scored.append((-score, apart, i, j))
        for _, _, i, j in sorted(scored):
            if m.new_of[i] is None and m.old_of[j] is None:
                m.match(i, j)


def _local_gaps(m: Matches, scene: str) -> list[tuple[list[int], list[int]]]:
    """Return runs of unmatched new lines with the unmatched old ones beside their neighbours.

    Unlike `Matches.gaps`, this finds the neighbours of a line in a section that moved as a whole.
    """
    gaps = []
    run: list[int] = []
    left: int | None = None
    for j in [*m.new_range[scene], None]:
        i = None if j is None else m.old_of[j]
        if j is not None and i is None:
            run.append(j)
            continue
        if run:
            olds = set(_free_run(m, left, 1)) | set(_free_run(m, i, -1))
            if olds:
                gaps.append((sorted(olds), run))
            run = []
        left = i
    return gaps


def _free_run(m: Matches, i: int | None, step: int) -> list[int]:
    """Return the unmatched old lines that stand directly beside a matched one."""
    run: list[int] = []
    if i is None:
        return run
    scene = m.old_scene[i]
    i += step
    while 0 <= i < len(m.old) and m.old_scene[i] == scene and m.new_of[i] is None:
        if m.alive[i]:
            run.append(i)
        i += step
    return run


def _wordless(m: Matches, kind: str, left: list[int], right: list[int]) -> None:
    """Match what has no text of its own, such as a scene break, when just one stands there."""
    if kind in SECTION_KINDS or len(left) != 1 or len(right) != 1:
        return
    i, j = left[0], right[0]
    free = m.new_of[i] is None and m.old_of[j] is None
    if free and not m.old[i].text and not m.new[j].text:
        m.match(i, j)
