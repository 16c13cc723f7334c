"""Which line of the lock is which line of the sources.

Certain matches come first and fence in the doubtful ones: fixed names; equal lines in equal order
(patience: lines that stand once on both sides, the longest increasing run of them, then the same
between them); equal lines that moved; lines beside a matched one; deleted lines that are back;
labels whose lines were matched; and last, lines of similar wording between the same neighbours. A
line is never matched to one that is clearly another.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence

from comfyvn.source.lock_align import align
from comfyvn.source.lock_candidates import candidates
from comfyvn.source.lock_file import Anchor
from comfyvn.source.lock_labels import Place, moved_labels
from comfyvn.source.lock_order import increasing
from comfyvn.source.lock_owners import owner_pairs
from comfyvn.source.lock_similar import is_distinctive, similarity

ALONE, AMONG, FAR = 0.5, 0.6, 0.75
"""How alike wordings must be: the only two between their neighbours, some of several there, and
lines that also moved."""

SECTION_KINDS = "sl"


class Matcher:
    """Matches the anchors of some scenes, old to new; `new_of` and `old_of` hold the result.

    Anchors are numbered through all scenes, in order. A tombstone takes part in one step only,
    where a line that came back is matched to it.
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
        """For each new scene, the scene that it was."""
        self.tried: dict[tuple[tuple[int, ...], tuple[int, ...]], float] = {}
        """How alike lines of two groups had to be when these were compared."""

    def run(self) -> None:
        """Match everything that can be."""
        if not self.old:
            return
        self._pair_scenes()
        for scene, before in self.scene_before.items():
            self._named(before, scene)
            self._aligned(before, scene, with_label=True)
        for scene, before in self.scene_before.items():
            self._aligned(before, scene, with_label=False)
        self._moved()
        self._beside()
        self._returned()
        self._labels()
        self._similar()
        self._beside()
        self._labels()
        self._similar_far()
        self._labels()
        self._moved_labels()
        self._beside()
        self._owners()

    def _match(self, i: int, j: int) -> None:
        self.new_of[i] = j
        self.old_of[j] = i

    def _free_old(self, scene: str) -> list[int]:
        return [i for i in self.old_range[scene] if self.alive[i] and self.new_of[i] is None]

    def _free_new(self, scene: str) -> list[int]:
        return [j for j in self.new_range[scene] if self.old_of[j] is None]

    def _pair_scenes(self) -> None:
        """Pair scenes by name, then those left by what they say: a renamed file is one scene."""
        self.scene_before = {scene: scene for scene in self.new_range if scene in self.old_range}
        gone = [scene for scene in self.old_range if scene not in self.new_range]
        come = [scene for scene in self.new_range if scene not in self.old_range]
        holders: dict[tuple[str, str], set[str]] = defaultdict(set)
        for scene in gone:
            for i in self.old_range[scene]:
                if self.alive[i] and self.old[i].kind not in SECTION_KINDS:
                    holders[self.old[i].kind, self.old_key[i]].add(scene)
        shared: Counter[tuple[str, str]] = Counter()
        for scene in come:
            for key in {(self.new[j].kind, self.new_key[j]) for j in self.new_range[scene]}:
                shared.update((holder, scene) for holder in holders.get(key, ()))
        taken: set[str] = set()
        for (before, scene), count in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
            least = min(len(self._free_old(before)), len(self.new_range[scene])) - 1
            if before not in taken and scene not in self.scene_before and count * 2 >= least:
                taken.add(before)
                self.scene_before[scene] = before
        for scene, before in self.scene_before.items():
            i, j = self.old_range[before].start, self.new_range[scene].start
            if self.old_range[before] and self.new_range[scene]:
                same = self.old[i].kind == self.new[j].kind == "s"
                if same and self.alive[i]:
                    self._match(i, j)

    def _named(self, before: str, scene: str) -> None:
        """Match what has a name of its own: a fixed name, or the slug of a label."""

        def named(anchor: Anchor) -> tuple[str, str | None]:
            return anchor.kind, anchor.label if anchor.kind == "l" else anchor.name

        known = {named(self.old[i]): i for i in reversed(self._free_old(before))}
        for j in self._free_new(scene):
            key = named(self.new[j])
            i = known.pop(key, None) if key[1] is not None else None
            if i is not None:
                self._match(i, j)

    def _aligned(self, before: str, scene: str, with_label: bool) -> None:
        """Match equal lines in equal order, between those already matched."""
        for olds, news in self._gaps(before, scene):
            left: list[Hashable] = [
                (self.old[i].kind, self.old_key[i], self.old[i].label if with_label else "")
                for i in olds
            ]
            right: list[Hashable] = [
                (self.new[j].kind, self.new_key[j], self.new[j].label if with_label else "")
                for j in news
            ]
            for a, b in align(left, right):
                if not self._other_name(olds[a], news[b]):
                    self._match(olds[a], news[b])

    def _other_name(self, i: int, j: int) -> bool:
        """Whether both have a fixed name and these differ, so that they cannot be one line."""
        left, right = self.old[i].name, self.new[j].name
        return left is not None and right is not None and left != right

    def _gaps(self, before: str, scene: str) -> list[tuple[list[int], list[int]]]:
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

    def _moved(self) -> None:
        """Match equal lines that moved: within a section, a scene, then anywhere.

        A short line such as `Yes.` may only move within its section, or in its scene when it is
        the only one: two of them are no more than equal by chance.
        """
        for reach in (2, 1, 0):
            olds: dict[tuple[str, ...], list[int]] = defaultdict(list)
            news: dict[tuple[str, ...], list[int]] = defaultdict(list)
            for scene in self.old_range:
                for i in self._free_old(scene):
                    anchor = self.old[i]
                    if anchor.kind not in SECTION_KINDS:
                        place = (scene, anchor.label)[:reach]
                        olds[(*place, anchor.kind, self.old_key[i])].append(i)
            for scene in self.new_range:
                was = self.scene_before.get(scene, "\0" + scene)
                for j in self._free_new(scene):
                    anchor = self.new[j]
                    place = (was, anchor.label)[:reach]
                    news[(*place, anchor.kind, self.new_key[j])].append(j)
            for key, right in news.items():
                left = olds.get(key, [])
                alone = len(left) == len(right) == 1
                if reach == 2 or (reach == 1 and alone) or is_distinctive(key[-1]):
                    for i, j in zip(left, right, strict=False):
                        if not self._other_name(i, j):
                            self._match(i, j)

    def _beside(self) -> None:
        """Match equal lines that stand beside a matched pair on both sides."""
        waiting = [(i, j) for j, i in enumerate(self.old_of) if i is not None]
        while waiting:
            i, j = waiting.pop()
            for step in (1, -1):
                a, b = self._next_alive(i, step), j + step
                if a is None or not 0 <= b < len(self.new):
                    continue
                same = (
                    self.new_of[a] is None
                    and self.old_of[b] is None
                    and self.old_scene[a] == self.old_scene[i]
                    and self.new_scene[b] == self.new_scene[j]
                    and self.old[a].kind == self.new[b].kind
                    and self.old[a].text == self.new[b].text
                    and not self._other_name(a, b)
                )
                if same and self.old[a].kind not in SECTION_KINDS:
                    self._match(a, b)
                    waiting.append((a, b))

    def _next_alive(self, i: int, step: int) -> int | None:
        i += step
        while 0 <= i < len(self.old):
            if self.alive[i]:
                return i
            i += step
        return None

    def _labels(self) -> None:
        """Match a renamed label to the one that has most of its lines now."""
        olds = self._free_labels(self.old, self.old_scene, self.new_of, self.alive)
        news = self._free_labels(self.new, self.new_scene, self.old_of, None)
        if not olds or not news:
            return
        votes: Counter[tuple[Place, Place]] = Counter()
        for i, j in enumerate(self.new_of):
            if j is not None:
                old = (self.old_scene[i], self.old[i].label)
                new = (self.new_scene[j], self.new[j].label)
                if old in olds and new in news:
                    votes[old, new] += 1
        for (old, new), count in sorted(votes.items(), key=lambda item: (-item[1], item[0])):
            if old in olds and new in news and count:
                self._match(olds.pop(old), news.pop(new))

    def _moved_labels(self) -> None:
        """Match labels of the same slug that moved to another scene."""
        pairs = moved_labels(
            self._free_labels(self.old, self.old_scene, self.new_of, self.alive),
            self._free_labels(self.new, self.new_scene, self.old_of, None),
            (
                ((scene, anchor.label), anchor.text)
                for anchor, scene, alive in zip(self.old, self.old_scene, self.alive, strict=True)
                if alive and anchor.kind != "l"
            ),
            (
                ((scene, anchor.label), anchor.text)
                for anchor, scene in zip(self.new, self.new_scene, strict=True)
                if anchor.kind != "l"
            ),
        )
        for i, j in pairs:
            self._match(i, j)

    def _free_labels(
        self,
        anchors: Sequence[Anchor],
        scenes: Sequence[str],
        taken: Sequence[int | None],
        alive: Sequence[bool] | None,
    ) -> dict[Place, int]:
        return {
            (scenes[k], anchor.label): k
            for k, anchor in enumerate(anchors)
            if anchor.kind == "l" and taken[k] is None and (alive is None or alive[k])
        }

    def _similar(self) -> None:
        """Match lines of similar wording between the same neighbours, the most alike first."""
        for scene, before in self.scene_before.items():
            for olds, news in [*self._local_gaps(scene), *self._gaps(before, scene)]:
                kinds = {self.old[i].kind for i in olds} & {self.new[j].kind for j in news}
                for kind in sorted(kinds):
                    left = [i for i in olds if self.old[i].kind == kind]
                    right = [j for j in news if self.new[j].kind == kind]
                    alone = len(left) == len(right) == 1
                    self._most_alike(left, right, ALONE if alone else AMONG)
                    self._wordless(kind, left, right)

    def _local_gaps(self, scene: str) -> list[tuple[list[int], list[int]]]:
        """Return runs of unmatched new lines with the unmatched old ones beside their neighbours.

        Unlike `_gaps`, this finds the neighbours of a line in a section that moved as a whole.
        """
        gaps = []
        run: list[int] = []
        left: int | None = None
        for j in [*self.new_range[scene], None]:
            i = None if j is None else self.old_of[j]
            if j is not None and i is None:
                run.append(j)
                continue
            if run:
                olds = set(self._free_run(left, 1)) | set(self._free_run(i, -1))
                if olds:
                    gaps.append((sorted(olds), run))
                run = []
            left = i
        return gaps

    def _free_run(self, i: int | None, step: int) -> list[int]:
        """Return the unmatched old lines that stand directly beside a matched one."""
        run: list[int] = []
        if i is None:
            return run
        scene = self.old_scene[i]
        i += step
        while 0 <= i < len(self.old) and self.old_scene[i] == scene and self.new_of[i] is None:
            if self.alive[i]:
                run.append(i)
            i += step
        return run

    def _wordless(self, kind: str, left: list[int], right: list[int]) -> None:
        """Match what has no text of its own, such as a scene break, when just one stands there."""
        if kind in SECTION_KINDS or len(left) != 1 or len(right) != 1:
            return
        i, j = left[0], right[0]
        free = self.new_of[i] is None and self.old_of[j] is None
        if free and not self.old[i].text and not self.new[j].text:
            self._match(i, j)

    def _similar_far(self) -> None:
        """Match lines that moved and changed a little: within their scene, then anywhere."""
        for scene, before in self.scene_before.items():
            self._far(self._free_old(before), self._free_new(scene))
        self._far(
            [i for scene in self.old_range for i in self._free_old(scene)],
            [j for scene in self.new_range for j in self._free_new(scene)],
        )

    def _far(self, olds: list[int], news: list[int]) -> None:
        left = [i for i in olds if is_distinctive(self.old[i].text)]
        right = [j for j in news if is_distinctive(self.new[j].text)]
        for kind in sorted({self.new[j].kind for j in right} - set(SECTION_KINDS)):
            self._most_alike(
                [i for i in left if self.old[i].kind == kind],
                [j for j in right if self.new[j].kind == kind],
                FAR,
            )

    def _owners(self) -> None:
        """Match a menu or pick of which a choice or item was matched, however reworded it is."""
        for i, j in owner_pairs(self.old, self.alive, self.new, self.old_of):
            if self.alive[i] and self.new_of[i] is None and self.old_of[j] is None:
                self._match(i, j)

    def _most_alike(self, left: list[int], right: list[int], least: float) -> None:
        left = [i for i in left if self.new_of[i] is None]
        right = [j for j in right if self.old_of[j] is None]
        group = (tuple(left), tuple(right))
        if self.tried.get(group, 1.0) <= least:
            return
        self.tried[group] = least
        scored = []
        old, new = [self.old_key[i] for i in left], [self.new_key[j] for j in right]
        for a, b in candidates(old, new):
            i, j = left[a], right[b]
            score = similarity(old[a], new[b], least)
            if score >= least and not self._other_name(i, j):
                apart = abs(a / len(left) - b / len(right))
                scored.append((-score, apart, i, j))
        for _, _, i, j in sorted(scored):
            if self.new_of[i] is None and self.old_of[j] is None:
                self._match(i, j)

    def _returned(self) -> None:
        """Match lines that were deleted once and are back, word for word.

        A short one must come back between the neighbours it had.
        """
        dead: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, anchor in enumerate(self.old):
            if not self.alive[number] and self.new_of[number] is None:
                dead[anchor.kind, self.old_key[number]].append(number)
        if not dead:
            return
        for scene, numbers in self.new_range.items():
            before = self.old_range.get(self.scene_before.get(scene, ""), range(0))
            following = self._following(numbers, before)
            left = before.start - 1
            for j in numbers:
                i = self.old_of[j]
                graves = dead.get((self.new[j].kind, self.new_key[j]))
                if i is None and graves:
                    grave = self._grave(graves, j, before, left, following[j - numbers.start])
                    if grave is not None:
                        i = graves.pop(grave)
                        self._match(i, j)
                if i is not None and i in before:
                    left = i

    def _following(self, numbers: range, before: range) -> list[int]:
        """Return for each new line the next matched line's old number in its scene."""
        ends = []
        right = before.stop
        for j in reversed(numbers):
            ends.append(right)
            i = self.old_of[j]
            if i is not None and i in before:
                right = i
        return ends[::-1]

    def _grave(self, graves: list[int], j: int, before: range, left: int, right: int) -> int | None:
        """Return which of some tombstones, by index, a new line came back from.

        The first between its neighbours; for a line not equal by chance else the latest of its
        scene, or of any.
        """
        k = bisect_right(graves, left)
        if k < len(graves) and graves[k] < right:
            return k
        anchor = self.new[j]
        k = bisect_right(graves, before.stop - 1) - 1
        here = k >= 0 and graves[k] in before
        if anchor.kind in SECTION_KINDS:
            return k if here else None
        if not is_distinctive(anchor.text):
            return None
        return k if here else len(graves) - 1


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
