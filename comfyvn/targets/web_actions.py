"""Steps of the web target.

Each result `@web/…` of a step that writes files is JSON with `files`: their digests by path in the
site, so that what comes after knows the names without reading the files.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from comfyvn.engine.action import Context
from comfyvn.engine.digest import ABSENT
from comfyvn.engine.step import canonical
from comfyvn.plan.clips import GIVEN, Line, lines_of
from comfyvn.plan.content_actions import cut_in, fitted, fitted_head, kept_in
from comfyvn.plan.delivery import form_of
from comfyvn.plan.requests import AssetRequest
from comfyvn.targets import web
from comfyvn.targets.web_fonts import scripts_used
from comfyvn.targets.web_page import face as face_of
from comfyvn.targets.web_pictures import as_avif, name_of
from comfyvn.targets.web_story import Fragment, digest, group_scenes, pack_fragment, pack_index
from comfyvn.targets.web_voice import FILES_PER_LANGUAGE, pack_voices

SITE = "build/web/"


def groups(context: Context) -> None:
    """Divide the scenes: `@head`, `@scenes`, `@found` → `@web/groups`, items of `fragment`."""
    head = _json(context, "@head")
    languages = web.translated(head)
    found = _json(context, "@found")
    assets = len({key for *_, key in found["answers"]})
    if form_of(_json(context, "@delivery"), "web").startswith("avif"):
        assets *= 2
    voices = 0
    if context.find(GIVEN) is not None:
        voices = 1 + FILES_PER_LANGUAGE * (1 + len(languages))
    grouped = group_scenes(
        _json(context, "@scenes"),
        head["start"],
        languages=len(languages),
        assets=assets,
        voices=voices,
    )
    items = [{"key": key, "scenes": names, "languages": languages} for key, names in grouped]
    _keep(context, "@web/groups", items)


def fragment(context: Context) -> None:
    """Write a fragment of the story, from `@part/SCENE` and `@words/SCENE#LANGUAGE`."""
    key, scenes = context.params["key"], json.loads(context.params["scenes"])
    words = {
        language: [data for name in scenes if (data := context.find(f"@words/{name}#{language}"))]
        for language in json.loads(context.params["languages"])
    }
    parts = {name: context.read(f"@part/{name}") for name in scenes}
    cut = cut_in(context, "web")
    if cut is not None:
        parts, words = fitted(parts, words, cut)
    made, files = pack_fragment(key, parts, words)
    _put(context, f"@web/fragment/{key}", files, **made._asdict())
    _keep(context, f"@web/scripts/{key}", scripts_used(files.values()))


def asset(context: Context) -> None:
    """Place a sound in the site, and AAC for browsers that do not play it, without reading them.

    A third input tells the ending of a file; one that cannot be played is not there.
    """
    key, suffix = context.params["key"], context.params["suffix"]
    source, aac, *form = context.inputs
    kept = kept_in(context, "web")
    if context.digest(source) == ABSENT or (kept is not None and key not in kept.keys):
        return
    placed = {source: _json(context, form[0])["suffix"] if form else suffix}
    if context.digest(aac) != ABSENT:
        placed[aac] = ".m4a"
    names = {each: web.asset_file(key, context.digest(each), end) for each, end in placed.items()}
    for each, name in names.items():
        context.copy(SITE + name, each)
    told = {
        "files": {name: context.digest(each)[:12] for each, name in names.items()},
        "name": names[source],
    }
    _keep(context, f"@web/asset/{key}", told | ({"aac": names[aac]} if aac in names else {}))


def voice(context: Context) -> None:
    """Pack the clips of a group of scenes: `@lines/SCENE`, `@shown/SCENE`, `@voice/KEY.…`."""
    key, scenes = context.params["key"], json.loads(context.params["scenes"])
    lines: dict[str, list[Line]] = {}
    shown: dict[str, str] = {}
    kept = kept_in(context, "web")
    gone = frozenset(kept.gone if kept is not None else ())
    silent = frozenset(kept.silent if kept is not None else ())
    for scene in scenes:
        said = lines_of(scene, context.find(f"@lines/{scene}") or b"[]")
        lines[scene] = [line for line in said if line.line not in gone and line.path not in silent]
        texts = json.loads(context.find(f"@shown/{scene}") or b"{}")
        shown |= {clip: text for clip, (text, _) in texts.items()}

    def seconds(clip: str) -> float:
        said = context.find(f"@voice/{clip}.json")
        return round(float(json.loads(said)["seconds"]), 2) if said else 0

    name, files = pack_voices(
        key, lines, shown, lambda clip: context.find(f"@voice/{clip}"), seconds
    )
    _put(context, f"@web/voice/{key}", files, index=name)


def index(context: Context) -> None:
    """Write the index: `@head`, `@found`, `@pictures`, `@levels`, `@web/fragment/*`, …"""
    cut, kept = cut_in(context, "web"), kept_in(context, "web")
    records = _all(context, "@web/asset/")
    placed = {name.rpartition("/")[2]: name_of(record) for name, record in records.items()}
    avif = as_avif(records.values())
    answers = _json(context, "@found")["answers"] if kept is None else kept.answers
    names = {
        f"{kind} {AssetRequest(kind, subject, traits).name}": placed[key]
        for kind, subject, traits, key in answers
        if key in placed
    }
    aac = {record["name"]: record["aac"] for record in records.values() if "aac" in record}
    pictures = _json(context, "@pictures") if kept is None else kept._asdict()
    voices = _all(context, "@web/voice/")
    fragments = []
    for name, record in _all(context, "@web/fragment/").items():
        said = voices.get(f"@web/voice/{name.rpartition('/')[2]}", {}).get("index", "")
        fragments.append(Fragment(record["scenes"], record["file"], record["words"], said))
    name, data = pack_index(
        context.read("@head") if cut is None else fitted_head(context.read("@head"), cut),
        fragments,
        names,
        pictures["gallery"],
        avif,
        _sounds(_json(context, "@levels"), names, aac),
    )
    start = _json(context, "@head")["start"]
    wanted = pictures["backdrop"] and AssetRequest(*pictures["backdrop"])
    behind = web.backdrop_file(wanted, names)
    _put(
        context,
        "@web/index",
        {name: data},
        first=next(part.file for part in fragments if start in part.scenes),
        backdrop=[behind, avif.get(behind, "")] if behind else [],
        avif=avif,
    )


def _sounds(
    levels: Mapping[str, Any], names: Mapping[str, str], aac: Mapping[str, str]
) -> dict[str, Any]:
    """Return how each sound of the site is played, by its logical name."""
    told: dict[str, Any] = {}
    for name, file in names.items():
        level = dict(levels.get(name, {}))
        if file in aac:
            level["other"] = aac[file]
        if level:
            told[name] = level
    return told


def face(context: Context) -> None:
    """Keep of `@head` what the page and the icons show: `@web/face`, `@web/badge`."""
    cut, head = cut_in(context, "web"), context.read("@head")
    about = face_of(json.loads(head if cut is None else fitted_head(head, cut)))
    _keep(context, "@web/face", about)
    _keep(context, "@web/badge", web.badge(about))
    _keep(context, "@web/scripts/head", scripts_used([context.read("@head")]))


def fonts(context: Context) -> None:
    """Write the fonts for `@web/scripts/*`."""
    found = web.font_files({script for name in context.inputs for script in _json(context, name)})
    _put(context, "@web/fonts", found.files, sheet=found.sheet)


def code(context: Context) -> None:
    """Write the player."""
    found = web.code_files()
    _put(context, "@web/code", found.files, folder=found.folder, modules=found.modules)


def icons(context: Context) -> None:
    """Draw the icons from `@web/badge`."""
    found = web.icon_files(*_json(context, "@web/badge"))
    _put(
        context, "@web/icons", found.files, names={str(size): n for size, n in found.names.items()}
    )


def page(context: Context) -> None:
    """Write the page and the manifest: `@web/face`, `code`, `fonts`, `icons`, `index`."""
    of = {name: _json(context, f"@web/{name}") for name in ("code", "fonts", "icons", "index")}
    files = web.page_files(
        _json(context, "@web/face"),
        web.Code({}, of["code"]["folder"], of["code"]["modules"]),
        of["fonts"]["sheet"],
        {int(size): name for size, name in of["icons"]["names"].items()},
        next(iter(of["index"]["files"])),
        of["index"]["first"],
        of["index"]["backdrop"],
    )
    _put(context, "@web/page", files)


def worker(context: Context) -> None:
    """Write the service worker, which names every file of the site, from all `@web/…`."""
    files: dict[str, str] = {}
    for record in _all(context, "@web/").values():
        files |= record.get("files", {})
    game, avif = _json(context, "@web/face")["id"], _json(context, "@web/index")["avif"]
    context.write(f"{SITE}sw.js", web.worker(game, files, avif))


def _json(context: Context, name: str) -> Any:
    return json.loads(context.read(name))


def _all(context: Context, start: str) -> dict[str, Any]:
    """Return the inputs whose names begin so, those that there are."""
    names = (name for name in context.inputs if name.startswith(start))
    return {name: json.loads(data) for name in names if (data := context.find(name)) is not None}


def _keep(context: Context, name: str, value: Any) -> None:
    context.write(name, canonical(value).encode())


def _put(context: Context, name: str, files: Mapping[str, bytes], **rest: Any) -> None:
    """Write files of the site, and the result that tells of them."""
    for path, data in files.items():
        context.write(SITE + path, data)
    digests = {path: digest(data) for path, data in files.items()}
    _keep(context, name, {"files": digests} | rest)
