"""A Program as the files of a Ren'Py project."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2

from comfyvn.data import data_folder
from comfyvn.plan.assets import Asset
from comfyvn.plan.requests import AssetRequest
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.targets.renpy import declarations, interface, media
from comfyvn.targets.renpy.context import Context, Lines
from comfyvn.targets.renpy.dialogue import language_name
from comfyvn.targets.renpy.expressions import literal
from comfyvn.targets.renpy.names import LOOK_KINDS, SCENERY, Names, Program
from comfyvn.targets.renpy.script import SceneWriter
from comfyvn.targets.renpy.text import quoted

SCENERY_KINDS = ("location", "time", "weather")


def project_files(
    program: Program, assets: Mapping[AssetRequest, Asset], out: Diagnostics
) -> dict[str, bytes]:
    """Return the files of the project by path.

    Raises:
        OSError: an asset or a template cannot be read.
    """
    context = Context(program, Names(program), out)
    context.captions.update(interface_captions())
    context.translated_strings.update(interface_captions())
    texts = story_files(context)
    images, files = media.pictures(context, assets)
    sounds, copied = media.sounds(context, assets)
    texts["game/images.rpy"] = media.image_statements(context, images)
    texts["game/sounds.rpy"] = sounds
    texts["story-map.json"] = story_map(context)
    files.update(copied)
    files.update(interface_files(context, images))
    files.update({path: text.encode() for path, text in texts.items()})
    return files


def story_files(context: Context) -> dict[str, str]:
    """Return the files that only depend on the story: scenes, cast, variables, translations."""
    names = context.names
    texts = {
        f"game/script/{scene_id}.rpy": SceneWriter(context, scene_id).text()
        for scene_id in context.program["scenes"]
    }
    texts["game/characters.rpy"] = declarations.characters(context)
    texts["game/variables.rpy"] = declarations.variables(context)
    texts["game/tables.rpy"] = declarations.tables(context)
    start = names.scenes[context.program["start"]]
    texts["game/script.rpy"] = render("game/script.rpy.j2", start=start)
    for language in context.languages:
        folder = f"game/tl/{language_name(language)}"
        for scene_id, block in context.dialogue.get(language, {}).items():
            texts[f"{folder}/script/{scene_id}.rpy"] = block.text()
        strings = context.strings.get(language_name(language), {})
        if strings:
            lines = Lines()
            with lines.block(f"translate {language_name(language)} strings:"):
                for old, new in sorted(strings.items()):
                    lines.add("", f"old {quoted(old)}", f"new {quoted(new)}")
            texts[f"{folder}/choices.rpy"] = lines.text()
    return texts


def interface_files(context: Context, named: Mapping[str, str]) -> dict[str, bytes]:
    """Return the files that are not the story: options, screens, letters, the functions of `vn/`.

    Raises:
        OSError: a template cannot be read.
    """
    folder = data_folder("templates/renpy")
    program = context.program
    about = program["about"]
    values = {
        "id": program["id"],
        "title": program["title"],
        "version": program["version"],
        "about": about.get("description") or "",
        "features": {"rollback": True, "skip": True, "timers": True, **about.get("features", {})},
        **interface.facts(context, named),
    }
    files = {}
    for path in sorted((folder / "game").rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name.endswith(".j2"):
            if name != "game/script.rpy.j2":
                files[name.removesuffix(".j2")] = render(name, **values).encode()
        elif path.is_file():
            files[name] = path.read_bytes()
    for language in context.languages:
        words = folder / "tl" / language.partition("-")[0] / "interface.rpy"
        if words.is_file():
            ours = language_name(language)
            text = words.read_text("utf-8").replace("LANGUAGE", ours, 1)
            files[f"game/tl/{ours}/interface.rpy"] = text.encode()
    return files


def interface_captions() -> frozenset[str]:
    """Return the captions of the interface that are translated like the story's.

    Raises:
        OSError: a template cannot be read.
    """
    folder = data_folder("templates/renpy") / "tl"
    pattern = re.compile(r'^    old "(.*)"$', re.MULTILINE)
    found: set[str] = set()
    for path in sorted(folder.rglob("interface.rpy")):
        found.update(pattern.findall(path.read_text("utf-8")))
    return frozenset(found)


def story_map(context: Context) -> str:
    """Return which name in the script stands for what in the story, for tools, as JSON."""
    names = context.names
    about = {
        "program": context.program["id"],
        "language": context.language,
        "languages": {language_name(one): one for one in context.languages},
        "variables": {ours: name for name, ours in names.variables.items()},
        "labels": {ours: place for place, ours in names.places.items()},
        "characters": {
            **{ours: [id] for id, ours in names.characters.items()},
            **{ours: list(who) for who, ours in names.joined.items()},
            names.unknown: ["???"],
            **{ours: list(who) for who, ours in names.pages.items()},
        },
        "images": {ours: what for what, ours in names.tags.items()},
        "kinds": names.kinds,
        "looks": {
            **{
                tag: {
                    name: {ours: value for value, ours in values.items()}
                    for name, values in zip(
                        SCENERY_KINDS if tag == SCENERY else LOOK_KINDS, kinds, strict=True
                    )
                }
                for tag, kinds in names.looks.items()
            },
            **{
                tag: {
                    name: {ours: value for value, ours in values.items()}
                    for name, values in states.items()
                }
                for tag, states in names.states.items()
            },
        },
        "pictures": {ours: asset for asset, ours in names.pictures.items()},
        "sounds": {ours: name for (_, name), ours in names.sounds.items()},
        "labelled": [n for n, v in context.program["variables"].items() if v["type"] == "label"],
    }
    return json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def render(template: str, **values: Any) -> str:
    """Return a template of `templates/renpy/` filled in."""
    folder: Path = data_folder("templates/renpy") if template else Path()
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
        autoescape=False,
    )
    environment.filters["literal"] = literal
    return environment.get_template(template).render(**values)
