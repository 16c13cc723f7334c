"""The page `docs/yaml.md`: every kind of YAML source, from its type and one example."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from comfyvn.model.character import Character
from comfyvn.model.compute import Compute
from comfyvn.model.header import Header
from comfyvn.model.music import Music
from comfyvn.model.project import Project
from comfyvn.model.prop import Prop
from comfyvn.model.sidecar import Sidecar
from comfyvn.model.state import State
from comfyvn.model.theme import Theme
from comfyvn.model.timeline import Timeline
from comfyvn.model.workflow import Workflow
from comfyvn.model.world import World

KINDS: dict[str, tuple[type[BaseModel], str]] = {
    "The project": (Project, "vn.yaml"),
    "Variables": (State, "state.yaml"),
    "Characters": (Character, "characters/mei.yaml"),
    "Worlds": (World, "worlds/harbour.yaml"),
    "Themes": (Theme, "themes/dusk.yaml"),
    "Props": (Prop, "props/lamp.yaml"),
    "Timelines": (Timeline, "timelines/main.yaml"),
    "Music": (Music, "music/far_waltz.yaml"),
    "Servers": (Compute, "compute.yaml"),
    "Workflows": (Workflow, "workflows/sprite.yaml"),
    "Sidecars": (Sidecar, "assets/music/slow_waltz.ogg.asset.yaml"),
    "Front matter": (Header, "scenes/lab.md"),
}
"""By the title of its part: the type of a kind, and its example."""

EXAMPLES = {
    "vn.yaml": """\
format: 1
id: two_cups
title: Two Cups
version: 1.0.0
authors: [The Two Cups Club]
language: en
languages: [en]
start: kitchen
theme: dusk
world: harbour
timeline: main
""",
    "compute.yaml": """\
policy: auto
servers:
  studio:
    url: http://127.0.0.1:8188
    roles: [image]
    vram_gb: 12
""",
    "assets/music/slow_waltz.ogg.asset.yaml": """\
licence: CC-BY-4.0
author: The Two Cups Club
source: https://example.org/slow-waltz
tags: [piano, slow]
loop:
  start: 4.8
  end: 62.4
""",
    "workflows/sprite.yaml": """\
inputs:
  prompt: 6.text
  seed: [3.seed, 21.noise_seed]
  size: 5
output: 9
vram_gb: 8
seconds: 6
""",
    "state.yaml": """\
courage:
  type: int
  range: [0, 5]
  doc: How much of it is left.
weather_seen:
  type: enum
  values: [none, fog, storm]
bag:
  type: set
  values: [key, letter]
  default: [key]
way_home:
  type: label
  values: [kitchen.md, lab.md#result]
played_before:
  type: bool
  scope: persistent
""",
    "characters/mei.yaml": """\
name: Mei
aliases: [Doctor Sato]
colour: "#f0a6a0"
pronouns: she
stats:
  trust:
    type: int
    default: 1
    range: [0, 9]
look:
  base: Woman of 40, grey streak, reading glasses on a cord
  outfits:
    coat: a white coat with a burnt cuff
  expressions:
    plain: paying attention
    worried: brows together
""",
    "worlds/harbour.yaml": """\
name: The harbour
times: [day, dusk]
weathers: [clear, fog]
locations:
  lab:
    name: The laboratory
    alt: A narrow room of shelves. Two cups stand in the sink.
    kind: interior
    ambience: fans
  lab/roof:
    name: The laboratory's roof
    kind: street
    times:
      dusk: the cranes are black against the sky
""",
    "themes/dusk.yaml": """\
name: Dusk
palette:
  background: "#14121c"
  accent: "#f0a6a0"
  scenery: ["#1d1a2b", "#4a4266", "#a88a9c", "#f3cdb4"]
type:
  body: serif
  interface: sans
variants:
  high_contrast:
    accent: "#ffd400"
""",
    "props/lamp.yaml": """\
name: Desk lamp
alt: A green desk lamp, lit.
anchors:
  desk: [0.3, 0.7]
tween: dissolve
""",
    "timelines/main.yaml": """\
title: One evening
chapters:
  - title: The second cup
    scenes: [kitchen, lab]
""",
    "music/far_waltz.yaml": """\
source: slow_waltz
style: distant
tempo: 0.9
mood: [lonely]
loop:
  start: 4.8
  end: 62.4
""",
    "scenes/lab.md": """\
---
title: The second cup
location: lab
time: dusk
music: slow_waltz
pov: mei
params:
  stakes:
    type: int
    default: 1
returns:
  type: bool
---

`prop lamp at desk`

Mei (worried): Somebody was here before us.

## result

`return stakes > 2`
""",
    "scenes/kitchen.md": """\
`call with stakes=3 into played_before` [the lab](lab.md)

`ending home "Home"`
""",
}
"""A small whole project: the files that the page shows, and what they need."""

_INTRODUCTION = """\
# YAML

Facts are YAML 1.2, scenes are Markdown. Every file below is optional but `vn.yaml`. An id is the
file's name without the ending, in small letters, digits and `_`: `characters/mei.yaml` is `mei`.
Keys that are not listed here are errors, and so are values of another type: `title: 7` must be
`title: "7"`. Colours need quotes, as `#` begins a comment.

The examples are parts of one small project. `schemas/` has the same as JSON Schema, and `comfyvn
new` sets an editor up with it.

Some keys are words for people, and change nothing in a game: a world's `summary`, `rules`,
`factions`, `lore` and `calendar`, a theme's `music_mood`, a timeline's `title`, a scene's `tags`,
and `doc` and `notes` wherever they stand.
"""

_WHERE = {
    "vn.yaml": "`vn.yaml`, in the project's folder.",
    "state.yaml": "`state.yaml`, in the project's folder.",
    "compute.yaml": "`compute.yaml`, in the project's folder. Where renders and speech run. "
    "Without this file, nothing leaves the machine.",
    "assets/music/slow_waltz.ogg.asset.yaml": "`assets/**/FILE.asset.yaml`, beside the file that "
    "it tells of, whose ending is part of the name: `slow_waltz.ogg.asset.yaml`.",
    "scenes/lab.md": "Between two lines `---` at the top of a scene.",
}

_SHAPES = {
    "^[a-z_][a-z0-9_]*$": "name",
    "^#[0-9a-fA-F]{6}$": "colour `#rrggbb`",
    "^[a-z][a-z0-9_-]{0,63}$": "small letters, digits, `-`, `_`; 64 at most",
    "^[a-z0-9_]+(/[a-z0-9_]+)*$": "place",
}
_WORDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "`true` or `false`",
}


def page() -> str:
    """Return the page `docs/yaml.md`."""
    parts = [_INTRODUCTION]
    for title, (model, path) in KINDS.items():
        schema = model.model_json_schema(by_alias=True)
        shared = schema.get("$defs", {})
        folder = path.partition("/")[0]
        parts += [
            f"## {title}",
            _WHERE.get(path, f"`{folder}/*.yaml`. {_prose(model)}"),
            f"```{'markdown' if path.endswith('.md') else 'yaml'}\n{EXAMPLES[path]}```",
        ]
        if "properties" in schema:
            parts.append(_table(schema))
        else:
            parts.append("Names, each with a [variable](#a-variable).")
        inner = [name for name in shared if name != "Variable"]
        # What a kind holds comes in the order of its keys, not of the alphabet.
        inner.sort(key=lambda name: (_depth(name, schema, shared), _first(name, schema, shared)))
        for name in inner:
            parts += [f"### {_heading(name)}", _sentence(shared[name]), _table(shared[name])]
        if model is State:
            parts += ["### A variable", _sentence(shared["Variable"]), _table(shared["Variable"])]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _prose(model: type[BaseModel]) -> str:
    return " ".join((inspect.getdoc(model) or "").split())


def _sentence(schema: Mapping[str, Any]) -> str:
    return " ".join(str(schema["description"]).split())


def _heading(name: str) -> str:
    """`PaletteChange` as `A palette change`: the anchor is `#a-palette-change`."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
    return words.capitalize() if name in _PLURAL else f"A {words}"


_PLURAL = ("Features", "Variants", "Prose")


def _anchor(name: str) -> str:
    return "#" + _heading(name).lower().replace(" ", "-")


def _names(schema: Any) -> set[str]:
    return set(re.findall(r'"#/\$defs/(\w+)"', json.dumps(schema)))


def _depth(name: str, schema: Mapping[str, Any], shared: Mapping[str, Any]) -> int:
    reached = _names(schema.get("properties", {}))
    depth = 0
    while name not in reached and depth < len(shared):
        reached |= {inner for each in reached for inner in _names(shared[each])}
        depth += 1
    return depth


def _first(name: str, schema: Mapping[str, Any], shared: Mapping[str, Any]) -> int:
    whole = json.dumps([schema.get("properties", {}), shared])
    return whole.find(f"#/$defs/{name}")


def _table(schema: Mapping[str, Any]) -> str:
    rows = ["| key | type | default | meaning |", "| --- | --- | --- | --- |"]
    required = schema.get("required", ())
    for key, field in schema["properties"].items():
        default = "**required**" if key in required else _default(field.get("default"))
        kind = _type(field).replace("|", "\\|")
        meaning = field.get("description", "").replace("|", "\\|")
        rows.append(f"| `{key}` | {kind} | {default} | {meaning} |")
    return "\n".join(rows)


def _default(value: Any) -> str:
    if value is None or value == [] or isinstance(value, dict):
        return ""
    return f"`{json.dumps(value, ensure_ascii=False)}`"


def _type(field: Mapping[str, Any]) -> str:
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return f"[{_heading(name).lower()}](#{_anchor(name)[1:]})"
    if "anyOf" in field:
        kinds = [_type(each) for each in field["anyOf"] if each.get("type") != "null"]
        if "number" in kinds and "whole number" in kinds:
            kinds.remove("whole number")
        return ", ".join(dict.fromkeys(kinds))
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    if "const" in field:
        return f"`{field['const']}`"
    if field.get("type") == "array":
        inner = _type(field["items"])
        if field.get("maxItems") == 2:
            return f"list of two: {inner}"
        return f"list: {inner}"
    if field.get("type") == "object":
        pattern = field.get("propertyNames", {}).get("pattern") or next(
            iter(field.get("patternProperties", {})), ""
        )
        values = next(iter(field.get("patternProperties", {}).values()), None)
        values = values or field["additionalProperties"]
        return f"keys ({_SHAPES.get(pattern, 'text')}): {_type(values)}"
    if "minimum" in field:
        until = f"to {field['maximum']}" if "maximum" in field else "or more"
        return f"{_WORDS[field['type']]} {field['minimum']} {until}"
    return _SHAPES.get(field.get("pattern", ""), _WORDS[field["type"]])
