"""Which file each asset request gets: a hand-made one below `assets/`, else a placeholder.

A file's stem is words parted by spaces, `_` or `-`: first those of the request's subject, then any
of its traits, in any order. The file that names the most traits wins, so `mei.png` serves every
look of Mei until there is a `mei worried.png`.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from comfyvn.drivers import placeholder
from comfyvn.plan.requests import SOUNDS, AssetRequest
from comfyvn.source.diagnostics import Diagnostics, Related, Span

PICTURE_ENDINGS = frozenset({".png", ".webp", ".jpg", ".jpeg", ".avif"})
SOUND_ENDINGS = frozenset({".ogg", ".opus", ".mp3", ".wav", ".flac", ".m4a"})
DRAWN = Path(".comfyvn") / "placeholders"
"""Where drawn placeholders are kept, by the digest of what they were drawn from."""

Words = tuple[str, ...]


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
    library = _Library(root)
    found: dict[AssetRequest, Asset] = {}
    for request in requests:
        path = library.find(request, out)
        if path is not None:
            found[request] = Asset(path, placeholder=False)
        elif request.kind not in SOUNDS:
            found[request] = Asset(_drawn(root, program, request), placeholder=True)
        else:
            out.warning(
                "VN1002",
                f"no file below `assets/` is named `{request.name}`, so this {request.kind} "
                "is silent",
                Span.whole_file("assets"),
                help=f"add `{request.name}.ogg`, or another of {', '.join(sorted(SOUND_ENDINGS))}",
            )
    return found


def words(name: str) -> Words:
    """Split a name into its words: NFC, any case, parted by spaces, `_`, `-` or `/`."""
    return tuple(re.split(r"[\s_\-/]+", unicodedata.normalize("NFC", name).casefold().strip(" _-")))


class _Library:
    """The files below `assets/`, by the first word of their stems."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.pictures: dict[str, list[tuple[Words, Path]]] = {}
        self.sounds: dict[str, list[tuple[Words, Path]]] = {}
        for path in sorted((root / "assets").rglob("*")):
            ending = path.suffix.lower()
            known = ending in PICTURE_ENDINGS or ending in SOUND_ENDINGS
            if known and path.is_file() and not path.name.startswith("."):
                shelf = self.pictures if ending in PICTURE_ENDINGS else self.sounds
                stem = words(path.stem)
                shelf.setdefault(stem[0], []).append((stem, path))

    def find(self, request: AssetRequest, out: Diagnostics) -> Path | None:
        subject = words(request.subject)
        traits = Counter(word for trait in request.traits for word in words(trait))
        shelf = self.sounds if request.kind in SOUNDS else self.pictures
        best: list[Path] = []
        most = -1
        for stem, path in shelf.get(subject[0], ()):
            rest = Counter(stem[len(subject) :])
            if stem[: len(subject)] != subject or rest - traits:
                continue
            if (count := rest.total()) > most:
                best, most = [path], count
            elif count == most:
                best.append(path)
        if len(best) > 1:
            first, second = (path.relative_to(self.root).as_posix() for path in best[:2])
            out.error(
                "VN1001",
                f"`{first}` and `{second}` both answer to `{request.name}` equally well",
                Span.whole_file(first),
                help="rename or remove one, or let one name more of it",
                related=[Related(Span.whole_file(second), "the other one")],
            )
        return best[0] if best else None


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
