"""Classifiers of pictures: which are installed, and what they look at.

`nudenet` is there with the extra `classifier`; nothing is downloaded. Any package offers one by an
entry point of the group `comfyvn.classifiers`: its name is what `classifier` in
`policy/ratings.yaml` says, and what it names is called without arguments and returns a
`PictureClassifier`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import PurePosixPath
from typing import NamedTuple, Protocol

from comfyvn.model.find import RATINGS_FILE
from comfyvn.plan.facts import Facts, Item, Selection
from comfyvn.plan.library import PICTURE_ENDINGS

GROUP = "comfyvn.classifiers"
OURS = {"nudenet": "comfyvn.advisory.nudity:NudeNet"}
"""Packages that can be one by an adapter of ours, which has the package's version."""
GIVEN = "@classifiers"
"""Given to builds and checks of projects that decide something about ratings."""


class Guess(NamedTuple):
    """What a classifier sees in a picture.

    Attributes:
        rating: who it is for.
        hint: what was seen, in a few words.
        sure: from 0 to 1.
    """

    rating: str
    hint: str
    sure: float


class PictureClassifier(Protocol):
    """Something that looks at pictures. The same picture gives the same guesses."""

    def classify(self, picture: bytes) -> Sequence[Guess]:
        """Return what is seen in a picture file, PNG, JPEG, WebP or another.

        Raises:
            Exception: it cannot be looked at; the message says why.
        """


@cache
def installed() -> Mapping[str, str]:
    """Return the classifiers that are installed, with the versions of their packages."""
    from importlib.metadata import PackageNotFoundError, entry_points, version

    there: dict[str, str] = {}
    for name in OURS:
        with suppress(PackageNotFoundError):
            there[name] = version(name)
    for each in entry_points(group=GROUP):
        there[each.name] = each.dist.version if each.dist is not None else ""
    return there


@cache
def opened(name: str) -> PictureClassifier:
    """Return an installed classifier, ready to look.

    Raises:
        KeyError: none of that name is installed.
    """
    from importlib.metadata import EntryPoint, entry_points

    offered = {name: EntryPoint(name, place, GROUP) for name, place in OURS.items()}
    offered.update((each.name, each) for each in entry_points(group=GROUP))
    made: PictureClassifier = offered[name].load()()
    return made


def given(files: Collection[str]) -> dict[str, str] | None:
    """Return what `@classifiers` says; None for projects that never name a classifier."""
    return dict(installed()) if RATINGS_FILE in files else None


def guessed(facts: Facts) -> list[Item]:
    """Return the hand-made pictures that a classifier looks at, where one may be named."""
    if GIVEN not in facts.made:
        return []
    found = json.loads(facts.read("@found"))
    return [
        {"key": key, "path": path}
        for key, path in sorted(found["assets"].items())
        if PurePosixPath(path).suffix.lower() in PICTURE_ENDINGS
    ]


COLLECTIONS: Mapping[str, Selection] = {
    "guessed": Selection(guessed, ("key", "path"), ("path",), ("@found",)),
}
