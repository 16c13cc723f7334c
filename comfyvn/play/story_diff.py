"""How a story differs from what a golden has of it: in its lines, not in those of a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from comfyvn.play.golden import Entry, entries
from comfyvn.play.trail import Trail

Kind = Literal["same", "followed", "reworded", "gone", "new"]
CONTEXT = 1
"""How many lines that are the same stand around those that are not."""


class Change(NamedTuple):
    """A line of the golden, of the story as it is now, or of both.

    Attributes:
        kind: what became of it; `followed`: only its id is another, as it was deleted.
        old: as the golden has it.
        new: as it is shown now.
        why: a remark on it, in words; may be empty.
    """

    kind: Kind
    old: Entry | None
    new: Entry | None
    why: str = ""

    @property
    def entry(self) -> Entry:
        """The line as it is now, else as it was."""
        found = self.new or self.old
        assert found is not None
        return found


class Difference(NamedTuple):
    """All lines of a golden and of the story, together in order."""

    changes: tuple[Change, ...]

    @property
    def counts(self) -> Counter[Kind]:
        """How many there are of each kind."""
        return Counter(each.kind for each in self.changes)

    @property
    def differs(self) -> bool:
        """Whether the story is not what the golden has; ids alone make no difference."""
        return bool(self.counts.keys() - {"same", "followed"})

    @property
    def followed(self) -> list[Change]:
        """Lines that are the same under another id."""
        return [each for each in self.changes if each.kind == "followed"]

    def hunks(self) -> Iterator[Sequence[Change]]:
        """Yield stretches of changes with lines around them."""
        told = [n for n, each in enumerate(self.changes) if each.kind not in ("same", "followed")]
        begin = 0
        for number, at in enumerate(told):
            last = number + 1 == len(told) or told[number + 1] - at > 2 * CONTEXT + 1
            if last:
                first = max(told[begin] - CONTEXT, 0)
                yield self.changes[first : at + CONTEXT + 1]
                begin = number + 1


def difference(expected: str, found: str, trail: Trail) -> Difference:
    """Compare a golden with the story as it is now."""
    old, new = entries(expected), entries(found)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    changes: list[Change] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            pairs = zip(old[a:b], new[c:d], strict=True)
            changes += [Change("same", one, other) for one, other in pairs]
        else:
            changes += _changed(old[a:b], new[c:d], trail)
    return Difference(tuple(_explained(changes, trail)))


def _changed(old: Sequence[Entry], new: Sequence[Entry], trail: Trail) -> Iterator[Change]:
    """Yield what became of a stretch of lines that are not the same."""
    keys = [each.key for each in old], [each.key for each in new]
    for kind, a, b, c, d in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        if kind == "equal":
            pairs = zip(old[a:b], new[c:d], strict=True)
            yield from (Change("reworded", one, other) for one, other in pairs)
        else:
            yield from _renamed(old[a:b], new[c:d], trail)


def _renamed(old: Sequence[Entry], new: Sequence[Entry], trail: Trail) -> Iterator[Change]:
    """Yield lines that share no ids: the same words under another id, and what is gone and new."""
    texts = [each.text for each in old], [each.text for each in new]
    for kind, a, b, c, d in SequenceMatcher(None, *texts, autojunk=False).get_opcodes():
        if kind == "equal":
            for one, other in zip(old[a:b], new[c:d], strict=True):
                if trail.followed(one.id) is not None:
                    yield Change("followed", one, other)
                else:
                    yield Change("gone", one, None)
                    yield Change("new", None, other)
        else:
            yield from (Change("gone", each, None) for each in old[a:b])
            yield from (Change("new", None, each) for each in new[c:d])


def _explained(changes: Sequence[Change], trail: Trail) -> Iterator[Change]:
    """Yield changes with remarks: what was moved, deleted, or is only not come to."""
    gone = {each.old for each in changes if each.kind == "gone" and each.old and each.old.id}
    new = {each.new for each in changes if each.kind == "new" and each.new and each.new.id}
    for each in changes:
        if each.kind == "gone" and each.old in gone:
            assert each.old is not None
            if each.old in new:
                yield each._replace(why="comes elsewhere now")
            elif trail.followed(each.old.id) is not None:
                yield each._replace(why="deleted")
            elif trail.find(each.old.id):
                yield each._replace(why="still in the story, but not come to")
            else:
                yield each
        elif each.kind == "new" and each.new in gone:
            yield each._replace(why="came elsewhere before")
        else:
            yield each
