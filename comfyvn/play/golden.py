"""Goldens: what a play-through shows, as a person reviewed it.

A golden is text for people: one line for each line, choice, picture and sound, with its id, so that
a typo that is mended is one line of a diff, and nothing else is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from comfyvn.play.answers import plain
from comfyvn.play.runtime import Record

FOLDER = "goldens"
_WIDTH = 8
"""Of most ids; that of what a choice says is longer."""
_MARKS = ("- ", "> ", "= ", "… ")


def golden_path(root: Path, name: str) -> Path:
    """Return where the golden of a playtest is."""
    return root / FOLDER / f"{name}.txt"


def golden(records: Sequence[Record]) -> str:
    """Return a transcript as a golden has it."""
    return "".join(f"{line}\n" for line in _lines(records))


class Entry(NamedTuple):
    """A line of a golden: an id, empty for what comes on the stage and sounds, and what it is."""

    id: str
    text: str

    @property
    def key(self) -> tuple[str, str]:
        """What stays when its words are changed. A choice that is taken was offered before."""
        return (self.id, self.text[:2] if self.text[:2] in _MARKS else "") if self.id else self


def entries(text: str) -> list[Entry]:
    """Return the lines of a golden."""
    return [_entry(line) for line in text.splitlines()]


def _entry(line: str) -> Entry:
    id = line.partition(" ")[0]
    return Entry(id, line[max(len(id), _WIDTH) + 2 :])


def taken(text: str) -> list[tuple[str, str]]:
    """Return the ids and texts of the choices that are taken in a golden."""
    return [(each.id, each.text[2:]) for each in entries(text) if each.text[:2] == "> "]


def _lines(records: Sequence[Record]) -> Iterator[str]:
    texts: dict[str, str] = {}
    for record in records:
        kind = record["t"]
        if kind == "line":
            name = f"{record['name']}: " if record["name"] else ""
            yield _line(record["id"], f"{name}{record['text']}")
        elif kind == "more":
            yield _line(record["id"], f"… {record['text']}")
        elif kind == "menu":
            texts = {each["id"]: each["text"] for each in record["choices"]}
            for each in record["choices"]:
                reason = each.get("reason")
                locked = "" if each["enabled"] else f" (locked{f': {reason}' if reason else ''})"
                yield _line(each["id"], f"- {each['text']}{locked}")
        elif kind == "choice":
            yield _line(record["id"], f"> {plain(texts.get(record['id'], ''))}")
        elif kind == "input":
            yield _line(record["id"], f"> “{record['value']}”")
        elif kind == "stage":
            fields = {key: value for key, value in record.items() if key not in ("t", "do")}
            said = " ".join(f"{key}={_value(value)}" for key, value in sorted(fields.items()))
            yield _line("", f"[{record['do']}{' ' if said else ''}{said}]")
        elif kind == "ending":
            yield _line(record["id"], f"= {record['name']} “{record['title']}”")
        elif kind in ("waiting", "stuck"):
            yield _line(record.get("id", ""), f"= {kind}")


def _line(id: str, text: str) -> str:
    shown = text.replace("\n", " / ")
    return f"{id:{_WIDTH}}  {shown}".rstrip()


def _value(value: object) -> str:
    if isinstance(value, dict):
        return ",".join(f"{key}:{inner}" for key, inner in sorted(value.items()))
    return str(value)
