"""The ledger's journal: a line for each build, appended at its end.

Reading it is another matter (`ledger_tables`); this module imports nothing that a build with
nothing to do would feel.
"""

from __future__ import annotations

import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

FOLDER = "ledger"
JOURNAL = "journal.jsonl"


def append(state: str | Path, entry: Mapping[str, Any]) -> None:
    """Append the entry of a build; one that cannot be written is left out.

    Args:
        state: the project's `.comfyvn/`.
        entry: a JSON object, as `comfyvn.plan.entry` makes it.
    """
    import json

    _write(state, json.dumps(entry, ensure_ascii=False, separators=(",", ":")))


def append_null(state: str | Path, held: Mapping[str, int]) -> None:
    """Append a build that had nothing to do.

    Args:
        state: the project's `.comfyvn/`.
        held: for each target how many steps held.
    """
    targets = ",".join(f'"{name}":{steps}' for name, steps in held.items())
    _write(state, f'{{"at":{time.time():.3f},"null":{{{targets}}}}}')


def _write(state: str | Path, line: str) -> None:
    folder = os.path.join(state, FOLDER)
    path = os.path.join(folder, JOURNAL)
    try:
        try:
            descriptor = _open(path)
        except FileNotFoundError:
            os.mkdir(folder)
            descriptor = _open(path)
        try:
            # One write to the end of the file: lines of two builds do not mix. It begins with a
            # line feed, so that a line that a full disk cut off spoils no other.
            os.write(descriptor, f"\n{line}\n".encode("utf-8", "replace"))
        finally:
            os.close(descriptor)
    except OSError:
        pass


def _open(path: str) -> int:
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
    return os.open(path, flags, 0o666)
