"""What a pass of another package is given, and what it gives back.

A package names a function in the entry points of the group `comfyvn.lint`. It takes a `Story` and
yields what it `Found`. It must be pure: what it gives depends on the story alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, NamedTuple

Severity = Literal["warning", "note"]


class Found(NamedTuple):
    """Something that a pass found.

    Attributes:
        code: two capitals or more, and a number; not `VN`, which is ours.
        message: one sentence without a full stop, names in backticks.
        at: the id of a line, a choice, a label or a scene, as in the Program, or a path.
        severity: how severe it is, if the project does not say otherwise.
        help: what to write instead.
    """

    code: str
    message: str
    at: str
    severity: Severity = "warning"
    help: str | None = None


class Story(NamedTuple):
    """What a pass may look at.

    Attributes:
        scenes: the scenes of the Program by their names, as `docs/program.md` has them.
        sources: what the YAML sources say: `project`, `state`, `characters`, `worlds`, `themes`,
            `props` and `timelines`.
    """

    scenes: Mapping[str, Mapping[str, Any]]
    sources: Mapping[str, Any]


Pass = Callable[[Story], Iterable[Found]]
