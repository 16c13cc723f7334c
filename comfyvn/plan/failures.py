"""What failed steps said: findings where a source cannot be read; kept for whoever asks later why
they have no result."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from comfyvn.engine.manifest import STATE
from comfyvn.engine.objects import write_file
from comfyvn.engine.ran import Failure
from comfyvn.engine.store import Store
from comfyvn.plan.outcome import Outcome
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.text import report_unreadable

_FILE = "failures.json"


def unread(failures: Iterable[Failure]) -> Diagnostics:
    """Return a finding for each source that a step could not read."""
    out = Diagnostics()
    for path, said in {each.unread: each.message for each in failures if each.unread}.items():
        report_unreadable(path, OSError(0, said), out)
    return out


def read_failures(root: Path) -> dict[str, str]:
    """Return what each step said that failed when it was last begun, as far as that is known."""
    try:
        found = json.loads((root / STATE / _FILE).read_bytes())
    except (OSError, ValueError):
        return {}
    return {str(step): str(said) for step, said in found.items()} if isinstance(found, dict) else {}


def keep_failures(root: Path, outcome: Outcome, store: Store) -> None:
    """Remember what failed in a build, and forget what did not fail again or is no step any more.

    What cannot be written is not kept.
    """
    before = read_failures(root)
    looked_at = {each.step.name for each in outcome.ran}
    now = {
        step: said
        for step, said in before.items()
        if step not in looked_at and store.made(step) is not None
    }
    now |= {each.step.name: each.message for each in outcome.failures}
    if now != before:
        with suppress(OSError):
            data = json.dumps(now, ensure_ascii=False).encode("utf-8", "replace")
            write_file(root / STATE / _FILE, data, temporary=root / STATE / "tmp")
