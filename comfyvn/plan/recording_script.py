"""The recording script: what an actor has to say, line by line, and under which name to save it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from comfyvn.plan.recordings import recorded, recordings
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.story.canonical import packed

NOBODY = ""
"""Who says what no character says."""
FIELDS = ("number", "file", "scene", "speaker", "cues", "text", "before", "recorded")


class Take(NamedTuple):
    """One line to record.

    Attributes:
        number: counted through the script, from 1.
        file: what to call the recording, without its ending: below `assets/`.
        scene: the scene's title, or its id.
        speaker: the characters' names; empty for narration.
        cues: how it is said: expression, manner.
        text: the words; what depends on the play stands in brackets.
        before: what somebody else says before it.
        recorded: the file that there is already, or empty.
    """

    number: int
    file: str
    scene: str
    speaker: str
    cues: str
    text: str
    before: str
    recorded: str


def recording_script(
    program: Mapping[str, Any],
    who: Iterable[str],
    language: str,
    files: Iterable[str],
    order: Sequence[str] = (),
) -> list[Take]:
    """Return the lines of some speakers.

    Args:
        program: the Program.
        who: ids of characters, and `NOBODY`; of none, the lines of everybody.
        language: the language to record in.
        files: the files below `assets/` and `build/assets/`, as paths from the project's folder.
        order: ids of scenes, those that come first; the others follow by their ids.
    """
    wanted = set(who)
    translated = language != program["language"]
    words = program.get("translations", {}).get(language, {})
    folder = f"voice/{language}" if translated else "voice"
    languages = [program["language"], *program.get("languages", ())]
    there = recorded(
        recordings(files), languages, program.get("characters", {}), Diagnostics()
    ).get(language, {})
    found: list[Take] = []
    scenes = program["scenes"]
    for name in dict.fromkeys([*(each for each in order if each in scenes), *sorted(scenes)]):
        scene = scenes[name]
        title = scene.get("title") or name
        before = ""
        for op in _lines(scene):
            if translated and "text" not in words.get(op["id"], {}):
                continue
            speakers = op["who"] or [NOBODY]
            name_said = _names(program, op)
            text = words[op["id"]]["text"] if translated else op["text"]
            said = spoken(text, op.get("slots", ()))
            if not wanted or wanted.intersection(speakers):
                file = f"{folder}/{op['id']}"
                found.append(
                    Take(
                        len(found) + 1,
                        file,
                        title,
                        name_said,
                        ", ".join([*op.get("look", {}).values(), *_manner(op)]),
                        said,
                        before,
                        there.get(op["id"].removesuffix("_s"), ""),
                    )
                )
                before = ""
            else:
                before = f"{name_said}: {said}" if name_said else said
    return found


def _lines(value: object) -> Iterator[Mapping[str, Any]]:
    """Yield the spoken lines of a scene, in the order in which they stand."""
    if isinstance(value, Mapping):
        if value.get("op") == "say":
            yield value
            return
        for part in value.values():
            yield from _lines(part)
    elif isinstance(value, list):
        for part in value:
            yield from _lines(part)


def _names(program: Mapping[str, Any], op: Mapping[str, Any]) -> str:
    cast = program.get("characters", {})
    return " & ".join(cast.get(id, {}).get("name", id) for id in op["who"])


def _manner(op: Mapping[str, Any]) -> list[str]:
    return [op["manner"]] if "manner" in op else []


def spoken(text: Sequence[Any], slots: Sequence[Any] = ()) -> str:
    """Return a text for an actor to read: forms side by side, values in brackets."""
    return " ".join("".join(_pieces(text, slots)).split())


def _pieces(text: Sequence[Any], slots: Sequence[Any]) -> Iterator[str]:
    for fragment in text:
        match fragment:
            case str():
                yield fragment
            case {"v": slot}:
                yield f"[{_value(slots, slot)}]"
            case {"em": inner} | {"strong": inner}:
                yield from _pieces(inner, slots)
            case {"ruby": _, "rt": reading}:
                yield reading
            case {"wording": _, "of": options}:
                yield f"[{' / '.join(spoken(each, slots) for each in options)}]"
            case {"plural": _, "forms": forms} | {"select": _, "forms": forms}:
                yield f"[{' / '.join(spoken(each, slots) for each in forms.values())}]"


def _value(slots: Sequence[Any], slot: int) -> str:
    match slots[slot] if slot < len(slots) else None:
        case ["var", str(name)]:
            return name.rpartition("#")[2]  # of a parameter without the scene that it is of
        case None:
            return "value"
        case expression:
            return packed(expression)


def as_csv(takes: Iterable[Take]) -> str:
    """Return a script as a table for spreadsheets, its first row the names of the columns."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(FIELDS)
    writer.writerows(takes)
    return made.getvalue()


def as_html(takes: Sequence[Take], title: str, language: str) -> str:
    """Return a script as a page to read from, or to print."""
    import jinja2

    from comfyvn.data import data_folder

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(data_folder("templates/assets")),
        autoescape=True,
        trim_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    template = environment.get_template("sheet.html")
    return template.render(takes=takes, title=title, language=language)


def as_text(takes: Iterable[Take]) -> str:
    """Return a script as plain text."""
    rows = []
    scene = None
    for take in takes:
        if take.scene != scene:
            scene = take.scene
            rows += [f"== {scene}", ""]
        if take.before:
            rows.append(f"      ({take.before})")
        cues = f" [{take.cues}]" if take.cues else ""
        done = "  recorded" if take.recorded else ""
        rows += [
            f"{take.number:>4}  {take.speaker or 'Narration'}{cues}: {take.text}",
            f"      -> {take.file}{done}",
            "",
        ]
    return "\n".join(rows)
