"""The shared vectors as Programs, so that every runtime is asked through the one thing it offers.

The JSON files beside this module are the data: `ops.json` has small stories with the transcripts
that they must give, `expressions.json` and `text.json` have values and printed texts.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

from comfyvn.play.runtime import Record, Run

_HERE = Path(__file__).parent


class Case(NamedTuple):
    """A Program, how it is played, and the transcript it must give."""

    name: str
    program: dict[str, Any]
    run: Run
    transcript: list[Record]


def read(name: str) -> Any:
    """Return the data of a vector file."""
    return json.loads((_HERE / f"{name}.json").read_text(encoding="utf-8"))


def program_of(parts: dict[str, Any]) -> dict[str, Any]:
    """Return the Program that `parts` differ from in what they say."""
    return {
        "format": 1,
        "id": "vectors",
        "title": "Vectors",
        "version": "1.0.0",
        "language": "en",
        "languages": ["en"],
        "start": "start",
        "variables": {},
        "characters": {},
        "endings": [],
        "unlocks": [],
        "plurals": {"en": [["one", ["==", ["var", "i"], ["int", 1]]]]},
        "translations": {},
        "gone": {},
        "about": {"rating": "everyone", "content_notes": [], "features": {}},
        "theme": "base",
        "themes": {},
        "locations": {},
        "props": {},
        **parts,
    }


def one_scene(body: list[Any], **parts: Any) -> dict[str, Any]:
    """Return a Program of one scene with one section."""
    section = {"id": "sstart00", "label": "", "title": "", "body": body}
    scene = {"id": "sstart00", "enter": [], "sections": [section]}
    return program_of({"scenes": {"start": scene}, **parts})


def op_cases() -> list[Case]:
    """Return the stories of `ops.json`."""
    return [
        Case(
            case["name"],
            program_of(case["program"]),
            Run(case["seed"], tuple(case["answers"]), case["language"]),
            case["transcript"],
        )
        for case in read("ops")
    ]


def expression_case() -> Case:
    """Return one story that assigns every expression of `expressions.json` in turn."""
    data = read("expressions")
    variables = {
        **data["variables"],
        "long": {"type": "text", "default": "🦊" * 40_000, "scope": "run"},
        **{
            f"r_{kind}": {"type": kind, "scope": "run", **extra}
            for kind, extra in (
                ("bool", {"default": False}),
                ("int", {"default": 0}),
                ("number", {"default": 0}),
                ("text", {"default": ""}),
                ("set", {"default": [], "values": ["a", "b", "c", "d"]}),
                ("label", {"default": "start#", "values": ["start#", "start#there"]}),
            )
        },
    }
    body, transcript = [], []
    for vector in data["vectors"]:
        name = f"r_{vector['type']}"
        body.append({"op": "set", "var": name, "how": "=", "value": vector["expr"]})
        transcript.append({"t": "set", "var": name, "value": vector["value"]})
    there = {"id": "lthere00", "label": "there", "title": "Over there", "body": []}
    program = one_scene(body, variables=variables)
    program["scenes"]["start"]["title"] = "The start"
    program["scenes"]["start"]["sections"].append(there)
    transcript.append({"t": "ending", "id": "sstart00", "name": "", "title": ""})
    return Case("expressions", program, Run(0), transcript)


def text_case() -> Case:
    """Return one story that says every text of `text.json` in turn."""
    body, transcript = [], []
    for i, vector in enumerate(read("text")):
        id = f"b{i:07d}"
        body.append(
            {"op": "say", "id": id, "who": [], "text": vector["text"], "slots": vector["slots"]}
        )
        transcript.append({"t": "line", "id": id, "who": [], "name": "", "text": vector["markup"]})
    transcript.append({"t": "ending", "id": "sstart00", "name": "", "title": ""})
    return Case("text", one_scene(body), Run(0), transcript)


def all_cases() -> list[Case]:
    """Return every case."""
    return [*op_cases(), expression_case(), text_case()]
