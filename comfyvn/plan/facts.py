"""What planning may look at. A plan is a cached output: nothing else decides what is in it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

Item = Mapping[str, str]
"""One thing that a rule is applied to: values for the `{field}` in its names and parameters."""


def nothing(name: str) -> bytes:
    """Have no artifact to read, as before the front stage has run.

    Raises:
        KeyError: always.
    """
    raise KeyError(name)


@dataclass(frozen=True)
class Facts:
    """What the planner knows.

    Attributes:
        root: the project's folder.
        files: the paths of the source files, sorted; nothing below `build/` or a hidden folder.
        targets: the wanted targets, in the order of the command line.
        made: names of artifacts that are there before a step of this stage runs: values that the
            caller gives (`@lock/opening`) and, in the back stage, what the front stage made.
        read: the content of one of `made` or `files`; whoever gives it notes what was read, since
            the plan depends on it. Raises KeyError if there is none.
    """

    root: Path
    files: Sequence[str]
    targets: tuple[str, ...] = ()
    made: Collection[str] = ()
    read: Callable[[str], bytes] = nothing


class Selection(NamedTuple):
    """A collection: what a rule's `for` can name.

    Attributes:
        items: finds the items, in an order that depends on nothing but the facts.
        fields: what every item has.
        key: the fields that tell the items apart; they name the steps.
        reads: names or patterns of the artifacts that `items` reads through the facts. A rule of
            the front stage can use only a collection that reads none.
    """

    items: Callable[[Facts], Sequence[Item]]
    fields: tuple[str, ...]
    key: tuple[str, ...]
    reads: tuple[str, ...] = ()
