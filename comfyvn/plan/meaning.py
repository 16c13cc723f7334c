"""What a name means to somebody who asks about builds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from comfyvn.engine.past import Past
from comfyvn.source.nearest import nearest


class Asked(NamedTuple):
    """What was asked about.

    Attributes:
        name: the artifact or step, or a target.
        kind: `output`, `result`, `source`, `value`, `step` or `target`.
        steps: the steps that made it, or were to; that read it if it is a source or a value.
    """

    name: str
    kind: str
    steps: tuple[str, ...]


class NotKnownError(Exception):
    """There is nothing of that name.

    Attributes:
        name: what was asked for.
        near: the name that may be meant.
        inside: if it is a folder, the files in it: those that steps write, else those they read.
        empty: whether nothing was ever built.
    """

    def __init__(
        self, name: str, near: str | None, inside: Sequence[str] = (), *, empty: bool
    ) -> None:
        super().__init__(name)
        self.name, self.near, self.inside, self.empty = name, near, tuple(inside), empty


def find(past: Past, name: str, targets: Iterable[str]) -> Asked:
    """Return what a name means.

    Raises:
        NotKnownError: nothing, as far as builds know.
    """
    maker = past.producer.get(name) or past.declared.get(name)
    if maker is not None:
        return Asked(name, "result" if name[0] == "@" else "output", (maker,))
    if name in past.steps:
        return Asked(name, "step", (name,))
    readers = past.consumers(name)
    if readers:
        return Asked(name, "value" if name[0] == "@" else "source", tuple(readers))
    target = name.removeprefix("build/")
    if target in targets:
        steps = [step for step in past.steps if _is_of(past, step, f"build/{target}/")]
        if steps:
            return Asked(target, "target", tuple(steps))
    of_rule = tuple(step for step in past.steps if past.steps[step].rule == name)
    if of_rule:
        return Asked(name, "step", of_rule)
    known = [*past.artifacts(), *past.steps]
    inside = _inside(past, name)
    near = None if inside else _near(name, known)
    raise NotKnownError(name, near, inside, empty=not past.steps)


def _inside(past: Past, folder: str) -> list[str]:
    """Return the files in a folder, those that are the least deep in it first."""
    head = "" if folder in ("", ".") else f"{folder}/"
    found = [name for name in past.artifacts() if name[0] != "@" and name.startswith(head)]
    written = [name for name in found if name in past.producer]
    return sorted(written or found, key=lambda name: (name.count("/"), name))


def _near(name: str, known: Sequence[str]) -> str | None:
    """Return the nearest of many names; of an artifact, one whose end is the same wins."""
    ends = [each for each in known if each.endswith(f"/{name}")]
    if ends:
        return min(ends, key=lambda each: (each[0] == "@", len(each)))
    near = [each for each in known if abs(len(each) - len(name)) <= 4]
    return nearest(name, near[:20000]) or nearest(name, known[:5000])


def _is_of(past: Past, step: str, folder: str) -> bool:
    return any(name.startswith(folder) for name in past.outputs(step))
