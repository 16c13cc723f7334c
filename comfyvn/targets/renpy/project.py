"""A Program as the files of a Ren'Py project."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from comfyvn.drivers.webp import as_webp
from comfyvn.plan.assets import Asset
from comfyvn.plan.requests import AssetRequest
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.targets.renpy import declarations, interface, media
from comfyvn.targets.renpy.captions import marked, scene_captions
from comfyvn.targets.renpy.context import Context
from comfyvn.targets.renpy.facts import scene_facts
from comfyvn.targets.renpy.scope import other_languages, scopes
from comfyvn.targets.renpy.script import scene_script
from comfyvn.targets.renpy.story_map import story_map
from comfyvn.targets.renpy.strings import strings_file
from comfyvn.targets.renpy.whole import Whole

Program = Mapping[str, Any]


def project_files(
    program: Program,
    assets: Mapping[AssetRequest, Asset],
    out: Diagnostics,
    root: Path = Path(),
) -> dict[str, bytes]:
    """Return the files of the project by path: what the steps of a build write, in one go.

    Args:
        program: the compiled story.
        assets: the file of each picture and sound.
        out: gets a warning for each thing that Ren'Py shows in another way.
        root: the project's folder, which messages leave out of names.

    Raises:
        OSError: an asset or a template cannot be read.
    """
    scenes, words = program["scenes"], program.get("translations", {})
    head = {key: part for key, part in program.items() if key not in ("scenes", "translations")}
    facts = {id: scene_facts(scene, words) for id, scene in scenes.items()}
    marks = marked({id: scene_captions(scene, words) for id, scene in scenes.items()})
    whole = Whole.of(head, facts)
    texts: dict[str, str] = {}
    strings = []
    for scene_id, scope in scopes(head, facts, whole.used, whole.names):
        ids = frozenset(marks.get(scene_id, ()))
        made = scene_script(Context(scene_id, scenes[scene_id], scope, words, ids))
        texts.update(made.files)
        strings.append(made.strings)
    for language in other_languages(head):
        texts.update(strings_file(language, [each.get(language, {}) for each in strings]))
    texts.update(declarations.files(head, whole))
    answers = {
        request: media.Source(_name(asset.path, root), _suffix(asset))
        for request, asset in assets.items()
    }
    images, copies = media.pictures(whole.names, answers)
    texts["game/images.rpy"] = media.image_statements(head, whole, images)
    texts["game/sounds.rpy"], sounds = media.sounds(whole.names, answers, out)
    texts["story-map.json"] = story_map(head, whole.names)
    paths = {answers[request]: asset for request, asset in assets.items()}
    files = {f"game/{path}": paths[source].read() for path, source in {**copies, **sounds}.items()}
    files.update(interface.engine_files(other_languages(head)))
    texts.update(interface.story_files(head, whole, images))
    files.update({path: text.encode() for path, text in texts.items()})
    return files


def _suffix(asset: Asset) -> str:
    return ".webp" if asset.suffix in media.UNREADABLE else asset.suffix


def _content(asset: Asset) -> bytes:
    data = asset.read()
    return as_webp(data) if asset.suffix in media.UNREADABLE else data


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
