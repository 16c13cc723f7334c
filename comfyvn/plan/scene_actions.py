"""The steps of the front that read and lower one scene.

They are what an edit of words runs, so they import nothing that reads YAML sources.
"""

from __future__ import annotations

import json
from typing import Any

from comfyvn.engine.action import Context
from comfyvn.plan.front_artifacts import (
    Scenes,
    cast_of,
    known_names,
    messages_of,
    read,
    report,
    write,
)
from comfyvn.plan.readings import READINGS
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.story.compiler.reading import UNREAD
from comfyvn.story.compiler.scene import UNREADABLE, Following, lower_scene
from comfyvn.story.skeleton import skeleton


def declare(context: Context) -> None:
    """Read a scene: its file, `@cast`, `@lock/SCENE` → `@declared`, `@places`, `@asked`."""
    scene, path = context.params["scene"], context.inputs[0]
    reading, findings = READINGS.read(path, scene, cast_of(context.read("@cast")), context.read)
    if reading is None:
        write(context, f"@declared/{scene}", UNREAD)
        write(context, f"@places/{scene}", {})
        write(context, f"@asked/{scene}", [])
    else:
        ids = read(context, f"@lock/{scene}")
        write(context, f"@declared/{scene}", reading.declared(ids))
        write(context, f"@places/{scene}", reading.places(ids))
        write(context, f"@asked/{scene}", reading.asked)
    report(context, findings)


def lower(context: Context) -> None:
    """Lower a scene → `@part`, `@words/SCENE#*`, `@facts`, `@spots`, `@skeleton`."""
    scene, path = context.params["scene"], context.inputs[0]
    cast = cast_of(context.read("@cast"))
    reading, _ = READINGS.read(path, scene, cast, context.read, last=not READINGS.advised)
    if reading is None:
        part: dict[str, Any] = {"id": "", "enter": [], "sections": []}
        write(context, f"@part/{scene}", part)
        write(context, f"@facts/{scene}", UNREADABLE)
        write(context, f"@spots/{scene}", {"path": path, "sections": []})
        write(context, f"@skeleton/{scene}", skeleton(part))
        return
    names, shared = known_names(context)
    following = context.find(f"@follows/{scene}")
    counted = context.find(f"@counted/{scene}")
    catalogues = {
        language: messages_of(data)
        for language in names.catalogues
        if (data := context.find(f"@messages/{language}/{scene}")) is not None
    }
    out = Diagnostics()
    lowered = lower_scene(
        reading,
        read(context, f"@lock/{scene}"),
        names.within(Scenes(context)),
        shared,
        Following() if following is None else Following(*json.loads(following)),
        () if counted is None else json.loads(counted),
        catalogues,
        out,
    )
    write(context, f"@part/{scene}", lowered.part)
    write(context, f"@facts/{scene}", lowered.facts)
    write(context, f"@spots/{scene}", {"path": path, "sections": lowered.spots})
    write(context, f"@skeleton/{scene}", skeleton(lowered.part))
    for language, words in lowered.words.items():
        write(context, f"@words/{scene}#{language}", words)
    report(context, out)
