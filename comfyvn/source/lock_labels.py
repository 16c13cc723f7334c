"""Which label of a scene is which of another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

Place = tuple[str, str]
"""A scene and the slug of a label in it."""


def moved_labels(
    old: Mapping[Place, int],
    new: Mapping[Place, int],
    old_lines: Iterable[tuple[Place, str]],
    new_lines: Iterable[tuple[Place, str]],
) -> list[tuple[int, int]]:
    """Return the numbers of labels that moved to another scene, told by their slugs.

    `old` and `new` are the labels that nothing has matched, the lines those of all sections. Of a
    section of short lines, which are not known again far off, the slug says enough, if no other
    label has it, and the sections have a line in common or none at all.
    """
    olds, news = _by_slug(old), _by_slug(new)
    slugs = {slug for slug in news if len(news[slug]) == 1 == len(olds.get(slug, ()))}
    if not slugs:
        return []
    before, now = _lines(old_lines, slugs), _lines(new_lines, slugs)
    pairs = []
    for slug in sorted(slugs):
        here, there = olds[slug][0], news[slug][0]
        if before[here] == now[there] or before[here] & now[there]:
            pairs.append((old[here], new[there]))
    return pairs


def _by_slug(labels: Iterable[Place]) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = defaultdict(list)
    for place in labels:
        found[place[1]].append(place)
    return found


def _lines(lines: Iterable[tuple[Place, str]], slugs: set[str]) -> defaultdict[Place, set[str]]:
    found: defaultdict[Place, set[str]] = defaultdict(set)
    for place, text in lines:
        if place[1] in slugs:
            found[place].add(text)
    return found
