"""What changed in a JSON value, as `templates/web/dev/patch.js` puts it in."""

from __future__ import annotations

from typing import Any

Patch = list[tuple[list[str | int], Any]]
"""New values, and the paths where they go."""


def changes(old: Any, new: Any) -> Patch:
    """Return what turns `old` into `new`; nothing when they are equal.

    An object whose keys changed is given whole: the order of keys carries meaning, and what is
    added would come last.
    """
    found: Patch = []
    _compare(old, new, [], found)
    return found


def _compare(old: Any, new: Any, path: list[str | int], found: Patch) -> None:
    # As text, for `False == 0` and `1 == 1.0`.
    if old is new or repr(old) == repr(new):
        return
    if isinstance(old, dict) and isinstance(new, dict) and list(old) == list(new):
        for key, value in new.items():
            _compare(old[key], value, [*path, key], found)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, value in enumerate(new):
            _compare(old[index], value, [*path, index], found)
    else:
        found.append((path, new))
