"""A target made of a Program in one call, with plain pictures: what tests of players play."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image

from comfyvn.plan.assets import key_of
from comfyvn.plan.library import Library, files_below
from comfyvn.plan.requests import (
    SOUNDS,
    AssetRequest,
    asset_requests,
    backdrop,
    gallery,
    skeletons,
)
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.story.canonical import packed
from comfyvn.targets import web
from comfyvn.targets.renpy import declarations, interface, media
from comfyvn.targets.renpy.captions import marked, scene_captions
from comfyvn.targets.renpy.context import Context
from comfyvn.targets.renpy.facts import scene_facts
from comfyvn.targets.renpy.scope import other_languages, scopes
from comfyvn.targets.renpy.script import scene_script
from comfyvn.targets.renpy.story_map import story_map
from comfyvn.targets.renpy.strings import strings_file
from comfyvn.targets.renpy.whole import Whole
from comfyvn.targets.web_fonts import scripts_used
from comfyvn.targets.web_page import face
from comfyvn.targets.web_story import digest, group_scenes, pack_fragment, pack_index

Files = dict[str, bytes]
"""Content by the path in the target's folder."""

SIZES = {"sprite": (840, 1200), "prop": (480, 480)}


class Asset(NamedTuple):
    """What answers a request: a file of that name, or a drawing."""

    key: str
    name: str
    data: bytes

    @property
    def suffix(self) -> str:
        return Path(self.name).suffix.lower()


def assets_of(program: Any, root: Path) -> dict[AssetRequest, Asset]:
    """Return a file below `root` for each request of a story, or else a plain picture."""
    requests = asset_requests(program)
    found = Library(files_below(root)).answers(requests, Diagnostics())
    assets = {}
    for request in requests:
        if request in found:
            name = found[request]
            assets[request] = Asset(key_of("asset", name), name, (root / name).read_bytes())
        elif request.kind not in SOUNDS:
            key = key_of("drawing", request.kind, request.name)
            assets[request] = Asset(key, f"{key}.webp", _plain(request.kind))
    return assets


@cache
def _plain(kind: str) -> bytes:
    made = io.BytesIO()
    Image.new("RGBA", SIZES.get(kind, (1920, 1080)), "#567").save(made, "WEBP", lossless=True)
    return made.getvalue()


def site_files(program: Mapping[str, Any], assets: Mapping[AssetRequest, Asset]) -> Files:
    """Return the files of the web site."""
    bare = skeletons(program)
    head = packed(head_of(program)).encode()
    files: Files = {}
    placed = {}
    for asset in dict.fromkeys(assets.values()):
        placed[asset.key] = web.asset_file(asset.key, digest(asset.data), asset.suffix)
        files[placed[asset.key]] = asset.data
    names = {f"{request.kind} {request.name}": placed[a.key] for request, a in assets.items()}
    fragments, texts = [], [head]
    languages = web.translated(program)
    groups = group_scenes(
        program["scenes"], program["start"], languages=len(languages), assets=len(placed)
    )
    for key, group in groups:
        scenes = {name: packed(program["scenes"][name]).encode() for name in group}
        words = {
            language: [packed(words_of(program["scenes"][name], texts)).encode() for name in group]
            for language, texts in program.get("translations", {}).items()
            if language in languages
        }
        fragment, made = pack_fragment(key, scenes, words)
        fragments.append(fragment)
        texts += made.values()
        files |= made
    index, files[index] = pack_index(head, fragments, names, gallery(bare))
    about = face(program)
    fonts = web.font_files(scripts_used(texts))
    code = web.code_files()
    icons = web.icon_files(*web.badge(about))
    files |= fonts.files | code.files | icons.files
    first = next(part.file for part in fragments if program["start"] in part.scenes)
    behind = web.backdrop_file(backdrop(bare[program["start"]]), names)
    files |= web.page_files(
        about, code, fonts.sheet, icons.names, index, first, [behind] if behind else []
    )
    files["sw.js"] = web.worker(about["id"], {name: digest(data) for name, data in files.items()})
    return files


def head_of(program: Mapping[str, Any]) -> dict[str, Any]:
    """Return the Program, its scenes and translations emptied."""
    return {n: {} if n in {"scenes", "translations"} else part for n, part in program.items()}


def words_of(scene: Mapping[str, Any], texts: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of all translations into a language that belong to a scene."""
    return {key: texts[key] for key in _ids(scene) if key in texts}


def _ids(value: object) -> Iterator[str]:
    """Yield the ids below a value, and those derived from them."""
    if isinstance(value, dict):
        if isinstance(name := value.get("id"), str):
            yield from (name, f"{name}_s", f"{name}_locked")
        for part in value.values():
            yield from _ids(part)
    elif isinstance(value, list):
        for part in value:
            yield from _ids(part)


def project_files(
    program: Mapping[str, Any], assets: Mapping[AssetRequest, Asset], out: Diagnostics
) -> Files:
    """Return the files of the Ren'Py project."""
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
    answers, content = {}, {}
    for request, (key, name, data) in assets.items():
        answers[request] = media.Source(name, Path(name).suffix.lower(), key)
        content[answers[request]] = data
    images, copies = media.pictures(whole.names, answers)
    texts["game/images.rpy"] = media.image_statements(head, whole, images)
    texts["game/sounds.rpy"], sounds = media.sounds(whole.names, answers, out)
    texts["story-map.json"] = story_map(head, whole.names)
    files = {f"game/{path}": content[source] for path, source in {**copies, **sounds}.items()}
    files.update(interface.engine_files(other_languages(head)))
    texts.update(interface.story_files(head, whole, images))
    files.update({path: text.encode() for path, text in texts.items()})
    return files


def write_files(folder: Path, files: Files) -> Path:
    """Make a folder of these files and no others; return it."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder
