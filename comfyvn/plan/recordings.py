"""Recordings of lines: files below `assets/voice/` that are named by a line's id."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from pathlib import PurePosixPath

from comfyvn.model.languages import common_language
from comfyvn.plan.library import MADE, SOUND_ENDINGS
from comfyvn.source.diagnostics import Diagnostics, Related, Span

FOLDERS = ("assets/voice/", f"{MADE}voice/")
"""Where files are recordings when their names are ids of lines."""
_LINE = re.compile(r"[bci][a-z0-9]{7}(_s)?")


def recordings(files: Iterable[str]) -> list[str]:
    """Return those of the files that may be recordings of lines, sorted."""
    return sorted(path for path in files if path.startswith(FOLDERS) and _line_of(path))


def recorded(
    paths: Iterable[str], languages: list[str], people: Collection[str], out: Diagnostics
) -> dict[str, dict[str, str]]:
    """Return the recording of each line, by language and id.

    The language is a folder's, else the story's own, which is the first. What a rule of the
    project makes gives way to a file below `assets/`.

    Args:
        paths: the recordings.
        languages: those of the story.
        people: the ids of its characters, whose folders are no languages.
        out: where recordings in other languages and two of one line are reported.
    """
    found: dict[str, dict[str, str]] = {}
    foreign: Counter[str] = Counter()
    for path in sorted(paths):
        language, folder = _language_of(path, languages, people)
        if language is None:
            foreign[folder] += 1
            continue
        lines = found.setdefault(language, {})
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
    for folder, count in foreign.items():
        _report_foreign(folder, count, languages, out)
    return found


def _language_of(
    path: str, languages: list[str], people: Collection[str]
) -> tuple[str | None, str]:
    """Return the language of a recording; None, and its folder, if the story has not that one."""
    tongues = {language.casefold(): language for language in languages}
    folders = PurePosixPath(path).parts[:-1]
    for folder in folders[2:]:
        if language := tongues.get(folder.casefold().replace("_", "-")):
            return language, ""
    for number, folder in enumerate(folders[2:], 3):
        if folder.casefold() not in people and common_language(folder) is not None:
            return None, "/".join(folders[:number])
    return languages[0], ""


def _report_foreign(folder: str, count: int, languages: list[str], out: Diagnostics) -> None:
    name = PurePosixPath(folder).name
    tag = common_language(name) or ""
    root = tag.partition("-")[0].casefold()
    kin = next((each for each in languages if each.partition("-")[0].casefold() == root), None)
    what = "the recording" if count == 1 else f"the {count} recordings"
    out.warning(
        "VN1314",
        f"`{name}` is no language of the story, so {what} in `{folder}` "
        f"{'is' if count == 1 else 'are'} not used",
        Span.whole_file(folder),
        help=f"name the folder `{kin}`"
        if kin is not None
        else f"add `{tag}` to `languages` in vn.yaml, or name the folder otherwise",
    )


def _line_of(path: str) -> str:
    """Return the id that a file is named by, in any case; empty if it is no recording."""
    pure = PurePosixPath(path)
    name = pure.stem.lower()
    named = _LINE.fullmatch(name) and pure.suffix.lower() in SOUND_ENDINGS
    return name.removesuffix("_s") if named else ""
