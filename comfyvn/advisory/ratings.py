"""Who the lines, scenes and assets of a story are for, and what of it is above what is declared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from comfyvn.advisory.hints import Hint, Lexicon, spoken
from comfyvn.story.content import RATINGS, above, scene_rating

Op = Mapping[str, Any]


class Doubt(NamedTuple):
    """A text that hints at more than it is rated; `rating` is None where nobody rated it."""

    id: str
    rating: str | None
    hint: Hint


class Rated(NamedTuple):
    """What somebody rated: the id of a line, choice, outcome or section, a scene, or an asset.

    Attributes:
        item: what it is.
        rating: who it is for.
        why: where that stands: `text`, `front matter`, `sidecar` or `override`.
    """

    item: str
    rating: str
    why: str


def highest(ratings: Iterable[str | None]) -> str:
    """Return the highest of some ratings; what has none is for everyone."""
    return max((each for each in ratings if each), key=RATINGS.index, default=RATINGS[0])


def rated_in(name: str, scene: Mapping[str, Any], ratings: Mapping[str, str]) -> list[Rated]:
    """Return what is rated in a scene, itself first; `ratings` are decisions, which win."""
    found = []
    own = scene_rating(name, scene, ratings)
    if own is not None:
        found.append(Rated(name, own, "override" if own == ratings.get(name) else "front matter"))
    for section in scene["sections"]:
        for item in (section["id"], f"{name}#{section['label']}") if section["label"] else ():
            if item in ratings:
                found.append(Rated(item, ratings[item], "override"))
        for op, _ in _texts(section["body"], None, ratings):
            rating = ratings.get(op["id"], op.get("rating"))
            if rating is not None:
                why = "override" if op["id"] in ratings else "text"
                found.append(Rated(op["id"], rating, why))
    return found


def doubts_in(
    name: str,
    scene: Mapping[str, Any],
    declared: str,
    ratings: Mapping[str, str],
    lexicon: Lexicon,
) -> Iterator[Doubt]:
    """Yield the texts of a scene that hint at a higher rating than they have.

    A text has that of what it stands in, if nobody rated it: its choice, section, scene, or the
    story (`declared`). What somebody rated himself is not doubted.
    """
    own = scene_rating(name, scene, ratings)
    for section in scene["sections"]:
        within = own
        if section["label"]:
            place = f"{name}#{section['label']}"
            within = ratings.get(section["id"], ratings.get(place, own))
        for op, around in _texts(section["body"], within, ratings):
            if op["id"] in ratings or "rating" in op or "text" not in op:
                continue
            hint = lexicon.highest(spoken(op["text"]))
            if hint is not None and above(hint.rating, around or declared):
                yield Doubt(op["id"], around, hint)


def _texts(
    body: Sequence[Op], within: str | None, ratings: Mapping[str, str]
) -> Iterator[tuple[Op, str | None]]:
    """Yield what has an id and may have a rating, with the rating of what it stands in."""
    for op in body:
        if op["op"] in ("say", "input"):
            yield op, within
        for each in (*op.get("choices", ()), *op.get("items", ())):
            yield each, within
            own = ratings.get(each["id"], each.get("rating", within))
            yield from (
                # What a choice says is its own text again.
                (inner, around)
                for inner, around in _texts(each["body"], own, ratings)
                if not (op["op"] == "menu" and inner["id"] == f"{each['id']}_s")
            )
        for branch in op.get("branches", ()):
            yield from _texts(branch["body"], within, ratings)
        if op["op"] == "page":
            yield from _texts(op["body"], within, ratings)
