"""The hand-made files below `assets/`, those that a project's rules make below `build/assets/`, and
which of them answers which asset request.

A file's stem is words parted by spaces, `_` or `-`: first those of the request's subject, then any
of its traits, in any order. The file that names the most traits wins, so `mei.png` serves every
look of Mei until there is a `mei worried.png`. Of two that name as many, the hand-made one wins.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path, PurePosixPath

from comfyvn.plan.requests import SOUNDS, AssetRequest
from comfyvn.source.diagnostics import Diagnostics, Related, Span
from comfyvn.source.files import decoded
from comfyvn.source.nearest import nearest

PICTURE_ENDINGS = frozenset({".png", ".webp", ".jpg", ".jpeg", ".avif", ".gif"})
MADE = "build/assets/"
"""Where rules of a project write pictures and sounds that the story uses."""
WORKING_ENDINGS = {
    ".svg": "export it as PNG or WebP, as large as it is shown",
    ".psd": "export it as PNG or WebP from Photoshop",
    ".kra": "export it as PNG or WebP from Krita",
    ".xcf": "export it as PNG or WebP from GIMP",
    ".clip": "export it as PNG from Clip Studio",
    ".afphoto": "export it as PNG or WebP from Affinity",
    ".ora": "export it as PNG or WebP",
    ".tif": "save it as PNG or WebP",
    ".tiff": "save it as PNG or WebP",
    ".bmp": "save it as PNG or WebP",
    ".tga": "save it as PNG or WebP",
    ".heic": "save it as JPEG or AVIF",
    ".heif": "save it as JPEG or AVIF",
    ".jxl": "save it as PNG, WebP or AVIF",
    ".jfif": "rename it to `.jpg`",
}
"""Endings of pictures that games do not show, and what to do."""
SOUND_ENDINGS = frozenset(
    {".ogg", ".opus", ".mp3", ".wav", ".flac", ".m4a", ".aif", ".aiff", ".wma", ".aac"}
)

Words = tuple[str, ...]


def files_below(root: Path) -> list[str]:
    """Return the files below `assets/` and what a build left below `build/assets/`, as paths from
    the project's folder; none that is hidden, or in a folder that is."""
    paths = (p for name in ("assets", MADE) for p in (root / name).rglob("*") if p.is_file())
    names = (decoded(path.relative_to(root).as_posix()) for path in paths)
    return sorted(name for name in names if "/." not in name)


def words(name: str) -> Words:
    """Split a name into its words: NFC, any case, parted by spaces, `_`, `-` or `/`."""
    return tuple(re.split(r"[\s_\-/]+", unicodedata.normalize("NFC", name).casefold().strip(" _-")))


class Library:
    """Pictures, sounds and the working files of pictures, by the first word of their stems."""

    def __init__(self, files: Iterable[str], varied: Iterable[str] = ()) -> None:
        """Take in paths, from the project's folder; what is no picture or sound is left aside.

        `varied` are the names of music that is made, which may be meant too.
        """
        self.varied = tuple(varied)
        self.pictures: dict[str, list[tuple[Words, str]]] = {}
        self.sounds: dict[str, list[tuple[Words, str]]] = {}
        self.working: dict[str, list[tuple[Words, str]]] = {}
        for name in sorted(files):
            path = PurePosixPath(name)
            ending = path.suffix.lower()
            if ending in PICTURE_ENDINGS:
                shelf = self.pictures
            elif ending in SOUND_ENDINGS:
                shelf = self.sounds
            elif ending in WORKING_ENDINGS:
                shelf = self.working
            else:
                continue
            if not path.name.startswith("."):
                stem = words(path.stem)
                shelf.setdefault(stem[0], []).append((stem, name))

    def answers(
        self,
        requests: Iterable[AssetRequest],
        out: Diagnostics,
        made: Collection[AssetRequest] = (),
        place: Callable[[AssetRequest], Span] | None = None,
    ) -> dict[AssetRequest, str]:
        """Return the path for each request that has one.

        Reports sounds without one that are not `made` either, where `place` says that they are
        asked for, requests with two, and pictures that are not exported yet.
        """
        found: dict[AssetRequest, str] = {}
        unexported: dict[str, AssetRequest] = {}
        for request in requests:
            path = self._find(request, out)
            if path is not None:
                found[request] = path
            elif request in made:
                continue
            elif request.kind in SOUNDS:
                names = [PurePosixPath(p).stem for shelf in self.sounds.values() for _, p in shelf]
                near = nearest(request.name, [*names, *self.varied])
                out.warning(
                    "VN1002",
                    f"no file below `assets/` is named `{request.name}`, so this {request.kind} "
                    "is silent",
                    place(request) if place is not None else Span.whole_file("assets"),
                    help=f"did you mean `{near}`?"
                    if near
                    else f"add `{request.name}.ogg`, or another of "
                    f"{', '.join(sorted(SOUND_ENDINGS))}",
                )
            elif self.working and (fitting := _fitting(self.working, request)):
                unexported.setdefault(fitting[0], request)
        for path, request in unexported.items():
            ending = PurePosixPath(path).suffix.lower()
            out.warning(
                "VN1204",
                f"`{path}` is named like `{request.name}`, and a game cannot show `{ending}`",
                Span.whole_file(path),
                help=WORKING_ENDINGS[ending],
            )
        return found

    def _find(self, request: AssetRequest, out: Diagnostics) -> str | None:
        best = _fitting(self.sounds if request.kind in SOUNDS else self.pictures, request)
        if len(best) > 1:
            first, second = best[:2]
            out.error(
                "VN1001",
                f"`{first}` and `{second}` both answer to `{request.name}` equally well",
                Span.whole_file(first),
                help="rename or remove one, or let one name more of it",
                related=[Related(Span.whole_file(second), "the other one")],
            )
        return best[0] if best else None


def _fitting(shelf: Mapping[str, list[tuple[Words, str]]], request: AssetRequest) -> list[str]:
    """Return the files that name most of a request, several if they name as many."""
    subject = words(request.subject)
    traits = Counter(word for trait in request.traits for word in words(trait))
    best: list[str] = []
    most = (-1, False)
    for stem, path in shelf.get(subject[0], ()):
        rest = Counter(stem[len(subject) :])
        if stem[: len(subject)] != subject or rest - traits:
            continue
        if (rank := (rest.total(), not path.startswith(MADE))) > most:
            best, most = [path], rank
        elif rank == most:
            best.append(path)
    return best
