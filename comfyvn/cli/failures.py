"""Steps that could not be done, told."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from comfyvn.engine.ran import Failure


def print_failures(failures: Iterable[Failure], root: Path) -> bool:
    """Print failures on standard error; where each happened goes to `.comfyvn/failures/`.

    Those that a finding tells of, a source that cannot be read, are left out. Returns whether there
    are others.
    """
    told = [each for each in failures if not each.unread]
    for alike in _alike(told):
        _print_failure(alike[0], len(alike) - 1, root)
    return bool(told)


def _alike(failures: Iterable[Failure]) -> list[list[Failure]]:
    """Return failures by what they say: a server that is away fails a step for each picture."""
    found: dict[tuple[str, str], list[Failure]] = {}
    for failure in failures:
        found.setdefault((failure.message, failure.trace), []).append(failure)
    return list(found.values())


def _print_failure(failure: Failure, more: int, root: Path) -> None:
    from comfyvn.source.render import plain

    others = f" and {more} more" if more else ""
    said = f"error: `{failure.step.name}`{others} failed: {failure.message}"
    print(plain(said, keep="\n"), file=sys.stderr)
    if failure.trace:
        folder = root / ".comfyvn" / "failures"
        path = folder / f"{failure.step.name.replace('/', '-')[:100]}.txt"
        try:
            folder.mkdir(exist_ok=True)
            path.write_text(failure.trace, encoding="utf-8")
            print(
                f"  where it happened is in {plain(str(path.relative_to(root)))}", file=sys.stderr
            )
        except OSError:
            print(failure.trace, file=sys.stderr)
