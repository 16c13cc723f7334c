"""Why steps run, how long things take and how large they are, in words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from comfyvn.plan.meaning import NotKnownError

_VALUES = {
    "@scenes": "the list of scenes",
    "@sources": "the list of sources",
    "@assets": "the list of files in assets/",
    "@gone": "the deleted lines in vn.lock",
    "@takes": "the pins in vn.lock",
}


_EXAMPLES = 3
"""How many files stand for a folder."""


def shown(name: str) -> str:
    """Return how an artifact is called: what no step makes has a name that says what it is."""
    if name.startswith("@lock/"):
        return f"the lines of `{name[6:]}` in vn.lock"
    return _VALUES.get(name, f"`{name}`")


def because(why: str, names: Sequence[str] = (), more: int = 0, most: int = 2) -> str:
    """Return why a step ran.

    Args:
        why: as in `comfyvn.engine.ran.Reason`.
        names: what changed, or its first names.
        more: how many more did.
        most: how many to name.
    """
    rest = more + max(len(names) - most, 0)
    listed = ", ".join(map(shown, names[:most])) + (f" and {rest} more" if rest else "")
    match why:
        case "new":
            return "there was no result of it yet"
        case "definition":
            return "its rule, its parameters or ComfyVN itself changed"
        case "inputs":
            return f"{listed or 'an input'} changed"
        case "outputs":
            many = rest or len(names) > 1
            return f"{listed} {'are not as they were' if many else 'is not as it was'} left"
        case "unfinished":
            return "it, or a step that it needs, failed before"
        case _:
            return "it was asked for"


def duration(seconds: float) -> str:
    """Return a time in few characters: `340 µs`, `12 ms`, `3.4 s`, `2 min 5 s`."""
    if seconds < 0.001:
        return f"{seconds * 1e6:.0f} µs"
    if seconds < 1:
        return f"{seconds * 1e3:.{0 if seconds >= 0.01 else 1}f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, left = divmod(round(seconds), 60)
    return f"{minutes} min {left} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def ago(seconds: float) -> str:
    """Return how long ago something was; a clock that was set back is no matter."""
    for length, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= length:
            count = int(seconds // length)
            return f"{count} {name}{'s' if count > 1 else ''} ago"
    return "just now"


def size(count: float) -> str:
    """Return a number of bytes in few characters, as `3.4 MB`."""
    for unit in ("B", "kB", "MB"):
        if abs(count) < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"


def not_known(error: NotKnownError, root: Path) -> str:
    """Return that a name means nothing to the builds of a project, and which may be meant."""
    if error.name == "vn.lock":
        return "steps read `vn.lock` by scene: ask for `@lock/SCENE`"
    if error.inside:
        few = ", ".join(f"`{name}`" for name in error.inside[:_EXAMPLES])
        such = ", such as" if len(error.inside) > _EXAMPLES else ":"
        return f"`{error.name}` is a folder; ask for a file in it{such} {few}"
    if (root / error.name).is_dir():
        return f"`{error.name}` is a folder of which no build reads or writes a file"
    help = (
        f"did you mean `{error.near}`?"
        if error.near
        else "name a file in build/, a source, a step, a rule or a target"
    )
    return f"no build knows `{error.name}`; {help}"


def path_of(text: str, root: Path) -> str:
    """Return what a user calls a file as a path of the project; other names as they are."""
    if text.startswith("@"):
        return text
    for base in (Path.cwd(), root):
        full = base / text
        if full.exists() and full.resolve().is_relative_to(root.resolve()):
            return full.resolve().relative_to(root.resolve()).as_posix()
    return text.removeprefix("./").rstrip("/")
