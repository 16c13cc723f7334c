"""Which line of the lock is which line of the sources.

Certain matches come first and fence in the doubtful ones: fixed names; equal lines in equal order
(patience: lines that stand once on both sides, the longest increasing run of them, then the same
between them); equal lines that moved; lines beside a matched one; deleted lines that are back;
labels whose lines were matched; and last, lines of similar wording between the same neighbours. A
line is never matched to one that is clearly another.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence

from comfyvn.source.lock_align import align
from comfyvn.source.lock_alike import Alike
from comfyvn.source.lock_file import Anchor
from comfyvn.source.lock_labels import Place, moved_labels
from comfyvn.source.lock_matches import SECTION_KINDS, Matches
from comfyvn.source.lock_owners import owner_pairs
from comfyvn.source.lock_returned import match_returned
from comfyvn.source.lock_similar import is_distinctive


def match_all(m: Matches) -> None:
    """Match everything that can be."""
    if not m.old:
        return
    alike = Alike(m)
    _pair_scenes(m)
    for scene, before in m.scene_before.items():
        _named(m, before, scene)
        _aligned(m, before, scene, with_label=True)
    for scene, before in m.scene_before.items():
        _aligned(m, before, scene, with_label=False)
    _moved(m)
    _beside(m)
    match_returned(m)
    _labels(m)
    alike.match_near()
    _beside(m)
    _labels(m)
    alike.match_far()
    _labels(m)
    _moved_labels(m)
    _beside(m)
    _owners(m)


def _pair_scenes(m: Matches) -> None:
    """Pair scenes by name, then those left by what they say: a renamed file is one scene."""
    m.scene_before = {scene: scene for scene in m.new_range if scene in m.old_range}
    gone = [scene for scene in m.old_range if scene not in m.new_range]
    come = [scene for scene in m.new_range if scene not in m.old_range]
    holders: dict[tuple[str, str], set[str]] = defaultdict(set)
    for scene in gone:
        for i in m.old_range[scene]:
            if m.alive[i] and m.old[i].kind not in SECTION_KINDS:
                holders[m.old[i].kind, m.old_key[i]].add(scene)
    shared: Counter[tuple[str, str]] = Counter()
    for scene in come:
        for key in {(m.new[j].kind, m.new_key[j]) for j in m.new_range[scene]}:
            shared.update((holder, scene) for holder in holders.get(key, ()))
    taken: set[str] = set()
    for (before, scene), count in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        least = min(len(m.free_old(before)), len(m.new_range[scene])) - 1
        if before not in taken and scene not in m.scene_before and count * 2 >= least:
            taken.add(before)
            m.scene_before[scene] = before
    for scene, before in m.scene_before.items():
        i, j = m.old_range[before].start, m.new_range[scene].start
        if m.old_range[before] and m.new_range[scene]:
            same = m.old[i].kind == m.new[j].kind == "s"
            if same and m.alive[i]:
                m.match(i, j)


def _named(m: Matches, before: str, scene: str) -> None:
    """Match what has a name of its own: a fixed name, or the slug of a label."""

    def named(anchor: Anchor) -> tuple[str, str | None]:
        return anchor.kind, anchor.label if anchor.kind == "l" else anchor.name

    known = {named(m.old[i]): i for i in reversed(m.free_old(before))}
    for j in m.free_new(scene):
        key = named(m.new[j])
        i = known.pop(key, None) if key[1] is not None else None
        if i is not None:
            m.match(i, j)


def _aligned(m: Matches, before: str, scene: str, with_label: bool) -> None:
    """Match equal lines in equal order, between those already matched."""
    for olds, news in m.gaps(before, scene):
        left: list[Hashable] = [
            (m.old[i].kind, m.old_key[i], m.old[i].label if with_label else "") for i in olds
        ]
        right: list[Hashable] = [
            (m.new[j].kind, m.new_key[j], m.new[j].label if with_label else "") for j in news
        ]
        for a, b in align(left, right):
            if not m.other_name(olds[a], news[b]):
                m.match(olds[a], news[b])


def _moved(m: Matches) -> None:
    """Match equal lines that moved: within a section, a scene, then anywhere.

    A short line such as `Yes.` may only move within its section, or in its scene when it is
    the only one: two of them are no more than equal by chance.
    """
    for reach in (2, 1, 0):
        olds: dict[tuple[str, ...], list[int]] = defaultdict(list)
        news: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for scene in m.old_range:
            for i in m.free_old(scene):
                anchor = m.old[i]
                if anchor.kind not in SECTION_KINDS:
                    place = (scene, anchor.label)[:reach]
                    olds[(*place, anchor.kind, m.old_key[i])].append(i)
        for scene in m.new_range:
            was = m.scene_before.get(scene, "\0" + scene)
            for j in m.free_new(scene):
                anchor = m.new[j]
                place = (was, anchor.label)[:reach]
                news[(*place, anchor.kind, m.new_key[j])].append(j)
        for key, right in news.items():
            left = olds.get(key, [])
            alone = len(left) == len(right) == 1
            if reach == 2 or (reach == 1 and alone) or is_distinctive(key[-1]):
                for i, j in zip(left, right, strict=False):
                    if not m.other_name(i, j):
                        m.match(i, j)


def _beside(m: Matches) -> None:
    """Match equal lines that stand beside a matched pair on both sides."""
    waiting = [(i, j) for j, i in enumerate(m.old_of) if i is not None]
    while waiting:
        i, j = waiting.pop()
        for step in (1, -1):
            a, b = _next_alive(m, i, step), j + step
            if a is None or not 0 <= b < len(m.new):
                continue
            same = (
                m.new_of[a] is None
                and m.old_of[b] is None
                and m.old_scene[a] == m.old_scene[i]
                and m.new_scene[b] == m.new_scene[j]
                and m.old[a].kind == m.new[b].kind
                and m.old[a].text == m.new[b].text
                and not m.other_name(a, b)
            )
            if same and m.old[a].kind not in SECTION_KINDS:
                m.match(a, b)
                waiting.append((a, b))


def _next_alive(m: Matches, i: int, step: int) -> int | None:
    i += step
    while 0 <= i < len(m.old):
        if m.alive[i]:
            return i
        i += step
    return None


def _labels(m: Matches) -> None:
    """Match a renamed label to the one that has most of its lines now."""
    olds = _free_labels(m.old, m.old_scene, m.new_of, m.alive)
    news = _free_labels(m.new, m.new_scene, m.old_of, None)
    if not olds or not news:
        return
    votes: Counter[tuple[Place, Place]] = Counter()
    for i, j in enumerate(m.new_of):
        if j is not None:
            old = (m.old_scene[i], m.old[i].label)
            new = (m.new_scene[j], m.new[j].label)
            if old in olds and new in news:
                votes[old, new] += 1
    for (old, new), count in sorted(votes.items(), key=lambda item: (-item[1], item[0])):
        if old in olds and new in news and count:
            m.match(olds.pop(old), news.pop(new))


def _moved_labels(m: Matches) -> None:
    """Match labels of the same slug that moved to another scene."""
    pairs = moved_labels(
        _free_labels(m.old, m.old_scene, m.new_of, m.alive),
        _free_labels(m.new, m.new_scene, m.old_of, None),
        (
            ((scene, anchor.label), anchor.text)
            for anchor, scene, alive in zip(m.old, m.old_scene, m.alive, strict=True)
            if alive and anchor.kind != "l"
        ),
        (
            ((scene, anchor.label), anchor.text)
            for anchor, scene in zip(m.new, m.new_scene, strict=True)
            if anchor.kind != "l"
        ),
    )
    for i, j in pairs:
        m.match(i, j)


def _free_labels(
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


def _owners(m: Matches) -> None:
    """Match a menu or pick of which a choice or item was matched, however reworded it is."""
    for i, j in owner_pairs(m.old, m.alive, m.new, m.old_of):
        if m.alive[i] and m.new_of[i] is None and m.old_of[j] is None:
            m.match(i, j)
