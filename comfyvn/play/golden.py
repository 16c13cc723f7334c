"""Goldens: what a play-through shows, as a person reviewed it.

A golden is text for people: one line for each line, choice, picture and sound, with its id, so that
a typo that is mended is one line of a diff, and nothing else is.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path

from comfyvn.play.answers import plain
from comfyvn.play.playthrough import Played
from comfyvn.play.runtime import Record

FOLDER = "goldens"
_MOST = 20
"""How many lines of a difference are shown."""


def golden_path(root: Path, name: str) -> Path:
    """Return where the golden of a playtest is."""
    return root / FOLDER / f"{name}.txt"


def golden(played: Played) -> str:
    """Return a play-through as a golden has it."""
    return "".join(f"{line}\n" for line in _lines(played.records))


def difference(expected: str, found: str) -> list[str]:
    """Return the lines in which two goldens differ, with a line of context; none if equal.

    `-` is what the golden has, `+` what is shown now.
    """
    told = list(difflib.unified_diff(expected.splitlines(), found.splitlines(), lineterm="", n=1))[
        2:
    ]
    more = len(told) - _MOST
    return told if more <= 1 else [*told[:_MOST], f"… and {more} more"]


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
    return f"{id:8}  {shown}".rstrip()


def _value(value: object) -> str:
    if isinstance(value, dict):
        return ",".join(f"{key}:{inner}" for key, inner in sorted(value.items()))
    return str(value)
