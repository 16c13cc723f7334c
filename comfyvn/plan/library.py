"""The hand-made files below `assets/`, and which of them answers which asset request.

A file's stem is words parted by spaces, `_` or `-`: first those of the request's subject, then any
of its traits, in any order. The file that names the most traits wins, so `mei.png` serves every
look of Mei until there is a `mei worried.png`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from comfyvn.plan.requests import SOUNDS, AssetRequest
from comfyvn.plan.sniff import is_picture, is_sound
from comfyvn.source.diagnostics import Diagnostics, Related, Span
from comfyvn.source.nearest import nearest

PICTURE_ENDINGS = frozenset({".png", ".webp", ".jpg", ".jpeg", ".avif"})
SOUND_ENDINGS = frozenset({".ogg", ".opus", ".mp3", ".wav", ".flac", ".m4a"})

Words = tuple[str, ...]


def find_assets(
    root: Path, requests: Iterable[AssetRequest], out: Diagnostics
) -> dict[AssetRequest, Path]:
    """Return the hand-made file of each request that has one.

    Reports sounds without one, requests with two, and files that are no picture or sound.
    """
    library = _Library(root)
    found: dict[AssetRequest, Path] = {}
    for request in requests:
        path = library.find(request, out)
        if path is not None:
            found[request] = path
        elif request.kind in SOUNDS:
            near = nearest(request.name, library.sound_names())
            out.warning(
                "VN1002",
                f"no file below `assets/` is named `{request.name}`, so this {request.kind} "
                "is silent",
                Span.whole_file("assets"),
                help=f"did you mean `{near}`?"
                if near
                else f"add `{request.name}.ogg`, or another of {', '.join(sorted(SOUND_ENDINGS))}",
            )
    for path in sorted(set(found.values())):
        _check_content(root, path, out)
    return found


def _check_content(root: Path, path: Path, out: Diagnostics) -> None:
    """Report a file that no target could show or play, whatever its name says."""
    name = path.relative_to(root).as_posix()
    is_image = path.suffix.lower() in PICTURE_ENDINGS
    try:
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError as error:
        out.error("VN0151", f"cannot be read: {error.strerror}", Span.whole_file(name))
        return
    if not (is_picture(start) if is_image else is_sound(start)):
        pointer = start.startswith(b"version https://git-lfs")
        out.error(
            "VN1003",
            f"`{name}` holds no {'picture' if is_image else 'sound'}"
            + (": it is empty" if not start else ""),
            Span.whole_file(name),
            help="it only points to the file: run `git lfs pull`"
            if pointer
            else "replace it, or remove it to have a placeholder"
            if is_image
            else "replace it, or remove it to have silence",
        )


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

    def sound_names(self) -> list[str]:
        """Return the names that sounds can be asked for by, as their files are called."""
        return [path.stem for shelf in self.sounds.values() for _, path in shelf]

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
