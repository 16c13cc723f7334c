"""Recordings of lines: files below `assets/voice/` that are named by a line's id."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from comfyvn.plan.library import MADE, SOUND_ENDINGS
from comfyvn.source.diagnostics import Diagnostics, Related, Span

FOLDERS = ("assets/voice/", f"{MADE}voice/")
"""Where files are recordings when their names are ids of lines."""
_LINE = re.compile(r"[bci][a-z0-9]{7}(_s)?")


def recordings(files: Iterable[str]) -> list[str]:
    """Return those of the files that may be recordings of lines, sorted."""
    return sorted(path for path in files if path.startswith(FOLDERS) and _line_of(path))


def recorded(
    paths: Iterable[str], languages: list[str], out: Diagnostics
) -> dict[str, dict[str, str]]:
    """Return the recording of each line, by language and id.

    The language is a folder's, else the story's own, which is the first. What a rule of the
    project makes gives way to a file below `assets/`.
    """
    found: dict[str, dict[str, str]] = {}
    tongues = {language.casefold(): language for language in languages}
    for path in sorted(paths):
        folders = PurePosixPath(path).parts[:-1]
        language = next((tongues[f.casefold()] for f in folders[2:] if f.casefold() in tongues), "")
        lines = found.setdefault(language or languages[0], {})
        line = _line_of(path)
        other = lines.setdefault(line, path)
        if other != path and path.startswith(MADE) == other.startswith(MADE):
            out.error(
                "VN1311",
                f"`{other}` and `{path}` are both recordings of the line `{line}`",
                Span.whole_file(path),
                help="remove one, or keep it outside of `assets/`",
                related=[Related(Span.whole_file(other), "the other one")],
            )
    return found


def _line_of(path: str) -> str:
    """Return the id that a file is named by; empty if it is no recording."""
    pure = PurePosixPath(path)
    named = _LINE.fullmatch(pure.stem) and pure.suffix.lower() in SOUND_ENDINGS
    return pure.stem.removesuffix("_s") if named else ""
