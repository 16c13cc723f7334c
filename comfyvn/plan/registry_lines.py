"""The spoken lines of a story as rows of the registry."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from comfyvn.engine.digest import digest_of
from comfyvn.engine.step import canonical
from comfyvn.model.load import LoadedProject
from comfyvn.plan.casting import LINE, Casting
from comfyvn.plan.clips import FILE
from comfyvn.plan.library import files_below
from comfyvn.plan.recordings import recorded, recordings
from comfyvn.plan.registry_rows import Past, Row, file_row, state_of
from comfyvn.plan.speech import Spoken, spoken
from comfyvn.plan.workflows import Workflows
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.lock import read_lock

KIND = LINE
_TAKE = re.compile(r"^-t\d+")


def line_rows(
    root: Path,
    said: Mapping[str, Any],
    loaded: LoadedProject,
    program: Mapping[str, Any],
    past: Past,
) -> Iterator[Row]:
    """Yield a row for each clip of each line, and for each line that has none although its
    speaker has a voice.

    Args:
        root: the project's folder.
        said: what its YAML sources say.
        loaded: those sources.
        program: the Program.
        past: what earlier builds made.
    """
    files = recordings(files_below(root))
    if loaded.project.speech is None and not files:
        return
    out = Diagnostics()
    pins = read_lock(root, out).pins
    casting = Casting.of(program, said, out, Workflows.of(root, out), pins=pins)
    known = recorded(files, casting.languages, said["characters"], out)
    words = program.get("translations", {})
    for scene, part in program["scenes"].items():
        found = spoken(scene, part, words, known, casting)
        for entry in found.lines:
            yield _row(root, entry, found, past)


def _row(root: Path, entry: list[str], found: Spoken, past: Past) -> Row:
    language, line, key, maker, *more = entry
    if not key:
        return Row(KIND, f"{line} {language}", "missing", language=language, text=f"({maker})")
    text = found.briefs[key]["text"]
    name = f"{line} {language}"
    # What is not translated has the clips of the story's own language.
    rest = key.removeprefix(f"{key[:12]}-{line}-{found.briefs[key]['language']}")
    number = _TAKE.sub("", rest).removeprefix("-")
    if number:
        name += f" {number}"
    if maker == FILE:
        row = file_row(root, KIND, name, "hand-made", key, more[0])
        return row._replace(language=language, text=text)
    clip = past.kept.get(f"@voice/{key}.opus")
    if clip is None:
        return Row(KIND, name, "missing", maker, key=key, language=language, text=text)
    origin = past.origin(key)
    spoken_of = past.kept.get(f"@spoken/{key}")
    brief = digest_of(canonical(found.briefs[key]).encode())
    return Row(
        KIND,
        name,
        state_of(origin, brief, spoken_of.inputs if spoken_of else ()),
        maker,
        key=key,
        digest=clip.digest,
        bytes=clip.size,
        licence=str(origin.get("licence") or ""),
        language=language,
        text=text,
    )
