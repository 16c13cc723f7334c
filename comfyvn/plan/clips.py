"""The clips that are made of spoken lines, as collections: what `@lines/SCENE` says, in rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from comfyvn.drivers.speech.makers import HERE
from comfyvn.engine.step import canonical
from comfyvn.model.listing import list_sources
from comfyvn.plan.facts import Facts, Item, Selection
from comfyvn.plan.scripts import COMFYUI
from comfyvn.plan.speech import scene_key
from comfyvn.plan.workflows import NEEDS, NO_FILE, workflow_file
from comfyvn.source.diagnostics import Diagnostics

GIVEN = "@recordings"
"""Given to the front where something may be spoken, and only there."""
ACTORS = "@actors"
"""Given to the front where anything is recorded, and only there."""
LINES = "@lines/"
SCRIPTS = "@scripts"
KEPT = "@kept/renpy"
FILE = "file"
"""What makes a clip of a recording."""


class Line(NamedTuple):
    """One clip of one line in one language.

    Attributes:
        number: which of the line's clips, from 1.
        maker: what makes it; `FILE` for a recording.
        path: the file of a recording.
        workflow: the name of the workflow that speaks it.
        reference: the file of the voice that the workflow is to imitate.
    """

    scene: str
    language: str
    line: str
    number: int
    key: str
    maker: str
    path: str = ""
    workflow: str = ""
    reference: str = ""


def lines_of(scene: str, entries: bytes) -> Iterator[Line]:
    """Yield the clips in `@lines/SCENE`."""
    before, number = ("", ""), 0
    for language, line, key, maker, *more in json.loads(entries):
        number = number + 1 if (language, line) == before else 1
        before = language, line
        if key:
            found = Line(scene, language, line, number, key, maker)
            if maker == FILE:
                found = found._replace(path=more[0])
            elif maker == COMFYUI:
                found = found._replace(workflow=more[0], reference=more[1])
            yield found


def _lines(facts: Facts) -> Iterator[Line]:
    for name in sorted(name for name in facts.made if name.startswith(LINES)):
        yield from lines_of(name.removeprefix(LINES), facts.read(name))


def is_spoken(facts: Facts) -> bool:
    """Whether anything of the story may be spoken."""
    return GIVEN in facts.made


def casting(facts: Facts) -> list[Item]:
    """Return one item, without fields, where anything may be spoken."""
    return [{}] if is_spoken(facts) else []


def speaking(facts: Facts) -> list[Item]:
    """Return the scenes with the beginning of their clips' keys, where anything may be spoken."""
    if not is_spoken(facts):
        return []
    found = list_sources(facts.files, Diagnostics()).scenes
    return [{"scene": scene, "key": scene_key(scene)} for scene in found]


def acting(facts: Facts) -> list[Item]:
    """Return the scenes, where anything is recorded."""
    if ACTORS not in facts.made:
        return []
    return [{"scene": scene} for scene in list_sources(facts.files, Diagnostics()).scenes]


def acted(facts: Facts) -> list[Item]:
    """Return one item, without fields, where anything is recorded."""
    return [{}] if ACTORS in facts.made else []


def acted_files(facts: Facts) -> list[Item]:
    """Return the recordings that the story uses."""
    try:
        found = json.loads(facts.read("@acted"))
    except KeyError:
        return []
    return [{"path": path} for path in sorted(found)]


CLIP_FIELDS = ("key", "name", "make", "path", "suffix")


def clips(facts: Facts) -> list[Item]:
    """Return each clip once, whatever makes it; `path` is a recording's file."""
    found = {line.key: line for line in _lines(facts)}
    return [
        {
            "key": key,
            "name": f"{line.scene} {key.partition('-')[2]}",
            "make": line.maker,
            "path": line.path,
            "suffix": PurePosixPath(line.path).suffix.lower(),
        }
        for key, line in found.items()
    ]


def spoken(facts: Facts) -> list[Item]:
    """Return the clips that something on this machine speaks."""
    return [item for item in clips(facts) if item["make"] in HERE]


def asked(facts: Facts) -> list[Item]:
    """Return the clips that a speech server is asked for."""
    return [item for item in clips(facts) if item["make"] == "openai"]


PERFORMED_FIELDS = ("key", "name", "workflow", "file", "reference", *NEEDS)


def performed(facts: Facts) -> list[Item]:
    """Return the clips that ComfyUI workflows speak, with what these need of a server."""
    found = {line.key: line for line in _lines(facts) if line.maker == COMFYUI}
    needs = json.loads(facts.read(SCRIPTS)) if found else {}
    return [
        {
            "key": key,
            "name": f"{line.scene} {key.partition('-')[2]}",
            "workflow": line.workflow,
            "file": workflow_file(line.workflow, needs[line.workflow]),
            "reference": line.reference or NO_FILE,
            **{name: needs[line.workflow].get(name, "") for name in NEEDS},
        }
        for key, line in found.items()
    ]


def recordings(facts: Facts) -> list[Item]:
    """Return the clips that are recorded."""
    return [item for item in clips(facts) if item["make"] == FILE]


HEARD_FIELDS = ("key", "name", "language", "folder", "line")


def folder_of(language: str) -> str:
    """Return a language as the name of a folder: `pt-BR` is `pt_br`."""
    return language.replace("-", "_").lower()


def file_of(line: Line) -> str:
    """Return what a clip is called in its language: its line's id, `_v2` for its second text."""
    return line.line if line.number == 1 else f"{line.line}_v{line.number}"


def heard(facts: Facts) -> list[Item]:
    """Return each clip in each language in which it is heard."""
    return _heard(_lines(facts))


def renpy_voices(facts: Facts) -> list[Item]:
    """Return those of them that Ren'Py gets."""
    try:
        kept = json.loads(facts.read(KEPT))
    except KeyError:
        return heard(facts)  # it gets all of the story
    gone, silent = frozenset(kept["gone"]), frozenset(kept["silent"])
    return _heard(
        line for line in _lines(facts) if line.line not in gone and line.path not in silent
    )


def _heard(lines: Iterable[Line]) -> list[Item]:
    return [
        {
            "key": line.key,
            "name": f"{line.scene} {line.line} {line.language} {line.number}",
            "language": line.language,
            "folder": folder_of(line.language),
            "line": file_of(line),
        }
        for line in lines
    ]


def voiced(facts: Facts) -> list[Item]:
    """Return the groups of scenes that a site serves in one file, where anything may be spoken."""
    if not is_spoken(facts):
        return []
    return [
        {"key": group["key"], "name": group["scenes"][0], "scenes": canonical(group["scenes"])}
        for group in json.loads(facts.read("@web/groups"))
    ]


COLLECTIONS: Mapping[str, Selection] = {
    "casting": Selection(casting, (), ()),
    "speaking": Selection(speaking, ("scene", "key"), ("scene",)),
    "acting": Selection(acting, ("scene",), ("scene",)),
    "acted": Selection(acted, (), ()),
    "acted-file": Selection(acted_files, ("path",), ("path",), ("@acted",)),
    "clip": Selection(clips, CLIP_FIELDS, ("name",), (LINES + "*",)),
    "spoken": Selection(spoken, CLIP_FIELDS, ("name",), (LINES + "*",)),
    "asked": Selection(asked, CLIP_FIELDS, ("name",), (LINES + "*",)),
    "performed": Selection(performed, PERFORMED_FIELDS, ("name",), (LINES + "*", SCRIPTS)),
    "recording": Selection(recordings, CLIP_FIELDS, ("name",), (LINES + "*",)),
    "heard": Selection(heard, HEARD_FIELDS, ("name",), (LINES + "*",)),
    "renpy-voice": Selection(renpy_voices, HEARD_FIELDS, ("name",), (LINES + "*", KEPT)),
    "voiced": Selection(voiced, ("key", "name", "scenes"), ("name",), ("@web/groups",)),
}
