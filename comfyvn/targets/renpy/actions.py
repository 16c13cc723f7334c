"""The steps of the Ren'Py target; `rules/renpy.yaml` says what each reads and writes.

What a scene mentions (its facts) and what a scene must know (its scope) are kept apart, so that an
edit of words writes one script again and looks at no other scene.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from comfyvn.engine.action import Context as Step
from comfyvn.engine.digest import ABSENT
from comfyvn.plan.assets import suffix_of
from comfyvn.plan.content_actions import cut_in, kept_in
from comfyvn.plan.delivery import form_of
from comfyvn.plan.requests import SOUNDS, AssetRequest
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.story.content import fit_head, fit_scene, fit_words, gone_ids
from comfyvn.targets.renpy import declarations, interface, media
from comfyvn.targets.renpy.captions import marked, scene_captions
from comfyvn.targets.renpy.context import Context
from comfyvn.targets.renpy.facts import Words, scene_facts
from comfyvn.targets.renpy.scope import Scope, other_languages, scopes
from comfyvn.targets.renpy.script import scene_script
from comfyvn.targets.renpy.story_map import story_map
from comfyvn.targets.renpy.strings import strings_file
from comfyvn.targets.renpy.whole import Whole

BUILD = "build/renpy/"


def languages(step: Step) -> None:
    """Which languages there are besides the source's."""
    _write(step, "@renpy/languages", other_languages(_read(step, "@head")))


def facts(step: Step) -> None:
    """What a scene mentions, and its captions."""
    scene = step.params["scene"]
    part, words = _part(step, scene)
    _write(step, f"@renpy/facts/{scene}", scene_facts(part, words))
    _write(step, f"@renpy/captions/{scene}", scene_captions(part, words))


def captions(step: Step) -> None:
    """Which captions and lines are told apart from equal ones."""
    for scene, ids in marked(_all(step, "@renpy/captions/")).items():
        _write(step, f"@renpy/marks/{scene}", ids)


def names(step: Step) -> None:
    """The names of everything, and for each scene what of the whole it must know."""
    head, found = _read(step, "@head"), _all(step, "@renpy/facts/")
    whole = Whole.of(head, found)
    _write(step, "@renpy/whole", whole.to_json())
    for scene, scope in scopes(head, found, whole.used, whole.names):
        _write(step, f"@renpy/scope/{scene}", scope.to_json())


def script(step: Step) -> None:
    """A scene's script, the translations of its lines, and its translated captions."""
    scene = step.params["scene"]
    marks = step.find(f"@renpy/marks/{scene}")
    part, words = _part(step, scene)
    context = Context(
        scene,
        part,
        Scope.from_json(_read(step, f"@renpy/scope/{scene}")),
        words,
        frozenset(json.loads(marks) if marks else ()),
    )
    made = scene_script(context)
    _files(step, made.files)
    _write(step, f"@renpy/strings/{scene}", made.strings)


def strings(step: Step) -> None:
    """Captions, reasons and prompts in other languages."""
    found = list(_all(step, "@renpy/strings/").values())
    for language in _read(step, "@renpy/languages"):
        _files(step, strings_file(language, [each.get(language, {}) for each in found]))


def declared(step: Step) -> None:
    """Characters, variables and tables."""
    _files(step, declarations.files(_read(step, "@head"), _whole(step)))


def pictures(step: Step) -> None:
    """The image statements, and where each picture goes."""
    whole = _whole(step)
    images, copies = media.pictures(whole.names, _pictures(step))
    text = media.image_statements(_read(step, "@head"), whole, images)
    _files(step, {"game/images.rpy": text})
    _write(step, "@renpy/pictures", {"images": images, "copies": copies})


def sounds(step: Step) -> None:
    """The sound definitions, and where each sound goes."""
    out = Diagnostics()
    text, copies = media.sounds(_whole(step).names, _sounds(step), out, _read(step, "@levels"))
    for finding in out:
        step.report(finding)
    _files(step, {"game/sounds.rpy": text})
    _write(step, "@renpy/sounds", copies)


def art(step: Step) -> None:
    """Place pictures and sounds; a file that is none of these was reported and is left out."""
    copies = {**_read(step, "@renpy/pictures")["copies"], **_read(step, "@renpy/sounds")}
    for path, (name, *_) in copies.items():
        if step.digest(name) != ABSENT:
            step.copy(f"{BUILD}game/{path}", name)


def shown(step: Step) -> None:
    """What of the interface depends on the story."""
    images = _read(step, "@renpy/pictures")["images"]
    cut, head = cut_in(step, "renpy"), _read(step, "@head")
    head = head if cut is None else fit_head(head, cut)
    _files(step, interface.story_files(head, _whole(step), images))


def engine(step: Step) -> None:
    """What every story has."""
    for path, data in interface.engine_files(_read(step, "@renpy/languages")).items():
        step.write(f"{BUILD}{path}", data)


def mapped(step: Step) -> None:
    """Which name stands for what, for tools."""
    _files(step, {"story-map.json": story_map(_read(step, "@head"), _whole(step).names)})


def _read(step: Step, name: str) -> Any:
    return json.loads(step.read(name))


def _write(step: Step, name: str, value: Any) -> None:
    # Keys stay in their order: kinds of looks and scenes have one that counts.
    step.write(name, json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def _files(step: Step, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        step.write(f"{BUILD}{path}", text.encode())


def _all(step: Step, prefix: str) -> dict[str, Any]:
    """Return the inputs below a name by scene, in the order of scenes."""
    found = sorted(name for name in step.inputs if name.startswith(prefix))
    return {name.removeprefix(prefix): _read(step, name) for name in found}


def _part(step: Step, scene: str) -> tuple[Any, Words]:
    """Return a scene and the translations of its texts, as Ren'Py gets them."""
    part, words, cut = _read(step, f"@part/{scene}"), _words(step, scene), cut_in(step, "renpy")
    if cut is None:
        return part, words
    left = fit_scene(scene, part, cut)
    gone = gone_ids(part, left)
    return left, {language: fit_words(table, gone, cut) for language, table in words.items()}


def _words(step: Step, scene: str) -> Words:
    found = {}
    for language in _read(step, "@renpy/languages"):
        table = step.find(f"@words/{scene}#{language}")
        found[language] = json.loads(table) if table else {}
    return found


def _pictures(step: Step) -> media.Answers:
    """Return what answers the requests of pictures, each in the form for Ren'Py."""
    form = form_of(_read(step, "@delivery"), "renpy")

    def source(key: str) -> media.Source:
        shape = step.find(f"@shape/{key}-{form}")
        # A picture that is none was reported, and is not placed whatever it is called.
        suffix = json.loads(shape)["suffix"] if shape is not None else ".webp"
        return media.Source(f"@delivered/{key}-{form}", suffix, key)

    return {request: source(key) for request, key in _answers(step) if request.kind not in SOUNDS}


def _sounds(step: Step) -> media.Answers:
    """Return what answers the requests of sounds."""
    found = _read(step, "@found")

    def source(key: str) -> media.Source:
        path = found["assets"].get(key)
        if path is None:
            return media.Source(f"@made/{key}", suffix_of(found["made"][key]), key)
        form = step.find(f"@format/{key}")
        # A sound that is none was reported, and is not placed whatever it is called.
        suffix = json.loads(form)["suffix"] if form is not None else PurePosixPath(path).suffix
        return media.Source(f"@sound/{key}", suffix.lower(), key, path)

    return {request: source(key) for request, key in _answers(step) if request.kind in SOUNDS}


def _answers(step: Step) -> list[tuple[AssetRequest, str]]:
    kept = kept_in(step, "renpy")
    return [
        (AssetRequest(kind, subject, tuple(traits)), key)
        for kind, subject, traits, key in (
            _read(step, "@found")["answers"] if kept is None else kept.answers
        )
    ]


def _whole(step: Step) -> Whole:
    return Whole.from_json(_read(step, "@renpy/whole"))
