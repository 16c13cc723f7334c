"""Which file each asset request gets: a hand-made one below `assets/`, else a placeholder."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from comfyvn.drivers import placeholder
from comfyvn.plan.library import find_assets
from comfyvn.plan.requests import SOUNDS, AssetRequest
from comfyvn.source.diagnostics import Diagnostics

DRAWN = Path(".comfyvn") / "placeholders"
"""Where drawn placeholders are kept, by the digest of what they were drawn from."""


@dataclass(frozen=True)
class Asset:
    """The file that answers a request: hand-made, or a drawn placeholder."""

    path: Path
    placeholder: bool

    @property
    def suffix(self) -> str:
        """The file's ending in lower case, with the dot."""
        return self.path.suffix.lower()

    def read(self) -> bytes:
        """Return the content.

        Raises:
            OSError: the file cannot be read.
        """
        return self.path.read_bytes()


def resolve_assets(
    root: Path,
    program: Mapping[str, Any],
    requests: Iterable[AssetRequest],
    out: Diagnostics,
) -> dict[AssetRequest, Asset]:
    """Return the file of each request; a sound without one is left out, with a warning.

    Raises:
        OSError: a placeholder cannot be written below `.comfyvn/`.
    """
    requests = list(requests)
    made = find_assets(root, requests, out)
    found: dict[AssetRequest, Asset] = {}
    for request in requests:
        if request in made:
            found[request] = Asset(made[request], placeholder=False)
        elif request.kind not in SOUNDS:
            found[request] = Asset(_drawn(root, program, request), placeholder=True)
    return found


def _drawn(root: Path, program: Mapping[str, Any], request: AssetRequest) -> Path:
    """Return the placeholder's file, drawing it unless an equal one was drawn before."""
    brief = _brief(program, request)
    key = json.dumps([placeholder.VERSION, brief], sort_keys=True)
    path = root / DRAWN / f"{hashlib.sha256(key.encode()).hexdigest()[:24]}.webp"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(f".{os.getpid()}.tmp")
        temporary.write_bytes(placeholder.draw(brief))
        temporary.replace(path)
    return path


def _brief(program: Mapping[str, Any], request: AssetRequest) -> placeholder.Brief:
    theme = program["themes"].get(program.get("theme") or "", {})
    entry: Mapping[str, Any] = {}
    if request.kind == "sprite":
        entry = program["characters"].get(request.subject, {})
    elif request.kind == "background":
        entry = program["locations"].get(request.subject, {})
    elif request.kind == "prop":
        entry = program["props"].get(request.subject, {})
    return placeholder.Brief(
        kind=request.kind,
        subject=request.subject,
        label=entry.get("name") or request.subject.rpartition("/")[2].replace("_", " "),
        traits=list(request.traits),
        setting=entry.get("kind", ""),
        text=entry.get("alt", "") or _alt(program, request),
        colour=entry.get("colour", ""),
        pronouns=entry.get("pronouns", ""),
        palette=theme.get("palette", {}),
    )


def _alt(program: Mapping[str, Any], request: AssetRequest) -> str:
    """Return the alt text of a picture's first occurrence."""
    if request.kind != "picture":
        return ""
    stack: list[Any] = [program["scenes"]]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            if value.get("op") == "picture" and value.get("asset") == request.subject:
                return str(value["alt"])
            stack.extend(reversed(value.values()))
        elif isinstance(value, list):
            stack.extend(reversed(value))
    return ""
