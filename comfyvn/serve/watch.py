"""Tells when the sources of a project changed."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path, PurePath
from threading import Event
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from watchfiles import Change

QUIET = 20
"""Milliseconds without a change after which an edit counts as saved."""
LONGEST = 400
"""Milliseconds that changes are gathered at most, while they go on."""
IDLE = 100
"""Milliseconds after which it is told that nothing changed."""
LOCKED = 10.0
"""Seconds that git is waited for at most: its lock may be left over from a crash."""

OURS = {"build", "node_modules", "__pycache__"}
"""Folders of a project that hold no sources, beside those whose name begins with a point."""
TEMPORARY = re.compile(
    r"^\.|~$|\.(?:tmp|temp|sw[a-p]|part|crdownload)$|^4913$|^#.*#$|___jb_\w+___$"
)
"""Names that editors and downloads give to files on their way."""


def is_source(root: Path, path: str) -> bool:
    """Return whether a change of `path` can matter to a build."""
    try:
        parts = PurePath(path).relative_to(root).parts
    except ValueError:
        return False
    return bool(parts) and parts[0] not in OURS and not any(map(TEMPORARY.search, parts))


def git_lock(root: Path) -> Path | None:
    """Return the file that is there while git changes the working tree; None outside of one."""
    for folder in (root, *root.parents):
        place = folder / ".git"
        if place.is_dir():
            return place / "index.lock"
        if place.is_file():
            text = place.read_text(encoding="utf-8", errors="replace")
            return folder / text.removeprefix("gitdir:").strip() / "index.lock"
    return None


def watch_sources(root: Path, stop: Event) -> Iterator[set[str]]:
    """Yield the paths of sources that changed, gathered, until `stop` is set.

    The first set is empty: from then on nothing is missed. While git is switching branches nothing
    is yielded; then all of it is, at once.
    """
    root = root.resolve()
    lock = git_lock(root)
    gathered: set[str] = set()
    waited_since: float | None = None
    begun = False
    for changes in _changes(root, stop):
        if not begun:
            begun = True
            yield set()
        gathered |= {path for _, path in changes if is_source(root, path)}
        if not gathered:
            continue
        locked = lock is not None and lock.exists()
        if locked and waited_since is None:
            waited_since = time.monotonic()
        patient = waited_since is not None and time.monotonic() < waited_since + LOCKED
        if patient and (locked or changes):
            # What git wrote last may still be on its way here when its lock is gone.
            continue
        yield gathered
        gathered, waited_since = set(), None


def _changes(root: Path, stop: Event) -> Iterator[set[tuple[Change, str]]]:
    """Yield what changes, and an empty set whenever nothing has for a while."""
    from watchfiles import watch

    watching = partial(
        watch,
        root,
        watch_filter=None,
        step=QUIET,
        debounce=LONGEST,
        stop_event=stop,
        yield_on_timeout=True,
        rust_timeout=IDLE,
        raise_interrupt=False,
    )
    try:
        yield from watching()
    except OSError:  # a folder that may not be read, or `fs.inotify.max_user_watches` is reached
        yield from watching(force_polling=True, ignore_permission_denied=True)
