"""Steps of the front that find what is spoken: who speaks, and the lines of each scene."""

from __future__ import annotations

import json
from collections import defaultdict
from functools import lru_cache
from typing import Any

from comfyvn.engine.action import Context
from comfyvn.engine.step import canonical
from comfyvn.plan.casting import Casting
from comfyvn.plan.recordings import recorded
from comfyvn.plan.speech import spoken
from comfyvn.plan.speech_checks import check_speech
from comfyvn.plan.workflows import FOLDER, Workflows
from comfyvn.source.diagnostics import Diagnostics


def cast(context: Context) -> None:
    """Cast the story: `@head`, `@globals`, `@recordings`, `@makers`, `@speakers`, `@models`,
    `@scenes`, `@takes` and the workflows → `@casting`, `@scripts`, `@recorded/*`.

    `@scripts` has what each workflow that speaks needs of a server, by its name. The locks are
    read, to part the recordings by scene, only if there are any.
    """
    out = Diagnostics()
    present = [*_json(context, "@makers"), *_json(context, "@speakers")]
    workflows = Workflows(
        (name for name in context.inputs if name.startswith(FOLDER)),
        context.read,
        out,
        _json(context, "@models"),
    )
    head, said = _json(context, "@head"), _json(context, "@globals")
    check_speech(head, said, _json(context, "@makers"), workflows, context.read, out)
    casting = Casting.of(head, said, out, workflows, present, _json(context, "@takes"))
    context.write("@casting", canonical(casting._asdict()).encode())
    named = {script.workflow for script in casting.scripts.values()}
    context.write("@scripts", canonical({n: workflows.needs(n) for n in sorted(named)}).encode())
    paths = _json(context, "@recordings")
    found = recorded(paths, casting.languages, said["characters"], out)
    for scene in _json(context, "@scenes") if found else ():
        lines: dict[str, dict[str, str]] = defaultdict(dict)
        for id in _json(context, f"@lock/{scene}"):
            for language, recordings in found.items():
                if id in recordings:
                    lines[language][id] = recordings[id]
        if lines:
            context.write(f"@recorded/{scene}", canonical(lines).encode())
    for finding in out:
        context.report(finding)


def speech(context: Context) -> None:
    """Find what is spoken in a scene: `@part`, `@words`, `@casting`, `@recorded` of it →
    `@lines/SCENE`, `@shown/SCENE`, `@say/KEY`, `@script/KEY`."""
    scene = context.params["scene"]
    casting = _casting(context.read("@casting"))
    words = {
        language: json.loads(data)
        for language in casting.languages
        if (data := context.find(f"@words/{scene}#{language}")) is not None
    }
    recordings = context.find(f"@recorded/{scene}")
    made = spoken(
        scene,
        _json(context, f"@part/{scene}"),
        words,
        json.loads(recordings) if recordings else {},
        casting,
    )
    context.write(f"@lines/{scene}", canonical(made.lines).encode())
    if made.shown:
        context.write(f"@shown/{scene}", canonical(made.shown).encode())
    for key, brief in made.briefs.items():
        context.write(f"@say/{key}", canonical(brief).encode())
    for key, script in made.scripts.items():
        context.write(f"@script/{key}", canonical(script).encode())


@lru_cache(maxsize=1)
def _casting(data: bytes) -> Casting:
    return Casting.read(json.loads(data))


def _json(context: Context, name: str) -> Any:
    return json.loads(context.read(name))
