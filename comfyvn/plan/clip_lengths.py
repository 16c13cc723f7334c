"""How long the clips of spoken lines are, as the last build made them."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import fmean

from comfyvn.plan.clips import LINES, lines_of
from comfyvn.plan.registry_rows import Past


def clip_seconds(root: Path, language: str) -> dict[str, float]:
    """Return the seconds of each line that has a clip, by its id; of several clips, the mean."""
    past = Past(root)
    try:
        found: dict[str, list[float]] = {}
        for name in sorted(name for name in past.kept if name.startswith(LINES)):
            entries = past.content(name)
            for line in lines_of(name.removeprefix(LINES), entries) if entries else ():
                if line.language == language and (facts := past.content(f"@voice/{line.key}.json")):
                    found.setdefault(line.line, []).append(json.loads(facts)["seconds"])
    finally:
        past.close()
    return {id: fmean(seconds) for id, seconds in found.items()}
