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
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from comfyvn.plan.requests import SOUNDS, AssetRequest
from comfyvn.plan.sniff import is_picture, is_sound
from comfyvn.source.diagnostics import Diagnostics, Related, Span
from comfyvn.source.nearest import nearest

PICTURE_ENDINGS = frozenset({".png", ".webp", ".jpg", ".jpeg", ".avif"})
MADE = "build/assets/"
"""Where rules of a project write pictures and sounds that the story uses."""
SOUND_ENDINGS = frozenset({".ogg", ".opus", ".mp3", ".wav", ".flac", ".m4a"})

Words = tuple[str, ...]


def find_assets(
    root: Path, requests: Iterable[AssetRequest], out: Diagnostics
) -> dict[AssetRequest, Path]:
    """Return the hand-made file of each request that has one.

    Reports sounds without one, requests with two, and files that are no picture or sound.
    """
    found = Library(files_below(root)).answers(requests, out)
    for name in sorted(set(found.values())):
        check_content(root / name, name, out)
    return {request: root / name for request, name in found.items()}


def files_below(root: Path) -> list[str]:
    """Return the files below `assets/` and what a build left below `build/assets/`, as paths from
    the project's folder."""
    paths = (p for name in ("assets", MADE) for p in (root / name).rglob("*") if p.is_file())
    return sorted(path.relative_to(root).as_posix() for path in paths)


def check_content(path: Path, name: str, out: Diagnostics) -> None:
    """Report a file that no target could show or play, whatever its name says.

    `name` is what messages call it: its path in the project.
    """
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


class Library:
    """Pictures and sounds, by the first word of their stems."""

    def __init__(self, files: Iterable[str]) -> None:
        """Take in paths, from the project's folder; what is no picture or sound is left aside."""
        self.pictures: dict[str, list[tuple[Words, str]]] = {}
        self.sounds: dict[str, list[tuple[Words, str]]] = {}
        for name in sorted(files):
            path = PurePosixPath(name)
            ending = path.suffix.lower()
            known = ending in PICTURE_ENDINGS or ending in SOUND_ENDINGS
            if known and not path.name.startswith("."):
                shelf = self.pictures if ending in PICTURE_ENDINGS else self.sounds
                stem = words(path.stem)
                shelf.setdefault(stem[0], []).append((stem, name))

    def answers(
        self, requests: Iterable[AssetRequest], out: Diagnostics
    ) -> dict[AssetRequest, str]:
        """Return the path for each request that has one.

        Reports sounds without one, and requests with two.
        """
        found: dict[AssetRequest, str] = {}
        for request in requests:
            path = self._find(request, out)
            if path is not None:
                found[request] = path
            elif request.kind in SOUNDS:
                names = [PurePosixPath(p).stem for shelf in self.sounds.values() for _, p in shelf]
                near = nearest(request.name, names)
                out.warning(
                    "VN1002",
                    f"no file below `assets/` is named `{request.name}`, so this {request.kind} "
                    "is silent",
                    Span.whole_file("assets"),
                    help=f"did you mean `{near}`?"
                    if near
                    else f"add `{request.name}.ogg`, or another of "
                    f"{', '.join(sorted(SOUND_ENDINGS))}",
                )
        return found

    def _find(self, request: AssetRequest, out: Diagnostics) -> str | None:
        subject = words(request.subject)
        traits = Counter(word for trait in request.traits for word in words(trait))
        shelf = self.sounds if request.kind in SOUNDS else self.pictures
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
